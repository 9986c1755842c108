#!/bin/sh
# A scan that is killed, stopped, or ends because its probes are spent goes on
# with the same command line, at other rates and with other threads: every
# pair is probed, none beyond the passes but what was sent behind the last
# mark, and the last stream is that of one scan.
#
#   s [v0 .1] ---- [v1 .2] t: refuses, or drops
# timeout: 120
. "${0%/*}/../netns.sh"
need tcpdump

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24
anyip t 198.18.0.64/26
count_syns t
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  tcp dport 1-40 drop
 }
}
X

at_exit 'kill "$dump" 2>/dev/null || :'
ip netns exec "${NS}t" tcpdump -i v1 -n --immediate-mode -U -B 65536 -s 64 \
	-w "$T/pcap" "tcp[13] == 2" 2>"$T/tcpdump" &
dump=$!
wait_for 5 grep -q 'listening on' "$T/tcpdump"

export MIPO_STATE="$T/state"
run 0 mipo-store init --make-recovery-key "$T/recovery"

go() {
	ip netns exec "${NS}s" mipo-scan -q --json --resume="$T/journal" \
		--wait=1 -p 1-200 "$@" >"$T/out" 2>"$T/err"
}
hosts=198.18.0.64/26

# Killed: what is there of the stream has no receipt.
go --rate=4000 $hosts &
scan=$!
wait_for 10 grep -q journal.mark "$T/journal"
kill -KILL "$(pgrep -P "$scan" mipo-scan || echo "$scan")"
wait "$scan" 2>/dev/null || :
sent=$(syns t)
done=$(grep '"type":"journal.mark"' "$T/journal" | tail -n 1 |
	jq '[.passes[0].intervals[] | .[1] - .[0] + 1] | add')
note "killed after $sent probes, $done of them done"
[ "$sent" -lt 12800 ] && [ "$done" -gt 1000 ] && [ "$done" -lt "$sent" ] ||
	fail 'not in the middle'
# And its last line is cut.
printf '{"icmp_code":' >>"$T/journal"

# Another scan may not.
refused() {
	before=$(syns t)
	want=$1
	shift
	if go "$@"; then fail "went on with $*"; fi
	has "$T/err" "$want"
	eq "probes with $*" "$(syns t)" "$before"
}
refused 'is of another scan: retries is 1 there, 2 here' --retries=2 $hosts
refused 'is of another scan: scope_sha256 is' 198.18.0.64/27
refused 'is of another scan: seed is' --seed=1 $hosts
refused 'is of another scan: vlan is 0 there, 3 here' --vlan=3 $hosts
refused 'is of another scan: network is default there, x here' --network=x \
	$hosts

# Stopped by a signal in the second part; whole in the third.
go --rate=30000 $hosts &
scan=$!
sleep 0.8
kill -TERM "$(pgrep -P "$scan" mipo-scan || echo "$scan")"
wait "$scan" 2>/dev/null || :
whole "$T/out"
eq 'verdict when stopped' "$(receipt .verdict)" interrupted
status=0
go --rate=20000 $hosts || status=$?
eq 'status in the end' "$status" 0
whole "$T/out"
eq verdict "$(receipt .verdict)" complete
eq counts "$(receipt '[.counts.closed, .counts.filtered] | tostring')" \
	'[10240,2560]'
eq resumed "$(receipt '.resumed | [.times, (.scans | length), .uncounted] |
	tostring')" '[2,2,true]'
eq listed "$(grep -c '"type":"obs"' "$T/out")" 10240
eq places "$(receipt '[.passes[].intervals] | tostring')" \
	'[[[0,12799]],[[0,12799]]]'
eq 'probes of passes' "$(receipt '[.passes[].probes] | add')" \
	"$(receipt .accepted)"
[ "$(receipt .accepted)" -le "$(syns t)" ] || fail 'more than were sent'
cp "$T/out" "$T/resumed"

# Every pair had its probes; beyond them there is what was not yet done.
sleep 0.3
kill "$dump"
wait "$dump" 2>/dev/null || :
tcpdump -r "$T/pcap" -n -t 2>/dev/null |
	sed -nE 's/^IP [0-9.]+ > ([0-9.]+)\.([0-9]+):.*/\1 \2/p' |
	sort | uniq -c >"$T/pairs"
lines 12800 "$T/pairs"
extra=$(awk '{ want = $3 <= 40 ? 2 : 1
		if ($1 < want) bad++
		if ($1 > want) extra += $1 - want }
	END { print bad + 0, extra + 0 }' "$T/pairs")
note "too few, too many: $extra"
eq 'pairs with too few' "${extra% *}" 0
# What was answered before the kill is not asked again; the second part may
# have been stopped before it knew any of its silence as waited for.
[ "${extra#* }" -le "$(((sent - done) / 5 + 2560 * 2 + 400))" ] ||
	fail "${extra#* } probes too many"

run 0 mipo-store record <"$T/resumed"

# It is over.
refused 'this scan has ended, its look was complete' $hosts

# In slices: nothing at all is sent twice, and the result is the same.
rm "$T/journal"
before=$(syns t)
status=0
go --rate=50000 --max-probes=8000 $hosts || status=$?
eq 'status of a slice' "$status" 3
eq SYNs "$(($(syns t) - before))" 8000
status=0
go --rate=50000 --max-probes=8000 $hosts || status=$?
eq 'status of the rest' "$status" 0
eq SYNs "$(($(syns t) - before))" 15360
eq accepted "$(receipt '[.accepted, .resumed.uncounted] | tostring')" \
	'[15360,false]'
eq digest "$(receipt .state_sha256)" \
	"$(tail -n 1 "$T/resumed" | jq -r .state_sha256)"

# What a slice concluded is its own affair: a gateway that comes back later.
# The probes that were refused are what is left, also without --max-probes.
rm "$T/journal"
anyip t 198.18.1.0/30
on s ip route add 198.18.1.0/30 via 198.18.0.130
run 3 on s mipo-scan -q --json --resume="$T/journal" --wait=1 --retries=0 \
	-p 50-60 198.18.0.64/30 198.18.1.0/30
eq reasons "$(receipt '.reasons | join("; ")')" \
	"gateway 198.18.0.130 does not answer; 44 pairs were not probed: No \
route to host (EHOSTUNREACH)"
addr t v1 198.18.0.130/24
run 0 on s mipo-scan -q --json --resume="$T/journal" --wait=1 --retries=0 \
	-p 50-60 198.18.0.64/30 198.18.1.0/30
eq 'after both' "$(receipt '[.verdict, .accepted, .counts.closed] |
	tostring')" '["complete",88,88]'
