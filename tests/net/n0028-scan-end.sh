#!/bin/sh
# A scan ends as soon as no pair is outstanding, whatever --wait says; where
# one is, it waits that long, and no longer.
#
#   s [v0 .1] ---- [v1 .2] t
. "${0%/*}/../netns.sh"

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr t v1 198.18.0.2/24 2001:db8::2/64
listening t 80

# took WANT ARG...: the status, and how long in seconds
took() {
	want=$1
	shift
	began=$(date +%s%N)
	run "$want" on s mipo-scan --json "$@"
	took=$((($(date +%s%N) - began) / 100000000))
	note "$* took $took tenths of a second"
}

for method in syn connect udp; do
	for retries in 0 2; do
		took 0 --method=$method --retries=$retries --wait=60 \
			-p 80-99 198.18.0.2 2001:db8::2
		eq "$method: answered" "$(receipt .answered)" 40
		[ "$took" -lt 200 ] || fail "$method waited for nothing"
	done
done

# One stays silent: it is waited for.
rules t <<X
table inet x {
 chain in {
  type filter hook input priority 0
  meta l4proto { tcp, udp } th dport 81 drop
 }
}
X
for method in syn connect udp; do
	took 0 --method=$method --retries=1 --wait=2 -p 80,81 198.18.0.2
	[ "$took" -ge 20 ] && [ "$took" -lt 200 ] ||
		fail "$method did not wait for what it should"
done
