#!/bin/sh
# A member of the group mipo reads an idle state, and cannot write it.
. "${0%/*}/../lib.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can become somebody else"
need setpriv unshare
look="$BUILD/tests/bench/make-look"
[ -x "$look" ] || skip "make-look is not built"

# a group of that name, seen by this test alone
if [ "${1:-}" != inside ]; then
	unshare -m true 2>/dev/null || skip "no mount namespaces here"
	unshare -m sh "$0" inside
	exit
fi
{ cat /etc/group && echo mipo:x:64999:; } >group
mount --bind group /etc/group

home=$(mktemp -d /tmp/mipo-group.XXXXXX) # others pass no further in $T
at_exit "rm -rf '$home'"
chmod 755 "$home"
MIPO_STATE=$home/state
export MIPO_STATE
run 0 mipo-store init --network=own
db=$MIPO_STATE/mipo.db
eq "group of the state" "$(cd "$home" && stat -c %g state state/objects)" "64999
64999"
printf '198.18.0.1 22 open\n' | "$look" >one
run 0 mipo-store record <one
eq "mode of the database" "$(stat -c %a "$db" "$db-wal")" "640
640"
eq "group of the database" "$(stat -c %g "$db-wal")" 64999

as() {
	gid=$1
	shift
	setpriv --reuid=65000 --regid="$gid" --clear-groups "$@"
}
run 0 as 64999 mipo-store show 198.18.0.1
like "$T/out" '"state":"open"'
run 0 as 64999 mipo-store scans
run 0 as 64999 mipo-store check
like "$T/out" '"differences":0'
run 2 as 64999 mipo-store record <one
run 2 as 64999 mipo-store baseline approve last --reason=x
run 2 as 64998 mipo-store scans
run 0 mipo-store scans
lines 1 "$T/out"

# after a look that left a long WAL, which is taken back at the end
"$look" hosts=1000 ports=1-40 targets=198.16.0.0/14 \
	scan=00000000000000000000000000000002 time=2024-11-22T11:00:00.000Z \
	</dev/null >two
run 0 mipo-store record <two
eq "size of the WAL" "$(stat -c %s "$db-wal")" 0
run 0 as 64999 mipo-store show --only=open 198.18.0.1
run 0 as 64999 mipo-audit log -n 1
lines 1 "$T/out"

# beside a writer
(
	i=0
	while [ "$i" -lt 40 ]; do
		i=$((i + 1))
		echo '{"type":"note.x","text":"x"}' |
			mipo-audit append >/dev/null || exit 1
	done
	echo ended >"$T/writer"
) &
while [ ! -e "$T/writer" ]; do
	run 0 as 64999 mipo-audit log --kind=note.
	run 3 as 64999 mipo-audit verify
	hasnt "$T/out" FAIL
	kill -0 $! 2>/dev/null || break
done
wait $! || fail "a writer beside readers failed"
run 0 as 64999 mipo-audit log --kind=note.
lines 40 "$T/out"
