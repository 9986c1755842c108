#!/bin/sh
# record is a tee: what it passes on, what it keeps, what it refuses.
. "${0%/*}/../lib.sh"
MIPO_STATE=$T/state
export MIPO_STATE
look="$BUILD/tests/bench/make-look"
[ -x "$look" ] || skip "make-look is not built"

run 0 mipo-store init --network=own --org=lab
id() { printf '%032x' "$1"; }

printf '198.18.0.1 22 open\n198.18.0.2 80 open\n198.18.0.2 443 closed\n' >pairs
"$look" scan="$(id 1)" <pairs >one
run 0 mipo-store record <one
same one "$T/out"
like "$T/err" 'is not signed: it is kept as untrusted'
like "$T/err" '3 pairs listed, 3 changed the index'

# the same look again is refused, and nothing of it is passed on as whole
run 2 mipo-store record <one
like "$T/err" 'stdin:5: scan 0+1 is recorded already \(log entry [0-9]+\)'

# nor does a copy that is cut stand in the way of what is whole
"$look" scan="$(id 17)" time=2024-11-22T10:30:00.000Z <pairs >full
head -3 full >part
run 3 mipo-store record <part
run 0 mipo-store record <full
same full "$T/out"
run 2 mipo-store record <part
like "$T/err" 'scan 0+11 is recorded already \(log entry [0-9]+\)'
run 2 mipo-store record <full
hasnt "$T/out" scan.end
run 0 mipo-store scans
lines 2 "$T/out"
run 0 mipo-store check
like "$T/out" '"differences":0'

# unchanged: no write
"$look" scan="$(id 2)" time=2024-11-22T11:00:00.000Z <pairs >two
run 0 mipo-store record <two
like "$T/err" '3 pairs listed, 0 changed the index'

# cut anywhere: interrupted, 3, and closes nothing
"$look" scan="$(id 3)" time=2024-11-22T12:00:00.000Z </dev/null |
	head -1 >headless
run 3 mipo-store record <headless
same headless "$T/out"
like "$T/err" 'concludes nothing: it is interrupted'
printf '{"type":"obs","half' >>headless
sed "s/$(id 3)/$(id 4)/" headless >halved
run 3 mipo-store record <halved
run 0 mipo-store show 198.18.0.1
like "$T/out" '"state":"open"'
run 3 mipo-store record </dev/null
like "$T/err" 'the stream has no line$'
head -c 100000 /dev/zero >zeros
run 2 mipo-store record <zeros
like "$T/err" 'stdin:1: bytes that are no record, and no line feed$'
run 2 mipo-diff one zeros
like "$T/err" 'zeros:1: bytes that are no record, and no line feed$'
printf '{"type":"scan.st' >begun
run 3 mipo-store record <begun

# a bad line names itself, and nothing is recorded
"$look" scan="$(id 5)" time=2024-11-22T13:00:00.000Z <pairs >five
sed '3s/"port":80/"port":99999/' five >bad
run 2 mipo-store record <bad
like "$T/err" '^mipo-store: record: stdin:3: '
hasnt "$T/out" scan.end
{ cat five; printf 'no line'; } >tailed
run 2 mipo-store record <tailed
like "$T/err" 'record: stdin:6: bytes after the end record$'
hasnt "$T/out" scan.end
run 2 mipo-diff one tailed
like "$T/err" 'tailed:6: bytes after the end record$'
sed '3d' five >short
run 6 mipo-store record <short
like "$T/err" '^mipo-store: record: stdin:4: scan.end counts'

# what the end record claims is computed again
sed '$s/"open":2/"open":1/; $s/"filtered":765/"filtered":766/' five >lie
run 6 mipo-store record <lie
like "$T/err" 'record: scan.end: counts has 1 open, listed are 2$'
hasnt "$T/out" scan.end
sed '1s/"planned":768/"planned":769/' five >lie
run 6 mipo-store record <lie
like "$T/err" 'stdin:1: scan.start: planned is 769, due is 768$'
sed '$s/"capture_drops":0/"capture_drops":9/' five >lie
run 6 mipo-store record <lie
like "$T/err" 'stdin:[0-9]*: scan.end: .*, capture_drops is 9, due is 0$'
run 6 mipo-diff five lie
like "$T/err" 'lie:[0-9]*: scan.end: .*, capture_drops is 9, due is 0$'
sed '$s/"loss_ppm":-1/"loss_ppm":500000/' five >lie
run 6 mipo-diff lie five
like "$T/err" 'lie:[0-9]*: scan.end: .* complete, loss_ppm is 500000, '
sed '$s/"state_sha256":"./"state_sha256":"z/; $s/:"z/:"0/' five >lie
sed '$s/"state_sha256":"0/"state_sha256":"1/' lie >lie2
run 6 mipo-store record <lie2
like "$T/err" 'scan.end: state_sha256 is 1[0-9a-f]{63}, due is [0-9a-f]{64}$'

sed '$s/"answered":[0-9]*/"answered":77/' five >other
run 0 mipo-store scans
lines 5 "$T/out"

# a reader that goes away does not stop the recording
"$look" scan="$(id 6)" hosts=2000 targets=198.18.0.0/21 \
	time=2024-11-22T14:00:00.000Z ports=1-20 </dev/null >big
{ mipo-store record <big 2>"$T/err" || echo $? >status; } | head -1 >first
eq "status after EPIPE" "$(cat status)" 2
like "$T/err" 'recorded, but not passed on'
run 0 mipo-store scans --limit=1
like "$T/out" "\"scan\":\"$(id 6)\""
like "$T/out" '"verdict":"complete"'

# tables, and hostile names in them
"$look" scan="$(id 7)" network="$(printf 'l\033[31mab')" \
	time=2024-11-22T15:00:00.000Z <pairs >seven 2>/dev/null || :
if [ -s seven ]; then
	run 0 mipo-store record <seven
	run 0 mipo-store scans --format=table
	like "$T/out" 'l\\x1b\[31mab'
	hasnt "$T/out" "$(printf '\033')"
fi

run 0 mipo-store check
like "$T/out" '"differences":0'
run 0 mipo-store rebuild
run 0 mipo-store check
like "$T/out" '"differences":0'
run 2 mipo-store record --wait=x <one
