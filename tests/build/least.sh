#!/bin/sh
# Without every optional library it builds, and says what it lacks.
# timeout: 600
. "${0%/*}/../build.sh"

tree least --enable-werror --without-seccomp --without-check \
	--without-ssl --without-xdp CFLAGS=-O0
has "$PWD/config.log" 'mipo'
made all
built >"$T/programs"
while IFS= read -r program; do
	ldd "$program" >"$T/libraries"
	hasnt "$T/libraries" seccomp
	hasnt "$T/libraries" libssl
	hasnt "$T/libraries" libxdp
done <"$T/programs"
