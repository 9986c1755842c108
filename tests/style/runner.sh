#!/bin/sh
# The runner itself: a test that fails, hangs, skips without leave, prints
# nothing or leaves something behind is reported as such.
. "${0%/*}/../lib.sh"

top=$T/tree
out=$T/out.d
mkdir -p "$top/tests/cli" "$top/tests/cases/cat" "$out/log" "$out/result" \
	"$out/tmp" "$T/programs"
cp "$SRC/tests/lib.sh" "$SRC/tests/inside.sh" "$SRC/tests/case.sh" \
	"$SRC/tests/may-skip" "$top/tests/"
plain=$T/programs
asan=$T/programs
isolate=0
export top out plain asan isolate

# result CI WANTED: runs the script on stdin as a test.
result() {
	{
		echo '. "${0%/*}/../lib.sh"'
		cat
	} >"$top/tests/cli/t1.sh"
	CI=$1 sh "$SRC/tests/one.sh" plain cli/t1 >"$T/said"
	# shellcheck disable=SC2254 # a pattern is meant
	case "$(cat "$out/result/plain-cli.t1") $(cat "$T/said")" in
	$2)	;;
	*)	show "$T/said"
		cat "$top/tests/cli/t1.sh"
		fail "the runner does not say '$2' of that" ;;
	esac
}

each_kind() {
	result '' 'PASS cli/t1 *' <<'X'
run 0 true
X
	result '' 'FAIL *false: status 1, not 0*' <<'X'
run 0 false
X
	result '' 'FAIL *status 3*' <<'X'
exit 3
X
	result '' 'FAIL *still running after 1 seconds*' <<'X'
# timeout: 1
sleep 20
X
	result '' 'FAIL *left processes behind*' <<'X'
sleep 20 &
X
	result '' 'SKIP *no thing*' <<'X'
skip 'no thing'
X
	result true 'FAIL *CI may not skip this: no thing*' <<'X'
skip 'no thing'
X
	result true 'SKIP *' <<'X'
skip 'not under sanitizers: speed'
X
	result '' 'FAIL *skipped without a reason*' <<'X'
exit 77
X
	result '' 'FAIL *sanitizer: *ERROR: Address*' <<'X'
echo '==1==ERROR: AddressSanitizer: x' >"${ASAN_OPTIONS#log_path=}"
X
	result '' 'PASS *' <<'X'
eq environment "$(env | grep -c -E '^(MIPO_STATE|SUDO_|XDG_)' || :)" 0
eq files "$(ls -A)" ''
wait_for 2 test -d .
at_exit 'echo end'
X
}

# case_is WANTED: the case in tests/cases/cat/x.
case_is() {
	sh "$SRC/tests/one.sh" plain cases/cat/x >"$T/said"
	# shellcheck disable=SC2254 # a pattern is meant
	case "$(cat "$out/result/plain-cases.cat.x") $(cat "$T/said")" in
	$1)	;;
	*)	show "$T/said"
		fail "the runner does not say '$1' of a case" ;;
	esac
}

cases() {
	x=$top/tests/cases/cat/x
	rm -rf "$x"
	mkdir "$x"
	printf -- '--\nmy file\n' >"$x/args"
	echo text >"$x/my file"
	echo text >"$x/stdout"
	case_is 'PASS *'
	echo other >"$x/stdout"
	case_is 'FAIL *stdout is not as expected*'
	rm "$x/stdout"
	echo ex >"$x/stdout-has"
	case_is 'PASS *'
	echo y >>"$x/stdout-has"
	case_is "FAIL *stdout has no 'y'*"
	echo missing >"$x/args"
	case_is 'FAIL *status 1, not 0*'
	echo 1 >"$x/status"
	rm "$x/stdout-has"
	case_is 'FAIL *stderr is not as expected*'
	echo 'No such file' >"$x/stderr-has"
	case_is 'PASS *'
}

each_kind
cases
[ "$(id -u)" -eq 0 ] || exit 0
isolate=1
each_kind
result '' 'FAIL *left network namespaces behind*' <<'X'
ip netns add mipo-left
X
cases
