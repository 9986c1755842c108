#!/bin/sh
# Z3: a RST that comes ahead of the SYN-ACK. zmap 4 keeps the first reply of
# a pair alone when it scans many ports, and finds nothing open; zmap 2 has
# one port, and no such fault. A twin of ours that does so stands in for it.
. "${0%/*}/../peers.sh"

answer_lab
twin first net/pairs.c 's/old <= value &&//'
by "$T/first"
scan 0 rstsynack
eq 'counts of the twin' "$(counts)" '0 32 0'
by mipo-scan
scan 0 rstsynack
eq counts "$(counts)" '32 0 0'
