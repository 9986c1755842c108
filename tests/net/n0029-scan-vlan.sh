#!/bin/sh
# Frames with a tag of our own, as the far side sees them; what comes back
# without it, or with another, is not heard.
#
#   s [v0 .1] ==== [v1] p [q0] ---- [q1 .2] t: p is a switch, v1 carries
#   VLANs, q0 is in one of them
. "${0%/*}/../netns.sh"

spaces s p t
veth s v0 p v1
veth p q0 t q1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr t q1 198.18.0.2/24 2001:db8::2/64
on t ip route add default via 198.18.0.1
on t ip route add default via 2001:db8::1
on s ip route add 198.19.0.0/24 via 198.18.0.2
on s ip route add 2001:db8:9::/120 via 2001:db8::2
# Behind t, so that it is a gateway too.
anyip t 198.19.0.0/28 2001:db8:9::/124
# Checksums are left to cards that a switch of user space does not have.
! command -v ethtool >/dev/null || on t ethtool -K q1 tx off >/dev/null 2>&1 ||
	:
listening t 80
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  meta l4proto { tcp, udp } th dport 81 drop
 }
}
X

# switched ID BACK: the port is in VLAN ID, and answers have BACK
pipe=
switched() {
	[ -z "$pipe" ] || {
		kill "$pipe"
		wait "$pipe" 2>/dev/null || :
	}
	rm -f "$T/ready"
	"$TOOLS/vlanpipe" "$T/ready" "$T/frames" "$1" "$2" "${NS}p" v1 q0 &
	pipe=$!
	at_exit "kill $pipe 2>/dev/null || :"
	wait_for 5 test -f "$T/ready"
}

look() {
	want=$1
	shift
	run "$want" on s mipo-scan --json --wait=2 --states=all "$@" \
		198.18.0.2 198.19.0.5 2001:db8::2 2001:db8:9::5
	whole "$T/out"
}

switched 17 17
look 0 --vlan=17 -p 80-82
states "$T/out" >"$T/states"
for host in 198.18.0.2 198.19.0.5 2001:db8:9::5 2001:db8::2; do
	printf "$host %s\n" '80 open' '81 filtered' '82 closed'
done | sort >"$T/truth"
same "$T/truth" "$T/states"
eq verdict "$(receipt .verdict)" complete
eq wires "$(receipt '.wires | join("; ")')" \
	'packet v0 198.18.0.1 vlan 17; packet v0 2001:db8::1 vlan 17'
eq said "$(json 'select(.type=="scan.start") | .vlan' out)" 17

# In the far side's bytes: the tag behind the addresses, 0x8100 0x0011; then
# ARP, SYNs to port 80 over IPv4 and IPv6, solicitations. None is without.
mac=$(on s cat /sys/class/net/v0/address | tr -d :)
ours="^.\\{12\\}${mac}"
for what in 0806 080045000034 86dd; do
	grep -q "${ours}81000011$what" "$T/frames" ||
		fail "no tagged frame of $what"
done
grep -q "${ours}81000011080045.*c6120002....0050" "$T/frames" ||
	fail 'no SYN to port 80'
! grep -q "${ours}08060001.*c6120002" "$T/frames" || fail 'ARP without a tag'
! grep -q "${ours}0800" "$T/frames" || fail 'IPv4 without a tag'
! grep -q "${ours}86dd.*20010db8.*0050" "$T/frames" ||
	fail 'IPv6 without a tag'

# The same by datagrams.
look 0 --method=udp --vlan=17 -p 81,82
# (t answers for 2001:db8:9::5 by its own address, which says less.)
eq counts "$(receipt '.counts |
	"\(.closed) \(.filtered) \(.open_filtered)"')" '3 1 4'
grep -q "${ours}81000011.*c6120002....0052" "$T/frames" ||
	fail 'no tagged datagram'

# In another VLAN, or in none: nobody is there, and nothing is believed.
look 3 --vlan=18 --retries=0 -p 80
eq answered "$(receipt .answered)" 0
look 3 --retries=0 -p 80
eq answered "$(receipt .answered)" 0
switched 17 18
look 3 --vlan=17 --retries=0 -p 80
eq answered "$(receipt .answered)" 0

# What we do not frame we cannot tag; this machine itself needs none.
run 0 on s mipo-scan --json --vlan=17 --wait=1 -p 80 127.0.0.1
on s ip route add 198.19.1.0/24 via inet6 2001:db8::2 dev v0 2>/dev/null ||
	exit 0
run 2 on s mipo-scan --json --vlan=17 -p 80 198.19.1.1
has "$T/err" 'frames that leave by v0 are not made by us'
