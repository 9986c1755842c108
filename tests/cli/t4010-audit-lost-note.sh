#!/bin/sh
# A state whose newest checkpoint is gone is no whole log; and a result that
# goes nowhere is an error.
. "${0%/*}/../lib.sh"

export MIPO_STATE="$T/state"
run 0 mipo-store init --org lab --make-recovery-key "$T/recovery"
printf '{"type":"note.a","ts":"2026-11-22T10:00:00.000Z","v":1}\n' >note
run 0 mipo-audit append <note
mipo-audit keys --vkey >vkey
run 0 mipo-audit verify --format=text --key "$(cat vkey)" "$MIPO_STATE"

guard=$(sqlite3 "$MIPO_STATE/mipo.db" \
	"select sql from sqlite_master where name = 'note_no_DELETE'")
sqlite3 "$MIPO_STATE/mipo.db" "drop trigger note_no_DELETE;
	delete from note where size = 6; $guard;"
run 1 mipo-audit verify --format=text --key "$(cat vkey)" "$MIPO_STATE"
like "$T/out" 'FAIL  *checkpoint  entry 4: the newest signs 4 of 6 entries'

status=0
mipo-store scans >&- 2>"$T/err" || status=$?
eq 'nothing to say, nothing lost' "$status" 0
mipo-audit keys >&- 2>"$T/err" || status=$?
eq 'a result lost' "$status" 2
