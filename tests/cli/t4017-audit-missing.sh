#!/bin/sh
# Who meets a missing or wrong object, entry or checkpoint on the way ends
# with 6 and one line that names it, and leaves nothing half-written.
# timeout: 300
. "${0%/*}/../lib.sh"
need sqlite3
look="$BUILD/tests/bench/make-look"
[ -x "$look" ] || skip "make-look is not built"
id() { printf '%032x' "$1"; }
MIPO_STATE=$T/state
export MIPO_STATE
run 0 mipo-store init --org=lab --network=own
printf '198.18.0.1 22 open\n198.18.0.1 80 open\n' >pairs
"$look" scan="$(id 1)" time=2026-11-20T10:00:00.000Z <pairs >one
"$look" scan="$(id 2)" time=2026-11-20T11:00:00.000Z <pairs >two
run 0 mipo-store record <one
run 0 mipo-audit export -o good.tar
run 0 mipo-audit verify --format=table --key="$(mipo-audit keys --vkey)" \
	good.tar
cp -r state good
object=$(sqlite3 state/mipo.db 'SELECT stream FROM scan')
file=$(find state/objects -type f)

fresh() {
	rm -rf state
	cp -r good state
}

# meets TEXT CMD...: 6, one line that has TEXT
meets() {
	text=$1
	shift
	run 6 timeout 60 "$@"
	lines 1 "$T/err"
	like "$T/err" "$text"
}

# everyone who reads the object; for check it is the answer (1)
all_meet() {
	rm -f out.tar out.html
	meets "$1" mipo-audit export -o out.tar
	[ ! -e out.tar ] || fail 'a half bundle is left'
	meets "$1" mipo-export report -o out.html
	[ ! -e out.html ] || fail 'a half report is left'
	meets "$1" mipo-export csv
	meets "$1" mipo-diff --against=last two
	meets "$1" mipo-store rebuild
	run 1 timeout 60 mipo-store check
	has "$T/out" "$object"
	ls -A >after
	hasnt after .tmp
}

rm -f "$file"
all_meet "$object: it is missing"
fresh
rm -f "$file"
mkfifo "$file"
all_meet "$object: it is no plain file"
fresh
chmod u+w "$file"
: >"$file"
all_meet "$object: it is cut"
fresh
chmod u+w "$file"
printf x >>"$file"
all_meet "$object: "

# an entry of another form, an entry that is gone, no checkpoint
attack() {
	fresh
	{
		sqlite3 good/mipo.db "SELECT 'DROP TRIGGER ' || name || ';'
			FROM sqlite_schema WHERE type = 'trigger'"
		printf '%s;\n' "$1"
		sqlite3 good/mipo.db "SELECT sql || ';'
			FROM sqlite_schema WHERE type = 'trigger'"
	} >sql
	sqlite3 state/mipo.db <sql || fail "the attack failed: $1"
}

attack "UPDATE leaf SET body = x'7b7d' WHERE seq = 4"
meets 'entry 4' mipo-audit export -o out.tar
meets 'entry 4' mipo-export report -o out.html
meets 'entry 4' mipo-store rebuild
meets 'scan 0+1' mipo-diff --against=last two
attack "UPDATE leaf SET body = x'7b7d' WHERE seq = 0"
meets 'genesis|entry' mipo-audit keys --vkey
meets 'entry 0' mipo-audit export -o out.tar
attack "DELETE FROM leaf WHERE seq = 4"
meets 'entries are not' mipo-audit export -o out.tar
meets 'log lacks entry 4' mipo-diff --against=last two
attack "DELETE FROM note"
meets 'the log has no checkpoint' mipo-audit checkpoint
meets 'the log has no checkpoint' mipo-audit export -o out.tar
attack "UPDATE note SET body = x'00'"
meets 'newest checkpoint' mipo-audit export -o out.tar
meets 'newest checkpoint' mipo-audit checkpoint
empty "$T/out"
[ ! -e out.tar ] || fail 'a half bundle is left'
[ ! -e out.html ] || fail 'a half report is left'

# a checkpoint that is not what it is kept as, or not by the log's key
for set in "body = CAST(replace(CAST(body AS TEXT), 'lab/', 'lob/') AS BLOB)" \
	"body = CAST(CAST(body AS TEXT) || char(27) AS BLOB)" \
	"body = (SELECT body FROM note ORDER BY size LIMIT 1)" \
	"body = readfile('$T/stranger')"; do
	rm -rf other
	run 0 mipo-store init --state="$T/other" --org=lab \
		--recovery-key=mipo-recovery.key.pub
	mipo-audit checkpoint --state="$T/other" >stranger
	attack "UPDATE note SET $set WHERE size = (SELECT max(size) FROM note)"
	meets 'the newest checkpoint: ' mipo-audit checkpoint
	empty "$T/out"
done

attack "UPDATE note SET body = x'00'"

# what was there before is still there
echo kept >out.tar
meets 'newest checkpoint' mipo-audit export -o out.tar
eq 'the old file' "$(cat out.tar)" kept
