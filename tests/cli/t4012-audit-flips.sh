#!/bin/sh
# No flip of any byte of a small bundle verifies. (The unit test flips every
# seventh byte, this one all.)
# timeout: 600
. "${0%/*}/../lib.sh"
no_sanitizer 'the unit test flips under sanitizers'
program=$BUILD/tests/unit/test-bundle
[ -x "$program" ] || skip "test-bundle is not built"
MIPO_FLIPS=all CK_DEFAULT_TIMEOUT=500 run 0 "$program"
