#!/bin/sh
# What may be concluded from two looks, and what not: the classic pairs of
# scanners' diff tests (a port list that grew or shrank, a host that was
# down, a scan that broke off), as looks of our own.
. "${0%/*}/../lib.sh"
need jq

n=0
look() { # FILE KEY=VALUE... <PAIRS
	file=$1
	shift
	n=$((n + 1))
	"$BUILD/tests/bench/make-look" "scan=$(printf '%032d' "$n")" "$@" \
		>"$file"
}

# kinds OLD NEW: "kind ip port, ..." and the status
kinds() {
	got=0
	mipo-diff --json -q "$1" "$2" >"$T/diff" 2>"$T/err" || got=$?
	empty "$T/err"
	json 'select(.type=="change") | "\(.kind) \(.ip) \(.port //
		(.ports | map(tostring) | join("+")))"' "$T/diff" |
		paste -sd, - >"$T/kinds"
	printf '%s: %s\n' "$got" "$(cat "$T/kinds")"
}

one='targets=198.18.0.1'
look simple $one ports=22,113 <<X
198.18.0.1 22 open
198.18.0.1 113 closed
X
look single $one ports=1-100 <<X
198.18.0.1 22 open
198.18.0.1 53 open
198.18.0.1 70 closed
198.18.0.1 80 open
X
look down $one ports=1-100 <<X
X
look nothing targets=198.18.0.9 ports=22 <<X
X
look detail $one ports=22,113 time=2024-11-23T10:00:00Z <<X
198.18.0.1 113 closed
198.18.0.1 22 open
X
for f in simple single down nothing detail; do
	eq "$f with itself" "$(kinds $f $f)" '0: '
done
eq 'nothing in common' "$(kinds nothing down)" '3: '
eq 'down to up' "$(kinds down single)" \
	'1: host_appeared 198.18.0.1 22+53+80'
eq 'up to down' "$(kinds single down)" '0: host_gone 198.18.0.1 22+53+80'
eq 'more ports' "$(kinds simple single)" \
	'1: first_seen_open 198.18.0.1 53,first_seen_open 198.18.0.1 80'
eq 'fewer ports' "$(kinds single simple)" \
	'3: uncovered 198.18.0.1 53,uncovered 198.18.0.1 80'
eq 'other order and time' "$(kinds simple detail)" '0: '

# A look that broke off, in each way that it can.
for verdict in degraded incomplete interrupted; do
	look weak $one ports=1-100 verdict=$verdict <<X
198.18.0.1 53 open
198.18.0.1 70 open
198.18.0.1 22 closed
X
	w='1: uncovered 198.18.0.1 22,opened 198.18.0.1 70'
	eq "$verdict" "$(kinds single weak)" "$w,uncovered 198.18.0.1 80"
	w='1: opened 198.18.0.1 22,closed 198.18.0.1 70'
	eq "from $verdict" "$(kinds weak single)" \
		"$w,first_seen_open 198.18.0.1 80"
done

# Without its end record a stream is no answer, whatever is in it; cut at
# each byte it never is one.
look whole $one ports=22,113 <<X
198.18.0.1 22 open
198.18.0.1 113 open
X
size=$(wc -c <whole)
start=$(head -n 1 whole | wc -c)
at=$start
while [ "$at" -lt "$size" ]; do
	head -c "$at" whole >part
	got=0
	mipo-diff --json -q simple part >"$T/diff" || got=$?
	eq "cut at $at of $size" "$got" 3
	eq "cut at $at" "$(json 'select(.kind=="closed" or
		.kind=="filtered" or .kind=="host_gone") | .kind' "$T/diff")" ''
	eq "status cut at $at" "$(json 'select(.type=="diff.end") |
		.status' "$T/diff")" inconclusive
	at=$((at + 61))
done
head -c $((start - 1)) whole >part
run 3 mipo-diff simple part
has "$T/err" 'no look in it'

# The states that a look does not list and does not declare are not there.
look opens $one ports=22,113 states=open silent= <<X
198.18.0.1 22 open
X
look opens2 $one ports=22,113 states=open silent= <<X
198.18.0.1 113 open
X
eq 'undeclared' "$(kinds opens opens2)" \
	'1: uncovered 198.18.0.1 22,first_seen_open 198.18.0.1 113'
eq 'undeclared, same' "$(kinds opens opens)" '0: '
