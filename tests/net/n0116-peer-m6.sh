#!/bin/sh
# M6: masscan never tells that an ICMP error answered a probe, and knows
# neither sends that failed (n0115) nor replies that the capture dropped.
. "${0%/*}/../peers.sh"
need perl

answer_lab
if has_peer masscan; then
	answering quote8
	masscanned 30 --rate 1000 -p 1-8 --show open,closed -oL "$T/found" \
		198.18.0.4/30
	quiet
	n=$(grep -vc '^#' "$T/found" || :)
	shown "$((n == 0))" "masscan tells $n of 32 ICMP errors"
fi

scan 0 quote8
eq counts "$(counts)" '0 0 32'

# While it is stopped more comes in than it has room for. What was dropped
# may have been an answer.
on t ip link set v1 arp on
addr t v1 198.18.0.2/24
ours() {
	on s mipo-scan --json --rate=500 --wait=1 -p 1-1000 198.18.0.2 \
		>"$T/out" 2>"$T/err"
}
flood() {
	signal STOP mipo-scan
	on t perl -MSocket -e 'socket(S, PF_INET, SOCK_RAW, 1) or die $!;
		send(S, "\3\1" . "\0" x 90, 0, pack_sockaddr_in(0,
		    inet_aton("198.18.0.1"))) for 1 .. 100000'
	signal CONT mipo-scan
}
struck flood ours
eq status "${status:?}" 3
whole "$T/out"
eq verdict "$(receipt .verdict)" degraded
[ "$(receipt .capture_drops)" -gt 0 ] || fail 'no drop is told'
