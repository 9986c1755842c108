#!/bin/sh
# Functions of bin/ and lib/: 60 lines at most from the name to the closing
# brace, 90 in a hundred at most 40, half of them at most 17; main() 40.
. "${0%/*}/../style.sh"

rule() {
	files 'lib/*.c' 'bin/*.c' | xargs -r awk '
	/^[a-zA-Z_].*\(/ && !/;[ \t]*$/ { name = $0; from = FNR }
	/^\{/ { inside = 1 }
	/^\}/ && inside {
		inside = 0
		sub(/\(.*/, "", name)
		sub(/.*[ *]/, "", name)
		print FNR - from + 1, FILENAME ":" from, name
	}' | sort -n >"$T/functions"
	awk '
	$1 > 60 || $3 == "main" && $1 > 40 {
		print $2 ": " $3 "() has " $1 " lines"
	}
	{ length_of[NR] = $1 }
	END {
		half = length_of[int((NR + 1) / 2)]
		ninety = length_of[int(NR * 0.9 + 0.5)]
		if (half > 17)
			print "half of the functions have over 17 lines: " half
		if (NR >= 10 && ninety > 40)
			print "one in ten has over 40 lines: " ninety
	}' "$T/functions"
}

body() {
	printf 'int\n%s(void)\n{\n' "$1"
	seq "$2" | sed 's/.*/	x();/'
	printf '}\n'
}

body main 38 | bad bin/a.c 'main() has 41 lines'
body x 58 | bad lib/data/a.c 'x() has 61 lines'
for n in 5 5 5 5 5 5 5 5 39 39; do body x "$n"; done |
	bad lib/data/a.c 'one in ten has over 40 lines: 42'
{ body a 3; body b 15; body c 16; } | bad lib/data/a.c 'over 17 lines: 18'
{ body a 3; body b 14; body c 16; } | good lib/data/a.c
hold
