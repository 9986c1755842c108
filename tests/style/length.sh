#!/bin/sh
# Files of bin/ and lib/ have 400 lines at most, headers 120; the rows of
# tables (initialisers at file scope) do not count.
. "${0%/*}/../style.sh"

rule() {
	files 'lib/*.[ch]' 'bin/*.[ch]' | xargs -r awk '
	function report() {
		if (count > (file ~ /\.h$/ ? 120 : 400))
			print file ": " count " lines"
	}
	FNR == 1 { report(); file = FILENAME; count = table = 0 }
	/^[a-z].*= \{$/ { table = 1 }
	{ count += !table }
	/^\};?$/ { table = 0 }
	END { report() }'
}

seq 401 | bad lib/data/a.c '401 lines'
seq 121 | bad lib/data/a.h '121 lines'
{
	echo 'static const struct row rows[] = {'
	seq 500
	echo '};'
	seq 398
} | good lib/data/a.c
hold
