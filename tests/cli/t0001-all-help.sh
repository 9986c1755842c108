#!/bin/sh
# Every program and subcommand: help and version on stdout with status 0; a
# wrong option is one line on stderr, status 2 and nothing on stdout; what
# cannot be written is not passed over; completions are good shell.
# timeout: 300
. "${0%/*}/../programs.sh"

# wrong COMMAND...: it is refused in one line that names the program.
wrong() {
	run 2 "$@" --no-such-option
	empty "$T/out"
	lines 1 "$T/err"
	like "$T/err" "^$1: .*--no-such-option"
}

helps() {
	run 0 "$@" --help
	empty "$T/err"
	has "$T/out" "Usage: $*"
	[ "$(wc -L <"$T/out")" -le 80 ] || fail "$* --help is wide"
	lib_got=0
	"$@" --help >/dev/full 2>"$T/err" || lib_got=$?
	eq "status of $* --help >/dev/full" "$lib_got" 2
	like "$T/err" "^$1: "
	wrong "$@"
}

each() {
	program=$1
	helps "$program"
	run 0 "$program" --version
	empty "$T/err"
	like "$T/out" "^$program \\(mipo\\) [0-9]+\\.[0-9]+\\.[0-9]+$"
	for sub in $(subs "$program"); do
		helps "$program" "$sub"
	done
	run 0 "$program" --completion=bash
	cp "$T/out" "$T/completion"
	run 0 bash -n "$T/completion"
}

for program in $(programs); do
	each "$program"
done
