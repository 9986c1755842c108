#!/bin/sh
# What a real scan says of itself, record computes again: all of it agrees,
# whatever states are listed, also where hosts are missing.
. "${0%/*}/../lib.sh"
[ "$(id -u)" -eq 0 ] || skip "only root makes interfaces"
need ip unshare
if [ "${1:-}" != inside ]; then
	unshare -n true 2>/dev/null || skip "no network namespaces here"
	unshare -n sh "$0" inside
	exit
fi
ip link set lo up
ip link add near type veth peer name far 2>/dev/null ||
	skip "no veth interfaces here"
ip link set near up
ip link set far up
ip addr add 198.18.0.1/24 dev near
export MIPO_STATE="$T/state"
run 0 mipo-store init --make-recovery-key "$T/recovery"

# records STATUS ARG...: both ends of the pipe
records() {
	want=$1
	shift
	mipo-scan -q --retries=1 --wait=1 "$@" >look 2>scan.err ||
		eq "status of $*" "$?" "$want"
	run "$want" mipo-store record <look
	hasnt "$T/err" 'due is'
}
for states in all open closed open,closed open,closed,filtered,unreachable; do
	for method in syn connect; do
		records 0 --method=$method --states=$states -p 1-40 127.0.0.1
	done
	records 0 --method=syn --states=$states -p 80,81 198.18.0.0/28
	eq 'hosts that are not there' \
		"$(json 'select(.type=="scan.end").counts.unreachable' look)" 30
done
records 0 -p 80,81 198.18.0.0/28
# no road there: pairs that no probe left for
records 3 -p 80,81 203.0.113.0/30 198.18.0.1
run 0 mipo-store check
