#!/bin/sh
# The interface goes down in the middle: the verdict is incomplete, status 3,
# and what was not sent is listed. When it comes back in time, all is sent.
#
#   s [v0 .1] ---- [v1 .2] t: closed ports
. "${0%/*}/../netns.sh"

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24
count_syns t

ip netns exec "${NS}s" mipo-scan --json --rate=1000 --wait=1 \
	-p 1-3000 198.18.0.2 \
	>"$T/out" 2>"$T/err" &
scan=$!
wait_for 10 syns_came t 300
on s ip link set v0 down
status=0
wait "$scan" || status=$?
eq status "$status" 3
whole "$T/out"
eq verdict "$(receipt .verdict)" incomplete
left_by ENETDOWN
covered=$(receipt '.counts | add')
unsent=$(receipt '[.send_errors[].indices[] | .[1] - .[0] + 1] | add')
note "covered $covered, unsent $unsent"
[ "$covered" -gt 0 ] && [ "$unsent" -gt 0 ] || fail 'nothing went wrong'
eq 'covered and unsent' "$((covered + unsent))" 3000
eq attempted "$(receipt .attempted)" "$(receipt '.accepted +
	([.send_errors[].count] | add)')"

# Down for half a second: the probes wait for it.
on s ip link set v0 up
before=$(syns t)
ip netns exec "${NS}s" mipo-scan --json --rate=1000 --wait=1 \
	-p 1-2000 198.18.0.2 \
	>"$T/out" 2>"$T/err" &
scan=$!
wait_for 10 syns_came t "$((before + 300))"
on s ip link set v0 down
sleep 0.5
on s ip link set v0 up
wait "$scan" || :
whole "$T/out"
eq covered "$(receipt '.counts | add')" 2000
eq unsent "$(receipt '[.send_errors[].indices[]] | length')" 0

# Down from the start: there is no route, and nothing was looked at.
on s ip link set v0 down
run 3 on s mipo-scan --json -p 1 198.18.0.2
eq verdict "$(receipt .verdict)" incomplete
eq error "$(receipt '.send_errors[0].errno')" ENETUNREACH
eq covered "$(receipt '.counts | add')" 0

# Without a carrier it says so.
on s ip link set v0 up
on t ip link set v1 down
on s ip route replace 198.18.0.0/24 dev v0 src 198.18.0.1
run 2 on s mipo-scan --json -p 1 198.18.0.2
empty "$T/out"
has "$T/err" 'interface v0 has no carrier'
