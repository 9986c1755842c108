#!/bin/sh
# mipo-record(5) and the JSON Schema are what the table of types says, and
# the schema takes and refuses the same records as the programs do.
. "${0%/*}/../lib.sh"

program=$BUILD/tests/style/mipo-schema
schema=$SRC/share/schema/mipo-record.schema.json

# committed FILE VERB: FILE is what the program prints.
committed() {
	run 0 "$program" "$2"
	cmp -s "$T/out" "$SRC/$1" && return 0
	diff -u "$SRC/$1" "$T/out" | head -n 30
	fail "$1 is out of date: make schema writes it anew"
}

committed man/mipo-record.5 man
committed share/schema/mipo-record.schema.json json
run 2 "$program" check "$T/nothing"
run 2 "$program"

need python3
python3 -c 'import jsonschema' 2>/dev/null || skip 'no python3-jsonschema'
judge=$SRC/tests/style/records.py
python3 "$judge" make "$schema" >records || fail 'records.py make'
python3 "$judge" check "$schema" records >theirs || fail 'records.py check'
"$program" check records >ours || fail 'mipo-schema check'
for word in good bad; do
	[ "$(grep -c "$word" theirs)" -gt 30 ] || fail "few $word records"
done
if ! cmp -s ours theirs; then
	diff ours theirs | sed -n 's/^[<>] \([0-9]*\) .*/\1/p' | sort -nu |
		head -n 3 | while read -r n; do
		grep "^$n " ours theirs
		sed -n "${n}p" records
	done
	fail 'the schema and the programs do not agree'
fi

# What the programs write is in the table, every field of it.
for look in old new; do
	mipo-scan --method=connect --states=all -p 1,9 127.0.0.1 127.0.0.2 \
		>$look 2>err || fail "mipo-scan: $(cat err)"
done
mipo-diff old new >changes || fail "mipo-diff ended with $?"
cat old new changes >real
"$program" check real >ours || fail 'mipo-schema check'
python3 "$judge" check "$schema" real >theirs || fail 'records.py check'
python3 "$judge" unknown "$schema" real >strange || fail 'records.py unknown'
hasnt ours bad
hasnt theirs bad
empty strange
[ "$(wc -l <real)" -ge 8 ] || fail 'few records'
