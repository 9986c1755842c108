#!/bin/sh
# mipo run: how it wires its stages, what it makes of their statuses, its
# lock and its signals. The stages are stand-ins that do as they are told in
# the file $T/do: "NAME exit 3", "NAME kill 9", "NAME sleep".
. "${0%/*}/../lib.sh"
need pgrep

mkdir "$T/bin" "$T/state" "$T/runs"
cp "$BUILD/mipo" "$T/bin/mipo"
: >"$T/state/mipo.db"
: >"$T/do"
MIPO_STATE=$T/state
MIPO_CONFIG=$T/mipo.conf
export T MIPO_STATE MIPO_CONFIG

cat >"$T/stand-in" <<'X'
#!/bin/sh
name=${0##*/mipo-}
case $name in store|alarm|audit) name=$name-$1 ;; esac
printf '%s\n' "$*" >"$T/runs/$name"
order() {
	while read -r who what how; do
		[ "$who" != "$name" ] || printf '%s %s\n' "$what" "$how"
	done <"$T/do"
}
obey() {
	order >"$T/order-$name"
	read -r what how <"$T/order-$name" || return 0
	case $what in
	exit) exit "$how" ;;
	kill) kill -s "$how" $$ ;;
	sleep) sleep 30 & child=$!; : >"$T/asleep"; wait ;;
	esac
}
trap 'kill $child; echo end; echo got TERM >>"$T/runs/$name"; exit 143' TERM
case $name in
scan) echo start; obey; echo end ;;
*) cat >"$T/in-$name"; cat "$T/in-$name"; obey ;;
esac
X
chmod 755 "$T/stand-in"
for name in scan store diff alarm audit; do
	cp "$T/stand-in" "$T/bin/mipo-$name"
done

cat >"$T/mipo.conf" <<'X'
profile "nightly" {
	targets = {"198.18.0.0/24", "2001:db8::1"}
	exclude = {"198.18.0.7", "2001:db8:1::/48"}
	ports = "22,80"
	rate = 10Mbit
	network = "lab"
	scope = {"one", "two"}
	contact = "A B"
	channels = {"ops", "page"}
}
profile "quiet" { targets = {"198.18.0.1"} }
profile "bad" {
	targets = {"198.18.0.1"}

	exclude = {"198.18.0.300"}
}
channel "ops" { type = exec command = {"true"} }
channel "page" { type = exec command = {"true"} }
X

do_as() {
	printf '%s\n' "$@" >"$T/do"
	rm -f "$T/runs/"*
}

# ---- silent on success, every stage with its words, one stream through all

do_as 'diff exit 1' 'alarm-eval exit 1'
run 0 "$T/bin/mipo" run nightly
empty "$T/out"
empty "$T/err"
has "$T/runs/scan" '-q --format=ndjson --network=lab -p22,80 --rate=10Mbit'
has "$T/runs/scan" ' --scope=one --scope=two --contact=A B --exclude='
has "$T/runs/scan" '--exclude=198.18.0.7 --exclude=2001:db8:1::/48 -- '
has "$T/runs/scan" ' -- 198.18.0.0/24 2001:db8::1'
eq record "$(cat "$T/runs/store-record")" 'record -q'
eq diff "$(cat "$T/runs/diff")" \
	'-q --format=ndjson --against=nearest --allow-first -'
eq eval "$(cat "$T/runs/alarm-eval")" 'eval -q --format=ndjson'
eq notify "$(cat "$T/runs/alarm-notify")" \
	'notify -q --channel=ops --channel=page'
eq checkpoint "$(cat "$T/runs/audit-checkpoint")" 'checkpoint -q'
printf 'start\nend\n' >"$T/stream"
for name in store-record diff alarm-eval alarm-notify; do
	same "$T/stream" "$T/in-$name"
done
do_as
run 0 "$T/bin/mipo" run quiet
[ ! -e "$T/runs/alarm-notify" ] || fail 'notified without a channel'

# ---- the caller may have chosen not to hear of its children

do_as 'diff exit 3'
run 3 timeout 20 env --ignore-signal=CHLD "$T/bin/mipo" run quiet

# ---- statuses: the first that applies of 6, 2, 4, 3, 5, 0

stages='scan store-record diff alarm-eval alarm-notify audit-checkpoint'

for stage in $stages; do
	for status in 2 3 4 5 6; do
		do_as "$stage exit $status"
		run "$status" "$T/bin/mipo" run nightly
		lines 1 "$T/err"
		has "$T/err" "(status $status)"
	done
	do_as "$stage exit 77"
	run 2 "$T/bin/mipo" run nightly
