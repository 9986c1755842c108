#!/bin/sh
# inside.sh FILE DIR SECONDS [own]: runs the test FILE in DIR/work; with
# "own" it is the first process of fresh namespaces. A test that leaves
# processes or network namespaces behind has failed.
set -eu

file=$1
dir=$2
limit=$3
own=${4:-}

if [ -n "$own" ]; then
	mount --make-rprivate /
	mkdir -p /run/netns
	mount -t tmpfs none /run/netns
	ip link set lo up
fi
cd "$dir/work"

case $file in
*.sh)	set -- /bin/sh "$file" ;;
*/cases/*) set -- /bin/sh "${0%/*}/case.sh" "$file" ;;
*)	set -- "$file" ;;
esac
status=0
timeout -k 10 "$limit" "$@" || status=$?

# Fills $dir/left with the processes of the namespace, or those that carry
# this test's mark, other than this one.
find_left() {
	: >"$dir/left"
	if [ -n "$own" ]; then
		ps -e -o pid=,stat=,args= >"$dir/ps"
		awk '$1 != 1 && $2 !~ /^Z/ && !/ps -e -o pid=/' "$dir/ps" \
			>"$dir/left"
		return 0
	fi
	grep -lzxF "MIPO_TEST_MARK=$MIPO_TEST_MARK" /proc/[0-9]*/environ \
		>"$dir/ps" 2>/dev/null || :
	while IFS=/ read -r _ _ pid _; do
		[ "$pid" = "$$" ] ||
			ps -o pid=,stat=,args= -p "$pid" >>"$dir/left" || :
	done <"$dir/ps"
}

tries=20
find_left
while [ -s "$dir/left" ] && [ "$tries" -gt 0 ]; do
	tries=$((tries - 1))
	sleep 0.1
	find_left
done
if [ -s "$dir/left" ]; then
	cat "$dir/left"
	while read -r pid _; do
		kill -9 "$pid" 2>/dev/null || :
	done <"$dir/left"
	echo 'fail: left processes behind'
	[ "$status" -ne 0 ] && [ "$status" -ne 77 ] || status=1
fi
if [ -n "$own" ] && [ -n "$(ls /run/netns)" ]; then
	ls /run/netns
	echo 'fail: left network namespaces behind'
	[ "$status" -ne 0 ] && [ "$status" -ne 77 ] || status=1
fi
exit "$status"
