#!/bin/sh
# The auditor's build: mipo-audit verify alone, and no library that
# captures, sends, stores or configures.
# timeout: 600
. "${0%/*}/../build.sh"

tree verifier --enable-verifier --enable-werror CFLAGS=-O1
made all
eq programs "$(built)" ./mipo-audit
ldd ./mipo-audit >"$T/libraries"
for library in pcap libnet.so sqlite3 curl zstd confuse cap-ng seccomp xdp; do
	# libarchive brings compressors of its own; we must not need them
	readelf -d ./mipo-audit | grep NEEDED >"$T/needed"
	hasnt "$T/needed" "$library"
done
for library in pcap libnet.so sqlite3 curl; do
	hasnt "$T/libraries" "$library"
done
run 0 ./mipo-audit verify --help
has "$T/out" verify
run 2 ./mipo-audit append
