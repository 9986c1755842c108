# shellcheck shell=sh
# Other scanners beside ours, in one lab: . "${0%/*}/../peers.sh"
#
#   s [v0 .1] ---- [v1] t
#
# answer_lab           in t no kernel answers, tests/net/answer does
# answering MODE       it begins to; quiet ends it
# scan STATUS MODE ARG...   our scanner against it; by default 4 hosts x 8
#                      ports; both STATUS MODE: with IPv6, 8 hosts x 8 ports;
#                      by PROGRAM: from now on it is that one
# counts               open, closed and filtered pairs of the receipt in out
# drop_lab             t has .2 and .64/26, counts SYNs and drops them
# sent, distinct       SYNs and pairs that came to t since forget
# has_peer NAME        whether that scanner is here; if not, the test goes on
#                      and is a skipped one in the end
# zmapped ARG...       that, over v0; $status is its
# masscanned SECONDS ARG...   the same; ended after so many
# shown YES TEXT       the peer fails in that way: YES is 1. It must, in the
#                      version that has the fault; of another that is noted
# struck WHAT CMD...   CMD, and WHAT when 60 of its packets have come to t;
#                      $status is CMD's
# signal SIG NAME      to the programs of that name in s
# twin NAME FILE SED...   $T/NAME is our scanner with a fault: lib/FILE edited
#                      by SED, which must change something; and others

# shellcheck source-path=SCRIPTDIR
# shellcheck disable=SC2034 # names for the scripts
. "${0%/*}/../netns.sh"

by() {
	ours=$1
}
by mipo-scan

answer_lab() {
	spaces s t
	veth s v0 t v1
	addr s v0 198.18.0.1/24 2001:db8::1/64
	on t ip link set v1 arp off
	router=$(on t ip -j link show v1 | jq -r '.[0].address')
}

answering() {
	rm -f "$T/answering"
	start t "$TOOLS/answer" "$T/answering" v1 "$1"
	answerer=${started:?}
	wait_for 5 test -f "$T/answering"
}

quiet() {
	kill "$answerer"
	wait "$answerer" 2>/dev/null || :
}

scan() {
	scan_status=$1
	answering "$2"
	shift 2
	[ $# -gt 0 ] || set -- --wait=1 -p 1-8 198.18.0.4/30
	run "$scan_status" on s "$ours" --json "$@"
	quiet
	whole "$T/out"
}

both() {
	scan "$@" --wait=1 -p 1-8 198.18.0.4/30 2001:db8::4/126
}

counts() {
	receipt '.counts | "\(.open) \(.closed) \(.filtered)"'
}

drop_lab() {
	spaces s t
	veth s v0 t v1
	addr s v0 198.18.0.1/24
	addr t v1 198.18.0.2/24
	anyip t 198.18.0.64/26
	count_syns t
	rules t <<-X
	table inet filter {
	 set pairs {
	  type ipv4_addr . inet_service
	  size 65535
	  flags dynamic
	 }
	 chain in {
	  type filter hook input priority 0
	  tcp flags syn update @pairs { ip daddr . tcp dport }
	  meta l4proto tcp drop
	 }
	}
	X
	router=$(on t ip -j link show v1 | jq -r '.[0].address')
	forget
}

forget() {
	on t nft flush set inet filter pairs
	before=$(syns t)
}

sent() {
	echo $(($(syns t) - before))
}

distinct() {
	on t nft -j list set inet filter pairs |
		jq '[.nftables[].set? // empty | .elem // [] | .[]] | length'
}

has_peer() {
	peer_known=
	command -v "$1" >/dev/null 2>&1 || {
		at_exit "[ \"\$lib_status\" -ne 0 ] || {
			lib_status=77
			echo 'skip: $1 is not installed: its side was not shown'
		}"
		return 1
	}
	peer_version=$("$1" --version 2>&1 |
		sed -nE '/[0-9]/{s/^[^0-9]*([0-9.]+).*/\1/p;q}' || :)
	case $1-$peer_version in
	zmap-2.1.1 | masscan-1.3.2) peer_known=yes ;;
	esac
}

zmapped() {
	status=0
	: >"$T/none"
	on s timeout 30 zmap -q -i v0 -S 198.18.0.1 -G "${router:?}" -c 1 \
		-C "$T/none" -b "$T/none" "$@" >"$T/peer" 2>"$T/peer-err" ||
		status=$?
}

masscanned() {
	status=0
	patience=$1
	shift
	on s timeout "$patience" masscan --interface v0 --source-ip 198.18.0.1 \
		--router-mac "${router:?}" --wait 1 "$@" \
		>"$T/peer" 2>"$T/peer-err" || status=$?
}

shown() {
	if [ "$1" -eq 1 ]; then
		note "shown: $2"
	elif [ "$peer_known" = yes ]; then
		show "$T/peer-err"
		fail "not shown: $2"
	else
		note "not so in $peer_version: $2"
	fi
}

came() {
	on t cat /sys/class/net/v1/statistics/rx_packets
}

has_come() {
	[ "$(came)" -ge "$1" ]
}

struck() {
	struck_what=$1
	struck_at=$(($(came) + 60))
	shift
	"$@" &
	struck_pid=$!
	wait_for 20 has_come "$struck_at"
	eval "$struck_what"
	status=0
	wait "$struck_pid" || status=$?
}

signal() {
	for victim in $(ip netns pids "${NS}s"); do
		[ "$(cat "/proc/$victim/comm")" != "$2" ] ||
			kill "-$1" "$victim"
	done
}

twin() {
	need make
	twin_name=$1
	twin_sources=
	shift
	while [ $# -gt 0 ]; do
		twin_source=$T/$twin_name.$#.c
		sed "$2" "$SRC/lib/$1" >"$twin_source"
		! cmp -s "$SRC/lib/$1" "$twin_source" ||
			fail "lib/$1 has nothing that '$2' would change"
		twin_sources="$twin_sources $twin_source"
		shift 2
	done
	make -s -C "$BUILD" -f Makefile -f - TWIN="$T/$twin_name" \
		SOURCES="$twin_sources" twin >"$T/$twin_name.log" 2>&1 \
		<<-'X' || { show "$T/$twin_name.log"; fail "no $twin_name"; }
	twin: ; for c in $(SOURCES); do \
	    $(COMPILE) -w -c -o $$c.o $$c || exit 1; done; \
	    $(CCLD) $(AM_CFLAGS) $(CFLAGS) $(AM_LDFLAGS) $(LDFLAGS) \
	    -o $(TWIN) $(SOURCES:=.o) $(mipo_scan_OBJECTS) \
	    $(mipo_scan_LDADD) $(LIBS)
	X
}
