#!/bin/sh
# The rate that the scan chooses: it grows while nothing is lost, goes down
# where a router carries no more, and tells of both; the estimate of loss is
# true, and silence is not called closed.
#
#   s [v0 .1] ---- [v1 .2] t: a router before 198.19.0.0/20, all answer
# timeout: 240
# alone: it measures what this machine can send
. "${0%/*}/../netns.sh"
need strace

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24
on s ip route add 198.19.0.0/16 via 198.18.0.2
anyip t 198.19.0.0/20
on t ip route add default via 198.18.0.1
listening t 80

# through WHAT...: answers of t pass this; nothing: all do
through() {
	on t nft flush ruleset
	[ $# -eq 0 ] || rules t <<-X
	table ip x {
	 chain out {
	  type filter hook postrouting priority 0
	  ip protocol tcp $* drop
	 }
	}
	X
}

look() {
	status=0
	ip netns exec "${NS}s" mipo-scan --json "$@" >"$T/out" 2>"$T/err" ||
		status=$?
	whole "$T/out"
	note "$(receipt '"\(.verdict) \(.loss_ppm) \(.rate_most) \(.rate_last)
		\(.canary_probes) \(.canary_lost) \(.backoffs | length)
		\(.reasons)"' |
		xargs)"
}

through
look --wait=2 -p 78-85 198.19.0.0/20
eq status "$status" 0
eq counts "$(receipt '.counts | "\(.open) \(.closed) \(.filtered)"')" \
	'4096 28672 0'
eq 'said at the start' "$(json 'select(.type=="scan.start") |
	"\(.rate) \(.rate_auto)"' out)" '0 true'
[ "$(receipt .rate_most)" -gt 3200 ] || fail 'it did not grow'
[ "$(receipt .canary_probes)" -gt 0 ] || fail 'no canary was probed'
eq lost "$(receipt '"\(.loss_ppm) \(.canary_lost)"')" '0 0'

# Loss at random: it is seen, within two points, and nothing is invented.
for percent in 1 5 20; do
	through "numgen random mod 100 < $percent"
	look --wait=2 -p 78-85 198.19.0.0/22
	eq closed "$(json 'select(.type=="obs" and .state=="closed" and
		.port==80)' out | wc -l)" 0
	eq open "$(json 'select(.type=="obs" and .state=="open" and
		.port!=80)' out | wc -l)" 0
	loss=$(receipt .loss_ppm)
	[ "$loss" -ge $(((percent - 2) * 10000)) ] &&
		[ "$loss" -le $(((percent + 2) * 10000)) ] ||
		fail "loss is $loss ppm at $percent %"
	[ "$percent" -lt 5 ] || eq verdict "$(receipt .verdict)" degraded
done

# A router that carries 6000 answers a second.
through 'limit rate over 6000/second burst 100 packets'
look --wait=2 -p 76-83 198.19.0.0/20
[ "$(receipt '.backoffs | length')" -gt 0 ] || fail 'it did not go slower'
[ "$(receipt .rate_last)" -le 12000 ] || fail 'it did not stay slow'
eq closed "$(json 'select(.type=="obs" and .state=="closed" and
	.port==80)' out | wc -l)" 0
receipt '.backoffs[0].why' >"$T/why"
has "$T/why" 'what had answered did not answer again'

# A rate that was asked for is kept, and no canary is sent.
through
look --rate=20000 --wait=1 -p 80 198.19.0.0/22
eq canaries "$(receipt '.canary_probes // "none"')" none

# However many senders there are, what is probed and found is the same.
digests=
for processors in 0 0-1; do
	run 0 on s taskset -c "$processors" mipo-scan --json --seed=7 \
		--rate=max --wait=1 -p 71-90 198.19.0.0/20
	whole "$T/out"
	eq intervals "$(receipt '.passes[0] | "\(.intervals) \(.probes)"')" \
		'[[0,81919]] 81920'
	digests="$digests $(receipt .state_sha256)"
done
# shellcheck disable=SC2086 # two words
eq digests $digests

# Where the system has one thread and no more, that one does all.
run 0 on s strace -qq -f -o "$T/trace" -e trace=clone \
	-e inject=clone:error=EAGAIN:when=2 taskset -c 0-1 mipo-scan --json \
	--seed=7 --rate=max --wait=1 -p 71-90 198.19.0.0/20
grep -q 'EAGAIN.*INJECTED' "$T/trace" || fail 'no thread was refused'
eq probes "$(receipt '.passes[0].probes')" 81920
eq digest "$(receipt .state_sha256)" "${digests##* }"

# Who reads what it writes is slow: nothing that came meanwhile is lost.
ip netns exec "${NS}s" mipo-scan --json --states=all --rate=max --wait=1 \
	--retries=0 -p 71-78 198.19.0.0/20 | { sleep 4; cat; } >"$T/out"
whole "$T/out"
eq 'counts for a slow reader' "$(receipt '.counts | "\(.open) \(.closed) \(
	.filtered)"')" '0 32768 0'
eq verdict "$(receipt .verdict)" complete
