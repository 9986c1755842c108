#!/bin/sh
# Z1: of a list of addresses and many ports zmap 4 takes the next address with
# the port of the one before, and so probes some pairs twice and others never.
# zmap 2 has one port. A twin of ours that does so stands in for it.
. "${0%/*}/../peers.sh"

drop_lab
printf '198.18.0.%s\n' 64 70 81 >"$T/list"

# looked PROGRAM: how many probes, of how many pairs
looked() {
	forget
	run 3 on s "$1" --json --seed=1 --retries=0 --wait=0 \
		--targets="$T/list" -p 1-8
	pairs=$(distinct)
	eq probes "$(sent)" 24
}

twin stale net/space.c 's/ret_spot->port = space.*/static uint64_t last;\
	static uint16_t port;\
	if (index == last || port == 0)\
		port = space->ports[pair - index * n];\
	last = index;\
	ret_spot->port = port;/'
looked "$T/stale"
[ "$pairs" -lt 24 ] || fail 'the twin has not the fault'
looked mipo-scan
eq pairs "$pairs" 24
