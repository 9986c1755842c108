#!/bin/sh
# Before it writes, append checks what is cheap: the log's ends, the Merkle
# nodes at its right edge and the newest checkpoint. It refuses with 6, in
# one line, and writes nothing; what it does not read, verify reads.
. "${0%/*}/../lib.sh"
need sqlite3
MIPO_STATE=$T/state
export MIPO_STATE
run 0 mipo-store init --org=lab
echo '{"type":"note.a","text":"one"}' >one
for _ in 4 6 8 10 12; do
	run 0 mipo-audit append <one
done
cp -r state good

attack() {
	rm -rf state
	cp -r good state
	{
		sqlite3 good/mipo.db "SELECT 'DROP TRIGGER ' || name || ';'
			FROM sqlite_schema WHERE type = 'trigger'"
		printf '%s;\n' "$1"
		sqlite3 good/mipo.db "SELECT sql || ';'
			FROM sqlite_schema WHERE type = 'trigger'"
	} >sql
	sqlite3 state/mipo.db <sql || fail "the attack failed: $1"
}

refuses() {
	run 6 mipo-audit append <one
	like "$T/err" "$1"
	lines 1 "$T/err"
	empty "$T/out"
	eq "entries" "$(sqlite3 state/mipo.db 'SELECT max(seq) FROM leaf')" \
		"$2"
}

body="CAST(body AS TEXT)"
attack "UPDATE note SET body = (SELECT body FROM note WHERE size = 12)
	WHERE size = 14"
refuses 'newest checkpoint is not that of the log.s 14 entries' 13
attack "DELETE FROM note WHERE size = 14"
refuses 'newest checkpoint is not that' 13
attack "DELETE FROM note"
refuses 'checkpoint' 13
attack "UPDATE note SET body = CAST(replace($body, char(10) || '14' || char(10),
	char(10) || '15' || char(10)) AS BLOB) WHERE size = 14"
refuses 'newest checkpoint' 13
attack "UPDATE note SET body = x'00' WHERE size = 14"
refuses 'newest checkpoint' 13
attack "UPDATE leaf SET body = CAST(replace($body, 'uid:', 'uid.') AS BLOB)
	WHERE seq = 13"
refuses "last entry \(13\) is not the one in the log's tree" 13
attack "UPDATE leaf SET body = x'7b7d' WHERE seq = 13"
refuses 'the last entry \(13\) is not the seal of this log' 13
attack "DELETE FROM leaf WHERE seq = 13"
refuses 'the last entry \(12\) is not the seal' 12
attack "UPDATE leaf SET body = x'7b7d' WHERE seq = 0"
refuses 'entry 0' 13
attack "DELETE FROM leaf WHERE seq = 0"
refuses 'first entry has the number 1' 13
attack "INSERT INTO leaf SELECT -1, body FROM leaf WHERE seq = 1"
refuses 'first entry has the number -1' 13
attack "DELETE FROM leaf"
refuses 'no genesis' ''
# 14 entries: the edge is made of the nodes 3/0, 2/2 and 1/6
attack "DELETE FROM node WHERE level = 3"
refuses "the log's tree lacks node 3/0" 13
attack "UPDATE node SET hash = zeroblob(32) WHERE last = 11 AND level = 2"
refuses 'newest checkpoint is not that' 13
attack "UPDATE node SET hash = zeroblob(32) WHERE last = 13"
refuses "last entry \(13\) is not the one in the log's tree" 13
attack "UPDATE node SET hash = x'00' WHERE last = 13"
refuses "the log's tree lacks node 1/6" 13

# an entry in between: what append does not read, verify does
attack "UPDATE leaf SET body = CAST(replace($body, '\"one\"', '\"two\"')
	AS BLOB) WHERE seq = 6"
run 0 mipo-audit append <one
run 1 mipo-audit verify --format=table
like "$T/out" '^FAIL +order +entry 6:'
