#!/bin/sh
# Evaluations and deeds beside each other: what one has loaded is judged only
# while nothing newer was written.
. "${0%/*}/../lib.sh"
need jq flock

export MIPO_STATE="$T/state"
run 0 mipo-store init --network=own --make-recovery-key "$T/recovery"

look() { # N <PAIRS: record the look number N
	"$BUILD/tests/bench/make-look" "scan=$(printf '%032d' "$1")" \
		ports=22,23,80 | mipo-store record -q >"$T/recorded"
}

# Stops PID when it has loaded what it judges and waits for the lock.
at_the_door() {
	for fd in "/proc/$1/fd/"*; do
		case $(readlink "$fd") in
		*/keys/ratchet) kill -STOP "$1" && return 0 ;;
		esac
	done
	return 1
}

# behind COMMAND...: it loads the state as it is now, and goes on only when
# "now COMMAND..." was done.
behind() {
	flock -F "$MIPO_STATE/keys/ratchet" sh -c \
		'echo >"$T/held"; exec sleep 30' &
	holder=$!
	wait_for 10 test -e "$T/held"
	rm "$T/held"
	"$@" >"$T/late" 2>"$T/late.err" </dev/null &
	late=$!
	wait_for 10 at_the_door "$late"
	kill "$holder"
	wait "$holder" || :
	wait_for 10 flock -n "$MIPO_STATE/keys/ratchet" true
}

let_go() { # STATUS
	kill -CONT "$late"
	status=0
	wait "$late" || status=$?
	eq 'status of the one behind' "$status" "$1"
}

events() {
	json 'select(.type=="alarm") | "\(.code) \(.port) \(.event)
		\(.state)"' "$1" | xargs
}

export T
printf '198.18.0.1 22 open\n' | look 1
run 0 mipo-store baseline approve last --reason=reviewed
printf '198.18.0.1 22 open\n198.18.0.1 80 open\n' | look 2
run 0 mipo-alarm eval --json </dev/null
eq 'opened' "$(events "$T/out")" 'E01 80 opened open'
printf '198.18.0.1 22 open\n' | look 3
run 0 mipo-alarm eval --json </dev/null
eq 'resolved' "$(events "$T/out")" 'E01 80 resolved resolved'

# It has loaded that all is closed; meanwhile the port is opened, and told.
behind mipo-alarm eval --json
printf '198.18.0.1 22 open\n198.18.0.1 80 open\n' | look 4
run 0 mipo-alarm eval --json </dev/null
eq 'reopened' "$(events "$T/out")" 'E01 80 reopened open'
let_go 0
eq 'the one behind' "$(events "$T/late")" 'E01 80 standing open'
run 0 mipo-alarm list --json
eq 'what stands' "$(events "$T/out")" 'E01 80 reopened open'
id=$(json 'select(.type=="alarm").id' "$T/out")

# A person resolves by what is, not by what was.
printf '198.18.0.1 22 open\n' | look 5
behind mipo-alarm resolve "$id" --reason='it is closed'
printf '198.18.0.1 22 open\n198.18.0.1 80 open\n' | look 6
let_go 2
has "$T/late.err" 'still holds'

# And the other way round.
behind mipo-alarm resolve "$id" --reason='it is closed'
printf '198.18.0.1 22 open\n' | look 7
let_go 0
eq 'by hand' "$(events "$T/late")" 'E01 80 resolved resolved'
run 0 mipo-store check
