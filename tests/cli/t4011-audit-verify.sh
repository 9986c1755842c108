#!/bin/sh
# What verify is asked, how it answers, and what it remembers.
. "${0%/*}/../lib.sh"
need openssl minisign
MIPO_STATE=$T/state
export MIPO_STATE
run 0 mipo-store init --org=lab
echo '{"type":"note.a","text":"one"}' >one
run 0 mipo-audit append <one
mipo-audit keys --vkey >vkey
mipo-audit keys --minisign >log.pub
mipo-audit keys --public >log.pem
run 0 mipo-audit export -o a.tar

# what comes from outside needs a key, in any of its envelopes
run 2 mipo-audit verify a.tar
like "$T/err" 'needs --key'
empty "$T/out"
run 2 mipo-audit verify - <a.tar
for key in vkey log.pub log.pem "$(cat vkey)"; do
	run 0 mipo-audit verify --key="$key" a.tar
done
run 0 mipo-audit verify --key=vkey - <a.tar
run 0 sh -c "cat a.tar | mipo-audit verify --key=vkey -"
for key in /dev/null a.tar nothing "lab+00000000+AAAA"; do
	run 2 mipo-audit verify --key="$key" a.tar
	like "$T/err" '^mipo-audit: verify: --key'
	lines 1 "$T/err"
done
run 2 mipo-audit verify --key=a.tar vkey
like "$T/err" '^mipo-audit: verify: --key: a.tar is no key.*is it the bundle'
# a nonce of no bytes is none
run 2 mipo-audit verify --key=vkey --challenge= a.tar
like "$T/err" '^mipo-audit: verify: --challenge: it is empty'
run 2 mipo-audit export --challenge= -o b.tar
like "$T/err" '^mipo-audit: --challenge: it is empty'
[ ! -e b.tar ] || fail 'a bundle for an empty challenge'
run 0 minisign -GWp stranger.pub -s stranger.key
run 1 mipo-audit verify --key=stranger.pub --format=text a.tar
like "$T/out" '^FAIL +key +this log is by key .*the key that you gave is'
eq "failed checks" "$(grep -c ^FAIL "$T/out")" 1
like "$T/out" '^PASS +checkpoint +signed by the key that the log itself'
like "$T/out" '^PASS +manifest .*signed by the key that the log itself'
hasnt "$T/out" 'First bad entry'
like "$T/out" '^tampered$'

# a state: by its own key, said as not checked; nothing else than a state
run 3 mipo-audit verify --format=text
like "$T/out" '^NOT CHECKED +key '
like "$T/out" '^unproven$'
run 3 mipo-audit verify "$T/state"
run 0 mipo-audit verify --key=vkey
mkdir box
tar -C box -xf a.tar
run 2 mipo-audit verify --key=vkey box
like "$T/err" '^mipo-audit: verify: box is an unpacked bundle'
run 2 mipo-audit verify --key=vkey nothing
run 2 mipo-audit verify --key=vkey /dev/null
like "$T/err" 'not a bundle|not a mipo bundle'
lines 1 "$T/err"
run 2 mipo-audit verify --key=vkey vkey

# other programs call the form for people a table
mipo-audit verify --key=vkey --format=text a.tar >text
mipo-audit verify --key=vkey --format=table a.tar >table
same text table
MIPO_FORMAT=table mipo-audit verify --key=vkey a.tar >table
same text table

# both forms say the same, one line a check and one sentence
run 0 mipo-audit verify --key=vkey --format=text a.tar
like "$T/out" '^PASS +checkpoint '
like "$T/out" '^Nothing proves that later records do not exist\.$'
like "$T/out" '^intact$'
grep -cE '^(PASS|FAIL|NOT CHECKED) ' "$T/out" >count
run 0 mipo-audit verify --key=vkey --json a.tar
eq checks "$(json 'select(.type == "verify.check").check' "$T/out" |
	grep -c .)" "$(cat count)"
eq count "$(json 'select(.type == "verify.end").count' "$T/out")" \
	"$(cat count)"
head -n -1 "$T/out" | sha256sum | cut -c1-64 >sum
eq digest "$(json 'select(.type == "verify.end").stream_sha256' "$T/out")" \
	"$(cat sum)"
