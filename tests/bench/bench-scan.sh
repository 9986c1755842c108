#!/bin/sh
# bench-scan.sh [ROW...]: the scanner against its bars and its peers, in one
# run on one machine; all rows take some six minutes. Needs root, namespaces,
# and an idle machine. Run in the build tree, or with MIPO_BUILD=DIR. The rows:
#
#   send      frames a second that leave one core, to a bare sendmmsg loop's
#             of one fixed frame, and to the peers'; the other side drops them
#   wide      65,536 hosts x 40 ports, one open on each, at the default rate
#   memory    what that scan holds at most
#   link      256 hosts on the link x 1000 ports, to nmap -T4
#   loop      all ports of loopback
#   order     pairs a second of a dry run on one core
#   connect   the connect method, to nmap -sT
#
# zmap and masscan as they are now are looked for in MIPO_BENCH_PEERS, by
# default mipo-bench in the user's cache directory; Debian's, and nmap, on
# the path. What is not there is not measured. Times and counts of each run
# go to standard error; on standard output is the table, as README has it.
#
#   s [v0 .1/22] ---- [v1 .2/22] t: 198.18.1.0/24 on the link, 198.19.0.0/16
#   behind .2; ports 80, 443 and 8080 are open, others answer RST

peers=${MIPO_BENCH_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/mipo-bench}
rounds=${MIPO_BENCH_ROUNDS:-3}
MIPO_TEST_BUILD=$(cd "${MIPO_BUILD:-.}" && pwd)
export MIPO_TEST_BUILD
. "${0%/*}/../netns.sh"
need taskset

# ---- the lab

lab() {
	spaces s t
	veth s v0 t v1
	addr s v0 198.18.0.1/22
	addr t v1 198.18.0.2/22
	anyip t 198.18.1.0/24 198.19.0.0/16
	on s ip route add 198.16.0.0/14 via 198.18.0.2
	on t sysctl -qw net.core.somaxconn=65535 \
		net.ipv4.tcp_max_syn_backlog=262144 \
		net.ipv4.tcp_syncookies=1
	listening t 80 443 8080
	mac=$(on t ip -j link show v1 | jq -r '.[0].address')
	: >"$T/none"
}

# What is here, by name; the value is the program.
find_peers() {
	zmap4='' masscan='' zmap_deb='' masscan_deb='' nmap=''
	[ ! -x "$peers/zmap" ] || zmap4=$peers/zmap
	[ ! -x "$peers/masscan" ] || masscan=$peers/masscan
	zmap_deb=$(command -v zmap || :)
	masscan_deb=$(command -v masscan || :)
	nmap=$(command -v nmap || :)
}

# version NAME PROGRAM OPTION...
version() {
	name=$1
	shift
	says='not here'
	[ -z "$1" ] || says=$("$@" --version 2>&1 | grep -v INFO |
		grep -m 1 '[0-9]' | cut -c 1-56)
	printf '    %-18s %s\n' "$name" "$says"
}

heading() {
	model=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
	printf '    %s, Linux %s\n' "$model" "$(uname -r)"
	printf '    %s processors; the lab is a veth pair, somaxconn %s,\n' \
		"$(nproc)" "$(on t sysctl -n net.core.somaxconn)"
	printf '    tcp_max_syn_backlog %s, syncookies %s\n' \
		"$(on t sysctl -n net.ipv4.tcp_max_syn_backlog)" \
		"$(on t sysctl -n net.ipv4.tcp_syncookies)"
	version mipo-scan "$BUILD/mipo-scan"
	version zmap "$zmap4" -C "$T/none"
	version masscan "$masscan"
	version "Debian's zmap" "$zmap_deb" -C "$T/none"
	version "Debian's masscan" "$masscan_deb"
	version nmap "$nmap"
	echo
}

# ---- measuring

