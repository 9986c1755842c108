#!/bin/sh
# A scan that ended badly: what the alarm is about, how it ends, by whom; and
# that looks are not read again once newer ones know all that they know.
. "${0%/*}/../lib.sh"
need jq

export MIPO_STATE="$T/state"
run 0 mipo-store init --network=own --make-recovery-key "$T/recovery"

look() { # N STATUS KEY=VALUE... <PAIRS: the look number N, recorded
	n=$1 want=$2
	shift 2
	status=0
	"$BUILD/tests/bench/make-look" "scan=$(printf '%032d' "$n")" \
		"time=2024-11-22T10:00:$(printf %02d "$n").000Z" \
		ports=22,80 targets=198.18.0.0/29 "$@" |
		mipo-store record -q >"$T/recorded" || status=$?
	eq "status of recording $n" "$status" "$want"
}

told() { # EVENTS
	run 0 mipo-alarm eval --json </dev/null
	eq "$1" "$(json 'select(.type=="alarm") | "\(.event) \(.code)
		\(.severity) \(.state)"' out | xargs)" "$2"
}

entries() {
	mipo-store check --json | jq .entries
}

look 1 3 verdict=interrupted </dev/null
told 'it broke off' 'opened S02 medium open'
like out '"summary":"198.18.0.0/29, ports 22,80: the newest look is not '
id=$(json 'select(.type=="alarm").id' out)

# A person may end it, with a reason, in the log; it stays ended.
run 2 mipo-alarm resolve "$id"
has err reason
run 0 mipo-alarm resolve "$id" --reason='a try, not repeated' --json
eq 'by hand' "$(json 'select(.type=="alarm") | "\(.state) \(.reason)"' out)" \
	'resolved a try, not repeated'
run 0 mipo-audit log --json
has out 'a try, not repeated'
before=$(entries)
told 'it stays so' ''
eq 'nothing is written' "$(entries)" "$before"

# The next one that breaks off is another matter.
look 2 3 verdict=degraded </dev/null
told 'again' 'reopened S02 high open'
look 3 3 verdict=degraded </dev/null
told 'and again' 'standing S02 high open'
# Resolving is about the newest of them.
run 0 mipo-alarm resolve "$id" --reason='known' --json
told 'the newest' ''
look 4 3 verdict=degraded </dev/null
told 'one more' 'reopened S02 high open'

# A wider look that is complete covers it; a narrower one does not, nor one
# that does not tell what is open.
look 5 0 targets=198.18.0.0/30 </dev/null
told 'narrower' 'standing S02 high open'
look 6 0 targets=198.18.0.0/28 states=closed </dev/null
told 'it lists nothing open' 'standing S02 high open'
look 7 0 targets=198.18.0.0/28 ports=22,23,80 </dev/null
told 'wider' 'resolved S02 high resolved'

# Looks that it covers whole are not read any more, at whatever cost.
run 0 mipo-store scans --json
for sum in $(json 'select(.scan<"00000000000000000000000000000007") |
	.stream_sha256' out); do
	find "$MIPO_STATE/objects" -name "*${sum#??}*" -exec rm -f {} +
done
[ "$(find "$MIPO_STATE/objects" -type f | wc -l)" -eq 1 ] ||
	fail 'more objects than of the last look are there'
told 'without them' ''
# One that is not covered whole is.
printf '198.18.1.1 22 open\n' | look 8 0 targets=198.18.1.0/29
printf '198.18.1.1 22 open\n' | look 9 0 targets=198.18.1.0/30
run 0 mipo-store baseline approve "scan:$(printf '%032d' 9)" --reason=so
told 'both are read' ''
sum=$(mipo-store scans --json | jq -r 'select(.scan |
	endswith("08")).stream_sha256')
find "$MIPO_STATE/objects" -name "*${sum#??}*" -exec rm -f {} +
run 6 mipo-alarm eval
has err 'it is missing'
