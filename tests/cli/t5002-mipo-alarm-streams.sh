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
# A memory that lost a line, or counts another number, is none.
sed 2d alarms2 >short
run 6 mipo-alarm eval --json --previous=short diff1
has err 'short'
run 6 mipo-alarm list --previous=short
run 6 mipo-alarm notify --allow-none <short
sed 's/"count":3/"count":4/' alarms2 >many
run 6 mipo-alarm list --previous=many
has err 'counts 4 alarms, 3 came'
# What stands outside a stream has no digest: it is told to nobody.
sed -n 2p alarms2 | cat - alarms2 >before
run 2 mipo-alarm notify --allow-none <before
has err 'alarm without the alarm.start before it'
# One look, told by itself and by its difference, is not two in a row.
look gone verdict=degraded </dev/null
mipo-diff a gone --exit-zero >diffgone || :
cat gone diffgone | mipo-alarm eval --json >out || :
eq 'one look' "$(json 'select(.code=="S02") | .severity' out)" medium
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
	'198.18.0.1 0' '198.18.0.1 22/sctp' 'some.name 22' ''; do
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
run 2 mipo-alarm ack "$id" --previous=part --reason=x
has err 'part: no end record'
run 2 mipo-alarm eval --previous=part b
has err 'part: no end record'

# A memory begins from nothing, where -o makes it; no run that failed, and no
# other file, takes its place.
keep() {
	mipo-alarm "$@" --json --previous=memory -o memory
}

run 2 mipo-alarm eval --json --previous=memory b
has err memory
run 2 mipo-alarm eval --json --previous=memory -o other b
[ ! -e other ] || fail 'a file of a run that failed'
mipo-diff a b --exit-zero | run 0 keep eval
eq 'begun' "$(told memory)" \
	'opened E01 23 true opened E02 23 true'
run 0 keep ack "$id" --reason=known
cp memory noted
run 2 keep ack "$id" --reason=again
run 2 keep eval bad
run 2 mipo-alarm eval --previous=memory -o memory --format=table b
has err 'memory: a table'
run 2 mipo-alarm ack "$id" --reason=x --previous=memory -o memory \
	--format=table
same noted memory
head -n 2 memory >memory2 && cp memory2 memory
run 2 keep eval b
same memory2 memory
run 2 keep ack "$id" --reason=x
same memory2 memory
cp noted memory
mipo-diff b b --exit-zero | run 0 keep eval
eq 'still known' "$(json 'select(.code=="E02").state' memory)" acknowledged

# What is no stream of alarms is no memory, whatever is asked of it.
: >nothing
mipo-alarm show "$id" --previous=alarms1 --json >single
for file in nothing a diff1 single; do
	run 2 mipo-alarm eval --json --previous=$file b
	like err "^mipo-alarm: judging: $file:"
	empty out
	run 2 mipo-alarm list --previous=$file
	run 2 mipo-alarm ack "$id" --previous=$file --reason=x
done
has err 'alarm without the alarm.start before it'

# Why a missing port is missing no longer: mended, or the list was changed.
mipo-alarm eval --json --expect='198.18.0.1 80' b >missing
run 0 mipo-alarm eval --json --previous=missing --expect='198.18.0.1 80' a
eq mended "$(json 'select(.code=="E04") | "\(.event) \(.reason)"' out)" \
	'resolved open'
run 0 mipo-alarm eval --json --previous=missing --expect='198.18.0.1 22' b
eq changed "$(json 'select(.code=="E04") | "\(.event) \(.reason)"' out)" \
	'resolved no longer required'
mipo-alarm eval --json --previous=alarms1 --baseline=b b >out
eq approved "$(json 'select(.code=="E01") | .reason' out)" approved
eq gone "$(json 'select(.code=="E01" and .port==23) | .reason' alarms2)" \
	'not open'

# What is required and nobody looked at is named, and no success.
for words in '198.18.0.1 8443' '198.18.0.9 443' '198.18.1.1 22'; do
	run 3 mipo-alarm eval --no-state --fail-on=medium --json \
		--expect="$words" a
	eq unseen "$(cat err)" "mipo-alarm: ${words% *} ${words#* }/tcp is \
required, and no look tells whether it is open"
	eq status "$(json 'select(.type=="alarm.end").status' out)" \
		inconclusive
done
run 0 mipo-alarm eval --no-state --expect='198.18.0.1 22,80' a
empty err
run 3 mipo-alarm eval --no-state --expect='198.18.9.0/24 22,80' \
	--expect='198.18.9.0/25 22' a
lines 11 err
has err 'and 502 more'
run 3 mipo-alarm eval --no-state --expect='198.18.0.1 22' --expect-file=- \
	a <<X
198.18.0.1 8443
X
lines 1 err
# A look that is not complete tells what it saw, and nothing more.
look dim verdict=degraded <<X
198.18.0.1 22 open
X
run 3 mipo-alarm eval --no-state --expect='198.18.0.1 22,80' dim
has err '198.18.0.1 80/tcp is required'
hasnt err '198.18.0.1 22/tcp'
run 1 mipo-alarm eval --no-state --fail-on=medium \
	--expect='198.18.0.2 23' --expect='198.18.0.1 8443' a
has err '198.18.0.1 8443/tcp is required'
# A configuration stands for every run: a part of it is said, none is not
# enough.
echo 'expect "w" { targets = {"198.18.0.1"} ports = "22,8443" }' >part.conf
run 0 mipo-alarm eval --no-state -c part.conf a
has err 'no look tells of 1 of 2 ports'
has err '198.18.0.1 8443/tcp'
run 0 mipo-alarm eval --no-state -q -c part.conf a
empty err
echo 'expect "w" { targets = {"10.0.0.0/8"} ports = "1-65535"
	network = nowhere }' >none.conf
run 3 mipo-alarm eval --no-state -q -c none.conf a
has err "no look tells of $((16777216 * 65535)) of"

# An id is named by six characters; no alarm is said to be none.
for deed in show ack resolve; do
	set -- "$deed"
	[ "$deed" = show ] || set -- "$deed" --reason=x
	run 2 mipo-alarm "$@" "$(echo "$id" | cut -c 1-5)" --previous=alarms1
	has err 'is too short: an id'
done
mipo-alarm eval --json --no-state a >quiet
run 0 mipo-alarm list --previous=quiet --severity=critical --format=table
eq 'none' "$(cat err)" 'mipo-alarm: no alarm of severity critical is open'
run 0 mipo-alarm list --previous=quiet --severity=critical --format=table -q
empty err

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