# row TEXT IS BAR VALUE...: IS is ge, gt, le, lt, or none where there is no
# bar; each of the values must be so
row() {
	row_text=$1 row_is=$2 row_bar=$3
	shift 3
	echo "$*" | awk -v text="$row_text" -v is="$row_is" -v bar="$row_bar" '
	function misses(x) {
		return is == "ge" && x < bar || is == "gt" && x <= bar ||
		    is == "le" && x > bar || is == "lt" && x >= bar
	}
	{
		verdict = is == "none" ? "" : "ok"
		alike = 1
		for (i = 1; i <= NF; i++) {
			alike = alike && $i == $1
			if (misses($i + 0))
				verdict = "short"
		}
		seen = NF > 1 && alike ? $1 " (" NF " times)" : $0
		if (NF == 0)
			verdict = "not measured"
		sign["ge"] = ">= "; sign["gt"] = "> "
		sign["le"] = "<= "; sign["lt"] = "< "
		printf "    %-33s %-20s %-8s %s\n", text, seen,
		    is == "none" ? "" : sign[is] bar, verdict
	}' | sed 's/ *$//' >>"$T/table"
	tail -n 1 "$T/table" >&2
}

# ratios NAME NAME: of the first to the second, round by round, of lines
# "round name value" in $T/runs
ratios() {
	awk -v a="$1" -v b="$2" '$2 == a { x[$1] = $3 }
		$2 == b { y[$1] = $3 }
		END { for (i = 1; i in x || i in y; i++)
			if (i in x && y[i] > 0)
				printf "%.2f ", x[i] / y[i] }' "$T/runs"
}

values() {
	awk -v a="$1" '$2 == a { printf "%s ", $3 }' "$T/runs"
}

# ran ROUND NAME VALUE UNIT
ran() {
	echo "$1 $2 $3" >>"$T/runs"
	printf '# %s, round %s: %s %s\n' "$2" "$1" "$3" "$4" >&2
}

# For a run that did not find what is there.
wrong=99999999

# timed CMD...: $ms on the wall, its output in out; ended after two minutes
timed() {
	began=$(date +%s%N)
	timeout 120 ip netns exec "${NS}s" "$@" >"$T/out" 2>"$T/err" || :
	ms=$((($(date +%s%N) - began) / 1000000))
}

found() {
	grep -c "$1" "$T/out" || :
}

# ---- send

arrived() {
	on t cat /sys/class/net/v1/statistics/rx_packets
}

# Hundredths of a second of processor time that a process has used.
spent() {
	sed 's/.*) //' "/proc/$1/stat" 2>/dev/null |
		awk '{ print $12 + $13 }'
}

# rate CMD...: what arrives a second, from the first to the last packet, of
# what one core sends; on a veth the receiver's work is the sender's too. On
# a busy machine only what a second of processor time sends means something,
# which is said on standard error.
rate() {
	ip netns exec "${NS}s" taskset -c 0 "$@" >"$T/out" 2>"$T/err" &
	pid=$!
	: >"$T/samples"
	last=0 idle=0
	# Some tools wait long, or for ever, after their last packet.
	while kill -0 "$pid" 2>/dev/null && [ "$idle" -lt 30 ]; do
		now=$(arrived)
		echo "$(date +%s%N) $now $(spent "$pid")" >>"$T/samples"
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
		END {
			if (t1 == t0) {
				print 0
				exit
			}
			printf "%.0f\n", (n1 - n0) * 1e9 / (t1 - t0)
			printf "# a second of processor time: %.0f\n",
			    (n1 - n0) * 100 / (c1 - c0 + 1) >"/dev/stderr"
		}' "$T/samples"
}

