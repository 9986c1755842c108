#!/bin/sh
# mipo doctor: a verdict on every check, true in both directions, and 1 only
# when something needed is broken.
. "${0%/*}/../lib.sh"

# verdict CHECK: of the last run
verdict() {
	json "select(.check == \"$1\") | .verdict" "$T/out" | sort -u
}

run 0 mipo doctor --json
for check in privileges interfaces sandbox actor clock programs config state
do
	[ -n "$(verdict "$check")" ] || fail "nothing about $check"
done
json 'select(.type != "doctor" or .v != 1) | .check' "$T/out" >"$T/odd"
empty "$T/odd"
eq state "$(verdict state)" limited
run 0 mipo doctor --format=table
like "$T/out" '^(ok|limited) +privileges '
like "$T/out" '^ +-> '

# interfaces are those that the kernel lists
ip -o link | sed 's/^[0-9]*: //; s/[@:].*//' | sort >"$T/have"
run 0 mipo doctor --json
json 'select(.check == "interfaces") | .found | split(":")[0]' "$T/out" |
	sort >"$T/said"
same "$T/have" "$T/said"

# without the capability it says so, and that is not broken
if [ "$(id -u)" -eq 0 ]; then
	eq privileges "$(verdict privileges)" ok
	run 0 env HOME=/nonexistent setpriv --reuid=65534 --regid=65534 \
		--clear-groups mipo doctor --json
	eq privileges "$(verdict privileges)" limited
	json 'select(.check == "privileges") | .advice' "$T/out" >"$T/advice"
	has "$T/advice" 'setcap cap_net_raw+ep mipo-scan'
fi

# a broken configuration is broken
printf 'profile "a" {\n\ttargets = {"198.18.0.1"\n' >mipo.conf
run 1 env MIPO_CONFIG=mipo.conf mipo doctor --json
eq config "$(verdict config)" broken
json 'select(.check == "config") | .found' "$T/out" >"$T/found"
has "$T/found" 'mipo.conf:2: the list that begins here has no end'

# a state that cannot be read is broken, and its file system is looked at
mkdir state
printf 'this is no database, and long enough to be seen as none\n' \
	>state/mipo.db
run 1 env MIPO_STATE="$T/state" mipo doctor --json
eq state "$(verdict state)" broken
[ -n "$(verdict filesystem)" ] || fail 'nothing about the file system'
json 'select(.check == "filesystem") | .found' "$T/out" >"$T/found"
like "$T/found" 'MiB free, a durable write takes [0-9.]+ ms$'
eq 'what the state holds' "$(ls -A state)" mipo.db
