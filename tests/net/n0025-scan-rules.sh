#!/bin/sh
# Rules that choose a table by destination: each prefix goes its own way, as
# the kernel would send it.
#
#   s [v0 198.18.0.1] -- [.2] a: 198.19.0.0/24, 198.19.2.0/24 all answer
#   s [w0 198.18.1.1] -- [.2] b: 198.19.1.0/24, 2001:db8:1::/120 all answer
. "${0%/*}/../netns.sh"

spaces s a b
veth s v0 a v1
veth s w0 b w1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr s w0 198.18.1.1/24 2001:db8:ff::1/64
addr a v1 198.18.0.2/24 2001:db8::2/64
addr b w1 198.18.1.2/24 2001:db8:ff::2/64
on s ip route add default via 198.18.0.2
on s ip route add default via 2001:db8::2
on s ip route add default via 198.18.1.2 table 100
on s ip route add default via 2001:db8:ff::2 table 100
on s ip rule add to 198.19.1.0/24 lookup 100 2>"$T/why" ||
	skip "no routing rules here: $(cat "$T/why")"
on s ip -6 rule add to 2001:db8:1::/120 lookup 100
anyip a 198.19.0.0/24 198.19.2.0/24
anyip b 198.19.1.0/24 2001:db8:1::/120
on a ip route add default via 198.18.0.1
on b ip route add default via 198.18.1.1
on b ip route add default via 2001:db8:ff::1
listening a 80
listening b 80

run 0 on s mipo-scan --json --rate=5000 --wait=1 -p 80 198.19.0.0/23 \
	198.19.2.0/24 2001:db8:1::/120
whole "$T/out"
eq counts "$(receipt '.counts | "\(.open) \(.filtered)"')" '1024 0'
eq wires "$(receipt '.wires | length')" 3