done
do_as 'scan exit 1'
run 2 "$T/bin/mipo" run nightly
do_as 'scan exit 3' 'alarm-notify exit 5'
run 3 "$T/bin/mipo" run nightly
do_as 'scan exit 3' 'diff exit 4'
run 4 "$T/bin/mipo" run nightly
do_as 'store-record exit 4' 'diff exit 2'
run 2 "$T/bin/mipo" run nightly
do_as 'scan exit 2' 'audit-checkpoint exit 6'
run 6 "$T/bin/mipo" run nightly
do_as 'scan exit 2' 'store-record exit 3' 'diff exit 3' 'alarm-eval exit 4'
run 2 "$T/bin/mipo" run nightly
lines 2 "$T/err"
has "$T/err" 'mipo-alarm eval found the state locked'
hasnt "$T/err" inconclusive

# ---- a killed stage is never 0, and is named

for stage in $stages; do
	for signal in KILL PIPE SEGV; do
		do_as "$stage kill $signal"
		run 2 "$T/bin/mipo" run nightly
		like "$T/err" "^mipo: mipo-${stage%-*}.* was killed by signal"
	done
done

# ---- a second run of the profile is told so; another profile is free

do_as 'scan sleep'
rm -f "$T/asleep"
"$T/bin/mipo" run nightly >"$T/first" 2>&1 &
first=$!
wait_for 10 test -e "$T/asleep"
run 4 "$T/bin/mipo" run nightly
has "$T/err" 'another run of this profile is still at work'
: >"$T/do"
run 0 "$T/bin/mipo" run quiet
rm -f "$T/runs/audit-checkpoint"

# ---- TERM reaches the first stage alone; the rest sees a whole stream

kill -TERM "$first"
status=0
wait "$first" || status=$?
eq 'status after TERM' "$status" 143
has "$T/runs/scan" 'got TERM'
same "$T/stream" "$T/in-alarm-notify"
hasnt "$T/runs/diff" 'got TERM'
[ ! -e "$T/runs/audit-checkpoint" ] || fail 'a checkpoint after TERM'
run 0 "$T/bin/mipo" run nightly

# ---- a terminal's Ctrl-Z stops it all; what nohup ignores is ignored

in_state() {
	grep -q "^State:.$1" "/proc/$2/status"
}
do_as 'scan sleep'
rm -f "$T/asleep"
(trap '' HUP && exec "$T/bin/mipo" run nightly) >"$T/first" 2>&1 &
first=$!
wait_for 10 test -e "$T/asleep"
scan=$(pgrep -P "$first" -f mipo-scan)
kill -TSTP "$first"
wait_for 10 in_state T "$first"
in_state T "$scan" || fail 'the scan goes on while mipo run is stopped'
kill -CONT "$first"
wait_for 10 in_state S "$scan"
kill -HUP "$first"
sleep 0.3
in_state S "$first" || fail 'HUP ended it although it was ignored'
kill -TERM "$first"
status=0
wait "$first" || status=$?
eq 'status after TERM' "$status" 143

# ---- when mipo run itself dies, its stages do not go on for long

do_as 'scan sleep'
rm -f "$T/asleep"
"$T/bin/mipo" run nightly >"$T/first" 2>&1 &
first=$!
wait_for 10 test -e "$T/asleep"
kill -KILL "$first"
wait "$first" || :
wait_for 10 grep -q 'got TERM' "$T/runs/scan"
: >"$T/do"
wait_for 10 "$T/bin/mipo" run nightly # the lock went with the last of them

# ---- what is wrong is said with its place, and nothing is started

do_as
run 2 "$T/bin/mipo" run bad
has "$T/err" "$T/mipo.conf:15: exclude: "
has "$T/err" '198.18.0.300'
lines 1 "$T/err"
run 2 "$T/bin/mipo" run nihgtly
has "$T/err" 'did you mean nightly?'
run 2 env MIPO_STATE="$T/none" "$T/bin/mipo" run nightly
has "$T/err" "no state at $T/none"
run 2 "$T/bin/mipo" run nightly --config=/nonexistent
has "$T/err" '/nonexistent: No such file'
rm "$T/bin/mipo-audit"
run 2 env PATH=/usr/bin:/bin "$T/bin/mipo" run nightly
has "$T/err" 'there is no program mipo-audit'
eq 'what ran' "$(ls "$T/runs")" ''
