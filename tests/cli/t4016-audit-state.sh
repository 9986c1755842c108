#!/bin/sh
# What stands beside the entries of a state: Merkle nodes, side objects, the
# ratchet's keys and the schema. verify holds all of it to the entries, says
# FAIL in one row, and goes on with the rest.
# timeout: 300
. "${0%/*}/../lib.sh"
need sqlite3
MIPO_STATE=$T/state
export MIPO_STATE

# 16 entries: all nodes of levels 1 to 4
run 0 mipo-store init --org=lab
echo '{"type":"note.a","text":"one"}' >one
for _ in 4 6 8 10 12 14; do
	run 0 mipo-audit append <one
done
mipo-audit keys --vkey >vkey
cp -r state good

# bend SQL: on a fresh copy; attack SQL: past the triggers, which are kept
bend() {
	rm -rf state
	cp -r good state
	sqlite3 state/mipo.db "$1" || fail "cannot: $1"
}

attack() {
	sqlite3 good/mipo.db "SELECT 'DROP TRIGGER ' || name || ';'
		FROM sqlite_schema WHERE type = 'trigger'" >dropped.sql
	sqlite3 good/mipo.db "SELECT sql || ';'
		FROM sqlite_schema WHERE type = 'trigger'" >made.sql
	bend "$(cat dropped.sql) $1; $(cat made.sql)"
}

# older STATE: its database, but not its keys
older() {
	rm -f state/mipo.db*
	cp "$1"/mipo.db* state/
}

# finds CHECK TEXT: that row fails and no other
finds() {
	run 1 mipo-audit verify --key=vkey --format=table
	like "$T/out" "^FAIL +$1 +$2"
	eq 'rows that fail' "$(grep -c '^FAIL' "$T/out")" 1
	like "$T/out" '^PASS +seals '
	like "$T/out" '^tampered$'
	lines 0 "$T/err"
}

run 0 mipo-audit verify --key=vkey --format=table
for check in schema table nodes sides ratchet; do
	like "$T/out" "^PASS +$check "
done
like "$T/out" '^PASS +sides +of 7 side objects 7 are here, .*; 0 were forg'

# node LEVEL LAST TEXT: so is a node named, the first of those that are bad
node() {
	finds nodes "the Merkle node of level $1 that ends with entry $2 $3"
}
attack "DELETE FROM node"
node 1 1 'is missing \(and 14 more\)$'
attack "DELETE FROM node WHERE last = 7 AND level = 2"
node 2 7 'is missing$'
attack "DELETE FROM node WHERE last = 15 AND level = 4"
node 4 15 'is missing$'
attack "UPDATE node SET hash = zeroblob(32) WHERE last = 11 AND level = 1"
node 1 11 'is not what'
attack "UPDATE node SET hash = CAST(hash || 'x' AS BLOB)
	WHERE last = 3 AND level = 2"
node 2 3 'is not what'
for row in '16, 1' '2, 1' '3, 3' '-1, 1' '-9, 2' '7, 0' '7, -1' \
	'9223372036854775807, 63'; do
	attack "INSERT INTO node VALUES($row, zeroblob(32))"
	node "${row#*, }" "${row%,*}" "is none of this tree's$"
done
attack "UPDATE node SET last = 100 WHERE last = 7 AND level = 3"
node 3 7 'is missing \(and 1 more\)$'

# rows under numbers that no entry and no checkpoint has
attack "INSERT INTO leaf SELECT -1, body FROM leaf WHERE seq = 4"
finds table 'the database has 1 entries and 0 checkpoints under'
attack "INSERT INTO note SELECT 0, body FROM note WHERE size = 6;
	INSERT INTO note SELECT -6, body FROM note WHERE size = 6"
finds table 'the database has 0 entries and 2 checkpoints under'

# side objects: changed, unnamed, renamed; forgotten is legal
attack "UPDATE side SET body = CAST(body || ' ' AS BLOB)
	WHERE digest = (SELECT min(digest) FROM side)"
finds sides 'the bytes of side object [0-9a-f]{64} are others'
attack "INSERT INTO side VALUES(x'00', x'00')"
finds sides 'the bytes of side object 00 are others'
printf forged >forged
attack "INSERT INTO side VALUES(x'$(sha256sum forged | cut -c1-64)',
	readfile('forged'))"
finds sides '1 side objects are named by no entry'
attack "DELETE FROM side WHERE digest <> (SELECT min(digest) FROM side)"
run 0 mipo-audit verify --key=vkey --format=table
like "$T/out" '^PASS +sides +of 7 side objects 1 are here, .*; 6 were forg'

