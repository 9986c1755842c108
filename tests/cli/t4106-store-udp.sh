#!/bin/sh
# Looks by UDP in the state, beside looks by TCP at the same hosts: neither
# closes what the other saw, and silence is never taken for closed.
. "${0%/*}/../lib.sh"
need jq

export MIPO_STATE="$T/state"
run 0 mipo-store init --network=own --make-recovery-key "$T/recovery"

# look PROTO N HOUR <PAIRS: the look number N, on stdout
look() {
	silent=filtered
	[ "$1" = tcp ] || silent='open|filtered'
	"$BUILD/tests/bench/make-look" proto="$1" \
		scan="$(printf '%032d' "$2")" ports=53,123,161 \
		states='open closed unreachable' silent="$silent" \
		time="2024-11-22T$3:00:00.000Z" targets=198.18.0.0/29
}

# against FILE: "status: kind address port proto," of it against the last
against() {
	got=0
	mipo-diff --json -q --against=last --allow-first "$1" >"$T/diff" ||
		got=$?
	printf '%s:%s\n' "$got" "$(jq -rs '[.[] | select(.type=="change") |
		" \(.kind) \(.ip) \(.port) \(.proto)"] | join(",")' "$T/diff")"
}


# known: what the index has of the first host
known() {
	mipo-store show 198.18.0.1 --json | jq -r '"\(.port)/\(.proto) " +
		"\(.state) \(.scan[30:]) \(.reason)"' | xargs
}

printf '198.18.0.1 53 open\n198.18.0.1 161 closed\n' | look tcp 1 10 >tcp1
printf '198.18.0.1 53 open\n198.18.0.1 123 open\n198.18.0.1 161 closed\n' |
	look udp 2 11 >udp2
run 0 mipo-store record <tcp1
eq 'the first by UDP' "$(against udp2)" '0:'
run 0 mipo-store record <udp2
eq both "$(known)" "53/tcp open 01 syn-ack 161/tcp closed 01 rst \
53/udp open 02 udp-reply 123/udp open 02 udp-reply 161/udp closed 02 rst"

# Of one protocol; by state; a table says which it is.
run 0 mipo-store show 53/udp --json
eq 53/udp "$(jq -r '"\(.port) \(.proto) \(.scan[30:])"' "$T/out")" '53 udp 02'
run 0 mipo-store show 53 --json
lines 2 "$T/out"
run 0 mipo-store show --format=table
like "$T/out" '^198.18.0.1 +123/udp +ntp +open '
run 0 mipo-store show 123/tcp
has "$T/err" 'covered by a look that concludes, and nothing to list (tcp)'
run 3 mipo-store show 1900/udp

# Silence by UDP is no answer, with TCP beside it or alone.
for what in 198.18.0.2 '--only=open 198.18.0.2'; do
	# shellcheck disable=SC2086 # words
	run 3 mipo-store show $what
	has "$T/err" 'nothing to list (tcp)'
	has "$T/err" 'does not tell open from silent (udp)'
done
run 2 mipo-store show 53/sctp
run 2 mipo-store show --only=shut
has "$T/err" "--only: 'shut' is none of open, closed"
eq scans "$(mipo-store scans --json | jq -r '"\(.proto) \(.method)"' |
	xargs)" 'tcp syn udp udp'

# A look by TCP that finds all shut touches nothing of UDP, and back.
look tcp 3 12 </dev/null >tcp3
printf '198.18.0.1 123 open\n198.18.0.1 161 open\n198.18.0.2 161 open\n' |
	look udp 4 13 >udp4
eq 'TCP against TCP' "$(against tcp3)" '0: host_gone 198.18.0.1 null tcp'
eq 'old scan' "$(jq -r 'select(.type=="diff.start").old_scan[30:]' diff)" 01
run 0 mipo-store record <tcp3
eq 'UDP against UDP' "$(against udp4)" '1: silent 198.18.0.1 53 udp, opened '"\
198.18.0.1 161 udp, first_seen_open 198.18.0.2 161 udp"
eq conclusive "$(jq -r 'select(.type=="diff.end") | "\(.conclusive) " +
	.status' diff)" 'true changed'
run 0 mipo-store record <udp4
eq 'after both' "$(known)" "53/tcp filtered 03 silent 161/tcp filtered 03 \
silent 53/udp open|filtered 04 silent 123/udp open 02 udp-reply 161/udp \
open 04 udp-reply"
run 0 mipo-store show '--only=open|filtered' --json
eq 'silent since' "$(jq -r '"\(.port) \(.proto)"' "$T/out")" '53 udp'

# A host that says nothing any more is not gone.
look udp 5 14 </dev/null >udp5
eq 'all silent' "$(against udp5)" "0: silent 198.18.0.1 123 udp, silent \
198.18.0.1 161 udp, silent 198.18.0.2 161 udp"
printf '198.18.0.%d %d unreachable\n' 1 53 1 123 1 161 | look udp 6 14 >udp6
eq 'no neighbour' "$(against udp6)" "0: host_gone 198.18.0.1 null udp, silent \
198.18.0.2 161 udp"

# By id it is no look of another protocol; nearest finds none of TCP.
run 2 mipo-diff --against=scan:00000000000000000000000000000003 udp5
has "$T/err" 'different protocols: tcp and udp'
printf '198.18.0.1 53 open\n' | "$BUILD/tests/bench/make-look" proto=udp \
	scan=0000000000000000000000000000000a ports=53-60 \
	states='open closed unreachable' silent='open|filtered' \
	time=2024-11-22T15:00:00.000Z targets=198.18.0.0/29 >near
run 1 mipo-diff --json --against=nearest near
eq nearest "$(jq -r 'select(.type=="diff.start").old_scan[30:]' "$T/out")" 04

# What came late is settled by later looks of its own protocol alone.
printf '198.18.0.3 53 open\n' | look udp 7 12 >late
sed 's/"silent_as":"open|filtered"/"silent_as":"filtered"/' late >wrong
run 0 mipo-store record <late
eq late "$(mipo-store show 198.18.0.3 --json |
	jq -r '"\(.port)/\(.proto) \(.state) \(.scan[30:])"')" \
	'53/udp open|filtered 04'
printf '198.18.0.3 53 open\n' | look tcp 8 13 >tcp8
run 0 mipo-store record <tcp8
run 0 mipo-store show 198.18.0.3 --json
eq 'of TCP' "$(jq -r '"\(.port) \(.proto)"' "$T/out" | xargs)" \
	'53 tcp 53 udp'

# A claim of the other protocol's digest is found out.
run 6 mipo-store record <wrong
sed '1s/"scope_sha256":"[0-9a-f]*"/"scope_sha256":"'"$(head -n 1 tcp1 |
	jq -r .scope_sha256)"'"/' udp5 >wrong
run 6 mipo-store record <wrong

# Derived anew it is the same.
mipo-store show --json >before
mipo-store scans --json >>before
run 0 mipo-store check
run 0 mipo-store rebuild
mipo-store show --json >after
mipo-store scans --json >>after
same before after
