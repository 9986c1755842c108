#!/bin/sh
# The send paths on a cable: the same packets arrive by each of them, IPv4 and
# IPv6; when the interface goes down in the middle, what was taken is what
# arrived, and the rest is listed; CAP_NET_RAW is enough; where a path cannot
# serve a link it says so.
#
#   s [v1 .1] ---- [w1 .2] t: closed ports; and so on, a cable for each path,
#   and one more that stays up
. "${0%/*}/../netns.sh"
need tcpdump setpriv taskset

run 0 mipo-scan --version
paths=$(sed -n 's/^send: //p' "$T/out")
spaces s t
n=0
for path in $paths quiet; do
	n=$((n + 1))
	on s ip link add "v$n" numtxqueues 2 numrxqueues 2 type veth \
		peer name "w$n" netns "${NS}t"
	on s ip link set "v$n" up
	on t ip link set "w$n" up
	addr s "v$n" "198.18.$n.1/24" "2001:db8:$n::1/64"
	addr t "w$n" "198.18.$n.2/24" "2001:db8:$n::2/64"
done
[ -z "$(on s ip route show default)" ] || fail 'a way out'
last=$n

# ---- the interface goes down

syn='tcp flags & (syn | ack) == syn'
{
	echo 'table inet count {'
	for i in $(seq "$last"); do
		echo "counter c$i { }"
	done
	echo 'chain in {'
	echo 'type filter hook prerouting priority -300'
	for i in $(seq "$last"); do
		echo "iifname w$i $syn counter name c$i"
	done
	echo '}'
	echo '}'
} | rules t
# came N: SYNs on the Nth cable
came() {
	on t nft -j list counter inet count "c$1" |
		jq '.nftables[] | .counter? // empty | .packets'
}

n=0
scans=
for path in $paths; do
	n=$((n + 1))
	ip netns exec "${NS}s" mipo-scan --json --send="$path" --rate=1000 \
		--retries=0 --wait=0 -p 1-5000 "198.18.$n.2" \
		>"$T/out.$n" 2>/dev/null &
	scans="$scans $!"
done
on_all() {
	for i in $(seq "$n"); do
		[ "$(came "$i")" -gt 0 ] || return 1
	done
}
wait_for 10 on_all
for i in $(seq "$n"); do
	on s ip link set "v$i" down
done

# ---- the same bytes

at_exit 'kill "$dump" 2>/dev/null || :'
dump=
all_there() {
	[ "$(tcpdump -r "$T/pcap" -n 2>/dev/null | wc -l)" -ge 600 ]
}

hex() {
	awk '/^[^ \t]/ { if (line) print line; line = ""; next }
		{ sub(/.*:/, ""); gsub(/ /, ""); line = line $0 }
		END { if (line) print line }'
}

for path in $paths; do
	ip netns exec "${NS}t" tcpdump -i "w$last" -n --immediate-mode -U \
		-s 128 -w "$T/pcap" \
		'tcp[13] == 2 or (ip6[6] == 6 and ip6[53] == 2)' \
		2>"$T/tcpdump" &
	dump=$!
	wait_for 5 grep -q 'listening on' "$T/tcpdump"
	run 0 on s mipo-scan --json --send="$path" --seed=9 --rate=5000 \
		--retries=0 -p 1-300 "198.18.$last.2" \
		"2001:db8:$last::2"
	eq "send of $path" "$(receipt '.send | join(" ")')" "$path"
	eq "accepted by $path" "$(receipt .accepted)" 600
	eq "closed by $path" "$(receipt .counts.closed)" 600
	wait_for 5 all_there
	kill "$dump"
	wait "$dump" 2>/dev/null || :
	tcpdump -r "$T/pcap" -n -t -xx 2>/dev/null | hex |
		sort >"$T/$path.sent"
	lines 600 "$T/$path.sent"
	same "$T/${paths%% *}.sent" "$T/$path.sent"
done

# ---- what became of those whose interface is down

