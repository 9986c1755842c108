#!/bin/sh
# The whole cycle over UDP services of a real host, beside a cycle over its
# TCP ports: what opened, closed, and fell silent, in state, alarms and report.
. "${0%/*}/../netns.sh"

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24
export MIPO_STATE="$T/state"
run 0 mipo-store init --make-recovery-key "$T/recovery"
cat >mipo.conf <<'X'
profile "udp" {
	targets = {"198.18.0.2"}
	method = udp
	ports = "domain,ntp,snmp"
	wait = 1s
}
profile "tcp" {
	targets = {"198.18.0.2"}
	method = syn
	ports = "53,123,161"
	wait = 1s
}
expect "names" {
	targets = {"198.18.0.2"}
	ports = "53/udp,53/tcp"
}
X

# hearing PORT...
hearing() {
	rm -f "$T/hearing"
	start t "$TOOLS/datagram" "$T/hearing" good "$@"
	hearing=${started:?}
	wait_for 5 test -f "$T/hearing"
}

cycle() {
	run "$1" on s mipo run -c mipo.conf "$2"
}

# known, alarms: what the state has now
known() {
	mipo-store show --json | jq -r '"\(.port)/\(.proto) \(.state)"' | xargs
}
alarms() {
	run 0 mipo-alarm list --json
	jq -r 'select(.type=="alarm") | "\(.code) \(.port)/\(.proto)"' \
		"$T/out" | sort | xargs
}

listening t 53
hearing 53
first=$hearing
hearing 123
second=$hearing
cycle 0 tcp
cycle 0 udp
eq first "$(known)" '53/tcp open 123/tcp closed 161/tcp closed 53/udp open '"\
123/udp open 161/udp closed"
eq 'no alarm' "$(alarms)" ''

# Names are served no more, which errors tell; the clock is silent; and
# somebody may be asked by SNMP.
kill "$first" "$second"
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  udp dport 123 drop
 }
}
X
hearing 161
cycle 0 udp
cycle 0 tcp
eq after "$(known)" '53/tcp open 123/tcp closed 161/tcp closed 53/udp closed '"\
123/udp open|filtered 161/udp open"
eq alarms "$(alarms)" 'E01 161/udp E02 161/udp E04 53/udp'

run 0 mipo-export ndjson
eq changes "$(jq -r 'select(.type == "change") | "\(.kind) \(.port) " +
	.proto' "$T/out" | sort | xargs)" \
	'closed 53 udp opened 161 udp silent 123 udp'
run 0 mipo-export report
sed 's/<[^>]*>//g' "$T/out" >page
for says in '161/udpsnmp' '161/udp (snmp) is open' 'UDP ports' '53/tcp' \
	'which silence by UDP does not tell apart'; do
	has page "$says"
done
has page 'For 1 more, open before, the state is unknown now'
run 0 mipo-store check
run 3 mipo-audit verify

# A profile that mipo-scan would refuse names its line.
sed 's/"domain,ntp,snmp"/"domain,ssh"/' mipo.conf >bad.conf
run 2 mipo run -c bad.conf udp
has "$T/err" 'bad.conf:4: ports: "ssh" is not a port'
sed '/domain,ntp,snmp/d' mipo.conf >bad.conf
run 2 mipo run -c bad.conf udp
has "$T/err" 'bad.conf:3: method: udp needs its ports'
