#!/bin/sh
# bench-send.sh [ROUNDS]: packets a second that leave one core towards a peer
# that drops them at its ingress: mipo-scan against a bare sendmmsg loop that
# sends one fixed frame, and against zmap and masscan where they are
# installed, in turns. Needs root and namespaces. Run in the build tree, or
# with MIPO_BUILD=DIR. The bar is 0.9 of the bare loop.
set -eu

rounds=${1:-3}
build=$(cd "${MIPO_BUILD:-.}" && pwd)
ns=bench$$
dir=$(mktemp -d "${TMPDIR:-/tmp}/mipo-bench.XXXXXX")
clean() {
	ip netns del "${ns}s" 2>/dev/null || :
	ip netns del "${ns}t" 2>/dev/null || :
	rm -rf "$dir"
}
trap clean EXIT
trap 'exit 130' INT TERM

ip netns add "${ns}s"
ip netns add "${ns}t"
ip -n "${ns}s" link add v0 type veth peer name v1 netns "${ns}t"
ip -n "${ns}s" addr add 198.18.0.1/24 dev v0
ip -n "${ns}t" addr add 198.18.0.2/24 dev v1
ip -n "${ns}s" link set v0 up
ip -n "${ns}t" link set v1 up
ip -n "${ns}s" route add 198.19.0.0/16 via 198.18.0.2
ip netns exec "${ns}t" nft -f - <<X
table netdev bench {
 chain in {
  type filter hook ingress device "v1" priority 0
  ip protocol tcp drop
 }
}
X
mac=$(ip -n "${ns}t" -j link show v1 | jq -r '.[0].address')

arrived() {
	ip netns exec "${ns}t" cat /sys/class/net/v1/statistics/rx_packets
}

# Hundredths of a second of processor time that a process has used.
spent() {
	sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '{ print $12 + $13 }'
}

# rate CMD...: what arrives a second of time, and of processor time, from the
# first to the last packet. One core: the sender's, which on a veth is the
# receiver's too. On a busy machine only the second number means something.
rate() {
	ip netns exec "${ns}s" taskset -c 0 "$@" >"$dir/out" 2>&1 &
	pid=$!
	: >"$dir/samples"
	last=0 idle=0
	# Some tools wait long, or for ever, after their last packet.
	while kill -0 "$pid" 2>/dev/null && [ "$idle" -lt 40 ]; do
		now=$(arrived)
		echo "$(date +%s%N) $now $(spent "$pid")" >>"$dir/samples"
		[ "$now" -gt "$((last + 1000))" ] && idle=0 ||
			idle=$((idle + 1))
		last=$now
		sleep 0.05
	done
	kill "$pid" 2>/dev/null || :
	wait "$pid" 2>/dev/null || :
	# Only whole stretches in which packets came are counted.
	awk 'NF == 3 && NR > 1 && $2 - n > 1000 {
			if (!t0) { t0 = $1; n0 = $2; c0 = $3 }
			t1 = $1; n1 = $2; c1 = $3 }
		{ n = $2 }
		END { if (c1 > c0) printf "%.0f %.0f\n",
			(n1 - n0) * 1e9 / (t1 - t0),
			(n1 - n0) * 100 / (c1 - c0) }' "$dir/samples"
}

bare() {
	rate "$build/tests/bench/bare-send" v0 1000000
}

mipo() {
	rate "$build/mipo-scan" --json --rate=max --retries=0 --wait=0 \
		--states=open -p 1-16 198.19.0.0/16
}

# By a path that was not chosen automatically.
sendmmsg() {
	rate "$build/mipo-scan" --json --send=sendmmsg --rate=max --retries=0 \
		--wait=0 --states=open -p 1-16 198.19.0.0/16
}

zmap_() {
	rate zmap -q -i v0 -T 1 -r 0 -p 80 -G "$mac" -S 198.18.0.1 -c 1 \
		-n 1000000 -b /dev/null -o /dev/null 198.16.0.0/12
}

masscan_() {
	rate masscan --interface v0 --router-mac "$mac" --rate 100000000 \
		--source-ip 198.18.0.1 --wait 0 -p 1-16 198.19.0.0/16
}

tools='bare mipo sendmmsg'
! command -v zmap >/dev/null || tools="$tools zmap_"
! command -v masscan >/dev/null || tools="$tools masscan_"
for round in $(seq "$rounds"); do
	for tool in $tools; do
		"$tool" >"$dir/rate"
		[ -s "$dir/rate" ] || echo 0 0 >"$dir/rate"
		printf '%s %s %s\n' "$round" "$tool" "$(cat "$dir/rate")"
	done
done >"$dir/rates"

echo 'sent on one core: packets a second (and a second of processor time);'
echo 'ratio: mipo-scan to that tool, by time and by processor time'
for tool in bare mipo sendmmsg zmap_ masscan_; do
	grep -q " $tool " "$dir/rates" || {
		printf '%-10s not measured\n' "${tool%_}"
		continue
	}
	awk -v tool="${tool%_}" '{ sub("_", "", $2) }
		$2 == "mipo" { m[$1] = $3; c[$1] = $4 }
		$2 == tool { r[$1] = $3; s[$1] = $4
			list = list " " $3 " (" $4 ")" }
		END { printf "%-8s%s\n%8s ratio", tool, list, ""
			for (i in r) printf " %.2f (%.2f)",
				r[i] ? m[i] / r[i] : 0, s[i] ? c[i] / s[i] : 0
			print "" }' "$dir/rates"
done
