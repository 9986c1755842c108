#!/bin/sh
# The stream: valid records, a start that says what is listed, a receipt that
# a key signs. By connect on loopback, which needs no privilege.
. "${0%/*}/../lib.sh"
need jq minisign

scan() {
	run 0 mipo-scan --json --method=connect --wait=1 --rate=max "$@" \
		127.0.0.1
	head -n 1 "$T/out" >"$T/start"
	tail -n 1 "$T/out" >"$T/end"
}

scan -p 2-11 --network lab --vantage here --seed 255
empty "$T/err"
eq types "$(json .type "$T/out" | uniq -c | awk '{ print $1 $2 }' |
	tr '\n' ' ')" '1scan.start 10obs 1scan.end '
eq fields "$(json '[.network, .vantage, .seed, .method, .proto, .ports,
	(.targets | join(" ")), .planned, .silent_as, .key] | map(tostring) |
	join(",")' "$T/start")" \
	lab,here,00000000000000ff,connect,tcp,2-11,127.0.0.1,10,filtered,none
eq digest "$(json .stream_sha256 "$T/end")" \
	"$(head -n -1 "$T/out" | sha256sum | cut -d' ' -f1)"
eq records "$(json .records "$T/end")" 11
eq 'signed, key' "$(json '.signed + " " + .key' "$T/end")" 'none none'
eq verdict "$(json .verdict "$T/end")" complete
eq scans "$(jsum '[.[] | .scan] | unique | length' "$T/out")" 1
scope=$(json .scope_sha256 "$T/start")
config=$(json .config_sha256 "$T/start")
states=$(json .state_sha256 "$T/end")

# The digest of the scope by hand: protocol, range, end, ports.
{
	printf 'mipo/scope/v1\n\6\4\177\0\0\1\177\0\0\1\377'
	for port in 2 3 4 5 6 7 10 11 12 13; do
		# shellcheck disable=SC2059 # in octal
		printf "\\0\\$port"
	done
} >"$T/scope"
eq scope "$scope" "$(sha256sum <"$T/scope" | cut -d' ' -f1)"

# The same scope, however it is written, has the same digest; the same
# result too. Other settings change the digest of the settings alone.
scan -p 11,10,2-9,3 --exclude 198.18.0.1 --seed 9
eq scope "$(json .scope_sha256 "$T/start")" "$scope"
eq config "$(json .config_sha256 "$T/start")" "$config"
eq states "$(json .state_sha256 "$T/end")" "$states"
eq exclusions "$(json '.exclusions | length' "$T/start")" 0
scan -p 2-11 --retries 2
eq scope "$(json .scope_sha256 "$T/start")" "$scope"
[ "$(json .config_sha256 "$T/start")" != "$config" ] ||
	fail 'retries are no part of config_sha256'

# What is declared of what is not listed.
declared() {
	scan -p 2-4 --states="$1"
	eq "states of $1" "$(json '.states | join(",")' "$T/start")" "$2"
	eq "silent_as of $1" "$(json .silent_as "$T/start")" "$3"
	eq "listed of $1" "$(grep -c '"type":"obs"' "$T/out")" "$4"
}
declared all open,closed,filtered,unreachable '' 3
declared open,closed,unreachable open,closed,unreachable filtered 3
declared open open '' 0
declared closed,open open,closed '' 3

# Names, and what they stood for.
scan -p 2 localhost
eq name "$(json '.names[0].name' "$T/start")" localhost
has "$T/start" '"127.0.0.1"'

# A key signs the receipt, and only the receipt's own bytes.
minisign -G -W -f -p "$T/k.pub" -s "$T/k.key" >/dev/null 2>&1
chmod 600 "$T/k.key"
scan -p 2-4 --key "$T/k.key"
eq signed "$(json .signed "$T/end")" ed25519
like "$T/end" '"key":"[0-9a-f]{16}"'
eq 'key of the start' "$(json .key "$T/start")" "$(json .key "$T/end")"
chmod 644 "$T/k.key"
run 2 mipo-scan -p 2 --key "$T/k.key" 127.0.0.1
empty "$T/out"
has "$T/err" k.key

# -o: whole or not at all; a full disk is loud.
run 0 mipo-scan --json --method=connect -o "$T/file" -p 2-4 127.0.0.1
empty "$T/out"
eq last "$(tail -n 1 "$T/file" | jq -r .type)" scan.end
[ ! -e /dev/full ] || {
	run 2 mipo-scan --json --method=connect -o /dev/full -p 2-4 127.0.0.1
	lines 1 "$T/err"
}

# For people.
run 0 mipo-scan --format=table --method=connect -p 2-4 --states=all 127.0.0.1
like "$T/out" '^ADDRESS +PORT +STATE'
like "$T/out" '^127.0.0.1 +3 +closed +refused'
like "$T/out" '^0 open, 3 closed, 0 filtered, 0 unreachable of 3 in '
like "$T/out" ' s: complete$'
