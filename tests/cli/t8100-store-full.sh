#!/bin/sh
# A disk that fills up in every way: nothing half-written is read as whole.
# timeout: 120
. "${0%/*}/../lib.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can mount a small disk"
need unshare
look="$BUILD/tests/bench/make-look"
[ -x "$look" ] || skip "make-look is not built"
if [ "${1:-}" != inside ]; then
	unshare -m true 2>/dev/null || skip "no mount namespaces here"
	unshare -m sh "$0" inside
	exit
fi
mkdir disk
mount -t tmpfs -o size=1m,mode=755 none disk 2>/dev/null ||
	skip "mounting a tmpfs is refused here"
at_exit "umount '$T/disk'"
MIPO_STATE=$T/disk/state
export MIPO_STATE

# whole CONTEXT: what is read back is whole, and only the looks that were
# said to be recorded are there
whole() {
	run 0 mipo-store check
	like "$T/out" '"differences":0'
	run 0 mipo-store scans
	lines "$recorded" "$T/out"
	if mipo-audit verify --help >/dev/null 2>&1; then
		run 3 mipo-audit verify
		hasnt "$T/out" FAIL
	fi
}

# init on a disk of every size: a state or nothing
for kb in 0 4 16 32 64 90; do
	rm -rf disk/* mipo-recovery.key*
	head -c $(((1024 - kb) * 1024)) /dev/zero >disk/ballast || :
	status=0
	mipo-store init >/dev/null 2>"$T/err" || status=$?
	if [ -e disk/state ]; then
		eq "status of init with $kb KiB" "$status" 0
	else
		eq "status of init with $kb KiB" "$status" 2
		eq "what init left" "$(ls disk)" ballast
		[ ! -e mipo-recovery.key ] || fail "a key without a state"
	fi
done
rm -rf disk/* mipo-recovery.key*
run 0 mipo-store init --network=own

# looks until the disk is full, and beyond
recorded=0 refused=0 n=0
while [ "$n" -lt 60 ] && [ "$refused" -lt 4 ]; do
	n=$((n + 1))
	id=$(printf '%032x' "$n")
	"$look" scan="$id" hosts=200 seed="$n" ports=1-10 \
		time="2024-11-22T10:00:$(printf '%02d' $((n % 60))).000Z" \
		</dev/null >look
	status=0
	mipo-store record <look >passed 2>"$T/err" || status=$?
	if [ "$status" -eq 0 ]; then
		recorded=$((recorded + 1))
		same look passed
	else
		eq "status of record on a full disk" "$status" 2
		refused=$((refused + 1))
		hasnt passed scan.end
		like "$T/err" '(full|No space)'
	fi
	[ "$refused" -eq 0 ] || whole
done
[ "$recorded" -gt 2 ] || fail "only $recorded looks were recorded"
[ "$refused" -eq 4 ] || fail "the disk never was full"
note "$recorded looks recorded, then full"

# room again: it goes on
mount -o remount,size=4m disk
run 0 mipo-store record <look
recorded=$((recorded + 1))
whole
