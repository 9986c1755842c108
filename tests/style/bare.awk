# C files as lines "file:number:text": no comments, strings and characters
# emptied.
FNR == 1 {
	comment = 0
}
{
	rest = $0
	text = ""
	while (rest != "") {
		if (comment) {
			at = index(rest, "*/")
			if (at == 0)
				break
			rest = substr(rest, at + 2)
			comment = 0
			continue
		}
		if (!match(rest, /\/\*|\/\/|"|'/)) {
			text = text rest
			break
		}
		text = text substr(rest, 1, RSTART - 1)
		what = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		if (what == "//")
			break
		if (what == "/*") {
			comment = 1
			continue
		}
		while (rest != "" && substr(rest, 1, 1) != what)
			rest = substr(rest, substr(rest, 1, 1) == "\\" ? 3 : 2)
		rest = substr(rest, 2)
		text = text what what
	}
	print FILENAME ":" FNR ":" text
}
