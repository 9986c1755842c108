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
# Dies by KILL: first, before its end record is out, or after it.
name=${0##*/}
[ -z "${DIE_SUB:-}" ] || [ "$1" = "$DIE_SUB" ] || exec "$T/real/$name" "$@"
case $DIE_WHEN in
before)	"$T/real/$name" "$@" | sed '$d' ;;
after)	"$T/real/$name" "$@" ;;
esac
kill -KILL $$
X
chmod 755 "$T/victim"

by_hand() {
	status=0
	sh "$T/nightly.sh" 127.0.0.1 >"$T/out" 2>"$T/err" || status=$?
}

by_mipo() {
	status=0
	mipo run nightly >"$T/out" 2>"$T/err" || status=$?
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
	[ "$status" -ne 0 ] ||
		fail "$1: 0 with $victim $DIE_SUB killed $DIE_WHEN"
}

PATH=$T/bin:$PATH
for _ in 1 2; do
	by_hand
	fine
	by_mipo
	fine
done

kill_stage() {
	victim=$1
	DIE_SUB=$2
	export DIE_SUB DIE_WHEN
	mv "$T/bin/$victim" "$T/real/$victim"
	cp "$T/victim" "$T/bin/$victim"
	for DIE_WHEN in first before after; do
		by_mipo
		bad 'mipo run'
		has "$T/err" "mipo: $victim${DIE_SUB:+ $DIE_SUB} was killed"
		# a stream that is whole is whole: nothing was lost
		[ "$DIE_WHEN" != after ] || [ "$victim" = mipo-audit ] ||
			continue
		by_hand
		bad pipeline
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
by_hand
fine
by_mipo
fine
run 3 mipo-audit verify # sound, but by its own key alone
hasnt "$T/out" FAIL
