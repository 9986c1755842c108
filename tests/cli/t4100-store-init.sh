#!/bin/sh
# init makes a state whole or not at all, and never over something else.
. "${0%/*}/../lib.sh"
MIPO_STATE=$T/state
export MIPO_STATE

# without a state every other command says where it looked
run 2 mipo-store scans
like "$T/err" "no state at $T/state: mipo-store init"
[ ! -e state ] || fail "a reader made a state"

run 0 mipo-store init --org=Example.org --network=lab --vantage=here
like "$T/err" 'no recovery key was named: .*mipo-recovery.key'
like "$T/err" 'take mipo-recovery.key offline'
like "$T/out" '"origin":"Example.org/mipo-audit/[0-9a-f]{16}"'
eq "mode of keys" "$(stat -c %a state/keys)" 700
eq "mode of the recovery key" "$(stat -c %a mipo-recovery.key)" 600
for file in log.key ratchet scanner.key; do
	eq "mode of $file" "$(stat -c %a "state/keys/$file")" 600
done
like mipo-recovery.key.pub '^RW'
ls -A >"$T/all"
hasnt "$T/all" .new

run 2 mipo-store init --recovery-key=mipo-recovery.key.pub
like "$T/err" 'is there already'

# the given public key is the one that genesis pins
mkdir empty
run 0 mipo-store init --state="$T/empty" --recovery-key=mipo-recovery.key.pub
key=$(sed -n 2p mipo-recovery.key.pub)
has empty/mipo.db-wal "$key"

# nothing is left of what fails
run 2 mipo-store init --state="$T/x/y" --org='no blanks'
[ ! -e x/y ] || fail "half a state"
[ ! -e x/y/mipo-recovery.key ] || fail "half a state"
run 2 mipo-store init --state="$T/a" --make-recovery-key=mipo-recovery.key
like "$T/err" 'mipo-recovery.key: File exists'
echo foreign >half.pub
run 2 mipo-store init --state="$T/half" --make-recovery-key=half
like "$T/err" 'half.pub: File exists'
[ ! -e half ] || fail 'a secret without its public half'
eq 'who was there before' "$(cat half.pub)" foreign
rm half.pub
run 0 mipo-store init --state="$T/half.d/" --make-recovery-key=half
[ -e half.d/mipo.db ] || fail 'no state under a name with a slash'
run 2 mipo-store init --state="$T/empty2" --recovery-key=/dev/null
run 2 mipo-store init --state="$T/b" --recovery-key=x --make-recovery-key=y
mkdir inside
run 2 mipo-store init --state="$T/inside" --make-recovery-key=inside/key
like "$T/err" 'lies inside the state'
ls -A inside >"$T/all"
empty "$T/all"
ls -d ./*.new >"$T/all" 2>/dev/null || :
empty "$T/all"
[ ! -e a ] && [ ! -e b ] || fail "half a state"

# the other state is named, never filled by mistake
unset MIPO_STATE
if [ "$(id -u)" -eq 0 ] && [ ! -e /var/lib/mipo ]; then
	mkdir -p "$HOME/.local/state"
	run 0 mipo-store init --state="$HOME/.local/state/mipo" \
		--recovery-key=mipo-recovery.key.pub
	run 2 mipo-store scans
	like "$T/err" "no state at /var/lib/mipo, but there is one at $HOME"
fi
