# shellcheck shell=sh
# The harness of the shell tests: . "${0%/*}/../lib.sh"
#
# A test is a plain sh script that ends 0 (passed), 77 (skipped, the reason
# on a line "skip: ...") or anything else (failed, "fail: ..."). It starts in
# an empty directory of its own and may leave files there. Run by
# tests/run.sh it has a network, a process table and named network
# namespaces of its own (as root), with lo up; run by hand it has not.
#
#   $SRC    the source tree        $BUILD   the build tree
#   $T      the test's directory   $VARIANT plain or asan
#
# run STATUS CMD...   runs it, stdout to $T/out, stderr to $T/err; fails
#                     unless it ends with STATUS
# fail TEXT, skip TEXT, note TEXT
# has FILE TEXT, hasnt FILE TEXT   fixed string in some line
# like FILE REGEX                  extended regular expression
# same FILE FILE, empty FILE, lines N FILE
# eq WHAT GOT WANT
# json FILTER FILE    jq -r over records; jsum FILTER FILE: one value of all
# wait_for SECONDS CMD...          polls; fails when the time is over
# need PROGRAM...                  skips where one is missing
# at_exit 'COMMAND'                also on failure; last one first
# no_sanitizer WHY                 skips in the sanitizer build

set -eu
umask 022

SRC=$(cd "${0%/*}/../.." && pwd)
BUILD=${MIPO_TEST_BUILD:-$SRC/build/test}
VARIANT=${MIPO_TEST_VARIANT:-plain}
T=${MIPO_TEST_DIR:-}
exit_commands=

if [ -z "$T" ]; then
	T=$(mktemp -d "${TMPDIR:-/tmp}/mipo-test.XXXXXX")
	exit_commands="cd / && rm -rf '$T'"
	PATH=$BUILD:/usr/sbin:/usr/bin:/sbin:/bin
	LC_ALL=C.UTF-8 TZ=UTC HOME=$T TMPDIR=$T
	export PATH LC_ALL TZ HOME TMPDIR
	unset MIPO_STATE MIPO_FORMAT XDG_STATE_HOME XDG_CONFIG_HOME
fi
cd "$T"

lib_end() {
	lib_status=$?
	trap - EXIT HUP INT TERM
	set +e
	eval "$exit_commands"
	exit "$lib_status"
}
trap lib_end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

at_exit() {
	exit_commands="$1
$exit_commands"
}

note() {
	printf 'note: %s\n' "$*"
}

fail() {
	printf 'fail: %s\n' "$*"
	exit 1
}

skip() {
	printf 'skip: %s\n' "$*"
	exit 77
}

show() {
	printf -- '--- %s\n' "$1"
	head -c 4000 "$1"
	printf -- '---\n'
}

run() {
	lib_want=$1
	shift
	lib_got=0
	"$@" >"$T/out" 2>"$T/err" || lib_got=$?
	[ "$lib_got" -eq "$lib_want" ] && return 0
	show "$T/out"
	show "$T/err"
	fail "$*: status $lib_got, not $lib_want"
}

has() {
	grep -qF -e "$2" "$1" && return 0
	show "$1"
	fail "$1 has no '$2'"
}

hasnt() {
	grep -qF -e "$2" "$1" || return 0
	show "$1"
	fail "$1 has '$2'"
}

like() {
	grep -qE -e "$2" "$1" && return 0
	show "$1"
	fail "$1 has no line like '$2'"
}

same() {
	cmp -s "$1" "$2" && return 0
	diff -u "$1" "$2" | head -40
	fail "$1 and $2 differ"
}

empty() {
	[ ! -s "$1" ] && return 0
	show "$1"
	fail "$1 is not empty"
}

lines() {
	lib_got=$(wc -l <"$2")
	[ "$lib_got" -eq "$1" ] && return 0
	show "$2"
	fail "$2 has $lib_got lines, not $1"
}

eq() {
	[ "$2" = "$3" ] || fail "$1 is '$2', not '$3'"
}

json() {
	jq -r "$1" "$2"
}

jsum() {
	jq -rs "$1" "$2"
}

wait_for() {
	lib_tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		lib_tries=$((lib_tries - 1))
		[ "$lib_tries" -gt 0 ] || fail "waited in vain for: $*"
		sleep 0.05
	done
}

need() {
	for lib_program; do
		command -v "$lib_program" >/dev/null 2>&1 ||
			skip "no $lib_program on this machine"
	done
}

no_sanitizer() {
	[ "$VARIANT" = plain ] || skip "not under sanitizers: $1"
}
