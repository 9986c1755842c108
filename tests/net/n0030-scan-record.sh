#!/bin/sh
# What a real scan says of itself, record computes again: all of it agrees,
# whatever states are listed, also where hosts are missing.
#
#   s [v0 .1] ---- [v1 .2 .5 .9] t
. "${0%/*}/../netns.sh"

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24 198.18.0.5/24 198.18.0.9/24
listening t 80
export MIPO_STATE="$T/state"
run 0 mipo-store init --make-recovery-key "$T/recovery"

# records STATUS ARG...: both ends of the pipe
records() {
	want=$1
	shift
	on s mipo-scan -q --retries=1 --wait=1 "$@" >look 2>scan.err &&
		status=0 || status=$?
	eq "status of $*" "$status" "$want"
	run "$want" mipo-store record <look
	hasnt "$T/err" 'due is'
}
for states in all open closed open,closed open,closed,filtered,unreachable; do
	for method in syn connect; do
		records 0 --method=$method --states=$states -p 1-40 127.0.0.1
	done
	records 0 --method=syn --states=$states -p 80,81 198.18.0.0/28
	eq 'hosts that are not there' \
		"$(json 'select(.type=="scan.end").counts.unreachable' look)" 24
done
records 0 -p 80,81 198.18.0.0/28
# no road there: pairs that no probe left for
records 3 -p 80,81 203.0.113.0/30 198.18.0.1
run 0 mipo-store check