send_by() {
	case $1 in
	bare)	rate "$BUILD/tests/bench/bare-send" v0 1500000 ;;
	mipo)	rate mipo-scan --json --rate=max --retries=0 --wait=0 \
			--states=open -p 1-24 198.19.0.0/16 ;;
	sendmmsg) rate mipo-scan --json --send=sendmmsg --rate=max \
			--retries=0 --wait=0 --states=open -p 1-24 \
			198.19.0.0/16 ;;
	zmap)	rate "$zmap4" -q -i v0 -T 1 --cores=0 -r 0 -p 1-24 \
			-G "$mac" -S 198.18.0.1 -c 1 -C "$T/none" \
			-b "$T/none" -o "$T/zmap" 198.19.0.0/16 ;;
	masscan) rate "$masscan" --interface v0 --router-mac "$mac" \
			--rate 100000000 --source-ip 198.18.0.1 --wait 0 \
			-p 1-24 198.19.0.0/16 ;;
	zmap-deb) rate "$zmap_deb" -q -i v0 -T 1 --cores=0 -r 0 -p 80 \
			-G "$mac" -S 198.18.0.1 -c 1 -C "$T/none" \
			-b "$T/none" -o "$T/zmap" -n 1000000 \
			198.16.0.0/12 ;;
	masscan-deb) rate "$masscan_deb" --interface v0 --router-mac "$mac" \
			--rate 100000000 --source-ip 198.18.0.1 --wait 0 \
			-p 1-24 198.19.0.0/16 ;;
	esac
}

row_send() {
	rules t <<-X
	table netdev bench {
	 chain in {
	  type filter hook ingress device "v1" priority 0
	  ip protocol tcp drop
	 }
	}
	X
	tools='bare mipo sendmmsg'
	[ -z "$zmap4" ] || tools="$tools zmap"
	[ -z "$masscan" ] || tools="$tools masscan"
	[ -z "$zmap_deb" ] || tools="$tools zmap-deb"
	[ -z "$masscan_deb" ] || tools="$tools masscan-deb"
	for round in $(seq "$rounds"); do
		for tool in $tools; do
			ran "$round" "$tool" "$(send_by "$tool")" frames/s
		done
	done
	on t nft flush ruleset
	# shellcheck disable=SC2046 # words
	{
		row 'send: to a bare sendmmsg loop' ge 0.9 \
			$(ratios mipo bare)
		row 'send: to zmap' ge 1.6 $(ratios mipo zmap)
		row 'send: to masscan' ge 3 $(ratios mipo masscan)
		row 'send: to our --send=sendmmsg' none 0 \
			$(ratios mipo sendmmsg)
		row "send: to Debian's zmap" none 0 $(ratios mipo zmap-deb)
		row "send: to Debian's masscan" none 0 \
			$(ratios mipo masscan-deb)
	}
}

# ---- wide and memory

wide_by() {
	case $1 in
	mipo)	timed mipo-scan --json --states=open -p 61-100 \
			198.19.0.0/16
		n=$(found '"state":"open"') ;;
	zmap)	timed "$zmap4" -q -i v0 -T 2 -r 0 -p 61-100 -G "$mac" \
			-S 198.18.0.1 -C "$T/none" -b "$T/none" \
			-f saddr,sport --no-header-row \
			--output-filter='success = 1 && repeat = 0' \
			198.19.0.0/16
		n=$(sort -u "$T/out" | grep -c '^198' || :) ;;
	esac
}

row_wide() {
	tools=mipo
	[ -z "$zmap4" ] || tools="$tools zmap"
	for round in $(seq "${MIPO_BENCH_ROUNDS:-5}"); do
		for tool in $tools; do
			wide_by "$tool"
			ran "$round" "$tool" "$ms" ms
			ran "$round" "$tool-found" "$n" found
		done
	done
	# shellcheck disable=SC2046 # words
	{
		row '65,536 x 40: open ports found' ge 65536 \
			$(values mipo-found)
		row '65,536 x 40: zmap -T2 -r 0 finds' none 0 \
			$(values zmap-found)
		row "65,536 x 40: zmap's time to ours" gt 1 \
			$(ratios zmap mipo)
		# Of that, zmap waits 8 seconds for the last answers.
		awk '$2 == "zmap" { $2 = "sending"; $3 -= 8000 } 1' \
			"$T/runs" >"$T/less"
		mv "$T/less" "$T/runs"
		row '  without its wait of 8 s' none 0 \
			$(ratios sending mipo)
	}
}

row_memory() {
	ip netns exec "${NS}s" mipo-scan --json --states=open -p 61-100 \
		198.19.0.0/16 >"$T/out" 2>"$T/err" &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" \
			>>"$T/held" 2>/dev/null || :
		sleep 0.1
	done
	wait "$pid" || :
	row '65,536 x 40: memory, MiB' le 64 \
		"$(sort -n "$T/held" | awk 'END { print int($1 / 1024) + 1 }')"
}

