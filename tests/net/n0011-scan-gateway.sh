#!/bin/sh
# Through a router: whole prefixes that answer, hosts that the router cannot
# reach, prefixes that it refuses, a gateway that is not there.
#
#   s [v0 .1] -- [r0 .254] r [r1 .254] -- [v1 .2] t: 198.19.0.0/24 and
#   2001:db8:9::/120 all answer
. "${0%/*}/../netns.sh"

router_lab
for net in 198.19.0.0/24 2001:db8:9::/120; do
	case $net in
	*:*)	hop=2001:db8:1::2 ;;
	*)	hop=198.18.1.2 ;;
	esac
	on r ip route add "$net" via "$hop"
	anyip t "$net"
done
on r ip route add prohibit 198.19.1.0/24
on r ip route add unreachable 198.19.2.0/24
on r ip route add prohibit 2001:db8:a::/64
listening t 80

# 512 hosts x 3 ports: port 80 is open on each, the others are closed.
count_syns t
run 0 on s mipo-scan --json --rate=5000 --wait=2 -p 80,443,1 \
	198.19.0.0/24 2001:db8:9::/120
eq verdict "$(receipt .verdict)" complete
eq open "$(receipt .counts.open)" 512
eq closed "$(receipt .counts.closed)" 1024
eq 'open ports' "$(jq -s '[.[] | select(.state == "open") | .ip + "/" +
	(.port | tostring)] | unique | length' "$T/out")" 512
eq 'wrong ports' "$(jq -s '[.[] | select((.state == "open") !=
	(.port == 80) and .type == "obs")] | length' "$T/out")" 0
eq 'SYNs at the target' "$(syns t)" 1536
eq ttl "$(jq -s '[.[].ttl | values] | unique[]' "$T/out")" 63

# What the router says itself.
run 0 on s mipo-scan --json --states=all --wait=6 -p 80 198.19.1.7 \
	198.19.2.7 198.18.1.9 2001:db8:a::7
jq -rs '.[] | select(.type == "obs") |
	"\(.ip) \(.state) \(.icmp_type) \(.icmp_code) \(.responder)"' \
	"$T/out" | sort >"$T/got"
sort >"$T/want" <<X
198.18.1.9 unreachable 3 1 198.18.0.254
198.19.1.7 filtered 3 13 198.18.0.254
198.19.2.7 unreachable 3 1 198.18.0.254
2001:db8:a::7 filtered 1 1 2001:db8::fe
X
same "$T/want" "$T/got"

# A way that dies beyond the gateway, which lives: what was silent after that
# is not said to be filtered, at a fixed rate too. 600 packets pass.
rules r <<X
table inet dies {
 chain forward {
  type filter hook forward priority 0
  numgen inc mod 1000000 >= 600 drop
 }
}
X
run 3 on s mipo-scan --json --rate=4000 --wait=1 -p 1-5 198.19.0.0/24
whole "$T/out"
eq verdict "$(receipt .verdict)" degraded
receipt '.reasons[]' >"$T/reasons"
like "$T/reasons" '^answers became [0-9]+ % fewer towards the end: '
on r nft flush ruleset

# One host of many has enough of us: the others answer on.
rules r <<X
table inet bans {
 chain forward {
  type filter hook forward priority 0
  ip daddr 198.19.0.9 numgen inc mod 1000000 >= 50 drop
 }
}
X
run 3 on s mipo-scan --json --rate=4000 --wait=1 -p 1-100 198.19.0.0/27
whole "$T/out"
eq verdict "$(receipt .verdict)" degraded
receipt '.reasons[]' >"$T/reasons"
like "$T/reasons" '^hosts or networks that answered up to .*shut us out: 1$'
on r nft flush ruleset

# Behind a gateway that does not answer nothing was looked at.
on s ip route replace default via 198.18.0.77
run 3 on s mipo-scan --json -p 80 198.19.0.1
eq verdict "$(receipt .verdict)" incomplete
has "$T/out" 'gateway 198.18.0.77 does not answer'
eq covered "$(receipt '.counts | add')" 0
eq unsent "$(receipt '.send_errors[0] | "\(.errno) \(.indices)"')" \
	'EHOSTUNREACH [[0,0]]'
on s ip route del default
run 3 on s mipo-scan --json -p 80 198.19.0.1
eq unsent "$(receipt '.send_errors[0].errno')" ENETUNREACH
