#!/bin/sh
# Z4: an ICMP error that quotes 8 bytes, as RFC 792 has it, is not dropped:
# each tells of its own target.
. "${0%/*}/../peers.sh"

answer_lab
# zmap's lines for 4 hosts that answer in this way.
zmap_tells() {
	answering "$1"
	zmapped -p 80 -r 1000 -f saddr,classification \
		--output-filter='repeat = 0 || repeat = 1' 198.18.0.4/30
	quiet
	grep -c '^198' "$T/peer" || :
}
if has_peer zmap; then
	shown "$(($(zmap_tells synack) == 4 && $(zmap_tells quote8) == 0))" \
		'zmap tells of 4 SYN-ACKs and of no error that quotes 8 bytes'
fi

scan 0 quote8
eq counts "$(counts)" '0 0 32'
eq reasons "$(jq -r 'select(.type == "obs") |
	"\(.reason) \(.icmp_type)/\(.icmp_code)"' "$T/out" | sort | uniq -c |
	awk '{ print $1, $2, $3 }')" '32 icmp 3/13'
