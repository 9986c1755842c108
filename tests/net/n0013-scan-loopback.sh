#!/bin/sh
# This machine itself: loopback and its own addresses, by raw sockets. A
# listener of our own must answer, else the verdict is incomplete.
# alone: nothing may be lost at the highest rate
. "${0%/*}/../netns.sh"

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24 2001:db8::1/64
listening s 80 61300

run 0 on s mipo-scan --json --rate=max --wait=3 -p 1-65535 127.0.0.1 ::1
eq verdict "$(receipt .verdict)" complete
eq planned "$(receipt .planned)" 131070
eq attempted "$(receipt .attempted)" 131070
eq duplicates "$(receipt .duplicates)" 0
eq canaries "$(receipt '[.canaries[].seen] | @csv')" true,true
grep -v '"state":"closed"' "$T/out" >"$T/others"
states "$T/others" >"$T/open"
printf '%s\n' '127.0.0.1 61300 open' '127.0.0.1 80 open' '::1 61300 open' \
	'::1 80 open' | sort >"$T/truth"
same "$T/truth" "$T/open"

# Its own address on another interface is reached over loopback too.
run 0 on s mipo-scan --json --states=all --wait=2 -p 80,81 198.18.0.1 \
	2001:db8::1
states "$T/out" >"$T/states"
printf '%s\n' '198.18.0.1 80 open' '198.18.0.1 81 closed' \
	'2001:db8::1 80 open' '2001:db8::1 81 closed' | sort >"$T/truth"
same "$T/truth" "$T/states"

# Answers to the canary are dropped: all silence is in doubt.
rules s <<X
table inet filter {
 chain in {
  type filter hook output priority 0
  tcp dport 61256 drop
 }
}
X
run 3 on s mipo-scan --json --wait=1 -p 80,81 127.0.0.1
eq verdict "$(receipt .verdict)" incomplete
eq canaries "$(receipt '.canaries[0].seen')" false
