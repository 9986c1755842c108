#!/bin/sh
# Manual pages are clean under mandoc's lint, have the sections that issue
# readers look for, and refer only to pages that exist.
. "${0%/*}/../style.sh"
need mandoc

sections='NAME SYNOPSIS DESCRIPTION EXIT_STATUS FILES EXAMPLES'
sections="$sections SECURITY_CONSIDERATIONS SEE_ALSO"

lint() {
	files 'man/*.[1-9]' | xargs -r mandoc -T lint -W warning || :
}

structure() {
	files 'man/*.1' | while IFS= read -r page; do
		for section in $sections; do
			grep -qxF ".Sh $(echo "$section" | tr _ ' ')" "$page" ||
				printf '%s: no section %s\n' "$page" "$section"
		done
	done
}

references() {
	files 'man/*.[1-9]' | while IFS= read -r page; do
		sed -nE 's/^\.Xr (mipo[-a-z.]*) ([1-9]).*/\1.\2/p' "$page" |
		while IFS= read -r to; do
			[ -f "man/$to" ] || printf '%s: no page %s\n' \
				"$page" "$to"
		done
	done
}

rule() {
	lint
	structure
	references
}

bad man/mipo-x.1 'ERROR' <<'X'
.Dd November 22, 2026
.Dt MIPO-X 1
.Os
.Sh NAME
.Nm mipo-x
.Nd x
.Bl -tag
.It Fl a
X
bad man/mipo-x.1 'no section EXIT_STATUS' <<'X'
.Sh NAME
X
bad man/mipo-x.5 'no page mipo-y.1' <<'X'
.Xr mipo-y 1 ,
X
hold
