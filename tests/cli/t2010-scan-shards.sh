#!/bin/sh
# Shards: their union is the scope and no pair is in two, for any number of
# them; what a look at one of them says of the rest is nothing, whoever reads
# it; examples/coverage.sh tells a whole set from one that is not.
. "${0%/*}/../lib.sh"
need jq

# order ARG...: sorted; the same pairs as all of it
order() {
	mipo-scan --dry-run --seed=7 -p 1-13 "$@"
}
order 127.0.0.0/28 >whole
for n in 1 2 3 7; do
	for i in $(seq "$n"); do
		order --shard="$i/$n" 127.0.0.0/28
	done >union
	same whole union
done
# More shards than pairs: some of them are empty.
order 127.0.0.1 >whole
for i in $(seq 15); do
	order --shard="$i/15" 127.0.0.1
done >union
same whole union

# Its binary form: 6 bytes for IPv4, 18 for IPv6.
binary() {
	mipo-scan --dry-run=binary --seed=7 -p 1-9 "$@"
}
scope='127.0.0.1 127.0.0.9 ::1 2001:db8::/126'
# shellcheck disable=SC2086 # words
binary $scope >whole
# shellcheck disable=SC2086
{ binary --shard=1/3 $scope; binary --shard=2/3 $scope
	binary --shard=3/3 $scope; } >union
same whole union
eq bytes "$(wc -c <whole)" "$((2 * 9 * 6 + 5 * 9 * 18))"
binary 127.0.0.9 | od -An -v -tu1 -w6 |
	awk '{ print $1 "." $2 "." $3 "." $4, $5 * 256 + $6 }' >words
mipo-scan --dry-run --seed=7 -p 1-9 127.0.0.9 >text
same text words

# refused TEXT ARG...
refused() {
	text=$1
	shift
	run 2 mipo-scan --json --method=connect -p 1 "$@" 127.0.0.1
	empty out
	has err "$text"
}
refused '--shard needs --seed' --shard=1/2
for shard in 0/2 3/2 1 1/ /2 1/0 01/2 1/2/3 -1/2 a/b ' 1/2'; do
	refused "--shard: '$shard' is not i/n" --seed=1 --shard="$shard"
done
run 0 mipo-scan --dry-run -p 1 --shard=1/1 127.0.0.1

run 0 mipo-scan --format=table --method=connect --wait=1 --seed=5 \
	--shard=1/3 -p 1-9 127.0.0.1
like out '^0 open, 3 closed.* of 3 in .*: complete, of shard 1/3 alone$'

export MIPO_STATE="$T/state"
run 0 mipo-store init --make-recovery-key "$T/recovery"

# look NAME STATUS ARG..., signed
look() {
	name=$1 want=$2
	shift 2
	run "$want" mipo-scan -q --json --method=connect --wait=1 --seed=5 \
		--network=lab --vantage=here "$@"
	cp out "$name"
}
look all 0 -p 1-100 127.0.0.1
look one 0 -p 1-100 --shard=1/2 --rate=500 127.0.0.1
look two 0 -p 1-100 --shard=2/2 --rate=max 127.0.0.1
for i in 1 2; do
	eq "start of $i" "$(head -n 1 "$([ $i = 1 ] && echo one || echo two)" |
		jq -c '[.shard, .shards, .planned, .scope_pairs]')" \
		"[$i,2,50,100]"
done
eq receipt "$(tail -n 1 two | jq -c '[.verdict, .shard, .shards, .planned,
	.scope_pairs, .passes[0].intervals, (.counts | add)]')" \
	'["complete",2,2,50,100,[[50,99]],50]'
eq 'of all' "$(tail -n 1 all | jq '.shard')" null
jq -r 'select(.type == "obs") | "\(.port) \(.state)"' one two | sort >both
jq -r 'select(.type == "obs") | "\(.port) \(.state)"' all | sort >single
same single both

# A diff with one of them is not conclusive, and loses no port by it.
run 3 mipo-diff --json all one
eq reasons "$(tail -n 1 out | jq -c .reasons)" \
	'["the new look is of shard 1 of 2 alone"]'
eq gone "$(grep -c '"type":"change"' out)" 0
run 3 mipo-diff --json one two

# Nor does the state take it for more.
run 0 mipo-store record <all
run 3 mipo-store record <one
run 0 mipo-store check
run 0 env -u MIPO_STATE mipo-scan -q --json --method=connect --wait=1 \
	--seed=5 --network=x --shard=1/2 -p 1-4 127.0.0.1
sed '$s/"shard":1/"shard":2/; $s/\[\[0,1\]\]/[[2,3]]/g' out >forged
run 6 mipo-store record <forged
has err 'its shard is 2 of 2, due is 1 of 2'

# The set of receipts: whole, or what is missing.
coverage() {
	want=$1
	shift
	run "$want" sh "$SRC/examples/coverage.sh" "$@"
}
coverage 0 one two
has out '100 of 100 pairs were walked, 0 more than once'
coverage 0 all
coverage 0 all two
has out '100 of 100 pairs were walked, 50 more than once'
coverage 1 one
has out 'missing: places 50 to 99'
sed 's/"closed":[0-9]*/"closed":0/' two >unsure
coverage 1 one unsure
has out 'without a conclusion: 50 pairs of a look'
coverage 2
look seed 0 -p 1-100 --shard=2/2 127.0.0.2
coverage 2 one seed
has err 'looks of different seeds or scopes'
sed -i 's/"seed"/"seed"/' seed
run 0 mipo-scan -q --json --method=connect --seed=6 --shard=2/2 -p 1-100 \
	--wait=1 127.0.0.1
cp out seed
coverage 2 one seed
has err 'looks of different seeds or scopes'
head -n -1 two >torn
coverage 2 one torn
has err 'without a receipt'

# What was not sent is missing, and a cut list proves nothing.
tail -n 1 two | jq -c '.send_errors = [{errno: "EPERM", count: 2,
	indices: [[60, 61], [99, 99]]}]' >unsent
coverage 1 one unsent
eq missing "$(grep missing out | tr '\n' ' ')" \
	'missing: places 60 to 61 missing: places 99 to 99 '
tail -n 1 two | jq -c '.passes[0].more = true' >partial
coverage 2 one partial
