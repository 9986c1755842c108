#!/bin/sh
# Routes of every sort, as the kernel would take them: rules by port,
# protocol, mark, interface, user and source, several next hops with answers
# that come back another way, and destinations that it refuses.
#
#   s [v0 198.18.0.1] -- [.2] a: 198.19.0.0/17, 2001:db8:9::/48, port 80
#   s [w0 198.18.1.1] -- [.2] b: the same, port 81
#   a [x0 198.18.2.1] -- [.2] t: 198.19.128.0/24, 2001:db8:a::/64, port 80
#   b [y0 198.18.3.1] -- [.2] t
. "${0%/*}/../netns.sh"

spaces s a b t
veth s v0 a v1
veth s w0 b w1
veth a x0 t x1
veth b y0 t y1
addr s v0 198.18.0.1/24 2001:db8:0::1/64
addr s w0 198.18.1.1/24 2001:db8:1::1/64
addr s lo 198.18.9.1/32 2001:db8:f::1/128
addr a v1 198.18.0.2/24 2001:db8:0::2/64
addr b w1 198.18.1.2/24 2001:db8:1::2/64
addr a x0 198.18.2.1/24 2001:db8:2::1/64
addr b y0 198.18.3.1/24 2001:db8:3::1/64
addr t x1 198.18.2.2/24 2001:db8:2::2/64
addr t y1 198.18.3.2/24 2001:db8:3::2/64
anyip a 198.19.0.0/17 2001:db8:9::/48
anyip b 198.19.0.0/17 2001:db8:9::/48
anyip t 198.19.128.0/24 2001:db8:a::/64
listening a 80
listening b 81
listening t 80
for i in 0 1; do
	router=$([ $i = 0 ] && echo a || echo b)
	on "$router" sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1
	on "$router" ip route add default via 198.18.$i.1
	on "$router" ip -6 route add default via 2001:db8:$i::1
	on "$router" ip route add 198.19.128.0/24 via 198.18.$((i + 2)).2
	on "$router" ip -6 route add 2001:db8:a::/64 via 2001:db8:$((i + 2))::2
done

# look STATUS ARG...: open has what was, in order
look() {
	status=$1
	shift
	run "$status" on s mipo-scan --json --retries=0 --wait=1 "$@"
	whole "$T/out"
	json 'select(.state == "open") | "\(.ip)/\(.port)"' "$T/out" |
		sort >"$T/open"
}

# names FAMILY: sets those of its networks
names() {
	case $1 in
	-4)	net=198.19. bits=.0/24 end=.7 from=198.18.0.1 ;;
	*)	net=2001:db8:9: bits=::/64 end=::7 from=2001:db8:0::1 ;;
	esac
}

# What the kernel refuses, it refuses with the same errors by either method:
# its own sockets say what is right.
refused=
for family in -4 -6; do
	names $family
	on s ip $family route add blackhole ${net}21$bits
	on s ip $family route add prohibit ${net}22$bits
	on s ip $family route add unreachable ${net}23$bits
	on s ip $family route add throw ${net}24$bits
	refused="$refused ${net}21$end ${net}22$end ${net}23$end ${net}24$end"
done
for method in connect syn; do
	# shellcheck disable=SC2086 # words
	look 3 --method=$method --seed=1 -p 80,81 $refused
	eq "verdict, $method" "$(receipt .verdict)" incomplete
	eq "covered, $method" "$(receipt '.counts | add')" 0
	receipt '.send_errors | sort_by(.errno)[] |
		"\(.errno) \(.indices)"' >"$T/$method"
done
same "$T/connect" "$T/syn"
eq errors "$(cut -d' ' -f1 "$T/syn" | xargs)" \
	'EACCES EHOSTUNREACH EINVAL ENETUNREACH'

# Rules, by what they name. In the table main all go by a, in table 100 by b.
on s ip route add default via 198.18.0.2
on s ip -6 route add default via 2001:db8:0::2
on s ip route add default via 198.18.1.2 table 100
on s ip -6 route add default via 2001:db8:1::2 table 100
row() {
	on s ip "$family" rule add "$@" 2>"$T/why" ||
		skip "no such routing rules here: $(cat "$T/why")"
}
hosts=
for family in -4 -6; do
	names $family
	row to ${net}1$bits ipproto tcp dport 81 lookup 100
	row to ${net}2$bits ipproto tcp dport 443 prohibit
	row to ${net}3$bits ipproto udp lookup 100
	row to ${net}4$bits fwmark 1 lookup 100
	row to ${net}5$bits fwmark 0/1 lookup 100
	row to ${net}6$bits iif v0 lookup 100
	row to ${net}7$bits iif lo lookup 100
	row to ${net}8$bits uidrange 1-1 lookup 100
	row to ${net}9$bits uidrange 0-0 lookup 100
	row to ${net}10$bits from $from lookup 100
	row to ${net}11$bits sport 1-1000 lookup 100
	row to ${net}13$bits ipproto udp dport 103-104 lookup 100
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		hosts="$hosts $net$i$end"
	done
	for i in 1:80 1:81 2 3 4 5:81 6 7:81 8 9:81 10:81 11 12; do
		port=${i#*:}
		[ "$port" != "$i" ] || port=80
		echo "$net${i%:*}$end/$port"
	done >>"$T/rows"
done
# shellcheck disable=SC2086 # words
look 3 -p 80,81,443 $hosts
sort "$T/rows" >"$T/want"
same "$T/want" "$T/open"
eq refused "$(receipt '.send_errors[] | "\(.errno) \([.indices[] |
	.[1] - .[0] + 1] | add)"')" 'EACCES 2'
eq counts "$(receipt '.counts | "\(.open) \(.closed)"')" '26 44'
look 0 --method=udp -p 9 198.19.3.7 2001:db8:9:3::7
eq 'by UDP' "$(receipt '.wires[]' | cut -d' ' -f2 | xargs)" 'w0 w0'
look 0 --method=udp -p 102-105 198.19.13.7 2001:db8:9:13::7
eq 'by UDP and port' "$(receipt '[.counts.closed, .counts.filtered,
	.rejected] | tojson')" '[4,4,0]'
on s ip rule add sport 61100 lookup 100
run 2 on s mipo-scan -p 80 198.19.12.7
has "$T/err" 'near 61100, which is among those of probes, 61000 to 61256'
on s ip rule del sport 61100

# One route with two next hops: which one is taken does not matter, and
# neither by which link the answers come.
on s ip route replace default src 198.18.9.1 \
	nexthop via 198.18.0.2 nexthop via 198.18.1.2
on s ip -6 route del default
on s ip -6 route add default src 2001:db8:f::1 \
	nexthop via 2001:db8:0::2 nexthop via 2001:db8:1::2
for way in 2 3; do
	on t ip route replace default via 198.18.$way.1
	on t ip -6 route replace default via "2001:db8:$way::1"
	for net in 198.19.128.0/28 2001:db8:a::/124; do
		look 0 -p 80,81,443 $net
		eq "wires, back by $way" "$(receipt '.wires | length')" 1
		eq "$net, back by $way" "$(receipt '.counts |
			"\(.open) \(.closed) \(.filtered)"')" '16 32 0'
	done
done
