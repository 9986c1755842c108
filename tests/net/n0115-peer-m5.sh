#!/bin/sh
# M5: SIGTERM ends masscan without whole output, or any; when the interface
# goes down it never ends, nor tells of a send that failed (M6). Ours has a
# whole receipt both times, and names the failed sends.
. "${0%/*}/../peers.sh"

answer_lab
answering synack
cut='on s ip link set v0 down'

# 400 probes at 200 a second: over in three seconds.
peer() {
	on s timeout 6 masscan --interface v0 --source-ip 198.18.0.1 \
		--router-mac "${router:?}" --wait 1 --rate 200 -p 1-400 \
		-oJ "$T/found" 198.18.0.4 >"$T/peer" 2>"$T/peer-err"
}
if has_peer masscan; then
	struck 'signal TERM masscan' peer
	whole_json=0
	[ ! -s "$T/found" ] || ! jq . "$T/found" >/dev/null 2>&1 ||
		whole_json=1
	shown "$((whole_json == 0))" \
		"masscan, status ${status:?} by SIGTERM, leaves no JSON"
	struck "$cut" peer
	shown "$((${status:?} == 124))" \
		"masscan, interface down, had to be ended (status ${status:?})"
	grep -qiE 'fail|error|down' "$T/peer-err" && named=1 || named=0
	shown "$((named == 0))" 'masscan names no send that failed'
	on s ip link set v0 up
fi

ours() {
	on s mipo-scan --json --wait=1 --rate=200 -p 1-400 198.18.0.4 \
		>"$T/out" 2>"$T/err"
}
# ended WHAT STATUS VERDICT
ended() {
	struck "$1" ours
	eq "status after $1" "${status:?}" "$2"
	whole "$T/out"
	eq "verdict after $1" "$(receipt .verdict)" "$3"
	[ "$(receipt .counts.open)" -gt 0 ] || fail "nothing kept after $1"
}
ended 'signal TERM mipo-scan' 143 interrupted
ended "$cut" 3 incomplete
left_by ENETDOWN
