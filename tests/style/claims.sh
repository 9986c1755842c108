#!/bin/sh
# Each claim about the scanner, and each fault of others that it is held not
# to have, has its tests in tests/claims, and these are there.
. "${0%/*}/../style.sh"

ids='a b c d e f g h i Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 M1 M2 M3 M4 M5 M6 N1 R1'

rule() {
	for id in $ids; do
		grep -A 1 "^$id	" tests/claims | grep -q '^	' ||
			echo "nothing shows $id"
	done
	sed -n 's/^	//p' tests/claims | tr ' ' '\n' |
	while read -r name; do
		[ -f "tests/$name.sh" ] || [ -f "tests/$name.c" ] ||
			echo "$name is no test"
	done
	files 'tests/net/*-peer-*.sh' | sed 's,^tests/,,; s,\.sh$,,' |
	while read -r name; do
		grep -qw -e "$name" tests/claims || echo "$name shows nothing"
	done
}

bad tests/claims 'nothing shows Z1' <<'X'
Z10	x
	net/n0101-peer-z1
Z1	text
X
bad tests/claims 'net/n9999-x is no test' <<'X'
Z1	x
	net/n9999-x
X
(
	cd "$T/tree" || exit 1
	mkdir -p tests/net
	: >tests/net/n1-peer-x.sh
	rule >"$T/said"
	has "$T/said" 'net/n1-peer-x shows nothing'
)
hold
