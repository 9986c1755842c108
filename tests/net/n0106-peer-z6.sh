#!/bin/sh
# Z6: the interface goes down in the middle. zmap ends with 0 and says that
# it sent everything; ours ends with 3 and lists what was not sent.
. "${0%/*}/../peers.sh"

drop_lab
way() {
	on s ip link set v0 up
	on s ip route replace 198.19.0.0/22 via 198.18.0.2
}
cut='on s ip link set v0 down'

peer() {
	zmapped -p 80 -r 500 --max-sendto-failures=100000 -o "$T/found" \
		198.19.0.0/22
	return "${status:?}"
}
way
if has_peer zmap; then
	struck "$cut" peer
	shown "$((${status:?} == 0))" "zmap ends with ${status:?}"
	note "$(sent) of 1024 probes had left"
	[ "$(sent)" -lt 1024 ] || fail 'the cable was cut too late'
	way
fi

ours() {
	on s mipo-scan --json --rate=500 --wait=1 -p 80 198.18.0.2 \
		198.19.0.0/22 >"$T/out" 2>"$T/err"
}
struck "$cut" ours
eq status "${status:?}" 3
whole "$T/out"
eq verdict "$(receipt .verdict)" incomplete
unsent=$(receipt '[.send_errors[].indices[] | .[1] - .[0] + 1] | add')
[ "$unsent" -gt 0 ] || fail 'nothing is said to be unsent'
[ "$(receipt .accepted)" -lt "$(receipt .attempted)" ] ||
	fail 'all is said to be sent'
