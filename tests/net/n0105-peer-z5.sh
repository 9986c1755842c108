#!/bin/sh
# Z5: one router answers for many hosts. zmap 4 takes its second error for a
# repetition of the first; zmap 2 understands none. A twin of ours that does
# so stands in for it. Ours keeps one for each pair that was probed.
. "${0%/*}/../peers.sh"

answer_lab
# Which pairs that router answered for, by what we say.
pairs() {
	jq -r 'select(.responder == "198.18.0.254") | "\(.ip)/\(.port)"' \
		"$T/out" | sort -u | wc -l
}
twin forgetful net/syn-recv.c 's/scan->heard++;/static struct mipo_addr last;\
	bool again = mipo_addr_cmp(\&last, \&reply->from) == 0;\
	last = reply->from;\
	if (reply->kind == MIPO_REPLY_ICMP \&\& again)\
		return true;/'
by "$T/forgetful"
scan 0 router
eq 'pairs of the twin' "$(pairs)" 1
by mipo-scan
scan 0 router
eq counts "$(counts)" '0 0 32'
eq pairs "$(pairs)" 32
eq duplicates "$(receipt .duplicates)" 0
