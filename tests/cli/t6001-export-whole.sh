#!/bin/sh
# An artefact is written whole or not at all, and says what its input was.
. "${0%/*}/../lib.sh"
. "${0%/*}/../looks.sh"
need jq

look good 1 2024-11-22T10:00:00.000Z 22,80 complete \
	198.18.0.1:22:open 198.18.0.1:80:closed
look cut 2 2024-11-22T11:00:00.000Z 22,80 cut 198.18.0.1:22:open

for form in csv ndjson report; do
	# A bad line: named, nothing on stdout, an older file stays.
	{ cat good; echo '{"v":1,"type":"change"}'; } >bad
	run 2 mipo-export $form bad
	empty out
	has err 'bad:5'
	echo old >file
	run 2 mipo-export $form -o file bad
	eq "the file after a failure" "$(cat file)" old
	eq "files left" "$(find . -name 'file*' | wc -l)" 1

	# One digit of an observation, and a line that is gone.
	sed '2s/"port":22/"port":80/' good >forged
	run 6 mipo-export $form forged
	empty out
	has err forged:4
	sed 3d good >short
	run 6 mipo-export $form short
	empty out

	# Cut input: the artefact exists, says so, and the status is 3.
	run 3 mipo-export $form good cut
	has out 'a look without its end record'
	has err 'a look without its end record'
	head -c -1 good >unended
	run 3 mipo-export $form unended
	has out 'the last line is cut'
	: >nothing
	run 3 mipo-export $form nothing
	has out 'nothing came in'

	run 0 mipo-export $form good
	hasnt out 'without its end record'
	run 2 mipo-export $form good good
	has err 'given twice'
	run 2 mipo-export $form none
	has err none
	run 2 mipo-export $form -o /dev/full good
done

# Same bytes for same input and time; a pipe gets what a file gets.
for form in csv ndjson report; do
	run 0 mipo-export $form --now 2024-11-22T12:00:00Z good
	mv out one
	run 0 mipo-export $form --now 2024-11-22T12:00:00Z -o two - <good
	empty out
	same one two
done

# No state and no INPUT is an error that says what to do.
run 2 mipo-export csv
has err 'no INPUT is named'
