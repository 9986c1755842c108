#!/bin/sh
# Of one core's time we send at least as many probes as zmap. (By time on the
# wall, and to zmap as it is now, that is make bench-scan.)
# alone: it measures what this machine can send
. "${0%/*}/../peers.sh"
need perl taskset
no_sanitizer speed

drop_lab
on s ip route add 198.16.0.0/12 via 198.18.0.2
rules t <<X
table netdev mute {
 chain in {
  type filter hook ingress device "v1" priority 0
  ip protocol tcp drop
 }
}
X

# cost CMD...: adds nanoseconds of processor time a probe to $T/$tool
cost() {
	from=$(came)
	on s taskset -c 0 perl -e 'system @ARGV; my @t = times;
		print STDERR "spent ", $t[2] + $t[3], "\n"' "$@" \
		>/dev/null 2>"$T/spent"
	n=$(($(came) - from))
	[ "$n" -gt 300000 ] || { show "$T/spent"; fail "$n probes arrived"; }
	awk -v n="$n" '/^spent/ { printf "%d\n", $2 * 1e9 / n }' \
		"$T/spent" >>"$T/$tool"
}

has_peer zmap || exit 0
: >"$T/none"
for _ in 1 2; do
	tool=zmap
	cost zmap -q -i v0 -T 1 -r 0 -p 80 -S 198.18.0.1 -G "${router:?}" \
		-c 1 -C "$T/none" -b "$T/none" -n 400000 198.16.0.0/12
	tool=mipo
	cost mipo-scan --json --rate=max --retries=0 --wait=0 -p 1-6 \
		198.19.0.0/16
done
theirs=$(sort -n "$T/zmap" | head -n 1)
ours=$(sort -n "$T/mipo" | head -n 1)
note "a probe costs zmap $theirs ns, us $ours ns"
[ "$ours" -le "$theirs" ] || fail "$ours ns a probe, zmap's $theirs"
