#!/bin/sh
# IPv4 through a gateway that is named by its IPv6 address (RFC 8950), and
# IPv6 through a link-local one, against ground truth; and addresses that no
# host has, which are not probed, nor taken for their neighbours' sort.
#
#   s [v0 198.18.0.1/32] -- [r0: no IPv4] r [r1 .254] -- [v1 .2] t:
#   198.19.0.0/28 and 2001:db8:9::/124 all answer
. "${0%/*}/../netns.sh"

spaces s r t
veth s v0 r r0
veth r r1 t v1
addr s v0 198.18.0.1/32 2001:db8::1/64
addr r r1 198.18.1.254/24 2001:db8:1::fe/64
addr t v1 198.18.1.2/24 2001:db8:1::2/64
on r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
local_of() {
	on "$1" ip -6 -o addr show dev "$2" scope link |
		sed -n 's/.* inet6 \(fe80[^/]*\).*/\1/p'
}
wait_for 5 sh -c "ip netns exec ${NS}s ip -6 -o addr show dev v0 |
	grep fe80 | grep -qv tentative"
wait_for 5 sh -c "ip netns exec ${NS}r ip -6 -o addr show dev r0 |
	grep fe80 | grep -qv tentative"
router=$(local_of r r0)
scanner=$(local_of s v0)
on s ip -4 route add default via inet6 "$router" dev v0 2>"$T/why" ||
	skip "no IPv4 routes through IPv6 here: $(cat "$T/why")"
on s ip -6 route add default via "$router" dev v0
on r ip -4 route add 198.18.0.1/32 via inet6 "$scanner" dev r0
on r ip -6 route add 2001:db8::/64 dev r0
on t ip route add default via 198.18.1.254
on t ip route add default via 2001:db8:1::fe
on r ip route add 198.19.0.0/28 via 198.18.1.2
on r ip route add 2001:db8:9::/124 via 2001:db8:1::2
anyip t 198.19.0.0/28 2001:db8:9::/124
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  tcp dport 81 drop
  tcp dport 82 reject with icmpx type admin-prohibited
 }
}
X
listening t 80

count_syns t
run 0 on s mipo-scan --json --wait=2 --states=all -p 80,81,82,443 \
	198.19.0.0/28 2001:db8:9::/124
whole "$T/out"
eq verdict "$(receipt .verdict)" complete
eq counts "$(receipt '.counts | "\(.open) \(.closed) \(.filtered)"')" \
	'32 32 64'
eq 'wrong states' "$(jq -s '[.[] | select(.type == "obs" and
	.state != ({"80": "open", "443": "closed"}[.port | tostring] //
	"filtered"))] | length' "$T/out")" 0
eq 'ICMP at port 82' "$(jq -s '[.[] | select(.port == 82 and
	.reason == "icmp")] | length' "$T/out")" 32
# A silent pair gets two probes, what answered one; canaries are told.
eq 'SYNs at the target' "$(syns t)" $((160 + $(receipt .canary_probes)))
has "$T/out" '"wires":['
note "$(receipt '.wires | join("; ")')"

# Neither goes out with the hosts beside them, by either method.
for method in syn connect; do
	count_syns r
	run 3 on s mipo-scan --json --method=$method --retries=0 --wait=1 \
		-p 80 0.0.0.0 :: ff0e::8 239.255.255.255 ff0e::7 \
		224.0.0.1 255.255.255.255
	eq "by $method" "$(receipt '.counts | add')" 0
	eq "$method, errors" "$(receipt '.send_errors[] |
		"\(.errno) \(.indices)"')" 'ENETUNREACH [[0,6]]'
	has "$T/err" 'the look is incomplete: 7 pairs were not probed'
	run 3 on s mipo-scan --json --method=$method --retries=0 --wait=1 \
		-p 80 223.255.255.254-224.0.0.3
	eq "beside multicast, $method" "$(receipt '.counts | add')" 2
done
