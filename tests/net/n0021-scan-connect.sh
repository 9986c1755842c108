#!/bin/sh
# The connect method: the same states without privilege; few descriptors
# make it slow and never wrong; loopback never connects to itself.
#
#   s [v0 .1] ---- [v1 .2] t
. "${0%/*}/../netns.sh"
need strace

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr t v1 198.18.0.2/24 2001:db8::2/64
listening t 80 8080
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  tcp dport 81 drop
  tcp dport 83 reject with tcp reset
 }
}
X

run 0 on s mipo-scan --json --method=connect --states=all --wait=2 \
	-p 80,81,83,85,8080 198.18.0.2 2001:db8::2
whole "$T/out"
states "$T/out" >"$T/states"
for host in 198.18.0.2 2001:db8::2; do
	printf "$host %s\n" '80 open' '81 filtered' '83 closed' '85 closed' \
		'8080 open'
done | sort >"$T/truth"
same "$T/truth" "$T/states"
eq verdict "$(receipt .verdict)" complete
eq reasons "$(jq -rs '[.[] | select(.type == "obs") | .reason] | unique |
	join(" ")' "$T/out")" 'connected no-answer refused'

# Nobody is there, and another is; or nobody at all, and the way may be dead.
run 0 on s mipo-scan --json --method=connect --wait=5 -p 80 198.18.0.2 \
	198.18.0.9
eq unreachable "$(receipt .counts.unreachable)" 1
run 3 on s mipo-scan --json --method=connect --wait=5 -p 80 198.18.0.9
eq verdict "$(receipt .verdict)" degraded
has "$T/out" 'nothing answered: the way there may be dead'

# No route: not covered, and status 3.
run 3 on s mipo-scan --json --method=connect -p 80 198.19.9.9
eq verdict "$(receipt .verdict)" incomplete
eq error "$(receipt '.send_errors[0].errno')" ENETUNREACH

# 40 descriptors for 200 silent pairs and 200 others.
rules t <<X
table inet filter {
 chain more {
  type filter hook input priority 1
  tcp dport 1000-1039 drop
 }
}
X
run 3 on s sh -c 'ulimit -n 40 && exec mipo-scan --json --method=connect \
	--retries=0 --wait=1 --rate=max -p 1000-1239 198.18.0.2'
eq counts "$(receipt '.counts | "\(.closed) \(.filtered)"')" '200 40'
eq attempted "$(receipt .attempted)" 240
has "$T/out" 'what stayed silent was tried only once'

# Thousands at once: silence is waited for side by side, in less time
# that 2048 of them would take.
rules t <<X
table inet filter {
 chain most {
  type filter hook input priority 2
  tcp dport 20000-29999 drop
 }
}
X
began=$(date +%s)
run 0 on s mipo-scan --json --method=connect --rate=max --wait=4 \
	-p 20000-29999,80 198.18.0.2
eq counts "$(receipt '.counts | "\(.open) \(.filtered)"')" '1 10000'
took=$(($(date +%s) - began))
note "10000 silent pairs took $took s"
[ "$took" -lt 28 ] || fail "10000 silent pairs took $took s"

# Every local port is in another's hands for a while: it waits, and nothing
# is missing; for good: what was not sent is said to be so.
on s sysctl -qw net.ipv4.ip_local_port_range='40000 40003'
occupied() {
	start s "$TOOLS/listen" "$T/occupied" 40000 40001 40002 40003
	wait_for 5 test -f "$T/occupied"
}
occupied
sh -c "sleep 2; kill ${started:?}" &
run 0 on s mipo-scan --json --method=connect --rate=max -p 80,85 198.18.0.2
eq counts "$(receipt '.counts | "\(.open) \(.closed)"')" '1 1'
eq errors "$(receipt '.send_errors | length')" 0
rm "$T/occupied"
occupied
run 3 on s mipo-scan --json --method=connect --retries=0 --rate=max \
	-p 80-85 198.18.0.2
eq error "$(receipt '.send_errors[0].errno')" EADDRNOTAVAIL
eq covered "$(receipt '.counts | add')" 0
kill "$started"
on s sysctl -qw net.ipv4.ip_local_port_range='32768 60999'

# The machine's table of files is full for a while, when nothing is open yet.
run 0 on s strace -qq -f -o "$T/trace" -e trace=socket \
	-e inject=socket:error=ENFILE:when=2..21 mipo-scan --json \
	--method=connect --rate=max -p 80-85 198.18.0.2
grep -q 'ENFILE.*INJECTED' "$T/trace" || fail 'nothing was injected'
eq counts "$(receipt '.counts | "\(.open) \(.closed)"')" '1 4'
eq errors "$(receipt '.send_errors | length')" 0

# All of loopback, through the kernel's own range of source ports.
run 0 on t mipo-scan --json --method=connect --rate=max --wait=2 -p 1-65535 \
	127.0.0.1
eq open "$(jq -r 'select(.state == "open") | .port' "$T/out" | sort -n |
	tr '\n' ' ')" '80 8080 '

# What was accepted and then reset was open.
# shellcheck disable=SC2046 # a list of words
listening t -r $(seq 3000 3299)
run 0 on t mipo-scan --json --method=connect --rate=max --wait=2 \
	-p 3000-3299 127.0.0.1
eq 'accepted and reset' "$(receipt '.counts | "\(.open) \(.closed)"')" '300 0'
