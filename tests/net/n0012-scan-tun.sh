#!/bin/sh
# A tunnel without a link layer, IPv4 and IPv6.
#
#   s [tun0 .1] ==== [tun0 .2] t
. "${0%/*}/../netns.sh"

spaces s t
[ -c /dev/net/tun ] || skip 'no /dev/net/tun here'
"$TOOLS/tunpipe" "$T/ready" "${NS}s" "${NS}t" &
pipe=$!
at_exit "kill $pipe 2>/dev/null; wait $pipe 2>/dev/null || :"
sleep 0.2
kill -0 "$pipe" 2>/dev/null || skip 'no tun interfaces here'
wait_for 5 test -f "$T/ready"
on s ip link set tun0 up
on t ip link set tun0 up
addr s tun0 198.18.0.1/30 2001:db8::1/126
addr t tun0 198.18.0.2/30 2001:db8::2/126
listening t 80
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  tcp dport 81 drop
  tcp dport 82 reject with icmpx type admin-prohibited
 }
}
X

run 0 on s mipo-scan --json --states=all --wait=2 -p 80-83 198.18.0.2 \
	2001:db8::2
states "$T/out" >"$T/states"
for host in 198.18.0.2 2001:db8::2; do
	printf "$host %s\n" '80 open' '81 filtered' '82 filtered' '83 closed'
done | sort >"$T/truth"
same "$T/truth" "$T/states"
eq verdict "$(receipt .verdict)" complete
eq 'names of wires' "$(receipt '[.wires[] | split(" ") | .[0:2] |
	join(" ")] | join(", ")')" 'raw4 tun0, raw6 tun0'

# The same by datagrams.
start t "$TOOLS/datagram" "$T/hearing" good 53 443
wait_for 5 test -f "$T/hearing"
rules t <<X
table inet more {
 chain in {
  type filter hook input priority 0
  udp dport 81 drop
 }
}
X
run 0 on s mipo-scan --json --method=udp --states=all --wait=2 \
	-p 53,81,82,443 198.18.0.2 2001:db8::2
states "$T/out" >"$T/states"
for host in 198.18.0.2 2001:db8::2; do
	printf "$host %s\n" '53 open' '81 open|filtered' '82 closed' \
		'443 open'
done | sort >"$T/truth"
same "$T/truth" "$T/states"
eq verdict "$(receipt .verdict)" complete
