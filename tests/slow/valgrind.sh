#!/bin/sh
# The unit tests under valgrind: no invalid access, no use of what was never
# set, nothing lost.
# timeout: 3000
. "${0%/*}/../build.sh"
need valgrind
cd "$BUILD"

for program in tests/unit/test-*; do
	[ -x "$program" ] && [ ! -d "$program" ] || continue
	CK_TIMEOUT_MULTIPLIER=20 valgrind -q --leak-check=full \
		--error-exitcode=99 "$program" >"$T/valgrind" 2>&1 && continue
	tail -n 60 "$T/valgrind"
	fail "$program: $(grep -m 1 -E '^==|%:' "$T/valgrind")"
done
