#!/bin/sh
# Channels get the transitions of one run, and only these; what could not be
# delivered is 5.
. "${0%/*}/../lib.sh"
need jq

look() { # FILE KEY=VALUE... <PAIRS
	file=$1
	shift
	"$BUILD/tests/bench/make-look" ports=22,23 "$@" >"$file"
}

look a <<X
198.18.0.1 23 open
X
look b scan=00000000000000000000000000000002 <<X
198.18.0.1 23 open
198.18.0.2 23 open
X
mipo-alarm eval --json a >alarms1
mipo-alarm eval --json --previous=alarms1 b >alarms2
eq 'alarms' "$(json 'select(.type=="alarm").event' alarms2 | paste -sd, -)" \
	standing,opened

cat >"$T/keep" <<X
#!/bin/sh
cat >>"$T/got-\$1"
exit "\${2:-0}"
X
chmod 755 "$T/keep"
run 0 mipo-alarm notify "$T/keep" one <alarms2
empty out
empty err
eq 'delivered' "$(json '"\(.event) \(.ip)"' got-one)" 'opened 198.18.0.2'
grep opened alarms2 >want
same got-one want

# Standing alarms are no news: the program is not even run.
mipo-alarm eval --json --previous=alarms2 b >alarms3
run 0 mipo-alarm notify "$T/keep" none <alarms3
[ ! -e got-none ] || fail 'standing alarms were delivered'

# Whoever started it may have chosen not to hear of children.
run 0 timeout 20 env --ignore-signal=CHLD \
	mipo-alarm notify "$T/keep" deaf <alarms2
same got-deaf want

# Options of the program are its own, behind --.
run 0 mipo-alarm notify -- "$T/keep" --one <alarms2
[ -s got---one ] || fail 'nothing for --one'

# Channels of the configuration: all, or the named ones; each for itself.
cat >mipo.conf <<X
channel "bad" { type = exec command = {"$T/keep", "bad", "1"} }
channel "good" { type = exec command = {"$T/keep", "good"} }
X
run 5 mipo-alarm notify --config=mipo.conf <alarms2
like err '^mipo-alarm: channel bad: /[^:]*/keep: exit status 1$'
same got-good want
run 0 mipo-alarm notify --config=mipo.conf --channel=good <alarms2
lines 2 got-good
run 2 mipo-alarm notify --config=mipo.conf --channel=god <alarms2
has err good
run 2 mipo-alarm notify --config=mipo.conf --channel=good "$T/keep" <alarms2
: >empty.conf
run 2 mipo-alarm notify --config=empty.conf <alarms2
has err 'no channel'
run 0 mipo-alarm notify --config=empty.conf --allow-none <alarms2
empty err
run 0 mipo-alarm notify --config=empty.conf <alarms3
empty err
# What went wrong is named once.
run 2 mipo-alarm notify "$T/nowhere" <alarms2
eq 'no program' "$(cat err)" \
	"mipo-alarm: $T/nowhere: No such file or directory"
run 5 mipo-alarm notify false <alarms2
eq 'a failure' "$(cat err)" 'mipo-alarm: false: exit status 1'
run 2 mipo-alarm notify ./keep <alarms2

# A cut stream: what came is told, and that more may have been.
head -n 3 alarms2 >part
run 3 mipo-alarm notify "$T/keep" cut <part
same got-cut want
run 3 mipo-alarm notify "$T/keep" nothing </dev/null
# What was changed on the way is told to nobody.
sed 's/198\.18\.0\.2/198.18.0.9/g' alarms2 >bad
run 6 mipo-alarm notify "$T/keep" changed <bad
[ ! -e got-changed ] || fail 'changed alarms were delivered'
echo nonsense | run 2 mipo-alarm notify "$T/keep" junk
has err 'stdin:1:'
