#!/bin/sh
# Makefile.am names every source, once; what is generated is not committed;
# every unit test is built.
. "${0%/*}/../style.sh"

rule() {
	files 'lib/*.[ch]' 'bin/*.[ch]' 'tests/unit/*.c' 'tests/bench/*.c' |
	while IFS= read -r file; do
		case $file in
		tests/unit/*)
			name=$(printf '%s' "${file%.c}" | tr '/.-' '___')
			grep -qE "^$name(_|$)|${file%.c}(\.c)?( |\$)" \
				Makefile.am ||
				printf '%s is not built\n' "$file"
			continue ;;
		esac
		tr -s ' \t' '\n\n' <Makefile.am | grep -qxF "$file" ||
			printf '%s is not in Makefile.am\n' "$file"
	done
	files configure config.h.in Makefile.in aclocal.m4 'build-aux/*' \
		'autom4te.cache/*' '*.o' '*.a' 'config.*' '*.orig' '*.rej' |
		sed 's/$/ is generated/'
}

sample Makefile.am <<'X'
x = lib/data/a.c
X
(
	cd "$T/tree" || exit 1
	mkdir -p lib/data
	: >lib/data/a.c
	[ -z "$(rule)" ] || fail 'a listed file is refused'
	: >lib/data/b.c
	[ "$(rule)" = 'lib/data/b.c is not in Makefile.am' ] ||
		fail 'an unlisted file is not noticed'
)
bad configure 'configure is generated' <<'X'
X
hold
