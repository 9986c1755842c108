#!/bin/sh
# One look against a recorded one: last is the newest complete look of the
# same scope, network and vantage that is not the one on stdin.
. "${0%/*}/../lib.sh"
need jq

look() { # N KEY=VALUE... <PAIRS: the look number N, on stdout
	scan=scan=$(printf '%032d' "$1")
	shift
	"$BUILD/tests/bench/make-look" "$scan" "$@"
}

# against REF FILE: "status: kinds" of the file against it
against() {
	got=0
	mipo-diff --json -q "--against=$1" "$2" >"$T/diff" 2>"$T/err" ||
		got=$?
	printf '%s: %s %s\n' "$got" \
		"$(json 'select(.type=="diff.start").old_scan' "$T/diff" |
			sed 's/^0*//')" \
		"$(json 'select(.type=="change").kind' "$T/diff" | xargs)"
}

printf '198.18.0.1 22 open\n' | look 1 >a
run 2 mipo-diff --against=last a
has "$T/err" 'mipo-store init'
run 0 mipo-store init --network=own --state="$T/state" \
	--make-recovery-key "$T/recovery"
export MIPO_STATE="$T/state"

# The first look of all: nothing to compare with, and that is said.
run 3 mipo-diff --against=last a --json
eq 'the first' "$(json 'select(.type=="diff.end") | "\(.status)
	\(.conclusive)"' "$T/out" | xargs)" 'inconclusive false'
has "$T/out" 'no earlier complete look of this network and vantage'
eq 'no id' "$(json 'select(.type=="diff.start") | .old_verdict' "$T/out")" \
	none
run 0 mipo-diff --against=last --allow-first a --json
look 1 verdict=degraded </dev/null >weak
run 3 mipo-diff --against=last --allow-first weak --json
run 3 mipo-diff --against=last a --format=table
has "$T/out" 'no earlier complete look'
run 2 mipo-diff --against=scan:00000000 a

mipo-store record -q <a >/dev/null
eq 'itself is no other' "$(against last a)" '3:  '
eq 'by its id' \
	"$(against scan:00000000000000000000000000000001 a)" '0: 1 '

# The pipe: record hands on, and the newest one is on stdin.
printf '198.18.0.1 22 open\n198.18.0.1 80 open\n' | look 2 >b
got=0
mipo-store record -q <b | mipo-diff --json --against=last - >out || got=$?
eq status "$got" 1
eq opened "$(json 'select(.type=="change") | "\(.kind) \(.port)"' out)" \
	'opened 80'
eq 'against a' "$(json 'select(.type=="diff.start").old_scan' out)" \
	00000000000000000000000000000001

# Not the last: another scope, network or vantage, or not complete.
look 3 verdict=degraded </dev/null | mipo-store record -q >/dev/null || :
look 4 network=other </dev/null | mipo-store record -q >/dev/null
look 5 vantage=elsewhere </dev/null | mipo-store record -q >/dev/null
look 6 ports=22 </dev/null | mipo-store record -q >/dev/null
look 7 end=no </dev/null | mipo-store record -q >/dev/null || :
printf '198.18.0.1 22 open\n' | look 8 >c
eq 'the last' "$(against last c)" '0: 2 filtered'
mipo-store record -q <c >/dev/null
printf '198.18.0.1 22 open\n' | look 9 >d
eq 'the next' "$(against last d)" '0: 8 '
eq 'an older one' \
	"$(against scan:00000000000000000000000000000002 d)" '0: 2 filtered'
# Nearest: the last one, and where there is none, one that overlaps.
eq 'nearest is last' "$(against nearest d)" '0: 8 '
printf '198.18.0.1 22 open\n' | look 13 time=2024-11-22T11:00:00.000Z |
	mipo-store record -q >/dev/null
printf '198.18.0.1 22 open\n198.18.0.1 23 open\n' | look 10 ports=22,23 >e
eq 'no last' "$(against last e)" '3:  '
has "$T/diff" 'no earlier complete look of this scope, but of others'
run 3 mipo-diff --against=last --allow-first e
eq 'nearest' "$(against nearest e)" '1: 13 first_seen_open'
mipo-store record -q <e >/dev/null
eq 'nearest, recorded' "$(against nearest e)" '1: 13 first_seen_open'
look 11 ports=25 </dev/null >f
eq 'nothing in common' "$(against nearest f)" '3:  '
has "$T/diff" 'no earlier complete look covers a pair of this scope'
run 3 mipo-diff --against=nearest --allow-first f
look 12 network=third </dev/null >g
run 0 mipo-diff --against=nearest --allow-first g
# Not comparable by name.
run 2 mipo-diff --against=scan:00000000000000000000000000000004 d
has "$T/err" 'different networks'
