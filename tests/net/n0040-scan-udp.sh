#!/bin/sh
# By datagrams, IPv4 and IPv6, on the link and on loopback: what mipo-scan
# says is what is there; silence is never called closed; nmap agrees.
#
#   s [v0 .1] ---- [v1 .2] t: ports that answer, that say nothing, that are
#   dropped, refused and closed
. "${0%/*}/../netns.sh"
need nmap

# hearing NAME MODE PORT...
hearing() {
	hear_name=$1 hear_mode=$2
	shift 2
	rm -f "$T/hearing"
	start "$hear_name" "$TOOLS/datagram" "$T/hearing" "$hear_mode" "$@"
	wait_for 5 test -f "$T/hearing"
}

open_ports='7 53 69 111 123 137 161 389 443 500 1194 1434 1900 3478 4500
5060 5353 5683 11211'

# truth HOST...: of the ports of $ports
truth() {
	for host; do
		for port in $open_ports; do
			echo "$host $port open"
		done
		printf "$host %s\n" '2000 open|filtered' \
			'2001 open|filtered' '2002 filtered' '2003 closed'
	done | sort
}

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr t v1 198.18.0.2/24 2001:db8::2/64
# shellcheck disable=SC2086 # a list
hearing t good $open_ports
hearing t mute 2000
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  udp dport 2001 drop
  udp dport 2002 reject with icmpx type admin-prohibited
 }
}
X
ports=$(echo "$open_ports 2000-2003" | xargs | tr ' ' ,)

run 0 on s mipo-scan --json --method=udp --states=all --wait=2 \
	-p "$ports" 198.18.0.2 2001:db8::2
whole "$T/out"
states "$T/out" >"$T/states"
truth 198.18.0.2 2001:db8::2 >"$T/truth"
same "$T/truth" "$T/states"
eq verdict "$(receipt .verdict)" complete
eq counts "$(receipt '.counts | "\(.open) \(.closed) \(.filtered) " +
	"\(.open_filtered)"')" '38 2 2 4'
eq attempted "$(receipt .attempted)" 50
eq duplicates "$(receipt .duplicates)" 0
eq rejected "$(receipt .rejected)" 0
eq 'what opens' "$(jq -rs '[.[] | select(.state == "open") |
	"\(.proto) \(.reason) \(.pass) \(.ttl) \(.window)"] | unique[]' \
	"$T/out")" 'udp udp-reply 0 64 null'
eq 'what closes' "$(jq -rs '[.[] | select(.state == "closed") |
	"\(.icmp_type)/\(.icmp_code) \(.responder)"] | unique[]' "$T/out")" \
	'1/4 2001:db8::2
3/3 198.18.0.2'

# The default leaves silence out, and says so; the digest is the same.
digest=$(receipt .state_sha256)
run 0 on s mipo-scan --json --method=udp --wait=2 -p "$ports" 198.18.0.2 \
	2001:db8::2
eq listed "$(grep -c '"type":"obs"' "$T/out")" 42
eq silent_as "$(head -n 1 "$T/out" | jq -r .silent_as)" 'open|filtered'
eq proto "$(head -n 1 "$T/out" | jq -r .proto)" udp
eq state_sha256 "$(receipt .state_sha256)" "$digest"
scope=$(head -n 1 "$T/out" | jq -r .scope_sha256)
run 0 on s mipo-scan --json --wait=1 -p "$ports" 198.18.0.2 2001:db8::2
[ "$(head -n 1 "$T/out" | jq -r .scope_sha256)" != "$scope" ] ||
	fail 'UDP and TCP have one scope'

# nmap on the same lab.
peer() {
	on s nmap -n -Pn -T4 --max-retries 1 -sU -p "$ports" "$@" >/dev/null
}
peer -oG "$T/nmap4" 198.18.0.2
peer -6 -oG "$T/nmap6" 2001:db8::2
nmap_states "$T/nmap4" "$T/nmap6" >"$T/nmap"
same "$T/truth" "$T/nmap"

# This machine itself.
# shellcheck disable=SC2086 # a list
hearing s good $open_ports
hearing s mute 2000
run 0 on s mipo-scan --json --method=udp --states=all --wait=2 \
	-p "${ports%,*},2000,2003" 127.0.0.1 ::1 198.18.0.1
states "$T/out" >"$T/states"
truth 127.0.0.1 ::1 198.18.0.1 | grep -v ' 200[12] ' >"$T/truth"
same "$T/truth" "$T/states"
eq verdict "$(receipt .verdict)" complete
eq rejected "$(receipt .rejected)" 0
eq canaries "$(receipt '[.canaries[].seen] | unique | @csv')" true

# What is answered to the canary is dropped: all silence is in doubt.
rules s <<X
table inet filter {
 chain out {
  type filter hook input priority 0
  udp dport 61256 drop
 }
 chain way {
  type filter hook output priority 0
  udp sport 61256 drop
 }
}
X
run 3 on s mipo-scan --json --method=udp --wait=1 -p 53,2000 127.0.0.1
eq verdict "$(receipt .verdict)" incomplete

# Where nothing answers, the link lives: that is no loss, and not closed.
run 0 on s mipo-scan --json --method=udp --wait=2 -p 2000,2001 198.18.0.2
eq verdict "$(receipt .verdict)" complete
eq 'said by silence' "$(receipt .counts.open_filtered)" 2
run 3 on s mipo-scan --json --method=udp --wait=1 -p 53 198.18.0.9
has "$T/out" 'nothing answered 198.18.0.1 on v0: the link may be dead'

# A target that is sparing with errors, as Linux is: what is not told is not
# closed, and more passes tell more.
on t sysctl -qw net.ipv4.icmp_ratelimit=1000
run 0 on s mipo-scan --json --method=udp --rate=max --wait=1 -p 3000-3039 \
	198.18.0.2
eq verdict "$(receipt .verdict)" complete
eq sum "$(receipt '.counts.closed + .counts.open_filtered')" 40
few=$(receipt .counts.closed)
[ "$few" -ge 1 ] && [ "$few" -lt 40 ] || fail "$few of 40 are closed"
sleep 7
run 0 on s mipo-scan --json --method=udp --rate=5 --retries=0 --wait=1 \
	-p 3000-3002 198.18.0.2
eq 'slowly, all' "$(receipt .counts.closed)" 3
