#!/bin/sh
# Z2: zmap 4's shards are exact only if all of them have the same number of
# threads, which by default is the machine's; zmap 2 has no such fault. A twin
# of ours that begins where the number of processors says stands in for it.
# The union of ours is exact, by any number and rate.
. "${0%/*}/../peers.sh"
need taskset

drop_lab
anyip t 198.19.0.0/24
on s ip route add 198.19.0.0/24 via 198.18.0.2

# shards PROGRAM: of 256 x 160 pairs, enough for more than one thread
shards() {
	forget
	for how in '1 0 --rate=20000' '2 0-1 --rate=max' '3 0 --rate=30000'
	do
		# shellcheck disable=SC2086 # three words
		set -- "$1" $how
		run 3 on s taskset -c "$3" "$1" --json --seed=7 \
			--shard="$2/3" "$4" --retries=0 --wait=0 -p 1-160 \
			198.19.0.0/24
	done
}
if taskset -c 0,1 true 2>/dev/null; then
	twin threaded net/scanner.c '
		s/const uint64_t pairs/unsigned mipo_senders_possible(void);\
			&/
		s/mipo_shard_begin(pairs, config->shard - /\
			mipo_senders_possible() - 1 + &/'
	shards "$T/threaded"
	[ "$(distinct)" -lt 40960 ] || fail 'the twin has not the fault'
fi
shards mipo-scan
eq probes "$(sent)" 40960
eq pairs "$(distinct)" 40960
