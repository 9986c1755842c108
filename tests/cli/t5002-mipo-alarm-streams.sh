#!/bin/sh
# Alarms without a state: looks, differences and earlier alarms are files.
. "${0%/*}/../lib.sh"
need jq

n=0
look() { # FILE KEY=VALUE... <PAIRS
	file=$1
	shift
	n=$((n + 1))
	"$BUILD/tests/bench/make-look" "scan=$(printf '%032d' "$n")" \
		ports=22,23,80 "$@" >"$file"
}

told() {
	json 'select(.type=="alarm") | "\(.event) \(.code) \(.port)
		\(.condition)"' "$1" | xargs
}

look a <<X
198.18.0.1 22 open
198.18.0.1 80 open
X
look b <<X
198.18.0.1 22 open
198.18.0.1 23 open
X
# The five programs are whole by themselves: two looks, their difference,
# alarms; the next difference, and the alarms before.
mipo-diff a b --exit-zero >diff1
run 0 mipo-alarm eval --json <diff1
cp out alarms1
eq 'from a diff' "$(told alarms1)" 'opened E01 23 true opened E02 23 true'
eq 'digest' "$(json 'select(.type=="alarm.end").stream_sha256' alarms1)" \
	"$(head -n 3 alarms1 | sha256sum | cut -d' ' -f1)"
mipo-diff b a --exit-zero >diff2
run 0 mipo-alarm eval --json --previous=alarms1 <diff2
cp out alarms2
eq 'the way back' "$(told alarms2)" \
	'resolved E01 23 false opened E01 80 true resolved E02 23 false'
run 0 mipo-alarm eval --json --previous=alarms2 diff1
cp out alarms3
eq 'and again' "$(told alarms3)" \
	'reopened E01 23 true resolved E01 80 false reopened E02 23 true'
# Nothing came: nothing is settled.
run 3 mipo-alarm eval --json --previous=alarms3 </dev/null
eq 'nothing came' "$(told out)" "standing E01 23 unknown standing E01 80 \
unknown standing E02 23 unknown"

# A look and a difference in one stream; a baseline beside.
cat b diff1 | mipo-alarm eval --json --baseline=b >out
eq 'approved' "$(told out)" 'opened E02 23 true'
look weak verdict=degraded </dev/null
run 2 mipo-alarm eval --baseline=weak b
has err 'only a complete look can be a baseline'

# Cut anywhere, a difference is no news.
size=$(wc -c <diff1)
at=0
while [ "$at" -lt "$size" ]; do
	head -c "$at" diff1 >part
	got=0
	mipo-alarm eval --json --previous=alarms2 <part >out 2>err || got=$?
	eq "cut at $at" "$got" 3
	eq "told at $at" "$(json 'select(.type=="alarm" and
		.event!="standing") | .event' out)" ''
	at=$((at + 97))
done
# Nor is a look; but that it was cut is.
head -n 3 b >part
run 3 mipo-alarm eval --json --no-state part
eq 'a cut look' "$(json 'select(.type=="alarm") | .code' out)" S02
# Changed on the way: refused whole.
sed 's/"port":23,/"port":80,/' diff1 >bad
run 6 mipo-alarm eval --json bad
empty out
sed 2d diff1 >bad
run 6 mipo-alarm eval --json bad
sed 1d diff1 >bad
run 2 mipo-alarm eval --json bad
has err 'bad:1: change without'
sed '2s/"opened"/"opening"/' diff1 >bad
run 2 mipo-alarm eval --json bad
has err 'bad:2:'

# Required ports from words and files.
run 0 mipo-alarm eval --json --expect='198.18.0.1 80/tcp' b
eq 'expect' "$(told out)" 'opened E02 23 true opened E04 80 true'
printf '# web\n\n198.18.0.0/31 22,80/tcp\n' >list
run 0 mipo-alarm eval --json --expect-file=list b
eq 'expect file' "$(json 'select(.code=="E04") | "\(.ip) \(.port)"' out |
	paste -sd, -)" '198.18.0.0 22,198.18.0.0 80,198.18.0.1 80'
for words in 198.18.0.1 '198.18.0.1 22 80' '198.18.0.400 22' \
	'198.18.0.1 0' '198.18.0.1 22/udp' 'some.name 22' ''; do
	run 2 mipo-alarm eval --expect="$words" b
	lines 1 err
done
printf '198.18.0.1 22\n198.18.0.1 nosuchport\n' >list
run 2 mipo-alarm eval --expect-file=list b
has err 'list:2:'
printf '198.18.0.1 22' >list
run 2 mipo-alarm eval --expect-file=list b

# By hand, in a file: the new memory comes out.
id=$(json 'select(.code=="E02").id' alarms1)
run 0 mipo-alarm ack "$id" --previous=alarms1 --reason=known --json
cp out alarms4
eq 'all of it' "$(json 'select(.type=="alarm") | "\(.code) \(.state)"' \
	alarms4 | paste -sd, -)" 'E01 open,E02 acknowledged'
run 0 mipo-alarm list --previous=alarms4 --severity=high --format=table
lines 2 out
like out '^high +acknowledged +true'
run 2 mipo-alarm resolve "$id" --previous=alarms4 --reason=x
head -n 2 alarms4 >part
run 3 mipo-alarm list --previous=part
run 3 mipo-alarm ack "$id" --previous=part --reason=x

# Without a state there is none to list, and none is made up.
run 2 mipo-alarm list
has err 'mipo-store init'
run 2 mipo-alarm ack "$id" --reason=x
MIPO_STATE=$T/none run 2 mipo-alarm eval b
has err 'no state at'

# Hostile words stay in their line.
look evil "network=$(printf 'a\033[2Jb')" <<X
198.18.0.1 23 open
X
run 0 mipo-alarm eval --format=table evil
lines 2 out
has out '\x1b[2J'