# ---- link and loop

row_link() {
	tools=mipo
	[ -z "$nmap" ] || tools="$tools nmap"
	for round in $(seq "$rounds"); do
		for tool in $tools; do
			case $tool in
			mipo)	timed mipo-scan --json --states=open \
					-p 1-1000 198.18.1.0/24
				n=$(found '"port":80,.*"state":"open"') ;;
			nmap)	timed "$nmap" -n -T4 -p 1-1000 --open \
					-oG - 198.18.1.0/24
				n=$(found ' 80/open/') ;;
			esac
			ran "$round" "$tool" "$ms" ms
			ran "$round" "$tool-found" "$n" found
		done
	done
	# shellcheck disable=SC2046 # words
	{
		row '/24 x 1000: hosts found' ge 256 \
			$(values mipo-found)
		row '/24 x 1000: nmap -T4 finds' none 0 \
			$(values nmap-found)
		row "/24 x 1000: nmap's time to ours" gt 1 \
			$(ratios nmap mipo)
	}
}

row_loop() {
	on s sysctl -qw net.core.somaxconn=65535
	listening s 80
	for round in $(seq "$rounds"); do
		for how in auto max; do
			timed mipo-scan --json --states=open --rate="$how" \
				-p 1-65535 127.0.0.1
			[ "$(found '"state":"open"')" -eq 1 ] || ms=$wrong
			ran "$round" "$how" \
				"$(awk -v ms="$ms" 'BEGIN {
					printf "%.2f", ms / 1000 }')" s
		done
	done
	# shellcheck disable=SC2046 # words
	{
		row 'loopback, 65,535 ports, s' lt 1 $(values auto)
		row '  the same with --rate=max' none 0 $(values max)
	}
}

# ---- order

row_order() {
	for ports in 64 65; do
		for round in $(seq "$rounds"); do
			timed sh -c 'exec taskset -c 0 mipo-scan \
				--dry-run=binary "$@" >/dev/null' sh \
				-p "1-$ports" 198.18.0.0/16
			ran "$round" "$ports" "$(awk -v ms="$ms" \
				-v n=$((65536 * ports)) 'BEGIN {
					printf "%.1f", n / ms / 1000 }')" \
				'million pairs/s'
		done
		# shellcheck disable=SC2046 # words
		row "order: 65,536 x $ports, million/s" ge 15 \
			$(values "$ports")
	done
}

# ---- connect

# connect_row NAME OPEN PORTS HOSTS: both must find OPEN ports
connect_row() {
	: >"$T/runs"
	for round in $(seq "$rounds"); do
		timed mipo-scan --json --method=connect --rate=max --wait=1 \
			--states=open -p "$3" "$4"
		[ "$(found '"state":"open"')" -eq "$2" ] || ms=$wrong
		ran "$round" mipo "$ms" ms
		[ -n "$nmap" ] || continue
		timed "$nmap" -sT -n -Pn -p "$3" --open -oG - "$4"
		ran "$round" nmap "$ms" ms
	done
	# shellcheck disable=SC2046 # words
	row "connect, $1: nmap's time" gt 1 $(ratios nmap mipo)
}

row_connect() {
	connect_row '256 x 1000' 512 1-1000 198.19.0.0/24
	connect_row '65,535 ports' 3 1-65535 198.19.0.7
	rules t <<-X
	table inet bench {
	 chain in {
	  type filter hook input priority 0
	  ip daddr 198.18.0.2 tcp dport 2001-3000 drop
	 }
	}
	X
	connect_row 'half dropped' 3 1-1000,2001-3000,8080 198.18.0.2
	on t nft flush ruleset
}

# ---- all of them

all='send wide memory link loop order connect'
[ $# -gt 0 ] || eval "set -- $all"
lab
find_peers
heading >"$T/table"
for name; do
	case " $all " in
	*" $name "*)	: >"$T/runs"
			"row_$name" ;;
	*)	fail "no row is called $name; there are $all" ;;
	esac
done
cat "$T/table"
