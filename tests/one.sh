#!/bin/sh
# one.sh VARIANT ID: runs one test and prints "STATE ID SECONDS REASON".
#
# Called by run.sh only, with in the environment: top (source tree), out
# (where logs and results go), plain and asan (build trees), isolate (1:
# namespaces of its own can be made).
set -eu

variant=$1
id=$2
: "${top:?}" "${out:?}" "${plain:?}" "${asan:?}" "${isolate:?}"
slug=$(printf '%s-%s' "$variant" "$id" | tr / .)
log=$out/log/$slug.log
dir=$out/tmp/$slug
file=$top/tests/$id
limit=120
build=$plain
[ "$variant" = plain ] || build=$asan

case $id in
unit/*)	file=$build/tests/$id ;;
cases/*) ;;
*)	file=$file.sh
	own=$(sed -n '1,15s/^# timeout: \([0-9]*\)$/\1/p' "$file")
	limit=${own:-$limit} ;;
esac
patience=1
[ "$variant" = plain ] || patience=4
limit=$((limit * patience))

rm -rf "$dir"
mkdir -p "$dir/work" "$dir/tmp" "$dir/san"
began=$(date +%s)
status=0
set -- /bin/sh "$top/tests/inside.sh" "$file" "$dir" "$limit"
case $isolate$id in
1cli/* | 1net/* | 1cases/*)
	set -- unshare --net --pid --mount --fork --kill-child \
		--mount-proc "$@" own ;;
esac
san=log_path=$dir/san/log:exitcode=99:abort_on_error=0
stack=detect_stack_use_after_return=1
env -i PATH="$build:/usr/sbin:/usr/bin:/sbin:/bin" HOME="$dir/work" \
	TMPDIR="$dir/tmp" LC_ALL=C.UTF-8 TZ=UTC TERM=dumb \
	srcdir="$top" MIPO_TEST_BUILD="$build" MIPO_TEST_DIR="$dir/work" \
	MIPO_TEST_VARIANT="$variant" MIPO_TEST_MARK="$dir" CI="${CI:-}" \
	ASAN_OPTIONS="$san:$stack" LSAN_OPTIONS=exitcode=99 \
	UBSAN_OPTIONS="print_stacktrace=1:$san" CK_FORK=yes \
	CK_TIMEOUT_MULTIPLIER="$patience" \
	"$@" >"$log" 2>&1 </dev/null || status=$?

state=FAIL
reason=$(sed -n 's/^fail: //p' "$log" | tail -n 1)
case $status in
0)	state=PASS ;;
77)	state=SKIP
	reason=$(sed -n 's/^skip: //p' "$log" | tail -n 1)
	[ -n "$reason" ] || { state=FAIL reason='skipped without a reason'; } ;;
124 | 137) reason="still running after $limit seconds" ;;
*)	[ -n "$reason" ] || reason="status $status: $(tail -n 1 "$log")" ;;
esac
# Where no symbolizer is installed they say that too, without any finding.
find "$dir/san" -type f -exec cat {} + >"$dir/found"
if grep -qv 'external symbolizer!$' "$dir/found"; then
	cat "$dir/found" >>"$log"
	state=FAIL
	reason="sanitizer: $(grep -Em1 'ERROR:|runtime error' "$dir/found" ||
		head -n 1 "$dir/found")"
fi
if [ "$state" = SKIP ] && [ "${CI:-}" = true ]; then
	state=FAIL
	while IFS= read -r allowed; do
		# shellcheck disable=SC2254 # a pattern is meant
		case $reason in
		$allowed) state=SKIP ;;
		esac
	done <"$top/tests/may-skip"
	[ "$state" = SKIP ] || reason="CI may not skip this: $reason"
fi
[ "$state" = PASS ] && rm -rf "$dir"

shown=$id
[ "$variant" = plain ] || shown=$variant/$id
line="$state $shown $(($(date +%s) - began))s"
printf '%s\n' "$line" >"$out/result/$slug"
[ "$state" = PASS ] || printf '%s: %.200s\n\t%s\n' "$line" "$reason" "$log"
