#!/bin/sh
# append takes notes and nothing else, all of stdin or nothing.
. "${0%/*}/../lib.sh"
MIPO_STATE=$T/state
export MIPO_STATE
run 0 mipo-store init --org=lab

size() {
	mipo-audit checkpoint | sed -n 2p
}
eq "size at first" "$(size)" 4

note() {
	printf '{"type":"note.%s","text":"%s"}\n' "$1" "$2"
}
{ note a one && note b two && note a three; } >three
run 0 mipo-audit append <three
eq seq "$(json .seq "$T/out")" 4
eq n "$(json .n "$T/out")" 3
eq size "$(json .size "$T/out")" 8
eq "size in the checkpoint" "$(size)" 8
root=$(mipo-audit checkpoint | sed -n 3p | base64 -d | od -An -tx1 |
	tr -d ' \n')
eq root "$(json .root "$T/out")" "$root"
run 0 mipo-audit append --format=table <three
like "$T/out" '^seq 8  n 3  size 12  root [0-9a-f]{64}$'

# every kind of ours, and unknown ones, by name and line
kinds=$(sed -n 's/.*"const": *"\([a-z]*\.*[a-z]*\)".*/\1/p' \
	"$SRC/share/schema/mipo-record.schema.json" | grep -v '^note' | sort -u)
[ "$(printf '%s\n' "$kinds" | grep -c .)" -gt 10 ] ||
	fail "no kinds were found in the schema"
for kind in $kinds genesis seal note note. Note.x nota.x; do
	{ note a one && printf '{"type":"%s","text":"x","v":1}\n' "$kind"; } \
		>core
	run 2 mipo-audit append <core
	like "$T/err" "append: stdin:2: $kind is not appended from outside"
	empty "$T/out"
done
eq "size after what was refused" "$(size)" 12

# bad lines: named, and nothing of the batch is written
for bad in '{"type":"note.x"' '[]' '{"text":"no type"}' \
	'{"type":"note.x","type":"note.y"}' '{"type":"note.x","n":1.5}' \
	'{"type":"note.x","v":2,"text":"a"}' \
	'{"type":"note.x","text":"a","ts":"yesterday"}'; do
	{ note a one && printf '%s\n' "$bad"; } >lines
	run 2 mipo-audit append <lines
	like "$T/err" 'append: stdin:2: '
done
printf '{"type":"note.x","text":"cut' >cut.nd
run 2 mipo-audit append <cut.nd
like "$T/err" 'append: stdin:1: the last line is cut'
head -c 66000 /dev/zero | tr '\0' x >long
printf '{"type":"note.x","text":"%s"}\n' "$(cat long)" >big
run 2 mipo-audit append <big
eq "size after bad lines" "$(size)" 12
cp -r "$MIPO_STATE" told
run 2 mipo-audit append </dev/null
empty "$T/out"
lines 1 "$T/err"
has "$T/err" 'stdin is empty: nothing to append'
eq "size after nothing" "$(size)" 12

# appended, but not told: 5, which says that it stands
for format in table ndjson; do
	before=$(size)
	run 5 sh -c "mipo-audit append --format=$format <three >/dev/full"
	like "$T/err" '^mipo-audit: appended, but not told: '
	run 5 sh -c "mipo-audit append --format=$format <three >&-"
	eq 'size after what was not told' "$(size)" $((before + 8))
done
rm -rf "$MIPO_STATE"
cp -r told "$MIPO_STATE"

# log: filters, verbatim bytes, and escaped ones for people
run 0 mipo-audit log
lines 12 "$T/out"
cp "$T/out" all
run 0 mipo-audit log --kind=note.a
lines 4 "$T/out"
run 0 mipo-audit log --kind=note. --kind=seal --since-seq=4
lines 8 "$T/out"
run 0 mipo-audit log --since-seq=11
tail -1 all >last
same last "$T/out"
run 0 mipo-audit log -n 2
lines 2 "$T/out"
run 2 mipo-audit log -n 0
like "$T/err" '^mipo-audit: .*--limit: "0" is not'
run 2 mipo-audit log --last=0
like "$T/err" '^mipo-audit: .*--last: "0" is not'
run 0 mipo-audit log --last=2
tail -2 all >last
same last "$T/out"
run 0 mipo-audit log --last=2 -n 1
tail -2 all | head -1 >last
same last "$T/out"
run 0 mipo-audit log --last=1 --kind=note.a
grep '"kind":"note.a"' all | tail -1 >last
same last "$T/out"
run 0 mipo-audit log --last=99 --since-seq=10
tail -2 all >last
same last "$T/out"
run 0 mipo-audit log --since-seq=99
empty "$T/out"
run 0 mipo-audit log --since-seq=99 --format=table
empty "$T/out"
printf '{"type":"note.evil","text":"\\u001b]0;x\\u0007 \342\200\256"}\n' |
	mipo-audit append >/dev/null
run 0 mipo-audit log --format=table --kind=note.evil
like "$T/out" '\\u202e'
like "$T/out" '^    SEQ  TIME +KIND +ACTOR +WHAT$'
like "$T/out" '  note.evil .*  \\x1b]0;x\\x07 \\u202e$'
lines 2 "$T/out"
run 0 mipo-audit log --format=table -n 3
like "$T/out" '  genesis +[^ ]+ +lab/mipo-audit/'
like "$T/out" '  access.scanner '
hasnt "$T/out" '{'
hasnt "$T/out" "$(printf '\033')"
# the leaf hash of an entry is what the next one calls prev
i=0
while [ "$i" -lt 11 ]; do
	i=$((i + 1))
	{ printf '\0' && sed -n "${i}p" all | tr -d '\n'; } >leaf
	eq "prev of entry $i" "$(sed -n "$((i + 1))p" all |
		jq -r .prev)" "$(sha256sum leaf | cut -c1-64)"
done

# a writer that holds the lock too long: 4
(
	exec 9<>"$MIPO_STATE/keys/ratchet"
	flock 9
	run 4 mipo-audit append --wait=100ms <three
)
run 0 mipo-audit append --wait=100ms <three
run 3 mipo-audit verify
hasnt "$T/out" FAIL
