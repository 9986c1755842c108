#!/bin/sh
# Command line, gates, statuses and bad input of mipo-diff.
. "${0%/*}/../lib.sh"
need jq

look() { # FILE KEY=VALUE... <PAIRS
	file=$1
	shift
	"$BUILD/tests/bench/make-look" "$@" >"$file"
}

look old <<X
198.18.0.1 22 open
198.18.0.1 80 closed
X
look new scan=00000000000000000000000000000002 <<X
198.18.0.1 22 closed
198.18.0.1 80 open
X
run 1 mipo-diff old new
json .type out >types
printf '%s\n' diff.start change change diff.end >want
same types want
eq 'digest of the stream' \
	"$(json 'select(.type=="diff.end").stream_sha256' out)" \
	"$(head -n 3 out | sha256sum | cut -d' ' -f1)"
eq 'gated' "$(json 'select(.gated) | .kind' out)" opened
run 0 mipo-diff --gate=first_seen_open old new
run 0 mipo-diff --gate=none old new
run 1 mipo-diff --gate=closed old new
run 1 mipo-diff --gate=all old new
run 0 mipo-diff --exit-zero old new
# It is about changes: what cannot be told stays as it is.
"$BUILD/tests/bench/make-look" ports=22,80 verdict=degraded \
	scan=00000000000000000000000000000009 >weak <<X
198.18.0.1 22 open
198.18.0.1 80 open
X
run 1 mipo-diff old weak
run 3 mipo-diff --exit-zero old weak
run 1 mipo-diff -o result old new
empty out
eq 'in a file' "$(json 'select(.type=="diff.end").count' result)" 2

# stdin is either of the two, not both.
run 1 mipo-diff - new <old
run 1 mipo-diff old - <new
run 2 mipo-diff - - <new
has err 'only one look'

for args in '' 'old' 'old new new' '--gate=opend old new' \
	'--against=last old new' '--format=xml old new' 'old nowhere' \
	'--frob old new' 'old .'; do
	# shellcheck disable=SC2086 # words
	run 2 mipo-diff $args </dev/null
	lines 1 err
	empty out
done

# What is not a look is named with its line.
bad() { # WHAT SED
	sed "$2" new >bad
	run "$3" mipo-diff old bad
	lines 1 err
	has err "bad:"
	has err "$1"
	empty out
}
bad ':1: ' '1s/^{/[/' 2
bad ':2: ' '2s/198\.18\.0\.1/198.18.0.400/' 2
bad ':2: ' '2s/"open"/"ajar"/; 2s/"closed"/"ajar"/' 2
bad ':3: an observation of another scan' '3s/00000002"/00000003"/' 2
bad ':1: a stream must begin with scan.start' 1d 2
bad ':3: scan.end counts' 2d 6
bad "stream_sha256 is not that" '2s/"ttl":64/"ttl":63/' 6
bad ':5: a line after scan.end' '4p' 2
printf '{"half' >>new
run 2 mipo-diff old new
has err 'after the end record'

# Out of the scope that the look declares.
look outside <<X
198.18.1.1 22 open
X
run 2 mipo-diff old outside
has err '198.18.1.1 22 is outside the scope'
look outside <<X
198.18.0.1 23 open
X
run 2 mipo-diff old outside
look elsewhere vantage=elsewhere <<X
X
run 2 mipo-diff old elsewhere
has err 'different vantages: here and elsewhere'
empty out

# A full disk is not a result.
if [ -w /dev/full ]; then
	got=0
	mipo-diff old old >/dev/full 2>err || got=$?
	eq 'full disk' "$got" 2
fi
