#!/bin/sh
# mipo run when the profile's scope changed: the new look is compared with
# what there is, what is newly covered is told and raises alarms, and only
# the first look of all is fine without another one. The plain pipeline ends
# with the same status every time, in a state of its own.
. "${0%/*}/../lib.sh"
need jq

export MIPO_STATE="$T/state" MIPO_CONFIG="$T/mipo.conf"
run 0 mipo-store init --make-recovery-key "$T/recovery"
run 0 mipo-store init --state="$T/piped" --make-recovery-key "$T/recovery2"
port=$((41000 + $$ % 1000))
"$BUILD/tests/net/listen" "$T/up" "$port" &
listener=$!
at_exit "kill $listener 2>/dev/null || :"
wait_for 10 test -e "$T/up"

# cycle STATUS TARGETS PORTS: by mipo run, and by the pipeline
cycle() {
	cat >"$MIPO_CONFIG" <<-X
	profile "nightly" {
		targets = {"$2"}
		ports = "$3"
		method = connect
	}
	X
	sed "s/--top=100/--method=connect -p $3/" \
		"$SRC/examples/nightly.sh" >nightly.sh
	run "$1" env MIPO_STATE="$T/piped" sh nightly.sh "$2"
	run "$1" mipo run nightly
}

alarms() {
	run 0 mipo-alarm list --json
	json 'select(.type=="alarm") | "\(.code) \(.ip)"' out | sort | xargs
}

cycle 0 127.0.0.8/29 "$port"
empty err
run 0 mipo-store baseline approve last --reason='as it should be'
cycle 0 127.0.0.8/29 "$port"
eq 'all is approved' "$(alarms)" ''

# Twice as wide: eight hosts more, each with an open port.
cycle 0 127.0.0.0/28 "$port"
empty err
eq 'newly covered' "$(alarms)" "$(for i in 0 1 2 3 4 5 6 7; do
	echo "E01 127.0.0.$i"; done | xargs)"
scan=$(mipo-store scans --json -n 1 | jq -r .scan)
mipo-scan -q --json --method=connect -p "$port" 127.0.0.0/28 >again
run 0 mipo-diff --json --against=last again
eq 'the same scope comes first' "$(json 'select(.type=="diff.start") |
	.old_scan' out)" "$scan"

# Narrower: what was open is not told of any more, and that is said.
cycle 3 127.0.0.4/30 "$port"
has err 'mipo-diff'

# A port more is new as well, at every host.
cycle 3 127.0.0.8/29 "$port,1" # compared with the /28
cycle 0 127.0.0.8/29 "$port,1" # with itself

# Elsewhere: nothing to compare with, and it is not the first look.
cycle 3 127.0.7.0/30 "$port"
cycle 0 127.0.7.0/30 "$port"
