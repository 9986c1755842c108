#!/bin/sh
# Planned, attempted and accepted differ: the kernel refuses some probes, a
# signal ends the scan before others are tried. What was not sent is listed
# by its place in the order, and never called closed or filtered.
. "${0%/*}/../netns.sh"

spaces s
rules s <<X
table inet filter {
 counter refused { }
 chain out {
  type filter hook output priority 0
  tcp sport 61000-61255 tcp dport 100-149 counter name refused drop
 }
}
X

# refused N: at least so many packets were
refused() {
	[ "$(on s nft -j list counter inet filter refused |
		jq '.nftables[] | .counter? // empty | .packets')" -ge "$1" ]
}

# Refused for good: tried once more after a while, and again with the pass.
run 3 on s mipo-scan --json --seed=5 --wait=1 -p 1-200 127.0.0.1
whole "$T/out"
eq verdict "$(receipt .verdict)" incomplete
eq planned "$(receipt .planned)" 200
eq accepted "$(receipt .accepted)" 150
eq attempted "$(receipt .attempted)" 300
eq errors "$(receipt '.send_errors[] | "\(.errno) \(.count)"')" 'EPERM 150'
eq covered "$(receipt '.counts | add')" 150
has "$T/out" '50 pairs were not probed'
receipt '.send_errors[0].indices[] | "\(.[0]) \(.[1])"' |
	while read -r from to; do
		seq "$from" "$to"
	done >"$T/indices"
lines 50 "$T/indices"
run 0 mipo-scan --dry-run --seed=5 -p 1-200 127.0.0.1
cut -d' ' -f2 "$T/out" >"$T/order"
while read -r index; do
	sed -n "$((index + 1))p" "$T/order"
done <"$T/indices" | sort -n >"$T/unsent"
seq 100 149 >"$T/want"
same "$T/want" "$T/unsent"

# Canaries are in numbers of their own.
rules s <<X
table inet filter {
 chain canary {
  type filter hook output priority 1
  tcp sport 61256 drop
 }
}
X
run 3 on s mipo-scan --json --seed=5 --wait=1 --retries=0 -p 1-99 127.0.0.1
eq verdict "$(receipt .verdict)" incomplete
eq probes "$(receipt '"\(.attempted) \(.accepted)"')" '99 99'
eq 'errors of probes' "$(receipt '.send_errors | length')" 0
eq canary "$(receipt '.canaries[0] | "\(.probes) \(.seen)"')" '0 false'
eq 'errors of canaries' "$(receipt '.canary_errors[] |
	"\(.errno) \(.count)"')" 'EPERM 3'

# Refused for a moment: it is sent again, and nothing is missing.
ip netns exec "${NS}s" mipo-scan --json --rate=100 -p 1-200 127.0.0.1 \
	>"$T/out" &
scan=$!
wait_for 5 test -s "$T/out"
on s nft flush ruleset
status=0
wait "$scan" || status=$?
eq status "$status" 0
eq verdict "$(receipt .verdict)" complete
eq covered "$(receipt '.counts | add')" 200

# Refused until the last pass: one probe of each, and that is said.
on s ip link set lo up
rules s <<X
table inet filter {
 counter refused { }
 chain in {
  type filter hook input priority 0
  tcp dport 60-149 drop
 }
 chain out {
  type filter hook output priority 0
  tcp sport 61000-61255 tcp dport 100-149 counter name refused drop
 }
}
X
ip netns exec "${NS}s" mipo-scan --json --rate=max --wait=1 -p 1-200 \
	127.0.0.1 >"$T/out" &
scan=$!
wait_for 10 refused 100
on s nft delete chain inet filter out
status=0
wait "$scan" || status=$?
eq status "$status" 3
eq verdict "$(receipt .verdict)" degraded
eq covered "$(receipt '.counts | add')" 200
has "$T/out" '50 pairs could be probed for the first time in the last pass'
on s nft flush ruleset

# All three numbers differ.
rules s <<X
table inet filter {
 counter refused { }
 chain out {
  type filter hook output priority 0
  tcp sport 61000-61255 tcp dport 1-1000 counter name refused drop
 }
}
X
ip netns exec "${NS}s" mipo-scan --json --rate=500 -p 1-2000 127.0.0.1 \
	>"$T/out" &
scan=$!
wait_for 10 refused 100
kill -TERM "$scan"
status=0
wait "$scan" || status=$?
eq status "$status" 143
whole "$T/out"
eq verdict "$(receipt .verdict)" interrupted
receipt '[.planned, .attempted, .accepted] | @tsv' >"$T/three"
read -r planned attempted accepted <"$T/three"
note "planned $planned, attempted $attempted, accepted $accepted"
eq planned "$planned" 2000
[ "$attempted" -lt 2000 ] && [ "$accepted" -lt "$attempted" ] &&
	[ "$accepted" -gt 0 ] || fail "not in order: $(cat "$T/three")"
eq 'refused and taken' "$(receipt '.accepted +
	([.send_errors[].count] | add)')" "$attempted"
eq 'covered, or still waited for' "$(receipt '(.counts | add) + .unknown')" \
	"$accepted"