for scan in $scans; do
	status=0
	wait "$scan" || status=$?
	eq status "$status" 3
done
n=0
for path in $paths; do
	n=$((n + 1))
	cp "$T/out.$n" "$T/out"
	whole "$T/out"
	left_by ENETDOWN
	accepted=$(receipt .accepted)
	eq "arrived by $path" "$(came "$n")" "$accepted"
	eq "attempted by $path" "$(receipt .attempted)" "$(receipt \
		'.accepted + ([.send_errors[].count] | add)')"
	unsent=$(receipt '[.send_errors[].indices[] | .[1] - .[0] + 1] | add')
	eq "accepted or left by $path" "$((accepted + unsent))" 5000
	[ "$accepted" -gt 0 ] && [ "$unsent" -gt 0 ] ||
		fail 'nothing went wrong'
done

# ---- what is automatic; batch after batch arrives

before=$(came "$last")
on s taskset -c 0 mipo-scan --json --rate=max --retries=0 --wait=0 \
	-p 1-10000 "198.18.$last.2" >"$T/out" 2>/dev/null || :
case " $paths " in
*' xdp '*) want=xdp ;;
*) want=sendmmsg ;;
esac
eq 'one sender, many pairs' "$(receipt '.send | join(" ")')" "$want"
eq 'came of many' "$(($(came "$last") - before))" "$(receipt .accepted)"
run 0 on s mipo-scan --json -p 80,81 "198.18.$last.2"
eq 'few pairs' "$(receipt '.send | join(" ")')" sendmmsg

# ---- privileges, and links that a path does not serve

raw='setpriv --reuid=65534 --regid=65534 --clear-groups
	--inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw
	--bounding-set=-all,+net_raw'
cp "$BUILD/mipo-scan" "$T/mipo-scan"
chmod 755 "$T" "$T/mipo-scan"
for path in $paths; do
	# shellcheck disable=SC2086 # a list of words
	run 0 on s $raw "$T/mipo-scan" --json --send="$path" -p 80 \
		"198.18.$last.2"
	eq "send of $path" "$(receipt '.send | join(" ")')" "$path"
done
run 0 on s mipo-scan --json --send=libnet -p 80 127.0.0.1 ::1
eq wires "$(receipt '[.wires[] | split(" ")[0]] | join(" ")')" \
	'libnet4 libnet6'
for path in ring xdp; do
	case " $paths " in
	*" $path "*) want="lo: --send=$path needs a link with ethernet" ;;
	*) want="--send=$path: this program was built without it" ;;
	esac
	run 2 on s mipo-scan --json --send="$path" -p 80 127.0.0.1
	empty "$T/out"
	has "$T/err" "$want"
done
run 2 on s mipo-scan --send=ring --method=connect -p 80 127.0.0.1
has "$T/err" 'sends no packets of its own'
case " $paths " in
*' xdp '*)
	# One queue, and two source addresses that want it.
	on s ip link add x1 numtxqueues 1 numrxqueues 1 type veth \
		peer name y1 netns "${NS}t"
	on s ip link set x1 up
	on t ip link set y1 up
	addr s x1 198.18.99.1/24 2001:db8:99::1/64
	run 2 on s mipo-scan --send=xdp -p 80 198.18.99.2 2001:db8:99::2
	has "$T/err" 'x1: xdp: AF_XDP: all queues (1) are taken'
	# By itself it takes the next path, and says why.
	# The kernel gives the queue of the one before back a little later.
	falls_back() {
		on s taskset -c 0 mipo-scan --json --rate=max --retries=0 \
			--wait=0 -p 1-5000 198.18.99.2 2001:db8:99::2 \
			>"$T/out" || :
		[ "$(receipt '.send | join(" ")')" = 'xdp sendmmsg' ]
	}
	wait_for 5 falls_back
	like "$T/out" '"send_passed":."x1 [0-9.a-f:]+, xdp: AF_XDP: all queues'
esac
