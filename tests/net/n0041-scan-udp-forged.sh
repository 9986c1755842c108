#!/bin/sh
# Datagrams that are no answers to ours, from whomever they come, open
# nothing; errors that quote something else close nothing.
#
#   s [v0 .1] ---- [v1 .2 .3] t
. "${0%/*}/../netns.sh"

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr t v1 198.18.0.2/24 198.18.0.3/24 2001:db8::2/64 2001:db8::3/64
protos='53 123 443 3478'

# scan MODE: the counts of open, closed and open|filtered ports
scan() {
	rm -f "$T/hearing"
	# shellcheck disable=SC2086 # a list
	start t "$TOOLS/datagram" "$T/hearing" "$1" $protos
	wait_for 5 test -f "$T/hearing"
	run 0 on s mipo-scan --json --method=udp --wait=1 \
		-p "$(echo "$protos" | tr ' ' ,)" 198.18.0.2 2001:db8::2
	kill "${started:?}"
	wait "$started" 2>/dev/null || :
	whole "$T/out"
	receipt '.counts | "\(.open) \(.closed) \(.open_filtered)"' >"$T/is"
}

scan good
eq counts "$(cat "$T/is")" '8 0 0'
eq rejected "$(receipt .rejected)" 0
for mode in token port addr dest; do
	scan "$mode"
	eq "$mode: counts" "$(cat "$T/is")" '0 0 8'
	[ "$(receipt .rejected)" -ge 15 ] ||
		fail "$mode: $(receipt .rejected) rejected"
done
scan error
eq 'error: closed' "$(receipt .counts.closed)" 0
[ "$(receipt .rejected)" -ge 8 ] || fail "error: $(receipt .rejected) rejected"

# TFTP alone answers from a port of its own (RFC 1350, 4).
protos='69 1000'
scan port
eq open "$(jq -r 'select(.state == "open") | "\(.ip) \(.port)"' "$T/out" |
	sort | tr '\n' ' ')" '198.18.0.2 69 2001:db8::2 69 '

# On loopback we see our own probes: those to our own ports are no answers.
for seed in 1 2 3; do
	run 0 on s mipo-scan --json --method=udp --seed="$seed" --rate=max \
		--wait=1 -p 61000-61255 127.0.0.1 198.18.0.1
	eq "open by our own probes, seed $seed" "$(receipt .counts.open)" 0
done

# Nor is what comes from a port that was not asked yet.
run 0 mipo-scan --dry-run --seed=4 --method=udp -p 2000-2009 198.18.0.2
last=$(tail -n 1 "$T/out" | cut -d' ' -f2)
ip netns exec "${NS}s" mipo-scan --json --method=udp --rate=2 --seed=4 \
	-p 2000-2009 198.18.0.2 >"$T/out" &
scan=$!
wait_for 5 test -s "$T/out"
sleep 0.5
on t "$TOOLS/datagram" "$T/sprayed" spray "$last"
sleep 0.5
kill -TERM "$scan"
wait "$scan" || :
whole "$T/out"
eq 'open, not asked' "$(receipt .counts.open)" 0
[ "$(receipt .rejected)" -ge 250 ] || fail "$(receipt .rejected) rejected"
