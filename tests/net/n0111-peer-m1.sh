#!/bin/sh
# M1: masscan --retries=R sends far more than R + 1 probes a pair; ours
# exactly so many.
. "${0%/*}/../peers.sh"

drop_lab
if has_peer masscan; then
	masscanned 3 --rate 1000 --retries 2 -p 80 198.18.0.64/29
	shown "$(($(sent) > 24))" "masscan --retries 2 sends $(sent), not 24"
fi
for retries in 0 2; do
	forget
	run 3 on s mipo-scan --json --wait=0 --retries="$retries" -p 80 \
		198.18.0.64/29
	want=$((8 * (retries + 1)))
	eq "SYNs with $retries" "$(sent)" "$want"
	eq "accepted with $retries" "$(receipt .accepted)" "$want"
done
