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
	look_scope=$(printf '%s' "$look_ports" | sha256sum | cut -c1-64)
	look_n=$((256 * $(printf '%s' "$look_ports" | tr , '\n' | grep -c .)))
	look_zero=$(printf '%064d' 0)
	{
		printf '{"config_sha256":"%s","exclusions":[],"key":"none",' \
			"$look_zero"
		printf '"method":"syn","network":"lab","planned":%d,' "$look_n"
		printf '"ports":"%s","proto":"tcp","scan":"%s",' \
			"$look_ports" "$look_id"
		printf '"scope_sha256":"%s","seed":"%s",' "$look_scope" \
			0000000000000000
		printf '"silent_as":"filtered","states":["open","closed"],'
		printf '"targets":["198.18.0.0/24"],"tool":"mipo-scan 0",'
		printf '"ts":"%s","type":"scan.start","v":1,' "$look_time"
		printf '"vantage":"inside"}\n'
		for look_pair; do
			look_port=${look_pair#*:} look_state=${look_pair##*:}
			look_why=syn-ack
			[ "$look_state" = open ] || look_why=rst
			printf '{"ip":"%s","port":%d,"proto":"tcp",' \
				"${look_pair%%:*}" "${look_port%:*}"
			printf '"reason":"%s","scan":"%s","state":"%s",' \
				"$look_why" "$look_id" "$look_state"
			printf '"ts":"%s","type":"obs","v":1}\n' "$look_time"
		done
	} >"$look_file"
	[ "$look_is" = cut ] || look_end "$@"
}

look_end() {
	look_open=0 look_closed=0
	for look_pair; do
		case $look_pair in
		*:open)	look_open=$((look_open + 1)) ;;
		*)	look_closed=$((look_closed + 1)) ;;
		esac
	done
	{
		printf '{"accepted":%d,"answered":%d,"attempted":%d,' \
			"$look_n" $# "$look_n"
		printf '"canaries":[],"capture_drops":0,'
		printf '"capture_received":%d,' $#
		printf '"counts":{"closed":%d,"filtered":%d,"open":%d,' \
			"$look_closed" $((look_n - $#)) "$look_open"
		printf '"open_filtered":0,"unreachable":0},"key":"none",'
		printf '"loss_ppm":0,"passes":[],"permutation":{"id":"x",'
		printf '"key":"00"},"planned":%d,"reasons":[],' "$look_n"
		printf '"records":%d,"sandbox":[],"scan":"%s",' $(($# + 1)) \
			"$look_id"
		printf '"send_errors":[],"send_pps":1000,"signed":"none",'
		printf '"started":"%s","state_sha256":"%s",' "$look_time" \
			"$look_zero"
		printf '"stream_sha256":"%s",' \
			"$(sha256sum <"$look_file" | cut -c1-64)"
		printf '"ts":"%s","type":"scan.end","v":1,"verdict":"%s"}\n' \
			"$look_time" "$look_is"
	} >"$look_file.end"
	cat "$look_file.end" >>"$look_file"
	rm "$look_file.end"
}

frame() {
	frame_sha=$(sed -n "/\"type\":\"$2.start\"/,\$p" "$1" | sha256sum)
	printf '{"count":%d%s,"stream_sha256":"%s","ts":"%s",%s\n' "$3" "$4" \
		"${frame_sha%% *}" 2024-11-22T12:00:00.000Z \
		"\"type\":\"$2.end\",\"v\":1}" >>"$1"
}
