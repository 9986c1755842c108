#!/bin/sh
# Alarms on UDP ports: raised by an answer, ended by an error that says
# closed or by an approval, and by no silence; apart from those on TCP.
. "${0%/*}/../lib.sh"
need jq

export MIPO_STATE="$T/state"
run 0 mipo-store init --network=own --make-recovery-key "$T/recovery"

look() { # PROTO N HOUR KEY=VALUE... <PAIRS: the look number N, on stdout
	silent=filtered
	[ "$1" = tcp ] || silent='open|filtered'
	scan=scan=$(printf '%032d' "$2")
	time=time=2024-11-22T$3:00:00.000Z
	proto=proto=$1
	shift 3
	"$BUILD/tests/bench/make-look" "$proto" "$scan" "$time" ports=53,161 \
		states='open closed unreachable' silent="$silent" \
		targets=198.18.0.0/29 "$@"
}

# cycle <LOOK: all stages; alarms in $T/alarms
cycle() {
	mipo-store record -q |
		mipo-diff -q --against=nearest --allow-first --exit-zero - |
		mipo-alarm eval --json >"$T/alarms"
}

told() {
	json 'select(.type=="alarm") | "\(.event) \(.code) \(.ip // "-")
		\(.port // "-")/\(.proto // "-") \(.condition)"' "$T/alarms" |
		xargs
}

printf '198.18.0.1 53 open\n' | look tcp 1 10 | cycle
printf '198.18.0.1 53 open\n198.18.0.1 161 closed\n' | look udp 2 10 | cycle
eq 'nothing approved, nothing opens' "$(told)" ''
run 0 mipo-store baseline approve last --reason=reviewed
eq 'the newest' "$(mipo-store baseline list --json | jq -r '.scan[30:]')" 02

# It answers: new, and of a kind that UDP's catalog calls risky.
printf '198.18.0.1 53 open\n198.18.0.1 161 open\n' | look udp 3 11 | cycle
eq opened "$(told)" "opened E01 198.18.0.1 161/udp true \
opened E02 198.18.0.1 161/udp true"
has "$T/alarms" '198.18.0.1 161/udp (snmp) is open'

# Silence ends nothing, nor does all of TCP.
look udp 4 12 </dev/null | cycle
eq silent "$(told)" "standing E01 198.18.0.1 161/udp unknown \
standing E02 198.18.0.1 161/udp unknown"
look udp 9 12 states=open silent= targets=198.18.0.0/30 </dev/null |
	cycle || :
eq 'not listed' "$(told)" "standing E01 198.18.0.1 161/udp unknown \
standing E02 198.18.0.1 161/udp unknown"
mipo-export report | sed 's/<[^>]*>//g' >page
has page '161/udpunknown now snmp'
hasnt page 'No longer open'
look tcp 5 12 </dev/null | cycle
eq 'of TCP' "$(told)" "standing E01 198.18.0.1 161/udp unknown \
standing E02 198.18.0.1 161/udp unknown"

# The same port of TCP is another alarm.
printf '198.18.0.1 161 open\n' | look tcp 6 13 | cycle
eq 'both of them' "$(told)" "opened E01 198.18.0.1 161/tcp true \
standing E01 198.18.0.1 161/udp unknown opened E02 198.18.0.1 161/tcp true \
standing E02 198.18.0.1 161/udp unknown"
eq 'two keys' "$(jq -rs '[.[] | select(.code=="E01").key] | unique |
	length' "$T/alarms")" 2
printf '198.18.0.1 53 open\n198.18.0.1 161 closed\n' | look udp 7 14 | cycle
eq closed "$(told)" "standing E01 198.18.0.1 161/tcp true \
resolved E01 198.18.0.1 161/udp false standing E02 198.18.0.1 161/tcp true \
resolved E02 198.18.0.1 161/udp false"

# Open, silent, open again: it did not come up where nothing is approved.
other="ports=123 network=two"
# shellcheck disable=SC2086 # words
{
	printf '198.18.0.1 123 open\n' | look udp 11 10 $other | cycle
	look udp 12 11 $other </dev/null | cycle
	printf '198.18.0.1 123 open\n' | look udp 13 12 $other | cycle
}
eq 'it was there before' "$(told | grep -o ' 123/udp' || :)" ''
# shellcheck disable=SC2086 # words
printf '198.18.0.2 123 open\n' | look udp 14 13 $other | cycle
eq 'but this came up' "$(told | grep -o '[a-z]* E01 [^ ]* 123/udp')" \
	'opened E01 198.18.0.2 123/udp'

# What was open between two runs is told by the next, though it is silent by
# then; once, and not again after somebody said that it is settled.
other="ports=111 network=three"
judge() {
	mipo-alarm eval --json </dev/null >"$T/alarms"
	told | grep -o '[a-z]* E0[12] [^ ]* 111/udp [a-z]*' | xargs
}
# shellcheck disable=SC2086 # words
{
	look udp 41 10 $other </dev/null | cycle
	printf '198.18.0.1 111 open\n198.18.0.2 111 open\n' |
		look udp 42 11 $other | mipo-store record -q >look
	printf '198.18.0.2 111 closed\n' | look udp 43 12 $other |
		mipo-store record -q >look
	look udp 44 13 $other </dev/null | mipo-store record -q >look
}
eq 'seen in between' "$(judge)" \
	'opened E01 198.18.0.1 111/udp true opened E02 198.18.0.1 111/udp true'
eq cause "$(json 'select(.event=="opened").cause[0][30:]' alarms | xargs)" \
	'42 42'
stands='standing E01 198.18.0.1 111/udp unknown'
stands="$stands standing E02 198.18.0.1 111/udp unknown"
eq 'and now' "$(judge)" "$stands"
for id in $(json 'select(.port==111).id' alarms); do
	run 0 mipo-alarm resolve "$id" --reason='is gone'
done
eq 'settled by hand' "$(judge | grep -c opened || :)" 0
# shellcheck disable=SC2086 # words
{
	printf '198.18.0.1 111 open\n' | look udp 45 14 $other |
		mipo-store record -q >look
	look udp 46 15 $other </dev/null | mipo-store record -q >look
}
eq 'heard once more' "$(judge | sed 's/reopened/opened/g')" \
	'opened E01 198.18.0.1 111/udp true opened E02 198.18.0.1 111/udp true'
run 0 mipo-store rebuild
eq 'rebuilt' "$(judge)" "$stands"

# Required by protocol; what no look tells of is said so.
run 3 mipo-alarm eval --expect '198.18.0.1 53/udp,161/tcp' \
	--expect '198.18.0.9 53/udp' --json </dev/null
cp "$T/out" "$T/alarms"
has "$T/err" '198.18.0.9 53/udp is required, and no look tells'
hasnt "$T/alarms" E04
run 0 mipo-alarm eval --expect '198.18.0.1 snmp/udp,53/tcp' --json </dev/null
cp "$T/out" "$T/alarms"
eq missing "$(told | grep -o '[a-z]* E04 [^ ]* [^ ]* [a-z]*' | xargs)" \
	"opened E04 198.18.0.1 53/tcp true opened E04 198.18.0.1 161/udp true"
for bad in 22/sctp /udp 53/udp/ ssh/udp; do
	run 2 mipo-alarm eval --expect "198.18.0.1 $bad" --json </dev/null
done
cat >expect.conf <<'X'
expect "names" {
	targets = {"198.18.0.1"}
	ports = "domain/udp,99999/udp"
}
X
run 2 mipo-alarm eval -c expect.conf --json </dev/null
has "$T/err" 'expect.conf:3: ports: "99999" is not a port'

# A scan that broke off is told with its protocol; a wider one mends it.
look udp 20 15 verdict=interrupted </dev/null | cycle || :
has "$T/alarms" '198.18.0.0/29, udp ports 53,161: the newest look is not'
look udp 21 16 targets=198.18.0.0/28 ports=53,161,162 </dev/null | cycle || :
eq mended "$(told | grep -o '[a-z]* S02')" 'resolved S02'

# Without a state, from the streams alone.
unset MIPO_STATE
printf '198.18.0.1 53 open\n' | look tcp 30 10 >a
printf '198.18.0.1 161 open\n' | look udp 31 10 >b
look udp 32 11 </dev/null >c
run 0 mipo-alarm eval --no-state --json b
cp "$T/out" "$T/alarms"
eq 'risky alone' "$(told)" 'opened E02 198.18.0.1 161/udp true'
cp "$T/out" before
run 0 mipo-alarm eval --no-state --previous=before --json c
cp "$T/out" "$T/alarms"
eq 'silent again' "$(told)" 'standing E02 198.18.0.1 161/udp unknown'
sed '2s/"proto":"udp"/"proto":"tcp"/' b >mixed
run 2 mipo-alarm eval --no-state mixed
mipo-diff --json a a >d || :
mipo-diff --json -q c b >e || :
sed 's/"proto":"udp"/"proto":"tcp"/2' e >/dev/null
run 0 mipo-alarm eval --no-state --json e
cp "$T/out" "$T/alarms"
eq 'by a change' "$(told)" "opened E01 198.18.0.1 161/udp true \
opened E02 198.18.0.1 161/udp true"
sed '2s/"proto":"udp"/"proto":"tcp"/' e >mixed
run 2 mipo-alarm eval --no-state mixed
has "$T/err" 'change: of another protocol than its diff.start'
