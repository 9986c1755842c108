#!/bin/sh
# nightly.sh TARGET...: the whole cycle as one pipeline, for cron. The same
# as "mipo run", to be changed at will.
#
# A plain shell sees only the last status of a pipeline. That is enough: a
# stage that dies leaves its stream without an end record, the next one says
# so in its own stream, and the last one ends with 3. Silent when all went
# well; changes and alarms are no errors. Where the configuration has no
# channel nobody is told: mipo-alarm list does.
set -u

mipo-scan -q --top=100 "$@" |
	mipo-store record -q |
	mipo-diff -q --against=nearest --allow-first --exit-zero - |
	mipo-alarm eval -q |
	mipo-alarm notify -q --allow-none
status=$?

# Copy the checkpoint off this host instead: it dates what the log holds.
mipo-audit checkpoint -q >/dev/null || {
	checkpoint=$?
	[ "$status" -ne 0 ] || status=$checkpoint
}
exit "$status"
