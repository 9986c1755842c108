#!/bin/sh
# INT, TERM and HUP end a scan with a whole receipt and the signal's status;
# also in the middle of waiting, and when the reader has gone.
#
#   s [v0 .1] ---- [v1 .2] t: drops everything
. "${0%/*}/../netns.sh"

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24
count_syns t
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  meta l4proto tcp drop
 }
}
X

# ended SIGNAL STATUS: when three probes of these options have come
ended() {
	signal=$1 want=$2
	shift 2
	before=$(syns t)
	# A shell starts what is in the background deaf to INT.
	ip netns exec "${NS}s" env --default-signal=INT \
		mipo-scan --json "$@" >"$T/out" 2>"$T/err" &
	scan=$!
	wait_for 10 syns_came t "$((before + 3))"
	kill "-$signal" "$scan"
	status=0
	wait "$scan" || status=$?
	eq "status after $signal" "$status" "$want"
	whole "$T/out"
	eq verdict "$(receipt .verdict)" interrupted
	eq reasons "$(receipt '.reasons[-1]')" 'the scan was interrupted'
	empty "$T/err"
}

ended INT 130 -p 1-60000 198.18.0.2
[ "$(receipt '.counts | add')" -lt 60000 ] || fail 'it was not interrupted'
eq walked "$(receipt '[.passes[0].intervals[] | .[1] - .[0] + 1] | add')" \
	"$(receipt .accepted)"
# What is still waited for is not called filtered; nothing was covered.
ended TERM 143 -p 1-3 --wait=60 --states=all 198.18.0.2
eq covered "$(receipt '.counts | add')" 0
eq unknown "$(receipt .unknown)" 3
eq observations "$(grep -c '"type":"obs"' "$T/out")" 0
eq reason "$(receipt '.reasons[-2]')" '3 pairs were still waited for'
eq digest "$(receipt .state_sha256)" \
	"$(printf 'mipo/state/v1\n' | sha256sum | cut -d' ' -f1)"
ended HUP 129 -p 1-60000 198.18.0.2

# USR1 asks how far it is; stray signals do nothing; a second INT ends it.
before=$(syns t)
ip netns exec "${NS}s" env --default-signal=INT,PIPE mipo-scan -q --json \
	-p 1-60000 198.18.0.2 >"$T/out" 2>"$T/err" &
scan=$!
wait_for 10 syns_came t "$((before + 3))"
for signal in USR2 PIPE USR1; do
	kill "-$signal" "$scan"
	sleep 0.2
done
wait_for 5 test -s "$T/err"
lines 1 "$T/err"
like "$T/err" '^mipo-scan: probing, pass 1 of 2, [0-9]+ of 60000 pairs, '
kill -INT "$scan"
status=0
wait "$scan" || status=$?
eq 'status after INT' "$status" 130
whole "$T/out"
lines 1 "$T/err"
mkfifo "$T/fifo"
sleep 30 <>"$T/fifo" &
at_exit "kill $! 2>/dev/null || :"
ip netns exec "${NS}s" env --default-signal=INT mipo-scan --json --rate=max \
	--states=all -p 1-65535 127.0.0.1 >"$T/fifo" 2>"$T/err" &
scan=$!
sleep 2
kill -INT "$scan"
sleep 0.5
kill -0 "$scan" || fail 'it did not wait for its reader'
kill -INT "$scan"
status=0
wait "$scan" || status=$?
eq 'status after two INT' "$status" 130

# The reader has gone: it ends quietly by that.
status=0
ip netns exec "${NS}s" env --default-signal=PIPE bash -c 'mipo-scan --json \
	-p 1-3 --wait=1 198.18.0.2 | true; exit "${PIPESTATUS[0]}"' \
	2>"$T/err" || status=$?
eq 'status without a reader' "$status" 141
empty "$T/err"

# -o FILE: the interrupted stream is there, whole.
before=$(syns t)
ip netns exec "${NS}s" mipo-scan --json -o "$T/file" -p 1-60000 \
	198.18.0.2 &
scan=$!
wait_for 10 syns_came t "$((before + 3))"
[ ! -e "$T/file" ] || fail 'the file is there before it is whole'
kill "$scan"
status=0
wait "$scan" || status=$?
eq status "$status" 143
whole "$T/file"

# nohup is honoured: it ends by itself.
run 0 on s sh -c 'trap "" HUP; mipo-scan --json -p 1-200 \
	--wait=1 198.18.0.2 & sleep 0.5; kill -HUP $!; wait $!'
whole "$T/out"
eq covered "$(receipt '.counts | add')" 200
