#!/bin/sh
# What is scanned: targets from everywhere, each once, less what is excluded;
# a bad word is refused by name and nothing is written. By the dry run.
. "${0%/*}/../lib.sh"

# would ARG...: the pairs, sorted
would() {
	run 0 mipo-scan --dry-run "$@"
	empty "$T/err"
	sort "$T/out" >"$T/pairs"
}

printf '%s\n' '198.18.0.1 80' '198.18.0.2 80' '198.18.0.3 80' >"$T/want"
would -p 80 198.18.0.1 198.18.0.2-198.18.0.3
same "$T/want" "$T/pairs"
would -p 80,80,80-80,http 198.18.0.1-3 198.18.0.2 198.18.0.0/30 \
	--exclude 198.18.0.0
same "$T/want" "$T/pairs"
printf '198.18.0.1, 198.18.0.2 # two\n\n# none\n198.18.0.3' >"$T/list"
would -p 80 --targets "$T/list"
same "$T/want" "$T/pairs"
mipo-scan --dry-run -p 80 - <"$T/list" | sort >"$T/pairs"
same "$T/want" "$T/pairs"
printf '198.18.0.0\n198.18.0.4/30\n' >"$T/out-of-it"
would -p 80 198.18.0.0/29 --exclude-file "$T/out-of-it"
same "$T/want" "$T/pairs"
would -p 80 198.18.0.1-3 --exclude 198.18.0.2 --exclude 2001:db8::/64
lines 2 "$T/pairs"
would -p 80 198.18.0.1-3 2001:db8::7 --exclude 198.18.0.2 \
	--exclude 2001:db8::-2001:db8:ffff::
lines 2 "$T/pairs"

# Names are resolved; both families are probed.
grep -qE '^127.0.0.1[[:space:]].*localhost' /etc/hosts && {
	would -p 22 localhost
	has "$T/pairs" '127.0.0.1 22'
}
would -p 1,2 2001:db8::/127 198.18.0.1
lines 6 "$T/pairs"
has "$T/pairs" '2001:db8::1 2'

# The seed decides on the order and on nothing else.
run 0 mipo-scan --dry-run --seed=1 -p 1-100 198.18.0.0/28
cp "$T/out" "$T/one"
run 0 mipo-scan --dry-run --seed=1 -p 1-100 198.18.0.0/28
same "$T/one" "$T/out"
run 0 mipo-scan --dry-run --seed=2 -p 1-100 198.18.0.0/28
! cmp -s "$T/one" "$T/out" || fail 'another seed, the same order'
sort "$T/one" >"$T/a"
sort "$T/out" >"$T/b"
same "$T/a" "$T/b"
lines 1600 "$T/a"
eq 'each once' "$(uniq "$T/a" | wc -l)" 1600

# Six bytes a pair, eighteen for IPv6, big endian.
run 0 mipo-scan --dry-run=binary -p 258 198.18.0.1
eq bytes "$(od -An -tx1 "$T/out" | tr -d ' \n')" c61200010102
run 0 mipo-scan --dry-run=binary -p 258 2001:db8::9
eq bytes "$(od -An -tx1 "$T/out" | tr -d ' \n')" \
	20010db80000000000000000000000090102
run 0 mipo-scan --dry-run=binary --seed=1 -p 1-100 198.18.0.0/28
od -An -v -w6 -tu1 "$T/out" | awk '{
	print $1 "." $2 "." $3 "." $4, $5 * 256 + $6 }' >"$T/decoded"
same "$T/one" "$T/decoded"

run 0 mipo-scan --dry-run --top 3 198.18.0.1
lines 3 "$T/out"
run 0 mipo-scan --dry-run 198.18.0.1
lines 100 "$T/out"

# refused TEXT ARG...
refused() {
	text=$1
	shift
	run 2 mipo-scan "$@"
	empty "$T/out"
	lines 1 "$T/err"
	has "$T/err" "$text"
}
refused 'no target'
refused 'no target' -p 80 --exclude 198.18.0.1
refused 'nothing to scan' --dry-run -p 80 198.18.0.1 --exclude 198.18.0.0/24
refused "198.18.0.300" -p 80 198.18.0.300
refused "198.18.0.1/33" -p 80 198.18.0.1/33
refused "70000" -p 22,70000 198.18.0.1
refused "no-such-service" -p no-such-service 198.18.0.1
refused 'host.invalid' -p 80 host.invalid
refused "$T/missing" -p 80 --targets "$T/missing"
printf '198.18.0.1\n198.18.0.2 198.18.0.999\n' >"$T/list"
refused "$T/list:2: " -p 80 --targets "$T/list"
refused '198.18.0.999' -p 80 --targets "$T/list"
refused "--rate: 'fast'" --rate fast -p 80 198.18.0.1
refused "--rate: '0'" --rate 0 -p 80 198.18.0.1
refused "'shut'" --states open,shut -p 80 198.18.0.1
refused "open|filtered" --states 'open|filtered' -p 80 198.18.0.1
refused -- --seed=x -p 80 198.18.0.1
refused method --method=sctp -p 80 198.18.0.1
refused 'pairs' -p 1-65535 2001:db8::/84
