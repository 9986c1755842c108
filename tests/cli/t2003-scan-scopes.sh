#!/bin/sh
# A scope that no record holds: 20,000 scattered addresses, half of them
# excluded, and scattered ports, through the whole cycle; a stream whose
# scan.scope records are not those that were announced is refused; one that
# ends among them concludes nothing.
# timeout: 120
. "${0%/*}/../lib.sh"
need jq perl
MIPO_STATE=$T/state
export MIPO_STATE

awk 'BEGIN {
	for (i = 0; i < 20000; i++) {
		ip = "127." int(i / 200) "." i % 200 ".1"
		print ip >"targets"
		if (i % 2 == 0)
			print ip >"out-of-it"
	}
	for (p = 1; p < 40000; p += 2)
		printf("%s%d", p == 1 ? "" : ",", p) >"ports"
}'
run 0 mipo-store init --org=lab --make-recovery-key "$T/recovery"
port=$(perl -MIO::Socket::INET -e \
	'print IO::Socket::INET->new(Listen => 1)->sockport')

# scattered FILE: a look at what is in targets and not in out-of-it
scattered() {
	run 0 mipo-scan --json --method=connect --rate=max --wait=1 \
		-p "$port" --targets targets --exclude-file out-of-it
	mv out "$1"
}

# types FILE: how many of each, in their order
types() {
	jq -r .type "$1" | uniq -c | awk '{ printf "%s ", $1 $2 }'
}

scattered one
eq types "$(types one)" '1scan.start 7scan.scope 10000obs 1scan.end '
eq scopes "$(head -n 1 one | jq .scopes)" 7
eq 'over the limit' "$(awk 'length >= 65536' one | wc -l)" 0
jq -r '.targets[]?' one | sort >got
sort targets | cmp -s - got || fail 'the targets are not those given'
jq -r '.exclusions[]?' one | sort >got
sort out-of-it | cmp -s - got || fail 'the exclusions are not those given'
eq records "$(tail -n 1 one | jq .records)" 10008
head -n -1 one | sha256sum | grep -q "^$(tail -n 1 one |
	jq -r .stream_sha256) " || fail 'the receipt is not over the scopes'

# Open on one address, then recorded and compared.
perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 9,
	ReuseAddr => 1, LocalAddr => "127.5.5.1", LocalPort => shift)
	or die $!; open F, ">up"; close F; sleep 100' "$port" &
pid=$!
at_exit "kill $pid 2>/dev/null"
wait_for 10 test -e up
scattered two
run 1 mipo-diff one two
cp out diff
eq changes "$(jq -r 'select(.type == "change") |
	"\(.kind) \(.ip) \(.port)"' diff | sort | tr '\n' ' ')" \
	"opened 127.5.5.1 $port "
eq compared "$(tail -n 1 diff | jq .compared)" 10000

run 0 mipo-store record <one
same one out
run 0 mipo-store record <two
same two out
run 1 mipo-diff --against=last two
eq changes "$(jq -r 'select(.type == "change") | .ip' out)" 127.5.5.1
run 0 mipo-store show 127.5.5.1
has out '"state":"open"'
run 0 mipo-store scans
lines 2 out
run 0 mipo-store check
has out '"differences":0'
run 0 mipo-store rebuild
run 0 mipo-store check
has out '"differences":0'
run 0 mipo-export csv one two
eq rows "$(grep -c '^observation,.*,open,' out)" 1
run 0 mipo-export report one two
has out 'and 19800 more'
run 0 mipo-alarm eval --baseline=one two
has out 127.5.5.1

# Scattered ports take more than one record too.
run 0 mipo-scan --json --method=connect --rate=max --wait=1 \
	-p "$(cat ports)" 127.9.9.9
like out '"scopes":[1-9]'
eq ports "$(jq -r '.ports // empty' out | paste -sd,)" "$(cat ports)"
eq planned "$(head -n 1 out | jq .planned)" 20000
mv out wide
run 0 mipo-diff wide wide
run 0 mipo-store record <wide

# Refused by name, whoever reads; nothing is passed on as whole.
# bad TEXT SED [STATUS [STATUS OF RECORD [ITS TEXT]]]
head -n 4500 targets >few && mv few targets
head -n 4490 targets >out-of-it
scattered three
eq types "$(types three)" '1scan.start 2scan.scope 10obs 1scan.end '
bad() {
	sed "$2" three >bad
	run "${3:-2}" mipo-diff bad two
	has err "$1"
	empty out
	run "${4:-${3:-2}}" mipo-store record <bad
	has err "${5:-$1}"
	hasnt out scan.end
	run "${3:-2}" mipo-export csv bad
	has err "$1"
	run "${3:-2}" mipo-alarm eval --baseline=one bad
	has err "$1"
}
bad 'scan.scope 2 of 2 must come here, not obs' 3d
bad 'a scan.scope beyond the 2 that scan.start announces' 2p 2 6 \
	'scan.start: scope_sha256 is'
bad 'a scan.scope of another scan' '3s/"scan":"[0-9a-f]\{4\}/"scan":"0000/'
bad 'scan.scope 2 of 2 must come here, not scan.end' '3,13d'
bad 'scan.scope 1 of 2 must come here, not obs' '2,3d'
bad "stream_sha256 is not that" '2{h;d};3G' 6
bad 'field "scopes" must be an integer from 1 to 4096' \
	'1s/"scopes":2/"scopes":4097/'
bad 'field "targets" must be a list' '2s/"targets":\[[^]]*\]/"targets":1/'
sed -n 2p three >single
run 2 mipo-diff single two
has err 'must begin with scan.start, not with scan.scope'
run 2 mipo-alarm eval --baseline=one single
has err 'scan.scope without the record that opens its stream'

# Cut among its scopes.
head -n 2 three >ended
run 3 mipo-diff two ended
has err 'cut inside its scope: 1 scan.scope did not come'
run 3 mipo-alarm eval --baseline=one ended
run 3 mipo-store record <ended
same ended out
has err 'concludes nothing: it is interrupted'
run 0 mipo-audit log --json
has out 'the stream ended inside its scope'
run 0 mipo-store show 127.5.5.1
has out '"state":"open"'
run 0 mipo-store rebuild
run 0 mipo-store check
has out '"differences":0'
for form in csv report ndjson; do
	run 3 mipo-export $form ended
	has err 'a look without its end record'
done

# What fits one record is one record, to the last byte; names as well.
run 0 mipo-scan --json --method=connect --wait=1 -p 2 127.0.0.1 \
	--exclude 127.0.0.0
hasnt out scopes
hasnt out '"names"'

# Too much is refused before anything is sent or written.
awk 'BEGIN {
	for (i = 1; i < 900000; i++) {
		a = sprintf("2001:db8:1111:2222:3333:%x:%x:444", i / 4096,
			4096 + i % 4096)
		print a "1-" a "2"
	}
}' >targets
# The bound on memory is another one, which sanitizers would meet first.
run 2 mipo-scan --json --memory=4G --method=connect -p 2 --targets targets
empty out
lines 1 err
has err 'take more than 64 MiB of text: split the scan'
