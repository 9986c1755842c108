#!/bin/sh
# The unit tests under valgrind: no invalid access, no use of what was never
# set, nothing lost. (Those that compare with a model in a hundred thousand
# rounds run under the sanitizers only: here they would take hours.)
# timeout: 3000
. "${0%/*}/../build.sh"
need valgrind
cd "$BUILD"

for program in tests/unit/test-*; do
	[ -x "$program" ] && [ ! -d "$program" ] || continue
	case $program in
	*-model | *-obs | *-perm | *-target)
		note "not under valgrind: $program"
		continue ;;
	esac
	CK_TIMEOUT_MULTIPLIER=20 valgrind -q --leak-check=full \
		--error-exitcode=99 "$program" >"$T/valgrind" 2>&1 && continue
	tail -n 60 "$T/valgrind"
	fail "$program: $(grep -m 1 -E '^==|%:' "$T/valgrind")"
done
