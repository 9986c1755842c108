#!/bin/sh
# bench-order.sh: pairs of address and port a second that the generator of
# the order gives on one core, as "mipo-scan --dry-run=binary" writes them
# into nothing. The bar is 15 million, also just above a power of two. Run in
# the build tree, or with MIPO_BUILD=DIR.
set -eu

build=$(cd "${MIPO_BUILD:-.}" && pwd)

# pairs NAME N CMD...: the best of three, by processor time
pairs() {
	name=$1 n=$2
	shift 2
	for _ in 1 2 3; do
		taskset -c 0 bash -c 'TIMEFORMAT="%U %S"
			time "$@" >/dev/null 2>&1' - "$@" 2>&1
	done | awk -v n="$n" -v name="$name" '{ t = $1 + $2
			if (!best || t < best) best = t }
		END { printf "%-28s %6.2f million a second\n", name,
			best ? n / best / 1e6 : 0 }'
}

scan() {
	pairs "$1" "$2" "$build/mipo-scan" --dry-run=binary --seed=1 \
		-p "$3" "$4"
}

echo 'the order, a second of processor time of one core'
scan '65,536 x 64' 4194304 1-64 10.0.0.0/16
scan '65,536 x 65' 4259840 1-65 10.0.0.0/16
scan '65,536 x 640' 41943040 1-640 10.0.0.0/16
scan 'IPv6, 65,536 x 65' 4259840 1-65 2001:db8::/112
