#!/bin/sh
# The connect method: the same states without privilege; few descriptors
# make it slow and never wrong; loopback never connects to itself.
#
#   s [v0 .1] ---- [v1 .2] t
. "${0%/*}/../netns.sh"

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
