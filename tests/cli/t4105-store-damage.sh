#!/bin/sh
# A damaged state: what is missing, wrong, or no file at all is named, and
# nothing waits, concludes from it, or says that all is well.
. "${0%/*}/../lib.sh"
need jq sqlite3 timeout mkfifo
export MIPO_STATE="$T/state"
run 0 mipo-store init --network=own --make-recovery-key "$T/recovery"

look() { # N KEY=VALUE... <PAIRS: the look number N, on stdout
	scan=scan=$(printf '%032d' "$1")
	shift
	"$BUILD/tests/bench/make-look" "$scan" "$@"
}
for n in 1 2 3; do
	printf '198.18.0.1 22 open\n198.18.0.%d 80 open\n' "$n" |
		look $n time=2024-11-22T1$n:00:00.000Z >look.$n
	run 0 mipo-store record <look.$n
done
db="$MIPO_STATE/mipo.db"
sqlite3 "$db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
rm -f "$db-wal" "$db-shm"
cp -a "$MIPO_STATE" good
again() {
	rm -rf "$MIPO_STATE"
	cp -a good "$MIPO_STATE"
}
# evil SQL: done to the database, around the triggers
evil() {
	again
	sqlite3 "$db" "SELECT 'DROP TRIGGER ' || name || ';' FROM
		sqlite_schema WHERE type='trigger'" >undo
	sqlite3 "$db" "SELECT sql || ';' FROM sqlite_schema WHERE
		type='trigger'" | sed 's/END;$/END;/' >redo
	{ cat undo && echo "$1;" && cat redo; } | sqlite3 "$db"
}
bound() {
	timeout 20 "$@"
}

# rows of the index that are gone are no answer
for sql in 'DELETE FROM binding' 'DELETE FROM scan WHERE seq<9' \
	'DELETE FROM place'; do
	evil "$sql"
	run 6 bound mipo-store show
	like "$T/err" 'mipo-store rebuild'
	run 0 mipo-store rebuild
	run 0 mipo-store show
	run 0 mipo-store check
done
# a row of any size is compared: a scope may have 64 MiB
evil 'UPDATE scan SET start=zeroblob(60000000) WHERE seq=4'
run 1 bound mipo-store check --format=table
like "$T/out" '^index scan: found: \(4 .* 60000000 bytes of SHA-256 [0-9a-f]+'
like "$T/out" '^index scan: due: \(4 '

# a page of rubbish, wherever it is: never an empty answer with 0
again
run 0 mipo-store show
cp "$T/out" whole
pages=$(($(stat -c %s "$db") / 4096))
page=1
while [ "$page" -lt "$pages" ]; do
	again
	dd if=/dev/zero of="$db" bs=4096 seek="$page" count=1 conv=notrunc \
		2>/dev/null
	got=0
	bound mipo-store show >out 2>err || got=$?
	[ "$got" -eq 6 ] || { [ "$got" -eq 0 ] && same out whole; } ||
		fail "page $page: status $got"
	page=$((page + 1))
done

# nodes of the log's tree: told, restored, and the log goes on
note='{"type":"note.x","ts":"2024-11-22T10:00:00.000Z","v":1}'
for sql in 'DELETE FROM node' 'DELETE FROM node WHERE last=3 AND level=1' \
	"UPDATE node SET hash=zeroblob(32) WHERE level=2" \
	"INSERT INTO node VALUES(3, 7, zeroblob(32))"; do
	evil "$sql"
	run 1 bound mipo-store check --format=table
	like "$T/out" '^index node: '
	sqlite3 "$db" 'SELECT sql FROM sqlite_schema ORDER BY name' >schema
	run 0 mipo-store rebuild
	like "$T/err" "nodes of the log's tree .* restored"
	sqlite3 "$db" 'SELECT sql FROM sqlite_schema ORDER BY name' >after
	same schema after
	run 0 mipo-store check
	printf '%s\n' "$note" >note
	run 0 mipo-audit append <note
	run 0 mipo-store check
	run 0 mipo-store rebuild
	hasnt "$T/err" restored
done
sqlite3 "$db" 'DELETE FROM node' 2>err && fail 'the trigger is gone'
has err 'the log only grows'

# but not over entries or a checkpoint that are others than what was signed
text='CAST(body AS TEXT)'
for sql in "UPDATE leaf SET body=CAST(replace($text, '\"time\":\"20',
		'\"time\":\"21') AS BLOB) WHERE seq=1" \
	'DELETE FROM note' \
	'DELETE FROM note WHERE size=(SELECT max(size) FROM note)' \
	"UPDATE note SET body=CAST(replace($text, '/mipo-audit/',
		'/mipo-audit-') AS BLOB)" \
	'DELETE FROM leaf WHERE seq=(SELECT max(seq) FROM leaf)'; do
	evil "$sql; DELETE FROM node; DELETE FROM place"
	for _ in first again; do
		run 6 bound mipo-store rebuild
		like "$T/err" "newest checkpoint|last entry .* is not the seal"
		run 1 bound mipo-store check
	done