has "$T/out" 'certifies nothing'

# the by-hand commands are good as they stand
run 0 mipo-audit verify --key=vkey --format=text --explain a.tar
sed '1,/^$/d; s/BUNDLE/a.tar/' "$T/out" >by-hand
mkdir hand
cp a.tar hand/
cp vkey hand/auditor.vkey
grep mipo- by-hand && fail 'by hand, with mipo'
(cd hand && sh -eu ../by-hand) >"$T/out" 2>"$T/err" ||
	fail "by hand: $(cat "$T/err")"
has "$T/out" 'checkpoint: OK'
has "$T/out" 'Signature and comment signature verified'
has "$T/out" 'Signature Verified Successfully'
mipo-audit log -n 6 >entries
same hand/log.ndjson entries
same hand/log.pem log.pem
grep -qF 'minisign -V -p log.pub' hand/README.txt || fail "README.txt"

# what is remembered: made, kept, moved on, never after a fault
run 0 mipo-audit verify --key=vkey --state-file=memory a.tar
same memory box/checkpoint
run 0 mipo-audit append <one
run 0 mipo-audit export -o b.tar
run 0 mipo-audit verify --key=vkey --state-file=memory --format=text b.tar
like "$T/out" '^PASS +memory +the log contains the 6 entries'
like "$T/out" 'Complete up to entry 5, by the checkpoint that you hold'
cp memory newer
run 1 mipo-audit verify --key=vkey --state-file=memory --format=text a.tar
like "$T/out" '^FAIL +memory +it ends at 6 entries, before the 8'
same memory newer
run 0 mipo-audit verify --key=vkey --since=box/checkpoint b.tar
run 1 mipo-audit verify --key=vkey --since=newer a.tar
run 2 mipo-audit verify --key=vkey --since=nothing b.tar
echo rubbish >memory
run 2 mipo-audit verify --key=vkey --state-file=memory b.tar
eq memory "$(cat memory)" rubbish
sed '2s/.*/7/' newer >forged
run 2 mipo-audit verify --key=vkey --since=forged b.tar

# two at a time: what the other one remembered meanwhile is not undone, and
# what contradicts it is told
mkfifo pipe
meanwhile() { # STATUS BUNDLE FILE: verify BUNDLE, which began before FILE
	mipo-audit verify --key=vkey --state-file=memory --format=text pipe \
		>"$T/out" 2>"$T/err" &
	slow=$!
	exec 8>pipe
	cp "$3" memory
	cat "$2" >&8
	exec 8>&-
	status=0
	wait "$slow" || status=$?
	eq 'status of the slower one' "$status" "$1"
	same memory "$3"
}
cp box/checkpoint memory
meanwhile 0 a.tar newer
cp -r state fork
echo '{"type":"note.a","text":"two"}' |
	run 0 mipo-audit append --state="$T/fork"
mipo-audit checkpoint --state="$T/fork" >other
cp -r state longer
run 0 mipo-audit append --state="$T/longer" <one
run 0 mipo-audit export --state="$T/longer" -o c.tar
cp newer memory
meanwhile 1 c.tar other
like "$T/out" '^FAIL +memory +another verify has meanwhile .* other 10 '
like "$T/out" '^tampered$'
cp box/checkpoint memory
meanwhile 0 c.tar newer # it was not held to that one
rm memory
meanwhile 0 b.tar box/checkpoint
run 0 mipo-audit verify --key=vkey --state-file=memory c.tar
run 1 mipo-audit verify --key=vkey --state-file=other c.tar
(
	exec 9<>memory.lock
	flock 9
	run 4 mipo-audit verify --key=vkey --state-file=memory c.tar
	like "$T/err" 'memory.lock: another process'
	like "$T/out" '"status":"intact"'
)

# age: by the log's own word
run 0 mipo-audit verify --key=vkey --max-age=1h b.tar
run 3 mipo-audit verify --key=vkey --max-age=1h --now=2036-01-01T00:00:00Z \
	b.tar
run 3 mipo-audit verify --key=vkey --challenge=n b.tar
# an entry from the future is not young, nor one after a jump of the clock
run 3 mipo-audit verify --key=vkey --max-age=1h --now=2026-01-01T00:00:00Z \
	--format=text b.tar
