#!/bin/sh
# The method by UDP on the command line, and its looks with the programs that
# read looks: they never mix them up with looks by TCP.
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
has "$T/err" "'quiet' is none of open, closed, filtered, unreachable, "
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
	'first_seen_open 198.18.0.1 123 udp open|filtered open
opened 198.18.0.2 123 udp closed open
silent 198.18.0.1 53 udp open open|filtered'
eq proto "$(head -n 1 "$T/out" | jq -r .proto)" udp
cp "$T/out" diff
run 1 mipo-diff --format=table a b
like "$T/out" '^\? silent +198.18.0.1 53/udp .*domain'
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

# In tables and in the report it is what it is.
run 0 mipo-export csv a
like "$T/out" ',198.18.0.1,udp,53,domain,name-service,no,'
run 0 mipo-export csv diff
like "$T/out" ',198.18.0.2,udp,123,ntp,name-service,no,'
like "$T/out" 'change,.*,198.18.0.1,udp,53,domain,name-service,no,.*,silent,'
cat tcp a b diff >both
run 0 mipo-export report both
sed 's/<[^>]*>//g' "$T/out" >page
for says in 'Network lab, seen from here, UDP ports' \
	'123/udp' 'Ports53,123 (UDP, 2 of 65535)' '53/tcp' \
	'A UDP port is open here where it answered.' \
	'TCP and every other protocol, 65533 of 65535 UDP ports of each' \
	'Of 512 pairs of scope' 'which silence by UDP does not tell apart' \
	'The last looks saw 3 open ports on 2 hosts, 0 of a risky kind.' \
	'For 1 more, open before, the state is unknown now.' \
	'?silent198.18.0.1 53/udp'; do
	has page "$says"
done
hasnt page 'No longer open'
hasnt page 'every look is conclusive'
