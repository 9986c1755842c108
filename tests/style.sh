# shellcheck shell=sh
# A rule that is code: . "${0%/*}/../style.sh"
#
# The script defines rule(), which prints a line for each break of the rule
# in the tree that is the current directory, and then says
#
#   bad FILE TEXT <<...    in a tree of that one file, the rule must name TEXT
#   good FILE <<...        there it must say nothing
#   hold                   nor in this tree
#
# files GLOB... lists the files of the tree whose path matches one.

# shellcheck source-path=SCRIPTDIR
. "${0%/*}/../lib.sh"

files() {
	if [ "$PWD" != "$SRC" ]; then
		find . -type f -print
	elif [ -e .git ]; then
		git -c safe.directory='*' ls-files
	else # unpacked from the tarball, which has what autotools made
		find . \( -path './_*' -o -path ./build -o -path ./build-aux \
			-o -name configure -o -name config.h.in \
			-o -name aclocal.m4 -o -name Makefile.in \) -prune \
			-o -type f -print
	fi | sed 's,^\./,,' | sort | while IFS= read -r file; do
		[ -f "$file" ] || continue
		for glob; do
			# shellcheck disable=SC2254 # a pattern is meant
			case $file in
			$glob)	printf '%s\n' "$file"
				break ;;
			esac
		done
	done
}

# The C files on stdin as lines "file:number:text", without comments and
# with empty strings.
bare() {
	xargs -r awk -f "$SRC/tests/style/bare.awk"
}

sample() {
	rm -rf "$T/tree"
	mkdir -p "$T/tree/$(dirname "$1")"
	cat >"$T/tree/$1"
	(cd "$T/tree" && rule) >"$T/said" || fail "the rule itself failed"
}

bad() {
	sample "$1"
	grep -qF -e "$2" "$T/said" && return 0
	show "$T/said"
	fail "a bad $1 is not noticed: $2"
}

good() {
	sample "$1"
	[ ! -s "$T/said" ] && return 0
	show "$T/said"
	fail "a good $1 is refused"
}

hold() {
	cd "$SRC" || fail "no $SRC"
	rule >"$T/said" || fail "the rule itself failed"
	[ ! -s "$T/said" ] && exit 0
	cat "$T/said"
	fail "$(wc -l <"$T/said") breaks: $(head -n 1 "$T/said")"
}
