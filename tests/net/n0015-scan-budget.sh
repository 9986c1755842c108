#!/bin/sh
# The probes on the wire: exactly as many as were said, later ones a second
# apart and from other ports, and byte for byte those of the seed.
#
#   s [v0 .1] ---- [v1 .2] t: drops, answers or both
. "${0%/*}/../netns.sh"
need tcpdump

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24
anyip t 198.18.0.64/26
listening t 80
count_syns t
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  tcp dport 1000-1999 drop
 }
}
X

# budget RETRIES PORTS HOSTS WANT: silence that is not waited for is doubtful
budget() {
	before=$(syns t)
	run 3 on s mipo-scan --json --wait=0 --rate=4000 --retries="$1" \
		-p "$2" "$3"
	eq "SYNs for $*" "$(($(syns t) - before))" "$4"
	eq "attempted for $*" "$(receipt .attempted)" "$4"
	eq "accepted for $*" "$(receipt .accepted)" "$4"
	eq "probes of passes for $*" "$4" \
		"$(receipt '[.passes[].probes] | add')"
}

budget 0 1000-1099 198.18.0.64/28 1600
budget 1 1000-1099 198.18.0.64/28 3200
budget 3 1000-1009 198.18.0.64/28 640
# Answered pairs are not probed again: 80 and 81 of 16 hosts, once.
budget 2 80,81,1000 198.18.0.64/28 80

# Later probes: a second or more after, from another source port.
at_exit 'kill "$dump" 2>/dev/null || :'
capture() {
	ip netns exec "${NS}t" tcpdump -i v1 -n --immediate-mode -U \
		-s 128 -w "$1" 'tcp[13] == 2' 2>"$T/tcpdump" &
	dump=$!
	wait_for 5 grep -q 'listening on' "$T/tcpdump"
}
stop() {
	sleep 0.3
	kill "$dump"
	wait "$dump" 2>/dev/null || :
}
capture "$T/spaced"
run 3 on s mipo-scan --json --wait=0 --retries=2 -p 1000-1019 198.18.0.64/30
stop
tcpdump -r "$T/spaced" -n -tt 2>/dev/null |
	sed -nE 's/^([0-9.]+) IP 198.18.0.1.([0-9]+) > ([0-9.]+):.*/\3 \1 \2/
		t print
		d
		: print
		p
		d' | sort >"$T/probes"
lines 240 "$T/probes"
awk '$1 == pair { n++; if ($2 - at < 1 || $3 == port) bad++ }
	{ pair = $1; at = $2; port = $3 }
	END { print n, bad + 0 }' "$T/probes" >"$T/verdict"
eq 'repetitions, bad ones' "$(cat "$T/verdict")" '160 0'
awk '$3 < 61000 || $3 > 61255' "$T/probes" >"$T/bad"
empty "$T/bad"

# The same seed: the same bytes in the same order. Another: others.
for i in 1 2 3; do
	capture "$T/pcap$i"
	run 3 on s mipo-scan --json --wait=0 --retries=0 \
		--seed=$((i / 3 + 7)) -p 1000-1019 198.18.0.64/29
	stop
	tcpdump -r "$T/pcap$i" -n -t -x 2>/dev/null >"$T/bytes$i"
	[ -s "$T/bytes$i" ] || fail 'nothing was captured'
done
same "$T/bytes1" "$T/bytes2"
! cmp -s "$T/bytes1" "$T/bytes3" || fail 'the seed changes nothing'

# What the order promised: --dry-run with that seed names them one by one.
run 0 mipo-scan --dry-run --seed=7 -p 1000-1019 198.18.0.64/29
tcpdump -r "$T/pcap1" -n -t 2>/dev/null |
	sed -nE 's/^IP [0-9.]+ > ([0-9.]+)\.([0-9]+):.*/\1 \2/p' >"$T/sent"
same "$T/out" "$T/sent"

# Every probe is whole: tcpdump finds all checksums right.
tcpdump -r "$T/pcap1" -n -vv 2>/dev/null >"$T/checked"
hasnt "$T/checked" incorrect
hasnt "$T/checked" 'bad cksum'
eq 'checked packets' "$(grep -c '(correct)' "$T/checked")" 160
