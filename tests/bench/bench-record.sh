#!/bin/sh
# bench-record.sh [HOSTS] [DIR]: mipo-store record of a look of HOSTS x 40
# observations (25,000: one million), every row new, and then again with
# nothing changed. The bars are 250,000 and 500,000 observations a second.
# Run in the build tree, or with MIPO_BUILD=DIR.
set -eu

hosts=${1:-25000}
build=$(cd "${MIPO_BUILD:-.}" && pwd)
dir=$(mktemp -d "${2:-${TMPDIR:-/tmp}}/mipo-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
MIPO_STATE=$dir/state
export MIPO_STATE

make_look() {
	"$build/tests/bench/make-look" targets=198.16.0.0/14 ports=1-40 \
		base=198.18.0.0 "hosts=$hosts" "$@" </dev/null
}

# record WHAT BAR FILE
record() {
	from=$(date +%s%N)
	"$build/mipo-store" record -q <"$3" >/dev/null 2>"$dir/err" || {
		cat "$dir/err"
		exit 2
	}
	ms=$((($(date +%s%N) - from) / 1000000))
	awk -v what="$1" -v bar="$2" -v n=$((hosts * 40)) -v ms="$ms" 'BEGIN {
		printf "%s: %d observations in %d ms, %d/s (bar %d)\n",
		    what, n, ms, n * 1000 / ms, bar }'
}

(cd "$dir" && "$build/mipo-store" init -q --network=own >/dev/null 2>&1)
make_look >"$dir/a"
for i in 2 3 4; do
	make_look "scan=0000000000000000000000000000000$i" \
		"time=2024-11-22T1$i:00:00.000Z" >"$dir/$i"
done
make_look change=10000 scan=00000000000000000000000000000005 \
	time=2024-11-22T15:00:00.000Z >"$dir/5"
record 'every row new' 250000 "$dir/a"
record 'nothing changed' 500000 "$dir/2"
record 'nothing changed' 500000 "$dir/3"
record 'nothing changed' 500000 "$dir/4"
record '1 in 100 changed' 500000 "$dir/5"
du -sk "$dir/state/mipo.db" "$dir/state/objects" | sed "s|$dir/||"
