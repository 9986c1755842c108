#!/bin/sh
# From a state to a bundle that others check, with mipo and without.
. "${0%/*}/../lib.sh"
need openssl minisign
MIPO_STATE=$T/state
export MIPO_STATE
look="$BUILD/tests/bench/make-look"
[ -x "$look" ] || skip "make-look is not built"

run 0 mipo-store init --network=own --org=lab
printf '198.18.0.1 22 open\n' | "$look" >one
run 0 mipo-store record <one
i=0
while [ "$i" -lt 300 ]; do
	i=$((i + 1))
	echo '{"type":"note.n","text":"x"}'
done >notes
run 0 mipo-audit append <notes

# the key in three envelopes
run 0 mipo-audit keys --vkey
cp "$T/out" vkey
run 0 mipo-audit keys --minisign
cp "$T/out" mini.pub
run 0 mipo-audit keys --public
cp "$T/out" log.pem
run 2 mipo-audit keys --public --vkey
run 0 mipo-audit keys
eq roles "$(json .role "$T/out" | tr '\n' ' ')" 'log recovery scanner '
id=$(jq -r 'select(.role == "log").key' "$T/out")
like vkey "^lab/mipo-audit/${id}[+]"

# openssl checks a checkpoint with nothing of ours
run 0 mipo-audit checkpoint
cp "$T/out" note
sed '/^$/,$d' note >text
tail -n 1 note | cut -d ' ' -f 3 | base64 -d | tail -c 64 >sig
run 0 openssl pkeyutl -verify -rawin -pubin -inkey log.pem -in text \
	-sigfile sig
sed 's/^4$/5/; s/^3/4/' text >forged
run 1 openssl pkeyutl -verify -rawin -pubin -inkey log.pem -in forged \
	-sigfile sig

# the bundle
run 0 mipo-audit export -o a.tar
run 0 mipo-audit verify --key="$(cat vkey)" a.tar
hasnt "$T/out" FAIL
run 0 mipo-audit verify --key=log.pem a.tar
mkdir box
tar -C box -xf a.tar
(cd box && run 0 sha256sum -c MANIFEST)
run 0 minisign -Vm box/MANIFEST -p mini.pub
stream=$(mipo-store scans | jq -r .stream_sha256)
head -n -1 one >stream
same stream "box/objects/$stream"
grep -q 'certif' box/README.txt || fail "the boundary text is missing"
run 0 mipo-audit export -o b.tar
cmp a.tar b.tar || fail "two exports of one log differ"
mipo-audit export >c.tar || fail "export to stdout"
cmp a.tar c.tar || fail "an export to stdout differs"

# a challenge answers that this is the true end
run 3 mipo-audit verify --key=vkey --challenge=nonce-17 a.tar
run 0 mipo-audit export --challenge=nonce-17 -o d.tar
run 0 mipo-audit verify --key=vkey --challenge=nonce-17 d.tar
run 3 mipo-audit verify --key=vkey --challenge=nonce-18 d.tar
run 0 mipo-audit log --kind=evidence.challenge
lines 1 "$T/out"

# an object that is gone, or wrong: no bundle at all, and the old one stays
object=$(find state/objects -type f)
mv "$object" kept
run 6 mipo-audit export -o a.tar
has "$T/err" 'it is missing'
cmp a.tar b.tar || fail "a failed export replaced a bundle"
printf 'x' | cat kept - >"$object"
run 6 mipo-audit export -o a.tar
cmp a.tar b.tar || fail "a failed export replaced a bundle"
run 1 mipo-store check
