#!/bin/sh
# Datagrams through a router to whole prefixes, and what the router says.
#
#   s [v0 .1] -- [r0 .254] r [r1 .254] -- [v1 .2] t: 198.19.0.0/26 and
#   eight of 2001:db8:9::/64 answer
. "${0%/*}/../netns.sh"

router_lab
on r ip route add 198.19.0.0/26 via 198.18.1.2
on r ip route add 2001:db8:9::/64 via 2001:db8:1::2
anyip t 198.19.0.0/26
six='2001:db8:9::1 2001:db8:9::2 2001:db8:9::3 2001:db8:9::4 2001:db8:9::5
2001:db8:9::6 2001:db8:9::7 2001:db8:9::8'
for ip in $six; do
	addr t v1 "$ip/128"
done
on r ip route add prohibit 198.19.1.0/24
on r ip route add prohibit 2001:db8:a::/64
start t "$TOOLS/datagram" "$T/hearing" good 53 443
wait_for 5 test -f "$T/hearing"

# 72 hosts x 3 ports: two are open on each, one is closed.
# shellcheck disable=SC2086 # a list
run 0 on s mipo-scan --json --method=udp --rate=5000 --wait=2 \
	-p domain,https,1 198.19.0.0/26 $six
eq verdict "$(receipt .verdict)" complete
eq open "$(receipt .counts.open)" 144
eq closed "$(receipt .counts.closed)" 72
eq attempted "$(receipt .attempted)" 216
eq 'wrong ports' "$(jq -s '[.[] | select((.state == "closed") !=
	(.port == 1) and .type == "obs")] | length' "$T/out")" 0
eq ttl "$(jq -s '[.[].ttl | values] | unique[]' "$T/out")" 63

# A router's word on a port is a filter's, not the host's.
rules r <<X
table inet filter {
 chain way {
  type filter hook forward priority 0
  udp dport 443 reject with icmpx type port-unreachable
 }
}
X
run 0 on s mipo-scan --json --method=udp --states=all --wait=6 -p 443 \
	198.19.0.7 198.19.1.7 2001:db8:9::7 2001:db8:a::7
jq -rs '.[] | select(.type == "obs") |
	"\(.ip) \(.state) \(.icmp_type) \(.icmp_code) \(.responder)"' \
	"$T/out" | sort >"$T/got"
sort >"$T/want" <<X
198.19.0.7 filtered 3 3 198.18.0.254
198.19.1.7 filtered 3 13 198.18.0.254
2001:db8:9::7 filtered 1 4 2001:db8::fe
2001:db8:a::7 filtered 1 1 2001:db8::fe
X
same "$T/want" "$T/got"
