#!/bin/sh
# 80 columns, tabs of 8, in all that people read; no blank at a line's end,
# no carriage return, a line feed at the end. Data is exempt.
. "${0%/*}/../style.sh"

data='share|tests/cases|tests/data|tests/fuzz/corpus'

rule() {
	files '*' | grep -vE "^($data)/|\\.pcap\$|\\.png\$" |
	while IFS= read -r file; do
		[ -s "$file" ] || continue
		expand -t 8 "$file" | LC_ALL=C awk -v file="$file" '
		{
			line = $0
			gsub(/[\200-\277]/, "", line)
		}
		length(line) > 80 {
			print file ":" FNR ": " length(line) " columns"
		}
		/[ \t\r]$/ { print file ":" FNR ": blank at the end" }'
		[ -z "$(tail -c 1 "$file")" ] ||
			printf '%s: no line feed at the end\n' "$file"
	done
}

printf '\t\t\t\t\t\t\t\t\t\tx\n' | bad a.c '81 columns'
printf 'text\t\n' | bad README 'blank at the end'
printf 'text' | bad README 'no line feed'
printf 'text\r\n' | bad README 'blank at the end'
printf '\t\t\t\t\t\t\t\t\t1234567\303\274\n' | good a.c
hold
