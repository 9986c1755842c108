#!/bin/sh
# bench.sh [PATTERN...]: every tests/bench/bench-*.sh whose name contains a
# PATTERN, one after the other. Each prints ratios taken in one run; absolute
# times are this machine's and say little. make bench runs it.
set -u

here=$(cd "${0%/*}" && pwd)
MIPO_BUILD=$(cd "${MIPO_BUILD:-.}" && pwd)
export MIPO_BUILD
status=0
for bench in "$here"/bench-*.sh; do
	name=${bench##*/bench-}
	name=${name%.sh}
	for pattern in "${@:-}"; do
		case $name in
		*"$pattern"*) ;;
		*) continue ;;
		esac
		printf '%s\n' "-- $name"
		sh "$bench" || status=1
		break
	done
done
exit $status
