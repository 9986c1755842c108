#!/bin/sh
# The cycle with the real programs, as a shell's pipeline and by mipo run: 0
# and silence when all goes well; whichever stage is killed, and however
# much it had written, the end is never 0.
# timeout: 300
. "${0%/*}/../lib.sh"

programs='mipo mipo-scan mipo-store mipo-diff mipo-alarm mipo-audit'
# shellcheck disable=SC2086 # a list of words
need $programs

MIPO_STATE=$T/state
MIPO_CONFIG=$T/mipo.conf
export MIPO_STATE MIPO_CONFIG T
run 0 mipo-store init --make-recovery-key "$T/recovery"
cat >"$T/mipo.conf" <<X
profile "nightly" {
	targets = {"127.0.0.1"}
	ports = "20-29,$((40000 + $$ % 1000))"
	method = connect
	channels = {"file"}
}
channel "file" { type = exec command = {"/bin/sh", "-c", "cat >>$T/told"} }
X
sed 's/--top=100/--method=connect -p 20-29/' "$SRC/examples/nightly.sh" \
	>"$T/nightly.sh"

# ---- stand-ins that run the real program and die before its end

mkdir "$T/bin"
for program in $programs; do
	cp "$(command -v "$program")" "$T/bin/$program"
done
mkdir "$T/real"
cat >"$T/victim" <<'X'
#!/bin/sh
# Dies by KILL: at once, or when the real one has written some lines.
name=${0##*/}
[ -z "${DIE_SUB:-}" ] || [ "$1" = "$DIE_SUB" ] || exec "$T/real/$name" "$@"
[ "$DIE_AFTER" -gt 0 ] || kill -KILL $$
"$T/real/$name" "$@" | head -n "$DIE_AFTER"
kill -KILL $$
X
chmod 755 "$T/victim"

cycles() {
	status=0
	sh "$T/nightly.sh" 127.0.0.1 >"$T/out" 2>"$T/err" || status=$?
	eval "$1"
	status=0
	mipo run nightly >"$T/out" 2>"$T/err" || status=$?
	eval "$1"
}

fine() {
	[ "$status" -eq 0 ] || {
		show "$T/err"
		fail "status $status when all went well"
	}
	empty "$T/out"
	empty "$T/err"
}

bad() {
	[ "$status" -ne 0 ] || fail "0 with $victim $DIE_SUB dead after" \
		"$DIE_AFTER lines"
}

PATH=$T/bin:$PATH
cycles fine
cycles fine

kill_stage() {
	victim=$1
	DIE_SUB=$2
	export DIE_SUB DIE_AFTER
	mv "$T/bin/$victim" "$T/real/$victim"
	cp "$T/victim" "$T/bin/$victim"
	for DIE_AFTER in 0 1 2; do
		cycles bad
	done
	rm "$T/bin/$victim"
	mv "$T/real/$victim" "$T/bin/$victim"
}

kill_stage mipo-scan ''
kill_stage mipo-store record
kill_stage mipo-diff ''
kill_stage mipo-alarm eval
kill_stage mipo-alarm notify
kill_stage mipo-audit checkpoint
cycles fine
run 0 mipo-audit verify
