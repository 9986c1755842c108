# shellcheck shell=sh
# Fuzzing: . "${0%/*}/../fuzz.sh", then: fuzz LIBFUZZER-OPTION...
#
# A target is tests/fuzz/fuzz-NAME.c with LLVMFuzzerTestOneInput(); what is
# in tests/fuzz/corpus/NAME/ starts it off. What it finds is kept in
# build/clang/found/.

# shellcheck source-path=SCRIPTDIR
. "${0%/*}/../build.sh"
need clang

sanitize=address,undefined
clang_flags="-O1 -gline-tables-only -fno-sanitize-recover=all"
clang_flags="$clang_flags -fsanitize=fuzzer-no-link,$sanitize"

clang_tree() {
	tree clang CC=clang --enable-werror --without-check \
		CFLAGS="$clang_flags"
}

fuzz() {
	ls "$SRC"/tests/fuzz/fuzz-*.c >"$T/targets" 2>/dev/null || :
	[ -s "$T/targets" ] || fail 'no fuzz target'
	clang_tree
	made libmipo.a
	printf 'print:\n\t@echo %s\n' \
		"\$(AM_CPPFLAGS) \$(JANSSON_CFLAGS) -- \$(LDADD)" >"$T/print.mk"
	make -s -f Makefile -f "$T/print.mk" print >"$T/flags"
	mkdir -p found
	while IFS= read -r source; do
		fuzz_one "$source" "$@"
	done <"$T/targets"
}

fuzz_one() {
	source=$1
	name=${1##*/fuzz-}
	name=${name%.c}
	shift
	# shellcheck disable=SC2046 # lists of words
	clang -std=gnu17 -O1 -gline-tables-only -fno-sanitize-recover=all \
		-fsanitize="fuzzer,$sanitize" -I. $(sed 's/--.*//' "$T/flags") \
		-o "$T/fuzz-$name" "$source" $(sed 's/.*--//' "$T/flags") ||
		fail "fuzz-$name does not build"
	rm -rf "$T/corpus"
	mkdir "$T/corpus"
	[ ! -d "$SRC/tests/fuzz/corpus/$name" ] ||
		cp "$SRC/tests/fuzz/corpus/$name/"* "$T/corpus/"
	"$T/fuzz-$name" -seed=1 -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix="found/$name-" "$@" "$T/corpus" \
		>"$T/fuzz-$name.log" 2>&1 </dev/null || {
		tail -n 40 "$T/fuzz-$name.log"
		fail "fuzz-$name: $(grep -m 1 -E 'ERROR|runtime error' \
			"$T/fuzz-$name.log")"
	}
	note "fuzz-$name: $(grep -E '^Done|^#.*DONE' "$T/fuzz-$name.log" |
		tail -n 1)"
}
