#!/bin/sh
# The ndjson form keeps every line as it was, can be read again, and holds
# to its window.
. "${0%/*}/../lib.sh"
. "${0%/*}/../looks.sh"
need jq

look one 1 2024-11-22T10:00:00.000Z 22,80 complete 198.18.0.1:22:open
look two 2 2024-11-22T11:00:00.000Z 22,80 complete 198.18.0.1:80:open
# Not canonical, of an unknown type, with an unknown key: passed on as it is.
echo '{ "v":1, "type":"weather", "ts":"2024-11-22T11:00:00.000Z", "x":[] }' \
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
run 0 mipo-export ndjson --from 2024-11-22T10:30:00Z one two other
eq "scans after" "$(json 'select(.type == "scan.start") | .scan' out)" \
	"$(id32 2)"
run 0 mipo-export ndjson --to 2024-11-22T11:00:00Z one two other
eq "scans before" "$(json 'select(.type == "scan.start") | .scan' out)" \
	"$(id32 1)"
hasnt out weather
run 2 mipo-export ndjson --from 2024-11-22T11:00:00 one
run 2 mipo-export ndjson --from 2024-11-22T11:00:00Z \
	--to 2024-11-22T11:00:00Z one

# What still stands is in every window: a scanner, an alarm that is open.
{
	printf '{"key":"%016d","name":"s","network":"lab","pub":"x",' 1
	printf '"ts":"2024-11-20T00:00:00.000Z","type":"access.scanner",'
	printf '"v":1,"vantage":"inside"}\n'
} >standing
{
	printf '{"network":"lab","ts":"2024-11-20T10:00:01.000Z",'
	printf '"type":"alarm.start","v":1}\n'
	for state in open resolved; do
		printf '{"code":"E02","condition":"true","episode":1,'
		printf '"event":"standing","id":"%s-1","key":"ab",' $state
		printf '"rule":"risky-port","severity":"high","state":"%s",' \
			$state
		printf '"since":"2024-11-20T10:00:01.000Z","summary":"s",'
		printf '"ts":"2024-11-20T10:00:01.000Z","type":"alarm",'
		printf '"v":1}\n'
	done
} >alarms
frame alarms alarm 2 ',"status":"ok"'
run 0 mipo-export ndjson --from 2024-11-22T10:30:00Z standing alarms
has out '"access.scanner"'
eq "alarms that stand" "$(json 'select(.type == "alarm") | .id' out)" open-1
run 0 mipo-export ndjson --to 2024-11-20T10:00:00Z standing alarms
eq "alarms that began" "$(json 'select(.type == "alarm") | .id' out)" ''
