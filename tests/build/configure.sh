#!/bin/sh
# configure names the Debian package of what is missing, and ends with a
# summary of what it found.
# timeout: 300
. "${0%/*}/../build.sh"

mkdir "$T/build" "$T/none"
cd "$T/build"
run 1 env PKG_CONFIG_LIBDIR="$T/none" "$SRC/configure"
has "$T/err" 'jansson >= 2.14 is required: apt-get install libjansson-dev'
run 0 env "$SRC/configure" --prefix=/opt/x CFLAGS=-O0
for line in compiler hardening 'seccomp filter' AF_XDP 'unit tests' \
	'prefix         /opt/x'; do
	has "$T/out" "  $line"
done
