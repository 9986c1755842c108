#!/bin/sh
# timeout: 900
# The order of a scan is a bijection for every n up to 2^16.
. "${0%/*}/../lib.sh"

CK_FORK=no MIPO_PERM_ALL=1 run 0 "$BUILD/tests/unit/test-perm"
