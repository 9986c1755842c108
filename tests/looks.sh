# shellcheck shell=sh
# Made-up streams for tests: . "${0%/*}/../looks.sh", after lib.sh.
#
# look FILE ID TIME PORTS VERDICT [IP:PORT:STATE ...]   one look of
#     198.18.0.0/24, network lab, vantage inside; ID is 1 to 32 hex digits,
#     VERDICT "cut" leaves the receipt out; unlisted pairs are filtered.
# frame FILE KIND COUNT END   closes what stands in FILE from KIND.start on
#     with KIND.end: COUNT, END more fields as ',"a":1', and the digest.

id32() {
	printf '%032d' 0 | sed "s/.\\{${#1}\\}\$/$1/"
}

look() {
	look_file=$1 look_id=$(id32 "$2") look_time=$3 look_ports=$4 look_is=$5
	shift 5
	look_end=yes
	[ "$look_is" != cut ] || look_end=no look_is=complete
	for look_pair; do
		look_port=${look_pair#*:}
		printf '%s %s %s\n' "${look_pair%%:*}" "${look_port%:*}" \
			"${look_pair##*:}"
	done | "$BUILD/tests/bench/make-look" scan="$look_id" \
		vantage=inside time="$look_time" ports="$look_ports" \
		states='open closed' verdict="$look_is" end="$look_end" \
		>"$look_file"
}

frame() {
	frame_sha=$(sed -n "/\"type\":\"$2.start\"/,\$p" "$1" | sha256sum)
	printf '{"count":%d%s,"stream_sha256":"%s","ts":"%s",%s\n' "$3" "$4" \
		"${frame_sha%% *}" 2024-11-22T12:00:00.000Z \
		"\"type\":\"$2.end\",\"v\":1}" >>"$1"
}
