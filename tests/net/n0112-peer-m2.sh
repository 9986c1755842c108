#!/bin/sh
# M2: masscan moves the index by the rate: of two shards with other rates
# some pairs are probed twice and others never. Ours are exact.
. "${0%/*}/../peers.sh"

drop_lab
anyip t 198.19.0.0/24
on s ip route add 198.19.0.0/24 via 198.18.0.2
if has_peer masscan; then
	masscanned 30 --seed 7 --shard 1/2 --rate 300 -p 80 198.19.0.0/24
	masscanned 30 --seed 7 --shard 2/2 --rate 301 -p 80 198.19.0.0/24
	shown "$(($(distinct) < 256))" \
		"masscan: $(sent) probes of $(distinct) pairs of 256"
fi
forget
for how in '1/2 --rate=300' '2/2 --rate=301'; do
	# shellcheck disable=SC2086 # two words
	run 3 on s mipo-scan --json --seed=7 --retries=0 --wait=0 -p 80 \
		198.19.0.0/24 --shard=$how
done
eq probes "$(sent)" 256
eq pairs "$(distinct)" 256
