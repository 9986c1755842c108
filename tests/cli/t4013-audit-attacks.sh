#!/bin/sh
# What a thief may do to a log that is stored here: every change is found,
# the first bad entry is named, and so is the prefix that is still good.
# timeout: 300
. "${0%/*}/../lib.sh"
need sqlite3
MIPO_STATE=$T/state
export MIPO_STATE

# genesis, owner, scanner, seal; then commits of two notes and a seal
run 0 mipo-store init --org=lab
cp -r state zero
for n in 4 7 10; do
	printf '{"type":"note.a","text":"entry %d"}\n' "$n" $((n + 1)) |
		mipo-audit append >/dev/null
done
mipo-audit keys --vkey >vkey
cp -r state good
run 0 mipo-audit verify --key=vkey

# attack SQL: on a fresh copy, past the triggers that guard the tables
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

# finds CHECK FIRST GOOD: verify fails in CHECK, first at entry FIRST
finds() {
	run 1 mipo-audit verify --key=vkey --json
	json 'select(.verdict == "FAIL").check' "$T/out" >failed
	like failed "^$1\$"
	eq "first bad entry" "$(json 'select(.type == "verify.end") |
		.first_bad' "$T/out")" "$2"
	eq "good prefix" "$(json 'select(.type == "verify.end") |
		.good_prefix' "$T/out")" "$3"
	eq status "$(json 'select(.type == "verify.end").status' "$T/out")" \
		tampered
}

body="CAST(body AS TEXT)"
attack "UPDATE leaf SET body = CAST(replace($body, 'entry 8', 'entry 9')
	AS BLOB) WHERE seq = 8"
finds order 8 7
attack "UPDATE leaf SET body = CAST(replace($body, 'entry 8', 'entry\\u0038')
	AS BLOB) WHERE seq = 8"
finds form 8 7
attack "UPDATE leaf SET body = CAST($body || ' ' AS BLOB) WHERE seq = 5"
finds form 5 4
attack "UPDATE leaf SET body = x'' WHERE seq = 11"
finds form 11 10
attack "DELETE FROM leaf WHERE seq = 8"
finds order 8 7
attack "DELETE FROM leaf WHERE seq = 8;
	UPDATE leaf SET seq = seq - 1 WHERE seq > 8"
finds order 8 7
attack "UPDATE leaf SET seq = -1 WHERE seq = 7;
	UPDATE leaf SET seq = 7 WHERE seq = 8;
	UPDATE leaf SET seq = 8 WHERE seq = -1"
finds order 7 7
attack "DELETE FROM leaf WHERE seq >= 10" # a whole commit, its note stays
finds checkpoint 10 10
attack "DELETE FROM leaf WHERE seq = 12; DELETE FROM note WHERE size = 13"
finds seals 10 10
attack "INSERT INTO leaf SELECT seq + 9, body FROM leaf WHERE seq = 4"
finds order 13 13
attack "UPDATE leaf SET body = (SELECT body FROM leaf WHERE seq = 4)
	WHERE seq = 5"
finds order 5 4
attack "UPDATE note SET body = (SELECT body FROM note WHERE size = 10)
	WHERE size = 13"
finds checkpoint 10 10
attack "DELETE FROM note"
run 1 mipo-audit verify --key=vkey --json
has "$T/out" 'there is none'
# genesis of another log: another key under the same number
sqlite3 zero/mipo.db "SELECT writefile('genesis', body) FROM leaf
	WHERE seq = 0" >/dev/null
run 0 mipo-store init --org=lab --state="$T/other" \
	--recovery-key=mipo-recovery.key.pub
sqlite3 other/mipo.db "SELECT writefile('genesis', body) FROM leaf
	WHERE seq = 0" >/dev/null
attack "UPDATE leaf SET body = readfile('genesis') WHERE seq = 0"
finds key 0 0

# a commit cut off with all that is beside it is a valid older log: the
# ratchet's key, which has gone on, shows it, and without the keys only what
# somebody outside remembers
mipo-audit checkpoint --state="$T/good" >remembered
cut="DELETE FROM leaf WHERE seq >= 10; DELETE FROM note WHERE size = 13;
	DELETE FROM node WHERE last >= 10"
attack "$cut"
run 1 mipo-audit verify --key=vkey --format=table
like "$T/out" '^FAIL +ratchet +the keys are for seal 4, the log.s next is'
like "$T/out" '^FAIL +sides +1 side objects are named by no entry'
attack "DELETE FROM side WHERE lower(hex(digest)) = (SELECT substr($body,
	instr($body, '\"side\":\"') + 8, 64) FROM leaf WHERE seq = 10); $cut"
mv state/keys kept
run 0 mipo-audit verify --key=vkey --format=table
like "$T/out" '^NOT CHECKED +ratchet .*No such file'
run 1 mipo-audit verify --key=vkey --since=remembered --json
like "$T/out" '"check":"since",.*"verdict":"FAIL"'
run 3 mipo-audit verify --key=vkey --challenge=mine
mv kept state/keys
# the writer sees it too: the ratchet's key has gone on
run 6 mipo-audit append <<-'EOF'
	{"type":"note.a","text":"x"}
	EOF
has "$T/err" 'rolled back'
# and a whole state from a backup, with its old database
rm -rf state
cp -r good state
cp zero/mipo.db* state/
run 1 mipo-audit verify --key=vkey --since=remembered
run 6 mipo-audit append <<-'EOF'
	{"type":"note.a","text":"x"}
	EOF
has "$T/err" 'rolled back'

# another log by other keys
run 1 mipo-audit verify --key=vkey other
run 3 mipo-audit verify other
has "$T/out" 'NOT CHECKED'
