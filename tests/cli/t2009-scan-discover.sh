#!/bin/sh
# --discover on the command line: what does not go with it, and its order.
. "${0%/*}/../lib.sh"

for not in --ports=80 --top=5 --method=udp --identify \
	--shard=1/2 --resume=journal; do
	run 2 mipo-scan --discover --dry-run "$not" 198.18.0.1
	has "$T/err" "--discover: ${not%=*} is for "
done
run 2 mipo-scan --discover --dry-run=binary 198.18.0.1
has "$T/err" '--dry-run=binary has ports'
run 2 mipo-scan --discover --dry-run --states=open 198.18.0.1
has "$T/err" 'of hosts those that are up are listed, or all'

run 0 mipo-scan --discover --dry-run --seed=1 198.18.0.0/24 2001:db8::1
cp "$T/out" first
run 0 mipo-scan --discover --dry-run --seed=1 198.18.0.0/24 2001:db8::1
same first "$T/out"
run 0 mipo-scan --discover --dry-run --seed=2 198.18.0.0/24 2001:db8::1
! cmp -s first "$T/out" || fail 'the seed does not matter'
sort -u first >all
lines 257 all
sort -u "$T/out" | cmp - all || fail 'not the same addresses'
has first 2001:db8::1
has first 198.18.0.77

# A scope file fences these in too.
echo 198.18.0.0/30 >scope
run 2 mipo-scan --discover --dry-run --scope=scope 198.18.0.4
has "$T/err" 198.18.0.4
