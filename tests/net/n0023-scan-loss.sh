#!/bin/sh
# Packets are lost: then a look is not complete, or what it says is true.
#
#   s [v0 .1] ---- [v1 .2-.14] t: 13 hosts, port 80 open, some answers lost
#   s [w0 .1] ---- [w0 .254] r: a router before 198.19.1.0/29 and
#   2001:db8:b::/125, all filtered
. "${0%/*}/../netns.sh"

spaces s t r
veth s v0 t v1
addr s v0 198.18.0.1/24 2001:db8::1/64
for i in 2 3 4 5 6 7 8 9 10 11 12 13 14; do
	addr t v1 "198.18.0.$i/24" "2001:db8::$i/64"
done
listening t 80
live=13

# lossy FAMILY RULE...: of what t sends these are lost; nothing: all arrives
lossy() {
	on t nft flush ruleset
	while [ $# -gt 0 ]; do
		printf 'table %s x {\n chain out {\n
			type filter hook output priority 0\n %s drop\n }\n}\n' \
			"$1" "$2" | rules t
		shift 2
	done
}

# degraded REASON
degraded() {
	eq verdict "$(receipt .verdict)" degraded
	receipt '.reasons[]' >"$T/reasons"
	like "$T/reasons" "$1"
}

# true_or_degraded COUNT STATE: so many pairs are that, else it says so
true_or_degraded() {
	whole "$T/out"
	is=$(receipt ".counts.$2")
	note "$is of $1 $2, $(receipt '"\(.verdict) \(.loss_ppm) \(.reasons)"')"
	[ "$status" -eq 3 ] || [ "$is" -eq "$1" ] ||
		fail "only $is of $1 are $2, and it calls itself complete"
}

look() {
	status=0
	ip netns exec "${NS}s" mipo-scan --json "$@" >"$T/out" || status=$?
}

# Neighbours that are hard to find: none that lives is called unreachable.
for lost in 60 20; do
	lossy arp "arp operation reply numgen random mod 100 < $lost"
	look -p 80 198.18.0.2-198.18.0.14
	true_or_degraded "$live" open
	lossy ip6 "icmpv6 type nd-neighbor-advert numgen random mod 100 < $lost"
	look -p 80 2001:db8::2-2001:db8::9 2001:db8::10-2001:db8::14
	true_or_degraded "$live" open
done

# With 60 % lost, three in four of the answers are late or never come.
lossy arp 'arp operation reply numgen inc mod 5 < 3' \
	ip6 'icmpv6 type nd-neighbor-advert numgen inc mod 5 < 3'
look -p 80 198.18.0.2-198.18.0.20 2001:db8::2-2001:db8::14
degraded 'that did not answer may be there: about [0-9]+ % of requests'
eq unreachable "$(receipt .counts.unreachable)" 0
[ "$(receipt .unknown)" -ge 12 ] || fail 'too little is unknown'
[ "$(receipt .loss_ppm)" -gt 10000 ] || fail 'no loss was seen'

# Probes that were tried once, or not waited for.
lossy ip 'ip protocol tcp numgen random mod 100 < 20'
look --retries=0 --wait=1 -p 80-109 198.18.0.2-198.18.0.14
eq status "$status" 3
degraded 'could not be measured: what stayed silent was tried only once'
look --wait=1 -p 80-109 198.18.0.2-198.18.0.14
eq status "$status" 3
degraded '^about [0-9.]+ % of probes or answers were lost'
lossy ip 'ip protocol tcp tcp sport 81'
look --wait=0 -p 80,81 198.18.0.2
eq status "$status" 3
degraded 'less than a second was waited for'
lossy inet 'tcp sport 81'
look --wait=1 -p 80,81 198.18.0.2-198.18.0.14 2001:db8::2-2001:db8::9 \
	2001:db8::10-2001:db8::14
eq status "$status" 0
eq verdict "$(receipt .verdict)" complete
eq counts "$(receipt '.counts | "\(.open) \(.filtered)"')" '26 26'

# Behind a router that lives all is filtered: that can be told.
veth s w0 r w0
addr s w0 198.19.0.1/24 2001:db8:a::1/64
addr r w0 198.19.0.254/24 2001:db8:a::fe/64
on s ip route add 198.19.1.0/29 via 198.19.0.254
on s ip route add 2001:db8:b::/125 via 2001:db8:a::fe
on r ip route add blackhole 2001:db8:b::/125
look --wait=2 -p 80,81 198.19.1.0/29 2001:db8:b::/125
eq status "$status" 0
eq verdict "$(receipt .verdict)" complete
eq filtered "$(receipt .counts.filtered)" 32
eq loss "$(receipt .loss_ppm)" 0

# Behind one that answers now and then it cannot.
rules r <<X
table arp x {
 chain out {
  type filter hook output priority 0
  numgen inc mod 5 >= 2 drop
 }
}
X
look --wait=4 -p 80,81 198.19.1.0/29
eq status "$status" 3
degraded '^about [0-9.]+ % of probes or answers were lost'

# Nor behind one that is dead, though the kernel knows its address.
mac=$(on r ip -j link show w0 | jq -r '.[0].address')
for gateway in 198.19.0.254 2001:db8:a::fe; do
	on s ip neigh replace $gateway lladdr "$mac" nud permanent dev w0
done
for family in arp ip6; do
	rules r <<-X
	table $family dead {
	 chain out {
	  type filter hook output priority 1
	  drop
	 }
	}
	X
done
look --wait=1 -p 80,81 198.19.1.0/29 2001:db8:b::/125
eq status "$status" 3
degraded 'nothing answered 198.19.0.1 on w0: the link may be dead'
degraded 'nothing answered 2001:db8:a::1 on w0: the link may be dead'

# A neighbour that the kernel was told of was not asked: where no other
# answered, that one is silent proves nothing.
lossy
mac=$(on t ip -j link show v1 | jq -r '.[0].address')
for host in 198.18.0.2 2001:db8::2; do
	on s ip neigh replace $host lladdr "$mac" nud permanent dev v0
done
look --wait=1 -p 80 198.18.0.2 198.18.0.99 2001:db8::2 2001:db8::99
eq status "$status" 3
degraded 'of 2 pairs nothing is known'
eq open "$(receipt .counts.open)" 2
