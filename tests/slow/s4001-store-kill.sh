#!/bin/sh
# Two writers whose processes are killed at any moment, 150 commits each:
# afterwards the log verifies, and the index is what it says.
# timeout: 900
. "${0%/*}/../lib.sh"
MIPO_STATE=$T/state
export MIPO_STATE
look="$BUILD/tests/bench/make-look"
[ -x "$look" ] || skip "make-look is not built"
run 0 mipo-store init -q --network=own

# writer NAME: append and record in turn; each is killed after 0 to 255 ms
writer() {
	n=0 told=0
	while [ "$told" -lt 150 ]; do
		n=$((n + 1))
		rm -f "$T/$1.done"
		if [ $((n % 5)) -eq 0 ]; then
			printf '198.18.0.%d 22 open\n' $((n % 250)) |
				"$look" scan="$1$(printf '%031d' "$n")" \
				>"$T/$1.look"
			mipo-store record <"$T/$1.look" >"$T/$1.out" 2>&1 &
		else
			echo '{"type":"note.x","text":"x"}' >"$T/$1.note"
			mipo-audit append <"$T/$1.note" >"$T/$1.out" 2>&1 &
		fi
		pid=$!
		sleep "0.$(printf %03d "$(od -An -N1 -tu1 /dev/urandom)")"
		kill -9 "$pid" 2>/dev/null || :
		if wait "$pid" 2>/dev/null; then
			told=$((told + 1))
		fi
	done
	echo "$told" >"$T/$1.told"
}
writer a &
one=$!
writer b &
wait $! "$one"
has "$T/a.told" 150
has "$T/b.told" 150
run 3 mipo-audit verify
hasnt "$T/out" FAIL
run 0 mipo-store check
like "$T/out" '"differences":0'
seals=$(mipo-audit log --kind=seal | wc -l)
[ "$seals" -gt 300 ] || fail "only $seals commits for 300 that were told"
