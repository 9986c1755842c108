#!/bin/sh
# case.sh FOLDER: runs one case in the current (empty) directory.
#
# FOLDER is tests/cases/PROGRAM/CASE with
#   args        one argument a line
#   stdin       default: empty
#   stdout      exact bytes; or stdout-has: each line is a text in it
#   stderr      exact bytes; or stderr-has; neither: nothing may be there
#   status      default 0
#   env         NAME=VALUE lines
# All files of the folder are copied to where the case runs, so that args
# name them plainly. Times and ids are fixed with --now and fixed inputs.
set -eu

folder=$1
program=$(basename "$(dirname "$folder")")
want=0
input=/dev/null
cp -R "$folder/." .
if [ -f status ]; then want=$(cat status); fi
if [ -f stdin ]; then input=stdin; fi

set -- "$program"
if [ -f args ]; then
	while IFS= read -r line || [ -n "$line" ]; do
		set -- "$@" "$line"
	done <args
fi
if [ -f env ]; then
	while IFS= read -r line || [ -n "$line" ]; do
		export "${line?}"
	done <./env
fi

got=0
"$@" <"$input" >got.stdout 2>got.stderr || got=$?

check() {
	if [ -f "$1-has" ]; then
		while IFS= read -r line || [ -n "$line" ]; do
			grep -qF -e "$line" "got.$1" && continue
			printf '%s is:\n' "$1"
			head -c 4000 "got.$1"
			printf "fail: %s has no '%s'\n" "$1" "$line"
			exit 1
		done <"$1-has"
		return 0
	fi
	[ -f "$1" ] || : >"$1"
	cmp -s "$1" "got.$1" && return 0
	diff -u "$1" "got.$1" | head -60
	printf 'fail: %s is not as expected\n' "$1"
	exit 1
}

if [ "$got" -ne "$want" ]; then
	head -c 4000 got.stderr
	printf 'fail: status %s, not %s\n' "$got" "$want"
	exit 1
fi
check stdout
check stderr
