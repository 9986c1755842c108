# shellcheck shell=sh
# Network namespaces for tests: . "${0%/*}/../netns.sh"
#
# Names carry the process id; all is removed at the end, and what was
# started in them ended. Addresses are of 198.18.0.0/15 and 2001:db8::/32.
# run.sh runs two of these tests at a time; one whose first lines have
# "# alone: WHY" by itself.
#
# spaces NAME...            makes namespaces, loopback up
# on NAME CMD...            runs CMD there
# veth A IFA B IFB          a cable between two of them, both ends up
# addr NAME IF ADDR...      addresses, at once usable
# anyip NAME PREFIX...      the namespace answers for whole prefixes
# rules NAME                nftables rules from stdin
# start NAME CMD...         in the background; $started is its process id
# listening NAME PORT...    something accepts on these ports, both families
# syns NAME                 how many SYNs came in since count_syns NAME
# syns_came NAME N          whether they are N at least
# router_lab                s [v0 .1] -- [r0 .254] r [r1 .254] -- [v1 .2] t:
#                           198.18.0.0/24 and .1.0/24, 2001:db8::/64 and
#                           2001:db8:1::/64, all default routes through r
# nmap_states FILE...       "address port state" of nmap -oG, sorted

# shellcheck source-path=SCRIPTDIR
# shellcheck disable=SC2034 # names for the scripts
. "${0%/*}/../lib.sh"
need ip nft jq
[ "$(id -u)" -eq 0 ] || skip 'network namespaces need root'

NS=m$$
TOOLS=$BUILD/tests/net

on() {
	on_name=$1
	shift
	ip netns exec "$NS$on_name" "$@"
}

remove_spaces() {
	for space_name in $1; do
		ip netns pids "$NS$space_name" 2>/dev/null |
			while read -r space_pid; do
				kill "$space_pid" 2>/dev/null || :
			done
		ip netns del "$NS$space_name" 2>/dev/null || :
	done
}

spaces() {
	at_exit "remove_spaces '$*'"
	for space_name; do
		ip netns add "$NS$space_name" 2>"$T/netns" ||
			skip "no network namespaces here: $(cat "$T/netns")"
		on "$space_name" ip link set lo up
		on "$space_name" sysctl -qw net.ipv6.conf.all.accept_dad=0 \
			net.ipv6.conf.default.accept_dad=0 \
			net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 \
			net.ipv4.icmp_msgs_per_sec=100000 2>/dev/null || :
	done
}

veth() {
	on "$1" ip link add "$2" type veth peer name "$4" netns "$NS$3"
	on "$1" ip link set "$2" up
	on "$3" ip link set "$4" up
}

addr() {
	addr_name=$1 addr_if=$2
	shift 2
	for addr_one; do
		on "$addr_name" ip addr add "$addr_one" dev "$addr_if"
	done
}

anyip() {
	anyip_name=$1
	shift
	for anyip_one; do
		on "$anyip_name" ip route add local "$anyip_one" dev lo
	done
}

rules() {
	on "$1" nft -f -
}

start() {
	start_name=$1
	shift
	ip netns exec "$NS$start_name" "$@" &
	started=$!
	at_exit "kill $started 2>/dev/null; wait $started 2>/dev/null || :"
}

started=

listening() {
	listen_name=$1
	shift
	rm -f "$T/listening"
	listen_how=
	[ "$1" != -r ] || {
		listen_how=-r
		shift
	}
	start "$listen_name" "$TOOLS/listen" $listen_how "$T/listening" "$@"
	wait_for 5 test -f "$T/listening"
}

count_syns() {
	rules "$1" <<-X
	table inet count {
	 counter syns { }
	 chain in {
	  type filter hook prerouting priority -300
	  iif != lo tcp flags & (syn | ack) == syn counter name syns
	 }
	}
	X
}

syns() {
	on "$1" nft -j list counter inet count syns |
		jq '.nftables[] | .counter? // empty | .packets'
}

syns_came() {
	[ "$(syns "$1")" -ge "$2" ]
}

router_lab() {
	spaces s r t
	veth s v0 r r0
	veth r r1 t v1
	addr s v0 198.18.0.1/24 2001:db8::1/64
	addr r r0 198.18.0.254/24 2001:db8::fe/64
	addr r r1 198.18.1.254/24 2001:db8:1::fe/64
	addr t v1 198.18.1.2/24 2001:db8:1::2/64
	on r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	on s ip route add default via 198.18.0.254
	on s ip route add default via 2001:db8::fe
	on t ip route add default via 198.18.1.254
	on t ip route add default via 2001:db8:1::fe
}

nmap_states() {
	sed -nE 's/^Host: ([^ ]+) .*Ports: /\1,/p' "$@" | awk -F, '{
		for (i = 2; i <= NF; i++) {
			split($i, part, "/")
			print $1, part[1] + 0, part[2]
		}
	}' | sort
}

# receipt FILTER: of the stream in $T/out
receipt() {
	tail -n 1 "$T/out" | jq -r "$1"
}

# left_by ERRNO: it is among what left pairs unsent; not always first, as an
# interface that goes down may say ENOBUFS for a moment
left_by() {
	receipt '.send_errors[] | select(.indices | length > 0) | .errno' \
		>"$T/left"
	grep -qx "$1" "$T/left" ||
		fail "$1 left nothing unsent: $(receipt .send_errors)"
}

# states FILE: "address port state", sorted; the best state of each pair
states() {
	jq -rs '[.[] | select(.type == "obs")] | group_by([.ip, .port])[] |
		min_by(["open", "closed", "filtered", "unreachable"] as $o |
		.state as $s | $o | index($s)) |
		"\(.ip) \(.port) \(.state)"' "$1" | sort
}

# whole FILE: the receipt is about the lines before it
whole() {
	eq 'last record' "$(tail -n 1 "$1" | jq -r .type)" scan.end
	eq records "$(tail -n 1 "$1" | jq .records)" \
		"$(($(wc -l <"$1") - 1))"
	eq stream_sha256 "$(tail -n 1 "$1" | jq -r .stream_sha256)" \
		"$(head -n -1 "$1" | sha256sum | cut -d' ' -f1)"
}
