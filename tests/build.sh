# shellcheck shell=sh
# Builds of other kinds: . "${0%/*}/../build.sh"
#
# tree NAME FLAG...   configures $SRC/build/NAME, unless that is done, and
#                     changes to it
# made TARGET...      make there, with the first errors in the reason

# shellcheck source-path=SCRIPTDIR
. "${0%/*}/../lib.sh"

tree() {
	lib_tree=$SRC/build/$1
	shift
	mkdir -p "$lib_tree"
	cd "$lib_tree" || fail "no $lib_tree"
	printf '%s\n' "$*" >"$T/flags"
	if ! cmp -s "$T/flags" flags || [ ! -f config.status ]; then
		"$SRC/configure" "$@" >"$T/configure" 2>&1 || {
			tail -n 5 "$T/configure"
			fail "configure $*"
		}
		cp "$T/flags" flags
	fi
}

made() {
	make "$@" >"$T/make" 2>&1 </dev/null && return 0
	lib_errors=': (fatal )?error: |undefined reference|^FAIL'
	grep -E -m 20 "$lib_errors" "$T/make" || tail -n 20 "$T/make"
	fail "make $*: $(grep -E -m 1 "$lib_errors" "$T/make")"
}

# The programs of the build tree that is the current directory.
built() {
	find . -maxdepth 1 -type f -name 'mipo*' -perm -100 | sort
}
