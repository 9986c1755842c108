# Makes C of a catalog: awk -v table=mipo_catalog -f catalog.awk ports.tsv
# >catalog-rows.c. A wrong row ends the build with its line. Ranks are 1 to
# the number of rows, or a dash in all of them.

function bad(why) {
	print FILENAME ":" FNR ": " why | "cat 1>&2"
	failed = 1
	exit 1
}

BEGIN {
	FS = "\t"
	print "/* Made from share/catalog by lib/data/catalog.awk. */"
	print "#include \"data/catalog.h\"\n"
	print "const struct mipo_service " table "[] = {"
}

/^#/ {
	next
}

{
	if (NF != 6)
		bad(NF " fields instead of 6")
	if ($1 !~ /^[1-9][0-9]*$/ || $1 > 65535 || $1 + 0 <= port)
		bad("port " $1 " is wrong or not in ascending order")
	if ($2 !~ /^[a-z][a-z0-9-]*$/ || $2 in names)
		bad("name " $2 " is wrong or taken")
	if ($3 !~ /^[a-z-]+$/ || $4 !~ /^(yes|no)$/)
		bad("class or risk is wrong")
	if ($5 == "-")
		unranked++
	else if ($5 !~ /^[1-9][0-9]*$/ || $5 in ranks)
		bad("rank " $5 " is wrong or taken")
	if ($6 == "" || $6 ~ /["\\?]/)
		bad("no reason, or one with a quote, backslash or ?")
	port = $1 + 0
	names[$2] = 1
	ranks[$5] = 1
	if ($5 > highest + 0)
		highest = $5 + 0
	n++
	risky = $4 == "yes" ? "true" : "false"
	print "    {" $1 ", \"" $2 "\", \"" $3 "\", " risky ", " $5 + 0 ","
	print "	\"" $6 "\"},"
}

END {
	if (failed)
		exit 1
	if (n == 0 || (unranked != n && highest != n))
		bad("ranks are not 1 to " n)
	print "};\n"
	print "const size_t " table "_n = " n ";"
}
