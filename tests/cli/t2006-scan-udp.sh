#!/bin/sh
# The method by UDP on the command line, and its looks with the programs that
# read looks: what is about TCP only refuses them, and never mixes them up.
. "${0%/*}/../lib.sh"
need jq
MIPO_STATE=$T/state
export MIPO_STATE

# Ports by the names of UDP; the order has no other.
run 0 mipo-scan --dry-run --method=udp -p domain,ntp,snmp 127.0.0.1
sort -n -k 2 "$T/out" | sed 's/.* //' | tr '\n' ' ' >ports
eq ports "$(cat ports)" '53 123 161 '
run 2 mipo-scan --dry-run --method=udp -p ssh 127.0.0.1
has "$T/err" '"ssh" is not a port'
run 2 mipo-scan --dry-run --method=udp -p isakmq 127.0.0.1
has "$T/err" 'did you mean isakmp?'
run 2 mipo-scan --dry-run --method=udp --top 5 127.0.0.1
has "$T/err" '--top: UDP ports are not ranked'
run 2 mipo-scan --dry-run --method=udp 127.0.0.1
has "$T/err" '--method=udp needs its ports'
run 2 mipo-scan --dry-run --method=udp -p 1 --states=quiet 127.0.0.1
has "$T/err" 'is none of open, closed, filtered, open|filtered, unreachable'
run 0 mipo-scan --dry-run --method=udp -p 1 --states='open|filtered' 127.0.0.1
run 2 mipo-scan --dry-run --method=syn -p 1 --states='open|filtered' 127.0.0.1

# look FILE ID PROTO TIME <PAIRS
look() {
	"$BUILD/tests/bench/make-look" scan="$(printf '%032d' "$2")" \
		proto="$3" time="$4" ports=53,123 states='open closed' \
		silent='open|filtered' >"$1"
}
look tcp 1 tcp 2024-11-22T10:00:00.000Z <<X
198.18.0.1 53 open
X
look a 2 udp 2024-11-22T10:00:00.000Z <<X
198.18.0.1 53 open
198.18.0.2 123 closed
X
look b 3 udp 2024-11-22T11:00:00.000Z <<X
198.18.0.1 123 open
198.18.0.2 123 open
X
[ "$(head -n 1 tcp | jq -r .scope_sha256)" != \
	"$(head -n 1 a | jq -r .scope_sha256)" ] || fail 'one scope'
[ "$(tail -n 1 tcp | jq -r .state_sha256)" != \
	"$(tail -n 1 a | jq -r .state_sha256)" ] || fail 'one state'

# Two looks by UDP are compared; what is silent now was not seen to close.
run 1 mipo-diff a b
eq changes "$(jq -r 'select(.type == "change") | "\(.kind) \(.ip) " +
	"\(.port) \(.proto) \(.before) \(.after)"' "$T/out" | sort)" \
	'filtered 198.18.0.1 53 udp open open|filtered
first_seen_open 198.18.0.1 123 udp open|filtered open
opened 198.18.0.2 123 udp closed open'
eq proto "$(head -n 1 "$T/out" | jq -r .proto)" udp
cp "$T/out" diff
run 1 mipo-diff --format=table a b
like "$T/out" '^- filtered +198.18.0.1 53/udp .*domain'
like "$T/out" '^\+ opened +198.18.0.2 123/udp .* ntp'
run 2 mipo-diff tcp a
has "$T/err" 'different protocols: tcp and udp'

# A stream is of one protocol, and its method is of that.
sed '2s/"proto":"udp"/"proto":"tcp"/' a >mixed
run 2 mipo-diff mixed b
has "$T/err" 'mixed:2: an observation of tcp in a look at udp'
sed '1s/"method":"udp"/"method":"syn"/' a >mixed
run 2 mipo-diff mixed b
has "$T/err" 'a look at udp by the method syn'

# The state, and what it is asked, know TCP only.
run 0 mipo-store init --network=own --org=lab
run 2 mipo-store record <a
has "$T/err" 'a look at udp: the state keeps TCP only so far'
hasnt "$T/out" scan.end
head -n 2 a >part
run 2 mipo-store record <part
run 0 mipo-store record <tcp
run 0 mipo-store scans
lines 1 "$T/out"
run 0 mipo-store check
run 2 mipo-diff --against=last a
has "$T/err" 'the state keeps TCP only so far'
for what in a diff part; do
	run 2 mipo-alarm eval "$what"
	has "$T/err" 'a look at udp: alarms are for TCP only so far'
done

# In tables it is what it is; the report refuses it.
run 0 mipo-export csv a
like "$T/out" ',198.18.0.1,udp,53,domain,,'
run 0 mipo-export csv diff
like "$T/out" ',198.18.0.2,udp,123,ntp,,'
for what in a diff; do
	run 2 mipo-export report "$what"
	has "$T/err" 'a look at udp: the report is about TCP only so far'
done
