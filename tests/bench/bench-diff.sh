#!/bin/sh
# bench-diff.sh [HOSTS]: mipo-diff of two looks of HOSTS x 40 observations
# (25,000: one million a side) against LC_ALL=C sort of the same two files,
# in turns, the best of three each. Run in the build tree, or with
# MIPO_BUILD=DIR. The bar is 0.5 at 250,000 hosts, and 1 GiB.
set -eu

hosts=${1:-25000}
build=${MIPO_BUILD:-.}
dir=$(mktemp -d "${TMPDIR:-/tmp}/mipo-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

make_look() {
	"$build/tests/bench/make-look" targets=198.16.0.0/14 ports=1-40 \
		base=198.18.0.0 "hosts=$hosts" "$@" </dev/null
}

compare() {
	"$build/mipo-diff" --exit-zero --json "$dir/a" "$dir/b" >/dev/null
}

order() {
	LC_ALL=C sort "$dir/a" "$dir/b" >/dev/null
}

# took COMMAND: milliseconds on the wall
took() {
	from=$(date +%s%N)
	"$1"
	echo $((($(date +%s%N) - from) / 1000000))
}

least() {
	sort -n "$1" | head -n 1
}

make_look >"$dir/a"
make_look change=10000 \
	scan=00000000000000000000000000000002 >"$dir/b"
for _ in 1 2 3; do
	took compare >>"$dir/diff"
	took order >>"$dir/sort"
done
d=$(least "$dir/diff")
s=$(least "$dir/sort")
printf 'diff of 2 x %s observations: %s ms, sort of the same: %s ms, ' \
	$((hosts * 40)) "$d" "$s"
awk -v d="$d" -v s="$s" 'BEGIN { printf "ratio %.2f (bar 0.5)\n", d / s }'
if [ -x /usr/bin/time ]; then
	/usr/bin/time -f %M -o "$dir/rss" "$build/mipo-diff" --exit-zero \
		--json "$dir/a" "$dir/b" >/dev/null
	printf 'diff held at most %s MiB (bar 1024)\n' \
		$(($(cat "$dir/rss") / 1024))
fi
