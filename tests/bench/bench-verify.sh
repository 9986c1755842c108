#!/bin/sh
# bench-verify.sh [ENTRIES]: verify a bundle of ENTRIES entries of about 300
# bytes (200,000), 100 a commit, and of a twentieth of it with one a commit;
# against hashes and seals alone, and against SHA-256 of the same bytes. The
# bars, at 1,000,000: a ratio of 0.7 to one core at 100 a commit, of 0.91 to
# all cores at one.
set -eu

entries=${1:-200000}
build=${MIPO_BUILD:-.}

"$build/tests/bench/race-verify" "$entries" 100
"$build/tests/bench/race-verify" $((entries / 20)) 1
