#!/bin/sh
# Shards on the wire: with other rates and thread counts, side by side on one
# machine, every pair gets one probe; and a scan that may send N probes sends
# N, whatever its threads do, and its receipt says which pairs they went to.
#
#   s [v0 .1] ---- [v1 .2] t: refuses, or drops
. "${0%/*}/../netns.sh"
need tcpdump

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24
anyip t 198.18.0.64/26
count_syns t

at_exit 'kill "$dump" 2>/dev/null || :'
capture() {
	ip netns exec "${NS}t" tcpdump -i v1 -n --immediate-mode -U -B 65536 \
		-s 64 -w "$T/pcap" "tcp[13] == 2" 2>"$T/tcpdump" &
	dump=$!
	wait_for 5 grep -q 'listening on' "$T/tcpdump"
}
# The pairs that probes went to, as often as they did.
pairs() {
	sleep 0.3
	kill "$dump"
	wait "$dump" 2>/dev/null || :
	tcpdump -r "$T/pcap" -n -t 2>/dev/null |
		sed -nE 's/^IP [0-9.]+ > ([0-9.]+)\.([0-9]+):.*/\1 \2/p'
}
scope="-p 1-400 198.18.0.64/26"

capture
# shellcheck disable=SC2086 # words
ip netns exec "${NS}s" taskset -c 0 mipo-scan -q --json --seed=3 \
	--shard=1/2 --rate=20000 --wait=1 $scope >"$T/one" &
one=$!
# shellcheck disable=SC2086
run 0 on s mipo-scan -q --json --seed=3 --shard=2/2 --rate=max --wait=1 $scope
wait "$one" || fail 'the first shard'
cp "$T/out" "$T/two"
pairs | sort >"$T/sent"
lines 25600 "$T/sent"
uniq -d "$T/sent" >"$T/twice"
empty "$T/twice"
run 0 sh "$SRC/examples/coverage.sh" "$T/one" "$T/two"
for look in one two; do
	whole "$T/$look"
	eq "counts of $look" \
		"$(tail -n 1 "$T/$look" | jq -c '[.counts.closed,.planned]')" \
		'[12800,12800]'
done
eq 'pairs in both' "$(jq -r 'select(.type == "obs") | "\(.ip) \(.port)"' \
	"$T/one" "$T/two" | sort | uniq -d | wc -l)" 0

# Hosts that are not there, of which each shard has some pairs.
for i in 1 2 3; do
	run 0 on s mipo-scan -q --json --seed=3 --shard=$i/3 --wait=1 \
		-p 1,2 198.18.0.120-198.18.0.135
	eq 'listed as due' "$(grep -c '"type":"obs"' "$T/out")" \
		"$(receipt .planned)"
	cat "$T/out" >>"$T/absent"
done
eq 'absent, and there' "$(states "$T/absent" | cut -d' ' -f3 | sort |
	uniq -c | xargs)" '16 closed 16 unreachable'

# limited STATUS N ARG...
limited() {
	want=$1 n=$2
	shift 2
	before=$(syns t)
	# shellcheck disable=SC2086
	run "$want" on s mipo-scan -q --json --seed=3 --wait=1 \
		--max-probes="$n" "$@" $scope
	sent=$(($(syns t) - before))
	whole "$T/out"
}
for rate in 30000 max auto; do
	limited 3 4321 --rate=$rate
	eq "SYNs at $rate" "$sent" 4321
	eq 'accepted, and canaries' \
		"$(receipt '.accepted + (.canary_probes // 0)')" 4321
	eq 'walked' "$(receipt '[.passes[0].intervals[] |
		.[1] - .[0] + 1] | add')" "$(receipt .accepted)"
	eq verdict "$(receipt .verdict)" incomplete
	has "$T/out" 'the 4321 probes that were allowed were spent'
done

# The receipt says which: the order at these places is what was captured.
capture
limited 3 4321 --rate=max
pairs | sort >"$T/sent"
# shellcheck disable=SC2086
mipo-scan --dry-run --seed=3 $scope >"$T/order"
receipt '.passes[0].intervals[] | "\(.[0]) \(.[1])"' |
	while read -r from to; do
		sed -n "$((from + 1)),$((to + 1))p" "$T/order"
	done | sort >"$T/said"
same "$T/said" "$T/sent"

# As many as are needed: nothing is left out. In the second pass, too.
limited 0 25600 --rate=max
eq SYNs "$sent" 25600
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  tcp dport 1-100 drop
 }
}
X
limited 3 26000 --rate=max --retries=2
eq SYNs "$sent" 26000
eq passes "$(receipt '[.passes[].probes] | tostring')" '[25600,400]'
on t nft delete table inet filter
limited 3 500 --rate=max --method=connect
eq SYNs "$sent" 500
