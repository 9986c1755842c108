#!/bin/sh
# Where a commit stands and only the key that signed it could not be
# destroyed, every program says 5 and goes on: what was to be logged is, and
# is not to be done again. The next one destroys the key.
. "${0%/*}/../lib.sh"
need jq strace
# Leaks are looked for by ptrace, which strace has in its hands.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

export MIPO_STATE="$T/state"
run 0 mipo-store init --network=own --make-recovery-key "$T/recovery"
slots=$MIPO_STATE/keys/ratchet
look() {
	"$BUILD/tests/bench/make-look" "scan=$(printf '%032d' "$1")" ports=22,23
}
echo '198.18.0.1 22 open' | look 1 >one
printf '198.18.0.1 22 open\n198.18.0.1 23 open\n' | look 2 >two
echo '{"type":"note.x","text":"a"}' >note

size() {
	mipo-audit log --json | jq -s 'map(select(.seq != null)) | length'
}

# stands INPUT CMD...: its second sync of the slots fails
stands() {
	input=$1
	shift
	before=$(size)
	run 5 strace -f -qq -o trace -P "$slots" -e trace=fdatasync \
		-e inject=fdatasync:error=EIO:when=2 "$@" <"$input"
	grep -q 'EIO.*INJECTED' trace || skip 'strace does not inject here'
	has err 'the change is recorded, but not the end of its key'
	[ "$(size)" -gt "$before" ] || fail "$*: nothing was logged"
}
stands note mipo-audit append --json
eq told "$(jq -c '[.type, .n]' out)" '["audit.committed",1]'
stands one mipo-store record -q
same one out
stands /dev/null mipo-store baseline approve last --reason=x
run 0 mipo-store record -q <two
run 0 mipo-diff -q --against=last --exit-zero two
cp out changes
stands changes mipo-alarm eval --json
eq alarms "$(tail -n 1 out | jq -c '[.type, .count]')" '["alarm.end",2]'
id=$(jq -r 'select(.type == "alarm") | .id' out | head -n 1)
stands /dev/null mipo-alarm ack "$id" --reason=x
stands /dev/null mipo-audit export --challenge=0011223344556677 -o bundle
run 0 mipo-audit keys --vkey
cp out vkey
run 0 mipo-audit verify --key=vkey bundle
run 0 mipo-audit append <note
run 0 mipo-store check

# What init made is not there any more: that is a failure.
init() {
	name=$1
	shift
	strace -f -qq -o trace -e trace=fdatasync "$@" mipo-store init \
		--state="$T/$name" --make-recovery-key "$T/$name.key"
}
run 0 init first
run 2 init other -e "inject=fdatasync:error=EIO:when=$(wc -l <trace)"
has err 'it is removed again: '
[ ! -e other ] || fail 'a state was left'
