#!/bin/sh
# A run that was missed, or killed between its stages, is caught up with:
# what came up is told by the recorded looks, whatever reached eval.
. "${0%/*}/../lib.sh"
need jq

export MIPO_STATE="$T/state"
run 0 mipo-store init --network=own --make-recovery-key "$T/recovery"

echo 0 >number
look() { # KEY=VALUE... <PAIRS: the next look, recorded; no more
	n=$(($(cat number) + 1))
	echo "$n" >number
	"$BUILD/tests/bench/make-look" "scan=$(printf '%032d' "$n")" \
		"time=2024-11-22T10:00:$(printf %02d "$n").000Z" \
		ports=22,80 targets=198.18.0.0/29 "$@" >"$T/look"
	mipo-store record -q <"$T/look" >"$T/recorded"
}

# The stages behind record; they may find nothing new.
rest() {
	mipo-diff -q --against=last --allow-first --exit-zero - \
		<"$T/recorded" | mipo-alarm eval --json >"$T/alarms"
}

told() {
	json 'select(.type=="alarm") | "\(.event) \(.code) \(.ip) \(.port)
		\(.state) \(.condition)"' "$T/alarms" | xargs
}

printf '198.18.0.1 22 open\n198.18.0.1 80 closed\n' | look
rest
eq 'a first look tells of nothing new' "$(told)" ''
printf '198.18.0.1 22 open\n198.18.0.1 80 closed\n' | look
rest
eq 'nor does the same again' "$(told)" ''

# The port comes up; whoever should have told of it is killed.
printf '198.18.0.1 22 open\n198.18.0.1 80 open\n' | look
status=0
sh -c 'cat >/dev/null; kill -KILL $$' <"$T/recorded" || status=$?
eq 'killed' "$status" 137
# The next look finds it as it was; the one before had it open already.
printf '198.18.0.1 22 open\n198.18.0.1 80 open\n' | look
rest
eq 'caught up with' "$(told)" 'opened E01 198.18.0.1 80 open true'
run 0 mipo-alarm eval --json </dev/null
cp out alarms
eq 'it stands' "$(told)" 'standing E01 198.18.0.1 80 open true'
id=$(json 'select(.type=="alarm").id' alarms)
run 2 mipo-alarm resolve "$id" --reason='enough of it'
has err 'still holds'
# The word of a difference alone opens nothing.
"$BUILD/tests/bench/make-look" ports=22,80 targets=198.18.0.0/29 \
	scan=0000000000000000000000000000000a </dev/null >none
printf '198.18.0.2 22 open\n' |
	"$BUILD/tests/bench/make-look" ports=22,80 targets=198.18.0.0/29 \
		scan=0000000000000000000000000000000b >some
mipo-diff --exit-zero none some >said
run 0 mipo-alarm eval --json said
cp out alarms
eq 'said only' "$(told)" 'standing E01 198.18.0.1 80 open true'

# A look that breaks off proves what it saw open, and is told as any other.
printf '198.18.0.1 22 open\n198.18.0.3 22 open\n' |
	look verdict=interrupted && fail 'it is not complete'
run 0 mipo-alarm eval --json </dev/null
cp out alarms
eq 'interrupted' "$(told)" 'standing E01 198.18.0.1 80 open true '\
'opened E01 198.18.0.3 22 open true opened S02 null null open true'

# Closed and up again while nobody asked: the same episode.
printf '198.18.0.1 22 open\n' | look
run 0 mipo-alarm eval --json </dev/null
printf '198.18.0.1 22 open\n198.18.0.1 80 open\n' | look
printf '198.18.0.1 22 open\n198.18.0.1 80 open\n' | look
run 0 mipo-alarm eval --json </dev/null
eq 'again' "$(json 'select(.port==80) | "\(.event) \(.episode)
	\(.reopened)"' out | xargs)" 'reopened 1 1'

# A wider look: what it covers newly was not there before, as far as anybody
# knows. Where nothing was looked at before, nothing is new.
printf '198.18.0.1 22 open\n198.18.0.1 80 open\n198.18.0.9 22 open\n' |
	look targets=198.18.0.0/28
run 0 mipo-alarm eval --json </dev/null
eq 'newly covered' "$(json 'select(.event=="opened") | "\(.code) \(.ip)
	\(.port)"' out | xargs)" 'E01 198.18.0.9 22'
printf '198.18.1.1 22 open\n' | look targets=198.18.1.0/28
run 0 mipo-alarm eval --json </dev/null
eq 'elsewhere' "$(json 'select(.event=="opened") | .ip' out)" ''
# A baseline that covers it settles it.
run 0 mipo-store baseline approve "scan:$(printf '%032d' 9)" \
	--reason='it may be open'
run 0 mipo-alarm eval --json </dev/null
eq 'approved' "$(json 'select(.ip=="198.18.0.9") | .event' out)" resolved
run 0 mipo-store rebuild
cp out before
run 0 mipo-alarm eval --json </dev/null
eq 'the same when derived anew' "$(json 'select(.state=="open") |
	"\(.code) \(.ip) \(.port)"' out)" "$(json 'select(.state=="open") |
	"\(.code) \(.ip) \(.port)"' before)"
run 0 mipo-store check

# What is exported speaks the language of what is evaluated.
printf '#!/bin/sh\ncat >"%s/told"\n' "$T" >keep
chmod 755 keep
run 0 mipo-export ndjson
cp out exported
run 0 mipo-alarm notify "$T/keep" <exported
like told '"type":"alarm"'
