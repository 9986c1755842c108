#!/bin/sh
# What show, scans and baseline say of a history of three looks.
. "${0%/*}/../lib.sh"
MIPO_STATE=$T/state
export MIPO_STATE
look="$BUILD/tests/bench/make-look"
[ -x "$look" ] || skip "make-look is not built"

run 0 mipo-store init --network=own
id() { printf '%032x' "$1"; }
record() {
	n=$1
	shift
	"$look" scan="$(id "$n")" time="2024-11-2${n}T10:00:00.000Z" "$@" |
		mipo-store record -q >/dev/null 2>&1 || :
}
printf '198.18.0.1 22 open\n198.18.0.9 80 open\n' | record 1
printf '198.18.0.1 22 open\n' | record 2
printf '198.18.0.1 22 open\n' | record 3 verdict=degraded

run 0 mipo-store show 198.18.0.9
eq state "$(json .state "$T/out")" filtered
eq since "$(json .since "$T/out")" 2024-11-22T10:00:00.000Z
eq reason "$(json .reason "$T/out")" silent
run 0 mipo-store show 198.18.0.1
eq state "$(json .state "$T/out")" open
like "$T/out" '"since":"2024-11-21T10:00:00.[0-9]*Z"'
eq checked "$(json .checked "$T/out")" 2024-11-22T10:00:00.000Z
run 0 mipo-store show --only=open
lines 1 "$T/out"
run 0 mipo-store show 22
lines 1 "$T/out"
run 0 mipo-store show 198.18.0.0/28
lines 2 "$T/out"
run 0 mipo-store show --format=table 198.18.0.0/28
like "$T/out" '^198.18.0.1 +22/tcp +ssh +open +2024-11-21'

# nothing listed is an answer only where somebody looked
run 0 mipo-store show 198.18.0.77
empty "$T/out"
like "$T/err" 'covered by a look that concludes'
run 3 mipo-store show 198.19.0.1
like "$T/err" 'no look that concludes covered it'
run 3 mipo-store show 8080
run 2 mipo-store show 198.18.0.1/24
run 2 mipo-store show 70000
run 2 mipo-store show example.org

run 0 mipo-store scans --verdict=degraded
lines 1 "$T/out"
run 2 mipo-store scans -n 0
has err '--limit: "0"'
run 0 mipo-store scans --limit=2
eq newest "$(json .scan "$T/out" | head -1)" "$(id 3)"

# baselines: complete looks only, with a reason, newest complete is last
run 2 mipo-store baseline approve last
like "$T/err" 'needs its --reason'
run 2 mipo-store baseline approve "$(id 3)" --reason=x
like "$T/err" 'is degraded: only a complete look'
run 0 mipo-store baseline approve last --reason='as built'
like "$T/err" "scan $(id 2) is the baseline"
run 0 mipo-store baseline list
lines 1 "$T/out"
eq scan "$(json .scan "$T/out")" "$(id 2)"
eq reason "$(json .reason "$T/out")" 'as built'
run 0 mipo-store baseline approve "scan:$(id 1)" --reason=again
run 0 mipo-store baseline list
lines 1 "$T/out"
eq scan "$(json .scan "$T/out")" "$(id 1)"
run 2 mipo-store baseline
run 2 mipo-store baseline remove
run 2 mipo-store baseline approve ffffffff --reason=x
run 0 mipo-store check
