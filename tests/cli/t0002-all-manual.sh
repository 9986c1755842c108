#!/bin/sh
# The option rows and the manual pages say the same, both ways: what --help
# lists is an item (.It) of the page, and every such item is in --help. What
# all programs share may be in mipo(1), where the page refers to it.
# timeout: 300
. "${0%/*}/../programs.sh"

# items PAGE: the long options that are items of it, one a line.
items() {
	sed -nE '/^\.It/{
		s/Fl Fl ([a-z])/Fl -\1/g
		s/Fl -/\n--/g
		p
	}' "$1" | sed -nE 's/^(--[a-z][a-z0-9-]*).*/\1/p' | sort -u
}

page_of() {
	page=$SRC/man/$1.1
	[ -f "$page" ] || fail "no page $page"
	items "$page" >"$T/items"
	rows "$1" >"$T/rows"
	comm -23 "$T/rows" "$T/items" >"$T/unsaid"
	if grep -q '^\.Xr mipo 1' "$page"; then
		comm -23 "$T/unsaid" "$T/shared" >"$T/left"
		mv "$T/left" "$T/unsaid"
	fi
	comm -13 "$T/rows" "$T/items" >"$T/untrue"
	for sub in $(subs "$1"); do
		grep -qE "^\\.(It|Ss|Sh|Ic|Cm).*\\<$sub\\>" "$page" ||
			echo "$sub" >>"$T/unsaid"
	done
	[ ! -s "$T/unsaid" ] ||
		fail "$1.1 says nothing of $(tr '\n' ' ' <"$T/unsaid")"
	[ ! -s "$T/untrue" ] ||
		fail "$1 has no $(tr '\n' ' ' <"$T/untrue")"
}

# The rule can fail.
printf '.It Fl p , Fl -ports Ns = Ns Ar PORTS\n.It Fl Fl rate\n' >"$T/page"
printf -- '--ports\n--rate\n' >"$T/want"
items "$T/page" >"$T/got"
same "$T/want" "$T/got"

: >"$T/shared"
[ ! -f "$SRC/man/mipo.1" ] || items "$SRC/man/mipo.1" >"$T/shared"
for program in $(programs); do
	page_of "$program"
done
