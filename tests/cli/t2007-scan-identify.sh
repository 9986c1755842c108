#!/bin/sh
# --identify on the command line, for people, and what the programs that read
# looks make of its records: they pass over them.
. "${0%/*}/../lib.sh"
need jq
listen=$BUILD/tests/net/listen

run 2 mipo-scan --method=udp --identify -p 53 127.0.0.1
has "$T/err" '--identify: it connects by TCP'
run 0 mipo-scan --version
like "$T/out" '^tls: (OpenSSL 3|none)'

printf 'SSH-2.0-\33[31m\r\n' >ssh
printf 'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n\r\n' >http
"$listen" up 22="$T/ssh" 80="?$T/http" 7003 &
at_exit "kill $! 2>/dev/null || :"
wait_for 5 test -f up

scan() {
	mipo-scan --method=connect --rate=max --wait=1 -p 22,80,7003,9 "$@" \
		127.0.0.1
}
run 0 scan --format=table --identify
like "$T/out" '^ADDRESS .* SERVICE +FOUND$'
like "$T/out" '^127.0.0.1 +22 +open .* ssh +ssh  SSH-2.0-\\x1b\[31m$'
like "$T/out" '^127.0.0.1 +80 +open .* http +http  nginx/1.22.1$'
like "$T/out" '^127.0.0.1 +7003 +open .* closed$'
hasnt "$T/out" "$(printf '\33')"
eq rows "$(grep -c ' open ' "$T/out")" 3
hasnt "$T/out" 'not asked'

# What was not asked when a signal came is told.
"$listen" up2 7004=silent &
at_exit "kill $! 2>/dev/null || :"
wait_for 5 test -f up2
mipo-scan --method=connect --wait=1 --format=table --identify -p 7004 \
	127.0.0.1 >parted 2>parted-err &
scanning=$!
sleep 2
kill "$scanning"
wait "$scanning" || :
like parted '^  1 open ports were not asked what they are$'
like parted '^1 open, .*: complete$'

export MIPO_STATE="$T/state"
run 0 mipo-store init --make-recovery-key "$T/recovery"

# The states are those of a look without it, and so are their digests.
scan --seed=1 >plain
scan --seed=1 --identify >asked
eq states "$(tail -n 1 asked | jq -r .state_sha256)" \
	"$(tail -n 1 plain | jq -r .state_sha256)"
eq scope "$(head -n 1 asked | jq -r .scope_sha256)" \
	"$(head -n 1 plain | jq -r .scope_sha256)"
[ "$(head -n 1 asked | jq -r .config_sha256)" != \
	"$(head -n 1 plain | jq -r .config_sha256)" ] ||
	fail 'it is no part of config_sha256'
hasnt plain identify
run 0 mipo-diff plain asked

# The store keeps the stream whole, and passes it on byte for byte.
run 0 mipo-store record <asked
same asked out
run 0 mipo-store record <plain
run 0 mipo-store check
run 0 mipo-store rebuild
run 0 mipo-store show --only=open
eq open "$(grep -c '"port":22' out)" 1
run 0 mipo-alarm eval <asked
run 0 mipo-export ndjson
run 0 mipo-audit keys --vkey -o vkey
run 0 mipo-audit export -o bundle.tar
run 0 mipo-audit verify --key=vkey bundle.tar
