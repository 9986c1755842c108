#!/bin/sh
# Looks that nobody could read again: refused when they come, by every
# program alike. What was recorded and says nothing keeps nobody from judging
# the rest.
. "${0%/*}/../lib.sh"
need jq

export MIPO_STATE="$T/state"
run 0 mipo-store init --network=own --make-recovery-key "$T/recovery"
look() {
	"$BUILD/tests/bench/make-look" ports=22,80 "$@"
}
printf '198.18.0.1 22 open\n' | look >good
run 0 mipo-store record -q <good
run 0 mipo-store baseline approve last --reason=reviewed

works() {
	run 0 mipo-alarm eval --json </dev/null
	for form in csv report ndjson; do
		run 0 mipo-export "$form"
	done
	run 0 mipo-store rebuild
	run 0 mipo-store check
}

refused() { # WHAT <LOOK: a stream whose digest and count hold
	cat >bad
	run 2 mipo-store record <bad
	has err "$1"
	hasnt out scan.end
	run 2 mipo-diff good bad
	has err "$1"
	run 2 mipo-alarm eval --no-state bad
	has err "$1"
	run 2 mipo-export csv bad
	has err "$1"
	works
}

# hostile SED: the start record of an empty look, edited, and its end
hostile() {
	look scan=00000000000000000000000000000002 "$2" </dev/null >whole
	head -n 1 whole | sed "$1" >start
	! cmp -s start - <<-X || fail "$1 changes nothing"
	$(head -n 1 whole)
	X
	sum=$(sha256sum <start)
	tail -n 1 whole | sed "s/\"stream_sha256\":\"[0-9a-f]*\"/\
\"stream_sha256\":\"${sum%% *}\"/" | cat start -
}

hostile 's/"silent_as":"filtered"/"silent_as":"open"/' verdict=complete |
	refused silent_as
hostile 's/"silent_as":"filtered"/"silent_as":"ajar"/' verdict=complete |
	refused silent_as
hostile 's/\["open",/["ajar",/' verdict=complete | refused states
hostile 's/"ports":"[^"]*"/"ports":"1-65536"/' verdict=complete |
	refused 65536
hostile 's/"ports":"[^"]*"/"ports":"80,"/' verdict=complete |
	refused 'is not a port'
hostile 's/198.18.0.0.24/198.18.0.0.24x/' verdict=complete | refused 24x
hostile 's/198.18.0.0.24/host.example/' verdict=complete |
	refused host.example
hostile 's/"exclusions":\[\]/"exclusions":["here"]/' verdict=complete |
	refused here
# More pairs than can be counted: 2^48 addresses, and every port.
hostile 's/198.18.0.0.24/2001:db8::\/80/;s/"22,80"/"1-65535"/' \
	verdict=incomplete | refused '2^53-1 pairs'
hostile 's/198.18.0.0.24/2001:db8::\/79/' verdict=incomplete |
	refused 2001:db8::/79

# Cut inside its scope, it is recorded; it says nothing that could be judged.
look targets=198.18.5.0/24 </dev/null | head -n 1 |
	sed 's/"seed"/"scopes":1,"seed"/
	s/"scan":"[0-9]*"/"scan":"00000000000000000000000000000003"/
	s/"scope_sha256":"..../"scope_sha256":"0000/' >short
run 3 mipo-store record -q <short
printf '198.18.0.1 22 open\n198.18.0.1 80 open\n' |
	look scan=00000000000000000000000000000004 >later
run 0 mipo-store record -q <later
run 0 mipo-alarm eval --json </dev/null
has err 'look 00000000000000000000000000000003 is left out'
eq 'the rest is judged' "$(json 'select(.type=="alarm") |
	"\(.code) \(.port) \(.event)"' out | xargs)" \
	'E01 80 opened S02 null opened'
for form in csv report ndjson; do
	run 3 mipo-export "$form"
	has err 'a look without its end record'
done
