#!/bin/sh
# The shipped mipo-scan, while it scans: it is nobody, without capabilities,
# and whatever system call is put into it that it does not need is refused.
# The same calls work in a process that is not confined, so the test can
# fail.
. "${0%/*}/../lib.sh"
need mipo-scan setpriv
[ "$(id -u)" -eq 0 ] || skip 'only root may put calls into another process'
inject=$BUILD/tests/tools/inject

# field NAME PID: of /proc/PID/status
field() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$2/status" | head -n 1
}

# put PID CALL...: until the process stands where a call can be put in
put() {
	tries=200
	while :; do
		status=0
		"$inject" "$@" >"$T/out" 2>"$T/err" || status=$?
		[ "$status" -eq 3 ] || break
		[ "$tries" -gt 0 ] || break
		tries=$((tries - 1))
		sleep 0.01
	done
	[ "$status" -ne 77 ] || skip 'the injector knows x86-64 only'
	[ "$status" -eq 0 ] || {
		show "$T/err"
		fail "inject: status $status"
	}
}

calls='socket tcp raw packet openat create fork setuid kill execve'

# confined METHOD CALL...: begins a slow scan and puts calls into it
confined() {
	method=$1
	shift
	mipo-scan --method="$method" --rate=1 --seed=1 -p 1-1000 127.0.0.1 \
		>"$T/stream" 2>"$T/said" &
	pid=$!
	at_exit "kill -KILL $pid 2>/dev/null || :"
	wait_for 10 grep -q '^NoNewPrivs:.*1' "/proc/$pid/status"
	wait_for 10 grep -q '"type":"scan.start"' "$T/stream"
	# the stream may begin before the last layer is on
	grep -q seccomp "$T/version" &&
		wait_for 10 grep -q '^Seccomp:.*2' "/proc/$pid/status"
	eq user "$(field Uid "$pid" | tr -s '\t' ' ')" '65534 65534 65534 65534'
	eq groups "$(field Groups "$pid" | tr -d ' ')" ''
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		eq "$set" "$(field "$set" "$pid")" 0000000000000000
	done
	put "$pid" getpid "$@"
}

finish() {
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 143 ] || [ "$status" -eq 3 ] ||
		fail "the scan ended with $status after the calls"
	has "$T/stream" '"type":"scan.end"'
}

run 0 mipo-scan --version
cp "$T/out" "$T/version"
has "$T/version" 'sandbox: '

# ---- a process that is free can do all of it

sleep 60 &
free=$!
at_exit "kill -KILL $free 2>/dev/null || :"
# shellcheck disable=SC2086 # a list of words
put "$free" $calls
hasnt "$T/out" EPERM
for call in $calls; do
	has "$T/out" "$call ok"
done
rm -f /tmp/mipo-injected

# ---- mipo-scan cannot

grep -q seccomp "$T/version" || {
	calls='raw packet openat create setuid execve'
	note 'no seccomp in this build: only what the other layers refuse'
}
for method in syn connect; do
	# shellcheck disable=SC2086 # a list of words
	confined "$method" $calls
	has "$T/out" 'getpid ok'
	for call in $calls; do
		[ "$method $call" != 'connect tcp' ] || continue
		like "$T/out" "^$call (EPERM|EACCES)$"
	done
	[ ! -e /tmp/mipo-injected ] || fail 'a file was made'
	finish
	jq -r 'select(.type == "scan.end") | .sandbox[]' "$T/stream" >"$T/force"
	for name in uid:65534 caps nnp; do
		has "$T/force" "$name"
	done
	! grep -q landlock "$T/version" || like "$T/force" '^landlock:[1-9]'
	! grep -q seccomp "$T/version" || has "$T/force" seccomp
done
