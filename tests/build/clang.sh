#!/bin/sh
# clang takes all of it without a warning; and each fuzz target takes its
# corpus and some thousand inputs made from it (slow/fuzz runs for longer).
# timeout: 900
. "${0%/*}/../fuzz.sh"

clang_tree
made all
fuzz -runs=3000 -max_total_time=15
