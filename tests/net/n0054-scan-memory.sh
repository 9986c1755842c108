#!/bin/sh
# What is known of all pairs does not fit in memory: the order is walked
# window by window, and what comes out is what comes out of one that fits. A
# twin of ours stands in for a scan of billions, with 8 segments of which
# three are at hand.
#
#   s [v0 .1] ---- [v1 .2] t: refuses, drops, or answers late
. "${0%/*}/../peers.sh"

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24
anyip t 198.18.0.128/26
listening t 80 443

twin small \
	trust/perm.c 's/> MIPO_PERM_SEGMENT/> 1800/' \
	net/window.c '/return mipo_pairs_init/,/^}/s/limit - other/2700/'
slow='-p 1-200,443 198.18.0.128/26'
scope="--rate=20000 $slow"
absent='198.18.0.240-198.18.0.243'
small() {
	on s "$T/small" -q --json --seed=5 "$@"
}

# shellcheck disable=SC2086 # words
run 0 on s mipo-scan -q --json --seed=5 --wait=1 --retries=0 $scope $absent
cp "$T/out" "$T/fits"
states "$T/fits" >"$T/want"
# shellcheck disable=SC2086
run 0 small --wait=1 --retries=0 $scope $absent
cp "$T/out" "$T/cut"
whole "$T/cut"
states "$T/cut" >"$T/got"
same "$T/want" "$T/got"
for what in .state_sha256 .counts .planned .verdict '.passes[0].intervals'
do
	eq "$what" "$(receipt "$what | tojson")" "$(tail -n 1 "$T/fits" |
		jq -c "$what")"
done
eq planned "$(receipt .planned)" 13668
eq segments "$(receipt '[.permutation.id, .permutation.segments] | tojson')" \
	'["feistel4-aes128-cut-v1",8]'

# shellcheck disable=SC2086 # words
run 0 on s mipo-scan -q --json --seed=5 --wait=1 $scope
cp "$T/out" "$T/fits"
states "$T/fits" >"$T/want"
planned=12864

# Silent pairs: each window has its second try, and is waited for.
rules t <<'X'
table ip f {
 chain c {
  type filter hook input priority 0
  tcp dport 20-39 drop
  tcp dport 40-199 numgen random mod 100 < 10 drop
 }
}
X
# shellcheck disable=SC2086
run 3 small --wait=1 --states=all $scope
whole "$T/out"
eq filtered "$(states "$T/out" | grep -c ' filtered$')" \
	"$(receipt .counts.filtered)"
[ "$(receipt .counts.filtered)" -ge 1280 ] || fail 'ports 20 to 39'
eq covered "$(receipt '.counts | add')" "$planned"
eq 'passes' "$(receipt '[.passes[].intervals] | tojson')" \
	"[[[0,$((planned - 1))]],[[0,$((planned - 1))]]]"
loss=$(receipt .loss_ppm)
note "loss of 10 % of most: $loss ppm"
[ "$loss" -gt 40000 ] && [ "$loss" -lt 140000 ] || fail 'the estimate'

# Shards cut segments; and one that was struck goes on in its window.
on t nft flush ruleset
for i in 1 2 3; do
	# shellcheck disable=SC2086
	run 0 small --wait=1 --shard=$i/3 $scope
	cp "$T/out" "$T/shard$i"
done
run 0 sh "$SRC/examples/coverage.sh" "$T/shard1" "$T/shard2" "$T/shard3"
cat "$T/shard1" "$T/shard2" "$T/shard3" >"$T/all"
states "$T/all" >"$T/got"
same "$T/want" "$T/got"

# shellcheck disable=SC2086
ip netns exec "${NS}s" "$T/small" -q --json --seed=5 --wait=1 \
	--resume="$T/journal" --rate=4000 $slow >"$T/out" 2>"$T/err" &
scan=$!
sleep 2.5
kill -KILL "$scan"
wait "$scan" 2>/dev/null || :
# One that is ended in its first window tells what is known of the others.
jq -rR 'fromjson? | select(.type == "obs") | "\(.ip) \(.port)"' \
	"$T/journal" | sort -u >"$T/known"
# shellcheck disable=SC2086
ip netns exec "${NS}s" "$T/small" -q --json --seed=5 --wait=1 \
	--resume="$T/journal" $scope >"$T/out" 2>"$T/err" &
scan=$!
wait_for 10 grep -q scan.start "$T/out"
kill -TERM "$scan"
wait "$scan" 2>/dev/null || :
whole "$T/out"
states "$T/out" | cut -d' ' -f1,2 | sort >"$T/got"
note "$(wc -l <"$T/known") known, $(wc -l <"$T/got") listed"
comm -23 "$T/known" "$T/got" >"$T/untold"
empty "$T/untold"
# shellcheck disable=SC2086
run 0 small --wait=1 --resume="$T/journal" $scope
note "resumed after $(receipt '.resumed.times') scan"
states "$T/out" >"$T/got"
same "$T/want" "$T/got"
eq state "$(receipt .state_sha256)" "$(tail -n 1 "$T/fits" |
	jq -r .state_sha256)"

# Answers to a window that is past are answers all the same.
on t ip link set v1 arp off
rules t <<'X'
table ip f {
 chain c {
  type filter hook input priority 0
  ip protocol tcp drop
 }
}
X
answering synack
before=$(came)
late() {
	wait_for 20 has_come $((before + 100))
	kill -STOP "${answerer:?}"
	wait_for 20 has_come $((before + 5200))
	kill -CONT "$answerer"
}
late &
late=$!
run 3 small --wait=2 --retries=0 --rate=3000 -p 1-100 198.18.0.128/26
wait "$late"
quiet
whole "$T/out"
eq covered "$(receipt '.counts | add')" 6400
late=$(jq -s '[.[] | select(.type == "obs" and .rtt_us == null)] | length' \
	"$T/out")
note "$late answers came to the window before"
[ "$late" -gt 20 ] || fail 'late answers'
eq listed "$(states "$T/out" | grep -c ' open$')" "$(receipt .counts.open)"
eq duplicates "$(receipt .duplicates)" 0

# No room: nothing is sent.
run 2 on s mipo-scan --memory=1M -p 80 198.18.0.128
has "$T/err" 'mipo-scan: scan: --memory: at least '
