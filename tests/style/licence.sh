#!/bin/sh
# One licence, ISC, in one place.
. "${0%/*}/../style.sh"

other='GNU General Public|GNU Lesser|Apache License|Mozilla Public'
other="$other|All rights reserved|Redistribution and use in source"

rule() {
	if [ ! -f COPYING ] || ! tr -s ' \n' '  ' <COPYING | grep -qF \
		'Permission to use, copy, modify, and'; then
		echo 'COPYING: not the ISC licence'
	fi
	files '*' | grep -vxF tests/style/licence.sh |
		xargs -r grep -nIE "$other" /dev/null || :
}

bad lib/a.c 'a.c:1:' <<'X'
/* under the GNU General Public License */
X
bad COPYING 'not the ISC licence' <<'X'
Do what you want.
X
hold
