#!/bin/sh
# The fence: what no scope file allows is refused by name, with the line that
# refuses it, and nothing is sent; who is to be asked and which files allowed
# it stands in the evidence, through the whole cycle.
. "${0%/*}/../lib.sh"
need jq strace

cat >scope <<'X'
# Contract 17
198.18.0.0/24, 198.18.4.1-9   # the office
!198.18.0.13 2001:db8::/32
exclude 198.18.0.128/25 198.18.4.5
127.0.0.0/29
X

# would ARG...: the pairs of the dry run
would() {
	run 0 mipo-scan --dry-run -p 80 --scope=scope "$@"
	empty err
}

# refused TEXT ARG...
refused() {
	text=$1
	shift
	run 2 mipo-scan --json --method=connect -p 80 --scope=scope "$@"
	empty out
	lines 1 err
	has err "mipo-scan: $text"
	run 2 mipo-scan --dry-run -p 80 --scope=scope "$@"
	empty out
	has err "mipo-scan: $text"
}

# What is inside passes, and is what would be without the fence.
would 198.18.0.0-12 198.18.0.14/31 198.18.4.6
lines 16 out
would 2001:db8:7::/120
lines 256 out
run 0 mipo-scan --dry-run -p 80 --seed=1 198.18.0.1-9
mv out free
would --seed=1 198.18.0.1-9
same free out

# One address, of a network, a range, a file, standard input; by which line.
refused '198.18.0.13 is refused by scope:3' 198.18.0.13
refused '"198.18.0.0/25": 198.18.0.13 is refused by scope:3' \
	198.18.0.1 198.18.0.0/25
refused '"198.18.4.3-6": 198.18.4.5 is refused by scope:4' 198.18.4.3-6
refused '198.18.0.255 is refused by scope:4' 198.18.0.255
refused '"198.18.0.127-200": 198.18.0.128 is refused' 198.18.0.127-200
printf '198.18.0.1\n198.18.0.2 198.18.0.12/30 # here\n' >list
refused 'list:2: "198.18.0.12/30": 198.18.0.13 is refused by scope:3' \
	--targets list
run 2 mipo-scan -p 80 --scope=scope - <list
has err 'stdin:2: "198.18.0.12/30": 198.18.0.13 is refused by scope:3'

# Outside: the nearest line, also where distances are of 128 bits.
outside() {
	refused "$1 is outside of scope, whose nearest line is $2" "$3"
}
outside 198.18.4.10 2 198.18.4.10
outside 198.18.4.0 2 198.18.4.0
outside 126.255.255.255 5 126.255.255.255
outside '"127.0.0.0/28": 127.0.0.8' 5 127.0.0.0/28
outside 2001:db9:: 3 2001:db9::
outside :: 3 ::
printf '2001:db8::/120\n2001:dbb::/120\n' >far
run 2 mipo-scan -p 80 --scope=far 2001:db9:8000::
has err 'outside of far, whose nearest line is 1'
run 2 mipo-scan -p 80 --scope=far 2001:db9:8000::1:0:0
has err 'outside of far, whose nearest line is 2'
run 2 mipo-scan -p 80 --scope=far 198.18.0.1
has err '198.18.0.1 is outside of far, which has no line for IPv4'

# A name by its addresses.
grep -qE '^127.0.0.1[[:space:]].*localhost' /etc/hosts && {
	printf '!127.0.0.1\n0.0.0.0/0 ::/0\n' >without
	run 2 mipo-scan -p 80 --scope=without localhost
	has err '"localhost": 127.0.0.1 is refused by without:1'
	run 0 mipo-scan --dry-run -p 80 --scope=without --exclude 127.0.0.1 \
		localhost 198.18.9.9
	hasnt out 127.0.0.1
}

# What is excluded by hand is not asked about; the word of the rest is told.
would 198.18.0.0/24 --exclude 198.18.0.13 --exclude 198.18.0.128/25
lines 127 out
refused '"198.18.0.0/24": 198.18.0.128 is refused by scope:4' \
	--exclude 198.18.0.13 198.18.0.13 198.18.0.0/24

