#!/bin/sh
# A header's functions are promises: each group of them (lines with no empty
# line between) has a comment, unless the name alone says it (_new, _dup,
# _init, _free, _release), and each name begins with mipo_. A source of a
# room includes its own header first, so that the header stands alone.
. "${0%/*}/../style.sh"

rule() {
	files 'lib/*.h' | xargs -r awk '
	/^$/ { said = 0 }
	/\*\/|^\/\*|^\/\// { said = 1 }
	/^(#|[{}]|\t| )/ { next }
	/^[a-z].*[ *][a-z_0-9]+\(.*/ && !/^(typedef|struct [a-z_]+ \{)/ {
		name = $0
		sub(/\(.*/, "", name)
		sub(/.*[ *]/, "", name)
		if (!said && name !~ /_(new|dup|init|free|release)$/)
			print FILENAME ":" FNR ": " name "() has no comment"
		if (name !~ /^mipo_[a-z0-9]+(_|$)/)
			print FILENAME ":" FNR ": " name "() is no mipo_ name"
	}'
	files 'lib/*.h' | while IFS= read -r header; do
		guard=$(printf 'MIPO_%s' "${header#lib/}" |
			tr 'a-z/.-' 'A-Z___')
		grep -qxF "#ifndef $guard" "$header" ||
			printf '%s: the guard is not %s\n' "$header" "$guard"
		source=${header%.h}.c
		[ -f "$source" ] || continue
		first=$(sed -n 's/^#include "\(.*\)"$/\1/p' "$source" |
			grep -v '^config\.h$' | head -n 1)
		[ "$first" = "${header#lib/}" ] ||
			printf '%s: its own header is not the first\n' \
				"$source"
	done
}

bad lib/data/a.h 'mipo_x() has no comment' <<'X'
/* The file. */
#ifndef MIPO_DATA_A_H

int mipo_x(void);
X
bad lib/data/a.h 'is no mipo_ name' <<'X'
#ifndef MIPO_DATA_A_H
/* Counts. */
int count(void);
X
bad lib/data/a.h 'the guard is not MIPO_DATA_A_H' <<'X'
#ifndef A_H
X
good lib/data/a-b.h <<'X'
#ifndef MIPO_DATA_A_B_H
#define MIPO_DATA_A_B_H

/*
 * Counts.
 */
int mipo_ab_count(
    void);
const char *mipo_ab_text(void);
X
hold