# the ratchet: keys of another time, of another log, of nobody, no keys
rm -rf state
cp -r good state
run 0 mipo-audit append <one
cp -r state newer
older good
finds ratchet "the keys are for seal 8, .* is seal 7: the database was rolled"
rm -rf state
cp -r newer state
cp good/keys/ratchet state/keys/ratchet
finds ratchet "the keys are for seal 7, .* is seal 8: the key file was rolled"
run 0 mipo-store init --org=lab --state="$T/other" \
	--recovery-key=mipo-recovery.key.pub
for _ in 4 6 8 10 12 14 16; do
	mipo-audit append --state="$T/other" <one >/dev/null
done
cp other/keys/ratchet state/keys/ratchet
finds ratchet 'keys/ratchet holds another key for seal 8 than the log names'
head -c 8192 /dev/zero >state/keys/ratchet
finds ratchet 'keys/ratchet holds no key'
: >state/keys/ratchet
finds ratchet '.*not a file of 8192 bytes'
rm state/keys/ratchet
mkfifo state/keys/ratchet
finds ratchet '.*not a file of 8192 bytes'
rm state/keys/ratchet
run 0 mipo-audit verify --key=vkey --format=table
like "$T/out" '^NOT CHECKED +ratchet +.*keys/ratchet: No such file'
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	rm -rf state
	cp -r newer state
	chmod -R go+rX state "$T"
	chmod 0700 state/keys
	run 0 setpriv --reuid=65534 --regid=65534 --clear-groups \
		mipo-audit verify --key=vkey --format=table
	like "$T/out" '^NOT CHECKED +ratchet +.*keys/ratchet: Permission den'
fi
# two slots that hold a key, as a crash before or after the commit leaves
rm -rf state
cp -r good state
if [ "$(head -c 4096 good/keys/ratchet | tr -d '\0' | wc -c)" -eq 0 ]; then
	first=newer second=good
else
	first=good second=newer
fi
{ head -c 4096 $first/keys/ratchet && tail -c 4096 $second/keys/ratchet; } \
	>state/keys/ratchet
for db in good newer; do
	older $db
	run 0 mipo-audit verify --key=vkey --format=table
	like "$T/out" '^PASS +ratchet '
done

# the schema: one row, and the rest of the report
bend "DROP TRIGGER leaf_no_DELETE"
finds schema '.*mipo.db: the schema lacks some of ours'
bend "CREATE TABLE other_table(x)"
finds schema '.*mipo.db: a foreign table in the schema: other_table'
bend "DROP TRIGGER note_no_UPDATE; CREATE TRIGGER note_no_UPDATE
	BEFORE UPDATE ON note BEGIN SELECT 1; END"
finds schema ".*mipo.db: the schema's note_no_UPDATE is not ours"
bend "ALTER TABLE leaf ADD COLUMN x ANY"
finds schema ".*mipo.db: the schema's leaf is not ours"

# what every other program says of such a state: one line, 6
bend "DROP TRIGGER leaf_no_DELETE"
others() {
	run 6 "$@"
	lines 1 "$T/err"
	like "$T/err" 'mipo\.db: '
	empty "$T/out"
}
others mipo-audit log
others mipo-audit checkpoint
others mipo-audit keys
others mipo-audit export -o "$T/none.tar"
[ ! -e none.tar ] || fail 'something was left'
others mipo-store scans
others mipo-store show
others mipo-store check
others mipo-alarm list
others mipo-export csv
others mipo-export report -o "$T/none.html"
[ ! -e none.html ] || fail 'something was left'
run 6 mipo-audit append <one
lines 1 "$T/err"

# where a table of the log is gone or no table: what can be read, is
bend "DROP TABLE side"
run 1 mipo-audit verify --key=vkey --format=table
like "$T/out" '^FAIL +schema '
like "$T/out" '^FAIL +table +the database cannot be read on after 0 entries'
bend "DROP TABLE leaf; CREATE VIEW leaf AS WITH RECURSIVE n(i) AS
	(SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT i AS seq,
	x'00' AS body FROM n"
run 1 timeout 60 mipo-audit verify --key=vkey --format=table
like "$T/out" '^FAIL +schema '

# a damaged page in the middle of the entries
rm -rf state
cp -r good state
page=$(sqlite3 state/mipo.db "PRAGMA wal_checkpoint(TRUNCATE);
	SELECT rootpage FROM sqlite_schema WHERE name = 'leaf'" | tail -n 1)
printf '\377' | dd of=state/mipo.db bs=1 seek=$(((page - 1) * 4096)) \
	conv=notrunc 2>/dev/null
run 1 mipo-audit verify --key=vkey --format=table
like "$T/out" '^FAIL +table +the database cannot be read on after'
lines 0 "$T/err"
run 6 mipo-audit log
lines 1 "$T/err"
has "$T/err" 'malformed'