# Several files: allowances add up, and a refusal of any holds in all.
printf '198.18.8.0/24\n198.18.0.13\n!198.18.0.1\n' >other
would --scope=other 198.18.8.1 198.18.0.2
lines 2 out
refused '198.18.0.13 is refused by scope:3' --scope=other 198.18.0.13
refused '198.18.0.1 is refused by other:3' --scope=other 198.18.0.1
outside 198.18.8.0 2 198.18.8.0

# Wide allowances, many of them, over one another.
awk 'BEGIN { for (i = 0; i < 3000; i++) print "0.0.0.0/0 ::/0" }' >wide
awk 'BEGIN { for (i = 0; i < 60000; i++)
	print "198." int(i / 10000) "." i % 100 "." int(i / 100) % 100 }' >list
run 0 mipo-scan --dry-run=binary -p 80 --scope=wide --targets list
eq bytes "$(wc -c <out)" 360000

# The files themselves.
bad() {
	# shellcheck disable=SC2059 # a format is meant
	printf "$1" >broken
	run 2 mipo-scan -p 80 --scope=broken 198.18.0.1
	empty out
	lines 1 err
	has err "$2"
}
bad '' 'broken: a scope file that allows no address'
bad '!198.18.0.1\n' 'allows no address'
bad '198.18.0.1\nhost.example\n' \
	'broken:2: "host.example" is a name where an address must be'
bad '0.0.0.0/0 ::/0\n!::ffff:198.18.0.1\n' \
	'broken:2: "::ffff:198.18.0.1" is IPv4 in the form of IPv6: write 198.'
bad '198.18.0.1\nexclude\n' 'broken:2: nothing stands behind exclude'
bad 'exclude !198.18.0.1\n' 'broken:1: "!198.18.0.1" is not an address'
bad '! 198.18.0.1\n' 'broken:1: "" is not an address'
bad '198.18.0.1/24\n' 'broken:1: '
bad '198.18.0.1\n\0\n' 'broken: not a text'
run 2 mipo-scan -p 80 --scope=/nonexistent 198.18.0.1
has err /nonexistent

# A contact that can be read.
long=$(printf '%200s' x | tr ' ' x)
for contact in '' "${long}x" "$(printf 'a\033[2Jb')" "$(printf 'a\377')" \
	"$(printf 'a\nb')" "$(printf 'a\342\200\256b')"; do
	run 2 mipo-scan --dry-run -p 80 --contact="$contact" 198.18.0.1
	has err 'a contact has 1 to 200 bytes'
done
run 0 mipo-scan --dry-run -p 80 --contact="$long" 198.18.0.1

# Nothing is sent where it refuses.
# (a leak cannot be looked for under strace)
run 2 env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" \
	strace -f -o trace mipo-scan --json --method=connect --scope=scope \
	-p 80 127.0.0.1 198.18.0.13
hasnt trace 'AF_INET'

# In the evidence, and only where it was asked for.
MIPO_STATE=$T/state
export MIPO_STATE
run 0 mipo-store init --org=lab --make-recovery-key "$T/recovery"
scan() {
	run 0 mipo-scan --json --method=connect --wait=1 -p 1,2 "$@" 127.0.0.1
}
scan
hasnt out contact
hasnt out fence_sha256
settings=$(head -n 1 out | jq -r .config_sha256)
scan --scope=scope --scope=other '--contact=A. "Net" <ops@example.org>'
eq contacts "$(jq -rs '[.[] | .contact // empty] | join(" ")' out)" \
	'A. "Net" <ops@example.org> A. "Net" <ops@example.org>'
eq types "$(jq -rs '[.[] | select(.contact) | .type] | join(" ")' out)" \
	'scan.start scan.end'
eq digests "$(head -n 1 out | jq -r '.fence_sha256[]')" \
	"$(sha256sum scope other | cut -d' ' -f1)"
eq settings "$(head -n 1 out | jq -r .config_sha256)" "$settings"
mv out look

run 0 mipo-store record <look
same look out
run 0 mipo-store check
has out '"differences":0'
run 0 mipo-diff look look
run 0 mipo-export report look
has out 'ops@example.org'
hasnt out '<ops@'
has out "$(sha256sum scope | cut -d' ' -f1)"
sed '1s/"contact":"A/"contact":"B/' look >forged
run 6 mipo-diff forged look
has err 'stream_sha256 is not that'
