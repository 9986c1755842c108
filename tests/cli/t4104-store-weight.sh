#!/bin/sh
# What a look may prove: a stream that nobody trusts closes nothing, is not
# the last one, and resolves no alarm, where trusted looks are usual.
. "${0%/*}/../lib.sh"
need jq
export MIPO_STATE="$T/state"
run 0 mipo-store init --make-recovery-key "$T/recovery"

look() { # N KEY=VALUE... <PAIRS: the look number N, on stdout
	scan=scan=$(printf '%032d' "$1")
	shift
	"$BUILD/tests/bench/make-look" "$scan" ports=22,23 "$@"
}
signed="key=$MIPO_STATE/keys/scanner.key"

# cycle STATUS FILE: all stages; the last one's status
cycle() {
	got=0
	mipo-store record -q <"$2" 2>"$T/record" |
		mipo-diff -q --against=last --allow-first --exit-zero - |
		tee "$T/changes" |
		mipo-alarm eval -q --json >"$T/alarms" || got=$?
	eq "status of the cycle of $2" "$got" "$1"
}
alarms() {
	json 'select(.type=="alarm") | "\(.event) \(.code)"' "$T/alarms" |
		xargs
}
closes_nothing() {
	hasnt "$1" '"after":"filtered"'
	hasnt "$1" '"after":"closed"'
}

look 1 "$signed" </dev/null >one
cycle 0 one
run 0 mipo-store baseline approve last --reason=reviewed
printf '198.18.0.1 23 open\n' |
	look 2 "$signed" time=2024-11-22T11:00:00.000Z >two
cycle 0 two
eq opened "$(alarms)" 'opened E01 opened E02'

# unsigned, by another's key, and from the future: nothing closes
look 3 time=2024-11-22T12:00:00.000Z </dev/null >three
cycle 3 three
like "$T/record" 'concludes nothing: of its network and vantage only a scan'
eq standing "$(alarms)" 'standing E01 standing E02'
closes_nothing "$T/changes"
run 0 mipo-store init --state="$T/other" --make-recovery-key "$T/r2"
look 4 key="$T/other/keys/scanner.key" time=2024-11-22T12:00:01.000Z \
	</dev/null >four
cycle 3 four
look 5 "$signed" time=2099-11-22T12:00:00.000Z </dev/null >five
cycle 3 five
like "$T/record" 'concludes nothing: .* it has not ended yet'
eq standing "$(alarms)" 'standing E01 standing E02'
run 0 mipo-store show 198.18.0.1 --json
eq state "$(json 'select(.port==23).state' "$T/out")" open
eq trust "$(json 'select(.port==23).trust' "$T/out")" trusted

# scans says which, and why
run 0 mipo-store scans --json
eq why "$(json '"\(.concludes) \(.why)"' "$T/out" | xargs)" \
	'true null true null false untrusted false untrusted false future'
run 0 mipo-store scans --format=table
like "$T/out" ' trusted +future '

# none of them is the last one, nor a baseline
printf '198.18.0.1 23 open\n' |
	look 6 "$signed" time=2024-11-22T13:00:00.000Z >six
cycle 0 six
eq 'compared with' "$(json 'select(.type=="diff.start").old_scan' \
	"$T/changes")" "$(printf '%032d' 2)"
run 2 mipo-store baseline approve "$(printf '%032d' 3)" --reason=x
like "$T/err" 'concludes nothing \(untrusted\)'

# the id of a trusted look on other bytes is not that look
look 6 time=2024-11-22T13:00:00.000Z </dev/null >forged
run 3 mipo-diff --json --against=last forged
closes_nothing "$T/out"
like "$T/out" 'the new look is not to be believed'
look 7 </dev/null >unrecorded
run 3 mipo-diff --json --against=last unrecorded
closes_nothing "$T/out"

# what it saw open counts, and the next trusted look ends it
printf '198.18.0.2 22 open\n' | look 8 time=2099-11-22T12:00:00.000Z >eight
cycle 3 eight
eq opened "$(alarms)" 'standing E01 opened E01 standing E02'
look 9 "$signed" time="$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" </dev/null >nine
cycle 0 nine
json 'select(.type=="alarm") | "\(.event) \(.ip)"' "$T/alarms" >told
lines 3 told
hasnt told opened
hasnt told standing

# a scanner is trusted for the place that it is registered for
run 0 mipo-store init --state="$T/third" --network=lab --vantage=there \
	--make-recovery-key "$T/r3"
look 10 key="$T/third/keys/scanner.key" </dev/null >ten
run 0 mipo-store record --state="$T/third" <ten
like "$T/err" 'by scanner [0-9a-f]{16}, which is registered for'
like "$T/err" 'lab from there, not for lab from here: name it with --network/'
run 0 mipo-store scans --state="$T/third" --json
eq trust "$(json .trust "$T/out")" elsewhere

run 0 mipo-store check
run 0 mipo-store rebuild
run 0 mipo-store check
