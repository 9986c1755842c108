#!/bin/sh
# Every send path puts the same packets on the wire, and knows of each one
# whether the kernel took it: what it refused in the middle of a batch (a full
# queue) is sent again, what it never takes (too long for the link) is listed
# by its place, and what it took arrives, once.
#
#   s [tap0 .1] ==== a queue of 20 that is emptied now and then
. "${0%/*}/../netns.sh"

run 0 mipo-scan --version
paths=$(sed -n 's/^send: //p' "$T/out")
first=${paths%% *}
note "this build sends by $paths"

spaces s
[ -c /dev/net/tun ] || skip 'no /dev/net/tun here'
start s "$TOOLS/sink" tap0 "$T/frames"
wait_for 5 test -f "$T/frames"
on s ip link set tap0 txqueuelen 20 mtu 600 up
addr s tap0 198.18.0.1/24

arrived() {
	[ "$(wc -l <"$T/frames")" -ge "$1" ]
}

# by PATH NAME ACCEPTED OPTION...: scans; frames to NAME.PATH, sorted
by() {
	path=$1 name=$2 want=$3
	shift 3
	before=$(wc -l <"$T/frames")
	run 3 on s mipo-scan --json --send="$path" --seed=7 --rate=max \
		--retries=0 --wait=0 "$@"
	eq "path of $path" "$(receipt '.send | join(" ")')" "$path"
	eq "accepted by $path" "$(receipt .accepted)" "$want"
	eq "attempted by $path" "$(receipt .attempted)" "$(receipt \
		'.accepted + ([.send_errors[].count] | add // 0)')"
	wait_for 5 arrived "$((before + want))"
	sleep 0.05
	tail -n "+$((before + 1))" "$T/frames" | sort >"$T/$name.$path"
	lines "$want" "$T/$name.$path"
	[ "$path" = "$first" ] || same "$T/$name.$first" "$T/$name.$path"
}

for path in $paths; do
	by "$path" syn 2000 -p 1-250 198.18.0.8/29
	eq "distinct packets by $path" "$(sort -u "$T/syn.$path" | wc -l)" 2000
	eq "errors of $path" "$(receipt '[.send_errors[].errno] | join(" ")')" \
		ENOBUFS
	eq "left by $path" "$(receipt '[.send_errors[].indices[]] | length')" 0
	note "$path: refused $(receipt '.send_errors[0].count') times"
done

# QUIC's question is too long for this link; all others go.
mipo-scan --dry-run --seed=7 --method=udp -p 53,123,443,1000-1100 \
	198.18.0.8/29 | awk '$2 == 443 { print NR - 1 }' >"$T/long"
lines 8 "$T/long"
for path in $paths; do
	by "$path" udp 824 --method=udp -p 53,123,443,1000-1100 198.18.0.8/29
	receipt '.send_errors[] | select(.errno == "EMSGSIZE") |
		.indices[] | "\(.[0]) \(.[1])"' |
		while read -r from to; do
			seq "$from" "$to"
		done >"$T/left"
	same "$T/long" "$T/left"
	eq "covered by $path" "$(receipt '.counts | add')" 824
done
