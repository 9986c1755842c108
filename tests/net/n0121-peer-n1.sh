#!/bin/sh
# N1: naabu up to 2.6.1 believes every SYN-ACK. It is not in Debian: a twin of
# ours that believes as much stands in for it.
. "${0%/*}/../peers.sh"

answer_lab
twin trusting net/syn-recv.c 's/return reply->seq == seq ||/return true ||/'
by "$T/trusting"
scan 0 forged
eq 'counts of the twin' "$(counts)" '32 0 0'
by mipo-scan
for mode in forged other; do
	scan 0 "$mode"
	eq "counts ($mode)" "$(counts)" '0 0 32'
done
