#!/bin/sh
# The rate that a scan chooses holds to what one network gets: where one
# answers less than it did, it gets less, and the receipt names it; a rate in
# bits is of the frames on the wire; by connect it is chosen too.
#
#   s [v0 .1] ---- [v1 .2] t: a router before 198.19.0.0/20 and
#   2001:db8:9::/48, all answer
. "${0%/*}/../netns.sh"

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr t v1 198.18.0.2/24 2001:db8::2/64
on s ip route add 198.19.0.0/16 via 198.18.0.2
on s ip route add 2001:db8:9::/48 via 2001:db8::2
on t ip route add default via 198.18.0.1
on t ip route add default via 2001:db8::1
anyip t 198.19.0.0/20 2001:db8:9::/48
listening t 80

# through RULE: answers of t pass this
through() {
	on t nft flush ruleset
	rules t <<-X
	table inet x {
	 chain out {
	  type filter hook postrouting priority 0
	  $1 drop
	 }
	}
	X
}

look() {
	ip netns exec "${NS}s" mipo-scan --json --seed=3 "$@" >"$T/out" \
		2>"$T/err" || [ $? -eq 3 ]
	whole "$T/out"
	note "$(receipt '"\(.duration_ms) ms, \(.rate_most), \(.verdict),
		\(.loss_ppm), \([.backoffs[]? | [.at_ms, .from, .to, .why]])
		\(.caps)"' | xargs)"
}

# One network of sixteen has a way that carries 500 answers a second. No other
# is ever slowed; on a machine that is slow itself it may take a few looks
# until one is fast enough to be too fast for it.
through 'ip saddr 198.19.5.0/24 limit rate over 500/second burst 20 packets'
for try in 1 2 3 4 5; do
	look --wait=1 --retries=0 -p 40-99 198.19.0.0/20
	slowed=$(receipt '[.caps[] | select(.slowed > 0) | .on] | join(" ")')
	eq interface "$(receipt '.caps[0] | "\(.on) \(.first)"')" 'v0 3200'
	eq largest "$(receipt '.caps[1].first')" 200
	[ -z "$slowed" ] || break
done
eq "slowed at try $try" "$slowed" 198.19.5.0/24
receipt '.backoffs[].why' >"$T/why"
has "$T/why" 'a network answered less than before'
[ "$(receipt '.caps[2].first')" -lt "$(receipt '.caps[1].most')" ] ||
	fail 'it was not spared'

# By connect: the way carries 2000 answers a second, and nothing is invented.
through 'limit rate over 2000/second burst 50 packets'
look --method=connect --wait=4 -p 79-82 198.19.0.0/22
eq 'said at the start' "$(json 'select(.type=="scan.start") |
	"\(.rate) \(.rate_auto)"' out)" '0 true'
[ "$(receipt '.backoffs | length')" -gt 0 ] || fail 'it did not go slower'
eq 'caps by connect' "$(receipt '.caps[:2][] | "\(.on) \(.first)"' | xargs)" \
	'v0 1000 198.19.0.0/24 250'
eq counted "$(receipt '.counts | add')" 4096
eq 'closed or open that are not' "$(json 'select(.type=="obs" and
	((.port==80) != (.state=="open")))' out | wc -l)" 0

# And all of it, fast, where nothing is lost.
on t nft flush ruleset
look --method=connect --wait=4 -p 75-90 198.19.0.0/22
eq counts "$(receipt '.counts | "\(.open) \(.closed)"')" '1024 15360'
[ "$(receipt .rate_most)" -gt 3000 ] || fail 'it did not grow'

# A rate in bits: 1000 probes of 720, or 880, a second; then no cap holds.
look --rate=720kbit --wait=1 -p 80-82 198.19.0.0/24
eq 'bits and probes' "$(json 'select(.type=="scan.start") |
	"\(.rate_bits) \(.rate)"' out)" '720000 1000'
[ "$(receipt .send_pps)" -le 1050 ] || fail 'it was too fast'
eq caps "$(receipt '.caps // "none"')" none
look --rate=8800kbit --wait=1 -p 80 2001:db8:9::/120
eq 'bits and probes' "$(json 'select(.type=="scan.start") |
	"\(.rate_bits) \(.rate)"' out)" '8800000 10000'

# This machine itself has no cap.
look --wait=2 -p 1-65535 127.0.0.1
eq caps "$(receipt '.caps | length')" 0
[ "$(receipt .rate_most)" -ge 200000 ] || fail 'it was held'
