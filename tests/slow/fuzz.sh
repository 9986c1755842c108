#!/bin/sh
# Each fuzz target for a minute.
# timeout: 3000
. "${0%/*}/../fuzz.sh"

fuzz -max_total_time=45
