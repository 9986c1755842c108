#!/bin/sh
# The ndjson form keeps every line as it was, can be read again, and holds
# to its window.
. "${0%/*}/../lib.sh"
. "${0%/*}/../looks.sh"
need jq

look one 1 2026-11-22T10:00:00.000Z 22,80 complete 198.18.0.1:22:open
look two 2 2026-11-22T11:00:00.000Z 22,80 complete 198.18.0.1:80:open
# Not canonical, of an unknown type, with an unknown key: passed on as it is.
echo '{ "v":1, "type":"weather", "ts":"2026-11-22T11:00:00.000Z", "x":[] }' \
	>other

run 0 mipo-export ndjson one two other
sed '1d;$d' out >inner
cat one two other >want
same want inner
sed '$d' out >before
eq digest "$(json 'select(.type == "evidence.end") | .stream_sha256' out)" \
	"$(sha256sum <before | cut -c1-64)"
eq count "$(json 'select(.type == "evidence.end") | .count' out)" \
	"$(wc -l <inner)"

# Again, and what does not hold in it is found.
mv out export
run 0 mipo-export ndjson export
sed '1d;$d' out >inner
same export inner
sed '3s/"port":22/"port":80/' export >forged
run 6 mipo-export ndjson forged
sed '/weather/d' export >short
run 6 mipo-export ndjson short
has err 'evidence.end'

# The window.
run 0 mipo-export ndjson --from 2026-11-22T10:30:00Z one two other
eq "scans after" "$(json 'select(.type == "scan.start") | .scan' out)" \
	"$(id32 2)"
run 0 mipo-export ndjson --to 2026-11-22T11:00:00Z one two other
eq "scans before" "$(json 'select(.type == "scan.start") | .scan' out)" \
	"$(id32 1)"
hasnt out weather
run 2 mipo-export ndjson --from 2026-11-22T11:00:00 one
run 2 mipo-export ndjson --from 2026-11-22T11:00:00Z \
	--to 2026-11-22T11:00:00Z one
