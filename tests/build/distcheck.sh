#!/bin/sh
# The tarball is whole: it configures, builds, passes its unit tests,
# installs, uninstalls and cleans up, from a source tree that is read-only.
# timeout: 900
. "${0%/*}/../build.sh"

tree dist CFLAGS=-O0
export CK_TIMEOUT_MULTIPLIER=4
made distcheck DISTCHECK_CONFIGURE_FLAGS=CFLAGS=-O0
tar -tf mipo-*.tar.xz >"$T/files"
for file in configure COPYING README tests/run.sh lib/base/err.h; do
	has "$T/files" "/$file"
done
hasnt "$T/files" /autom4te.cache/
