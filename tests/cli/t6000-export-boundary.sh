#!/bin/sh
# The boundary text is in every form that leaves mipo-export, word for word,
# also when there was nothing to export.
. "${0%/*}/../programs.sh"
. "${0%/*}/../looks.sh"
need jq

run 3 mipo-export ndjson - </dev/null
mv out first
json 'select(.type == "evidence.start") | .boundary' first >boundary
has boundary 'certifies nothing'
has boundary 'which is not closed'
look look 1 2024-11-22T10:00:00.000Z 22,80 complete 198.18.0.1:22:open

# What a person reads: markup, quotes and line ends of the form undone.
plain() {
	tr '\n' ' ' <"$1" | sed -e 's/<[^>]*>/ /g' -e 's/&#39;/'\''/g' \
		-e 's/""/"/g' -e 's/  */ /g'
	echo
}

n=0
for form in $(subs mipo-export); do
	for input in /dev/null look; do
		[ "$input" = look ] && status=0 || status=3
		run "$status" mipo-export "$form" - <"$input"
		plain out >said
		has said "$(cat boundary)"
		n=$((n + 1))
	done
done
[ "$n" -ge 6 ] || fail "only $n forms were asked"
