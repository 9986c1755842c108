#!/bin/sh
# Routes change while scans go on: what stays silent where ours did is not
# believed, also by one that was killed and goes on; changes of others say
# nothing.
#
#   s [v0 198.18.0.1] -- [.2, .3] t: 198.19.0.0/16 and 2001:db8:9::/48, port
#   82 is dropped
. "${0%/*}/../netns.sh"

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr t v1 198.18.0.2/24 198.18.0.3/24 2001:db8::2/64 2001:db8::3/64
on t ip route add default via 198.18.0.1
on t ip route add default via 2001:db8::1
anyip t 198.19.0.0/16 2001:db8:9::/48
rules t <<X
table inet x {
 counter four { }
 counter kept { }
 counter six { }
 counter other { }
 chain in {
  type filter hook input priority 0
  ip daddr 198.19.0.4/31 counter name kept
  ip daddr 198.19.0.0/17 counter name four
  ip6 daddr 2001:db8:9::/64 counter name six
  ip daddr 198.19.128.0/17 counter name other
  tcp dport 82 drop
 }
}
X
on s ip route add 198.19.0.0/17 via 198.18.0.2
on s ip route add 198.19.128.0/17 via 198.18.0.2
on s ip route add 2001:db8:9::/64 via 2001:db8::2
on s ip route add 2001:db8:9:8::/64 via 2001:db8::2

# goes NAME TARGET...: a scan, in the background
goes() {
	name=$1
	shift
	ip netns exec "${NS}s" mipo-scan --json --rate=200 --wait=2 \
		-p 82,100-119 "$@" >"$T/$name" 2>"$T/$name-err" &
	eval "$name=\$!"
}

# ended NAME STATUS
ended() {
	status=0
	eval "wait \$$1" || status=$?
	whole "$T/$1"
	mv "$T/$1" "$T/out"
	eq "status of $1" "$status" "$2"
	eq counts "$(receipt '.counts | "\(.closed) \(.filtered)"')" "$3"
	receipt '.reasons[]' >"$T/reasons"
}

# begun NAME: it has sent a probe
begun() {
	[ "$(on t nft -j list counter inet x "$1" |
		jq '.nftables[].counter? // empty | .packets')" -gt 0 ]
}

goes four 198.19.0.0/31
goes kept --retries=2 --resume="$T/journal" 198.19.0.4/31
goes six 2001:db8:9::/127
goes other 198.19.128.0 2001:db8:9:8::
for name in four kept six other; do
	wait_for 10 begun $name
done
on s ip route add 198.19.0.1/32 via 198.18.0.3
on s ip route add 198.19.0.5/32 via 198.18.0.3
on s ip -6 rule add to 2001:db8:9::/64 dport 110-112 prohibit
on s ip route add 198.18.128.0/24 via 198.18.0.3
on s ip rule add to 198.19.0.0/17 fwmark 7 prohibit
wait_for 10 grep -q '"faults":\["the route to 198.19.0.5' "$T/journal"
# shellcheck disable=SC2154 # goes sets it
kill -KILL "$(pgrep -P "$kept" mipo-scan || echo "$kept")"
wait "$kept" 2>/dev/null || :
goes again --retries=2 --resume="$T/journal" 198.19.0.4/31
ended four 3 '40 2'
eq reasons "$(cat "$T/reasons")" \
	'the route to 198.19.0.1 changed during the scan'
ended six 3 '40 2'
eq reasons "$(cat "$T/reasons")" \
	'the route to 2001:db8:9:: changed during the scan'
ended other 0 '40 2'
# What was seen before the kill is not forgotten.
ended again 3 '40 2'
eq 'reasons of both' "$(cat "$T/reasons")" \
	'the route to 198.19.0.5 changed during the scan'
