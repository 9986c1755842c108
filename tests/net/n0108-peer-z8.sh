#!/bin/sh
# Z8, three faults that zmap had until lately: its 12 lowest addresses were
# scanned twice, scans of many ports stopped at 2^32 pairs, and the rate was
# not kept. A twin of ours with each of them stands in for it.
. "${0%/*}/../peers.sh"

drop_lab

# once PROGRAM: how many pairs of 768 stand in its order
once() {
	"$1" --dry-run=binary --seed=3 -p 1-3 198.18.0.0/24 |
		od -An -v -tx1 -w6 | sort -u | wc -l
}
twin folded trust/perm.c 's/^	walk_on(perm, ret_x, n);/\
	for (size_t i = 0; i < n; i++)\
		ret_x[i] %= perm->n;/'
[ "$(once "$T/folded")" -lt 768 ] || fail 'a folded order repeats nothing'
eq 'pairs of an order' "$(once mipo-scan)" 768

# upper PROGRAM: of the first 10000 of 131072 x 65535 pairs, how many are in
# the upper half of the addresses
upper() {
	{ "$1" --dry-run=binary --seed=3 -p 1-65535 198.18.0.0/15 || :; } |
		head -c 60000 | od -An -v -tu1 -w6 | grep -c '^ 198  19' || :
}
twin narrow net/space.c \
	's/space->pairs = .*/space->pairs = (uint32_t)(space->addresses *\
	    space->n_ports);/'
[ "$(upper "$T/narrow")" -lt 100 ] || fail '32 bits hold them all'
n=$(upper mipo-scan)
[ "$n" -gt 4700 ] && [ "$n" -lt 5300 ] ||
	fail "$n of 10000 probes go to the upper half"

# at PROGRAM: probes a second, where 200 are asked for
at() {
	run 3 on s "$1" --json --rate=200 --retries=0 --wait=0 -p 1-5 \
		198.18.0.64/26
	pps=$(receipt .send_pps)
	note "$pps a second"
}
twin hasty net/pace.c 's/if (pace->rate == 0)/if (pace->rate != 1)/'
at "$T/hasty"
[ "$pps" -gt 400 ] || fail 'the twin keeps the rate'
at mipo-scan
[ "$pps" -le 210 ] || fail "$pps probes a second, not 200"
