#!/bin/sh
# CAP_NET_RAW alone suffices; without it the scan falls back to connect, and
# says so in one line; --method=syn is then refused.
#
#   s [v0 .1] ---- [v1 .2] t
. "${0%/*}/../netns.sh"
need setpriv

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr t v1 198.18.0.2/24 2001:db8::2/64
listening t 80
bare='setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all'
raw='setpriv --reuid=65534 --regid=65534 --clear-groups
	--inh-caps=-all,+net_raw --ambient-caps=-all,+net_raw
	--bounding-set=-all,+net_raw'

cp "$BUILD/mipo-scan" "$T/mipo-scan"
chmod 755 "$T" "$T/mipo-scan"
# shellcheck disable=SC2086 # lists of words
run 0 on s $raw "$T/mipo-scan" --json --wait=2 -p 80,81 198.18.0.2 \
	127.0.0.1 2001:db8::2
empty "$T/err"
eq method "$(head -n 1 "$T/out" | jq -r .method)" syn
eq verdict "$(receipt .verdict)" complete
eq counts "$(receipt '.counts | "\(.open) \(.closed)"')" '2 4'
eq 'caps in force' "$(receipt '.sandbox | index("caps") != null')" true

# shellcheck disable=SC2086
run 0 on s $bare "$T/mipo-scan" --json --wait=2 -p 80,81 198.18.0.2
eq method "$(head -n 1 "$T/out" | jq -r .method)" connect
lines 1 "$T/err"
has "$T/err" 'scanning by connect'
eq counts "$(receipt '.counts | "\(.open) \(.closed)"')" '1 1'

# Also when it is to be quiet: it is another look than the one meant.
# shellcheck disable=SC2086
run 0 on s $bare "$T/mipo-scan" -q --json --wait=2 -p 80,81 198.18.0.2
lines 1 "$T/err"
has "$T/err" 'scanning by connect'

# shellcheck disable=SC2086
run 2 on s $bare "$T/mipo-scan" --json --method=syn -p 80 198.18.0.2
empty "$T/out"
lines 1 "$T/err"
has "$T/err" CAP_NET_RAW