done

# what does not parse is damage of the state (6), no mistake of the caller's
again
run 0 mipo-store baseline approve last --reason=reviewed
rm -rf good
cp -a "$MIPO_STATE" good
approval=$(sqlite3 "$db" 'SELECT seq FROM baseline')
damaged() { # SQL TEXT CMD...: 6, and one line
	evil "$1"
	what=$2
	shift 2
	run 6 bound "$@"
	like "$T/err" "$what"
	lines 1 "$T/err"
}
damaged "UPDATE leaf SET body=x'7b7d' WHERE seq=4" 'entry 4: ' \
	mipo-audit log
damaged "UPDATE leaf SET body=x'7b7d' WHERE seq=4" 'entry 4: ' \
	mipo-audit log --format=table
damaged "UPDATE leaf SET body=x'7b7d' WHERE seq=$approval" \
	"log entry $approval: " mipo-store baseline list
damaged "DELETE FROM leaf WHERE seq=$approval" \
	"log entry $approval: it is missing" mipo-store baseline list
damaged 'UPDATE baseline SET seq=2' 'log entry 2: it approves no baseline' \
	mipo-store baseline list
damaged "INSERT INTO alarm VALUES('a', 9, 'open', x'7b')" \
	'the index of alarms' mipo-alarm list
damaged "UPDATE scan SET start=x'7b'" 'the index of a scan' mipo-store show
damaged "UPDATE scan SET start=x'7b'" 'the index of scan 0+' mipo-alarm eval
damaged "UPDATE baseline SET scan='$(printf '%032d' 9)'" 'lacks the look' \
	mipo-alarm eval
again
run 0 mipo-store baseline list
run 0 mipo-alarm eval

# side objects, and entries that cannot be
evil "UPDATE side SET body=x'00'"
run 1 bound mipo-store check --format=table
like "$T/out" '^side object [0-9a-f]{64}: its bytes are others$'
evil 'INSERT INTO leaf SELECT -1, body FROM leaf WHERE seq=2'
run 1 bound mipo-store check --format=table
like "$T/out" '^log entry -1: no entry has that number$'
run 6 mipo-store rebuild
evil 'DELETE FROM leaf WHERE seq=2'
run 1 bound mipo-store check --format=table
like "$T/out" '^log entry 3: 2 was due: entries are missing$'

# every object that is missing or wrong, or no file
object() {
	jq -r 'select(.type=="scan.end").stream_sha256' "look.$1" |
		sed "s|^\(..\)|$MIPO_STATE/objects/\1/\1|"
}
again
one=$(object 1) two=$(object 2) three=$(object 3)
rm -f "$one" "$two" "$three"
mkfifo "$one"
ln -s /dev/zero "$two"
run 1 bound mipo-store check --format=table
like "$T/out" "object ${one##*/}: it is no plain file"
like "$T/out" "object ${two##*/}: it is a symbolic link"
like "$T/out" "object ${three##*/}: it is missing"
run 6 bound mipo-diff --against=scan:00000000000000000000000000000001 look.2
has "$T/err" 'it is no plain file'
again
cp "$three" copy
cp -f copy "$one"
run 1 bound mipo-store check --format=table
like "$T/out" "object ${one##*/}: its bytes are others"

# a FIFO under the name of one in the making, a link under a directory's
again
mkfifo "$MIPO_STATE/objects/.new-abcdef"
look 4 time=2024-11-22T14:00:00.000Z </dev/null >look.4
run 0 bound mipo-store record <look.4
again
mv "$MIPO_STATE/objects" elsewhere
mkdir "$MIPO_STATE/objects"
ln -s "$T/elsewhere/aa" "$MIPO_STATE/objects/aa"
run 1 bound mipo-store check

# the database and the keys
for name in mipo.db mipo.db-wal keys/log.key keys/ratchet; do
	again
	[ ! -e "$MIPO_STATE/$name" ] || mv "$MIPO_STATE/$name" real
	[ -e real ] || : >real
	ln -s "$T/real" "$MIPO_STATE/$name"
	run 6 bound mipo-store record <look.4
	like "$T/err" "$name: it is a symbolic link, no file"
	rm "$MIPO_STATE/$name"
	mkfifo "$MIPO_STATE/$name"
	run 6 bound mipo-store record <look.4
	like "$T/err" "$name: it is a FIFO, no file"
	rm -f real
done

# doctor tells of rights that others have
again
run 0 mipo doctor --format=table
hasnt "$T/out" 'others may'
for part in .:0777 mipo.db:0666 mipo.db:0660 objects:0777 keys:0755 \
	keys/log.key:0644; do
	again
	chmod "${part#*:}" "$MIPO_STATE/${part%:*}"
	mipo doctor --format=table >out 2>&1 || :
	like out 'others may (write|read) it \(mode '
done
