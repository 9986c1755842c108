#!/bin/sh
# M3: masscan that is resumed at another rate probes some pairs twice and
# others never. Ours goes on where it was: what was sent in the last moments
# may be sent again, and nothing is left out.
. "${0%/*}/../peers.sh"

drop_lab
anyip t 198.19.0.0/22
on s ip route add 198.19.0.0/22 via 198.18.0.2

first() {
	masscanned 30 --seed 7 --rate 200 -p 80 198.19.0.0/22
}
if has_peer masscan; then
	struck 'sleep 2; signal INT masscan' first
	[ -s paused.conf ] || fail 'masscan left no paused.conf'
	note "masscan was paused after $(sent) probes"
	# It does not know one of its own lines.
	grep -v nocapture paused.conf >resumed.conf
	masscanned 30 --resume resumed.conf --rate 1000
	shown "$(($(sent) > 500 && $(distinct) < 1024))" \
		"masscan: $(sent) probes of $(distinct) pairs of 1024"
fi

forget
ours() {
	on s mipo-scan --json --rate="$1" --retries=0 --wait=0 -p 80 \
		--resume="$T/journal" 198.19.0.0/22 >"$T/out" 2>"$T/err"
}
struck 'sleep 2; signal TERM mipo-scan' ours 200
eq status "${status:?}" 143
n=$(sent)
[ "$(distinct)" -lt 1024 ] || fail 'it was not interrupted'
ours 1000 || eq status "$?" 3
eq pairs "$(distinct)" 1024
[ "$(sent)" -lt $((1024 + n)) ] || fail "$(sent) probes, $n at first"
note "$n probes, and then $(($(sent) - n))"
