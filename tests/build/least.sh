#!/bin/sh
# Without every optional library it builds, and says what it lacks.
# timeout: 600
. "${0%/*}/../build.sh"

tree least --enable-werror --without-seccomp --without-check CFLAGS=-O0
has "$PWD/config.log" 'mipo'
made all
built >"$T/programs"
while IFS= read -r program; do
	ldd "$program" >"$T/libraries"
	hasnt "$T/libraries" seccomp
done <"$T/programs"
