#!/bin/sh
# Each program is position independent, with read-only relocations bound at
# the start, no executable stack, stack protector, checked string calls and,
# on x86-64, landing pads.
. "${0%/*}/../build.sh"
need readelf objdump
cd "$BUILD"

# flaw PROGRAM: prints what is wrong with it.
flaw() {
	readelf -hW "$1" | grep -q 'Type:.*DYN' || echo 'not a PIE'
	readelf -lW "$1" >"$T/segments"
	grep -q GNU_RELRO "$T/segments" || echo 'no RELRO'
	grep -q 'GNU_STACK.* RW ' "$T/segments" || echo 'executable stack'
	readelf -dW "$1" | grep -qE 'BIND_NOW|FLAGS_1.*NOW' ||
		echo 'no BIND_NOW'
	readelf -sW --dyn-syms "$1" >"$T/symbols"
	grep -q __stack_chk_fail "$T/symbols" || echo 'no stack protector'
	grep -q '_chk@' "$T/symbols" || echo 'no FORTIFY'
	# (the note that the loader asks for is lost where libc's own start
	# files have none, as in Debian 12)
	[ "$(uname -m)" != x86_64 ] ||
		objdump -d --no-show-raw-insn "$1" | grep -A 1 '<main>:' |
		grep -q endbr64 || echo 'no CET'
}

cat >"$T/bare.c" <<'X'
int main(void) { return 0; }
X
gcc -no-pie -fcf-protection=none -Wl,-z,norelro,-z,lazy,-z,execstack \
	-fno-stack-protector -o "$T/bare" "$T/bare.c"
flaw "$T/bare" >"$T/flaws"
[ "$(wc -l <"$T/flaws")" -ge 6 ] || {
	cat "$T/flaws"
	fail 'a bare program passes'
}

built >"$T/programs"
[ -s "$T/programs" ] || fail "no programs in $BUILD"
while IFS= read -r program; do
	flaw "$program" | sed "s,^,${program#./}: ," >>"$T/found"
done <"$T/programs"
[ ! -s "$T/found" ] || {
	cat "$T/found"
	fail "$(head -n 1 "$T/found")"
}
