#!/bin/sh
# A signal at any moment of a scan either kills it before it has written a
# byte, or ends it with a whole receipt and the signal's status: while names
# resolve, neighbours are asked, probes leave, answers are waited for, and
# the end is written. Started without a shell, which would lose some itself.
#
#   s [v0 .1] ---- [v1 .2] t: drops everything, and there is no .3
# timeout: 120
. "${0%/*}/../netns.sh"
[ -x "$TOOLS/strike" ] || skip 'strike is not built'

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  meta l4proto { tcp, udp } drop
 }
}
X

# struck WHAT TIMES MICROSECONDS ARG...: by each of the signals
struck() {
	what=$1 times=$2 span=$3
	shift 3
	for signal in 15 2 1; do
		run 0 on s "$TOOLS/strike" "$signal" "$times" "$span" "$@"
		note "$what, signal $signal: $(cat "$T/out")"
		like "$T/out" '^before [0-9]+, whole [0-9]+, .* bad 0$'
	done
}

struck 'the first moments' 40 100000 mipo-scan --json --method=connect \
	--rate=1000 -p 1-200 127.0.0.1
struck probing 10 200000 mipo-scan --json --rate=1000 -p 1-1000 127.0.0.1
struck neighbours 4 300000 mipo-scan --json -p 1-5 198.18.0.3-198.18.0.99
struck waiting 4 400000 mipo-scan --json --retries=0 -p 1-5 198.18.0.2
struck 'the last write' 10 100000 mipo-scan --json --states=all --wait=0 \
	--retries=0 --rate=max -p 1-2000 127.0.0.1
has "$T/out" whole

echo 'nameserver 198.18.0.2' >"$T/resolv.conf"
if on s unshare -m mount --bind "$T/resolv.conf" /etc/resolv.conf \
	2>/dev/null; then
	struck names 2 100000 unshare -m sh -c 'mount --bind "$1" \
		/etc/resolv.conf && shift && exec "$@"' sh "$T/resolv.conf" \
		mipo-scan --json -p 1 host.example
	has "$T/out" 'before 2'
fi

# Nothing stays of a file that a signal kept from becoming whole.
mkdir "$T/dir"
struck 'into a file' 30 30000 mipo-scan --json -o "$T/dir/file" \
	--rate=1000 -p 1-200 --method=connect 127.0.0.1
none_left() {
	[ -z "$(find "$T/dir" -name '*.tmp')" ]
}
wait_for 5 none_left