like "$T/out" '^NOT CHECKED +age .*ahead of this clock'
like "$T/out" '^unproven$'
cp -r state jumped
run 0 mipo-audit append --state="$T/jumped" --now=2099-01-01T00:00:00Z <one
run 3 mipo-audit verify --key=vkey --max-age=1s jumped
run 3 mipo-audit verify --key=vkey --max-age=1h --now=2099-01-01T00:00:00Z \
	--format=text jumped
like "$T/out" '^NOT CHECKED +age .*the clock of the log jumped'

# bundles that were bent
size=$(stat -c %s b.tar)
for cut in 11 100 512 5000 $((size - 1024)) $((size - 1)); do
	head -c "$cut" b.tar >cut.tar
	run 1 mipo-audit verify --key=vkey cut.tar
	run 1 sh -c "cat cut.tar | mipo-audit verify --key=vkey -"
done
# and what was not read did not pass
head -c 5000 b.tar >cut.tar
run 1 mipo-audit verify --key=vkey --format=text cut.tar
like "$T/out" '^NOT CHECKED +form +no entry was read'
hasnt "$T/out" PASS
hasnt "$T/out" 1970
{ cat b.tar && printf x; } >more.tar
run 1 mipo-audit verify --key=vkey more.tar
like "$T/out" '"check":"archive",.*"verdict":"FAIL"'

# what does not begin as a bundle is none: 2, in one line
not_a_bundle() {
	run 2 mipo-audit verify --key=vkey "$1"
	has "$T/err" 'not a mipo bundle: it does not begin with a checkpoint'
	lines 1 "$T/err"
	empty "$T/out"
	run 2 mipo-audit verify --key=vkey - <"$1"
}
gzip -c b.tar >b.tgz
not_a_bundle b.tgz
: >nothing.tar
not_a_bundle nothing.tar
head -c 10 b.tar >ten
not_a_bundle ten
head -c 1024 /dev/zero >zeros
not_a_bundle zeros
head -c 20000 /dev/urandom >noise
not_a_bundle noise
tar -C box -cf again.tar .
not_a_bundle again.tar
tar -C box -cf again.tar README.txt checkpoint
not_a_bundle again.tar
{ printf X && tail -c +2 b.tar; } >named
not_a_bundle named

# what does, is a damaged one: 1, with a report
(cd box && tar -cf ../again.tar checkpoint README.txt tile MANIFEST*)
run 1 mipo-audit verify --key=vkey again.tar
like "$T/out" '"check":"archive",.*"verdict":"FAIL"'
{ head -c 11 b.tar && head -c 20000 noise; } >rubbish
run 1 mipo-audit verify --key=vkey rubbish
mkdir foreign
: >foreign/checkpoint
tar -C foreign -cf empty.tar --format=ustar --mtime=@0 --owner=0 --group=0 \
	--mode=0444 --numeric-owner -b 1 checkpoint
run 1 mipo-audit verify --key=vkey empty.tar

# a comment that nothing signs, and names of members, reach no terminal
esc=$(printf '\033')
sed "s/untrusted comment: mipo/untrusted comment: m${esc}po/" b.tar >esc.tar
cmp -s b.tar esc.tar && fail 'the comment was not there'
for format in text ndjson; do
	run 1 mipo-audit verify --key=vkey --format=$format esc.tar
	has "$T/out" 'untrusted comment is not the one that is written'
	hasnt "$T/out" "$esc"
done
sed "s/README.txt/R${esc}[2J\xff.txt/" b.tar | head -c "$size" >esc.tar
for format in text ndjson; do
	run 1 mipo-audit verify --key=vkey --format=$format esc.tar
	hasnt "$T/out" "$esc"
done

# no false alarm beside a writer
(
	i=0
	while [ "$i" -lt 40 ]; do
		i=$((i + 1))
		mipo-audit append <one >/dev/null || exit 1
	done
) &
writer=$!
i=0
while [ "$i" -lt 12 ]; do
	i=$((i + 1))
	run 0 mipo-audit verify --key=vkey
done
wait "$writer" || fail "the writer beside verify"
run 0 mipo-audit verify --key=vkey
