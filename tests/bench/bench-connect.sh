#!/bin/sh
# bench-connect.sh [ROUNDS]: the connect method against nmap -sT on the same
# targets, in turns; both must find what is open. Needs root and namespaces.
# Run in the build tree, or with MIPO_BUILD=DIR. The bar: faster than nmap,
# a ratio over 1, in every row. Ours waits a second for silence in each of
# its two passes; nmap's own wait is shorter.
#
#   s [.1] ---- [.2, and 198.19.0.0/24] t
set -eu

rounds=${1:-3}
build=$(cd "${MIPO_BUILD:-.}" && pwd)
ns=bench$$
dir=$(mktemp -d "${TMPDIR:-/tmp}/mipo-bench.XXXXXX")
listener=
clean() {
	[ -z "$listener" ] || kill "$listener" 2>/dev/null || :
	ip netns del "${ns}s" 2>/dev/null || :
	ip netns del "${ns}t" 2>/dev/null || :
	rm -rf "$dir"
}
trap clean EXIT
trap 'exit 130' INT TERM

ip netns add "${ns}s"
ip netns add "${ns}t"
ip -n "${ns}t" link set lo up
ip -n "${ns}s" link add v0 type veth peer name v1 netns "${ns}t"
ip -n "${ns}s" addr add 198.18.0.1/24 dev v0
ip -n "${ns}t" addr add 198.18.0.2/24 dev v1
ip -n "${ns}s" link set v0 up
ip -n "${ns}t" link set v1 up
ip -n "${ns}s" route add 198.19.0.0/24 via 198.18.0.2
ip -n "${ns}t" route add local 198.19.0.0/24 dev lo
ip netns exec "${ns}t" sysctl -qw net.core.somaxconn=4096
ip netns exec "${ns}t" nft -f - <<X
table inet bench {
 chain in {
  type filter hook input priority 0
  ip daddr 198.18.0.2 tcp dport 2001-3000 drop
 }
}
X
ip netns exec "${ns}t" "$build/tests/net/listen" "$dir/up" 80 443 8080 &
listener=$!
until [ -e "$dir/up" ]; do
	sleep 0.05
done

# timed OPEN CMD...: milliseconds; says so where OPEN ports were not found.
timed() {
	want=$1
	shift
	began=$(date +%s%N)
	ip netns exec "${ns}s" "$@" >"$dir/out" 2>"$dir/err" || :
	ended=$(date +%s%N)
	found=$(grep -cE '"state":"open"|^[0-9]+/open|/open/' "$dir/out" || :)
	[ "$found" -eq "$want" ] || echo "found $found of $want" >>"$dir/short"
	echo $(((ended - began) / 1000000))
}

# Row, open ports, ports, hosts: ports of many hosts that are closed or open,
# one host's every port, a host that drops half.
rows() {
	cat <<-X
	wide 512 1-1000 198.19.0.0/24
	all 3 1-65535 198.19.0.7
	filtered 3 1-1000,2001-3000,8080 198.18.0.2
	X
}

mipo() {
	timed "$1" "$build/mipo-scan" --json --method=connect --rate=max \
		--wait=1 --states=open -p "$2" "$3"
}

# One line for each open port, as ours has.
nmap_() {
	timed "$1" sh -c 'nmap -sT -n -Pn -p "$1" --open -oG - "$2" |
		tr "," "\n" | grep /open/' - "$2" "$3"
}

tools=mipo
! command -v nmap >/dev/null || tools="$tools nmap_"
rows | while read -r row open ports hosts; do
	for round in $(seq "$rounds"); do
		for tool in $tools; do
			: >"$dir/short"
			ms=$("$tool" "$open" "$ports" "$hosts" </dev/null)
			echo "$round $row ${tool%_} $ms $(cat "$dir/short")"
		done
	done
done >"$dir/times"

echo 'connect method: milliseconds, and what was missed; ratio: nmap to ours'
rows | while read -r row _; do
	for tool in mipo nmap; do
		awk -v row="$row" -v tool="$tool" '
			$2 != row || $3 != tool { next }
			{ list = list " " $4 }
			NF > 4 { short = short " (" $5 " " $6 " of " $8 ")" }
			END { print list == "" ? " not measured" : list short }
			' "$dir/times" >"$dir/line"
		printf '%-9s %-5s%s\n' "$row" "$tool" "$(cat "$dir/line")"
	done
	awk -v row="$row" '$2 == row && $3 == "mipo" { m[$1] = $4 }
		$2 == row && $3 == "nmap" { n[$1] = $4 }
		END {
			for (i in n)
				r = r sprintf(" %.2f", m[i] ? n[i] / m[i] : 0)
			print r == "" ? " not measured" : r
		}' "$dir/times" >"$dir/line"
	printf '%-9s ratio%s\n' "$row" "$(cat "$dir/line")"
done
