#!/bin/sh
# Z7: SIGTERM leaves zmap's files empty, and a port that is named twice is
# probed twice; ours ends with a whole receipt, and probes once.
. "${0%/*}/../peers.sh"

drop_lab
on s ip route add 198.19.0.0/16 via 198.18.0.2

peer() {
	zmapped -p 80 -r 200 --metadata-file="$T/meta" -o "$T/found" \
		198.19.0.0/16
	return "${status:?}"
}
if has_peer zmap; then
	struck 'signal TERM zmap' peer
	[ -s "$T/meta" ] && kept=1 || kept=0
	shown "$((kept == 0))" "zmap, status ${status:?}, leaves no metadata"
fi

ours() {
	on s mipo-scan --json --rate=200 -p 80 198.19.0.0/16 >"$T/out" \
		2>"$T/err"
}
struck 'signal TERM mipo-scan' ours
eq status "${status:?}" 143
whole "$T/out"
eq verdict "$(receipt .verdict)" interrupted

# zmap 2 takes one port only; a twin of ours stands in for zmap 4.
named_thrice() {
	forget
	run 3 on s "$1" --json --retries=0 --wait=0 -p 80,80,80-80 \
		198.18.0.64/26
}
twin repeating data/ports.c 's/\(ports->list\[ports->n\)++\(.*\);/\1\2,\
	\1 + 1\2, ports->n += 2;/'
named_thrice "$T/repeating"
eq 'probes of the twin' "$(sent)" 128
named_thrice mipo-scan
eq probes "$(sent)" 64
eq planned "$(receipt .planned)" 64
