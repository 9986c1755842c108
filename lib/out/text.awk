# Makes a C string of a text file: awk -v name=NAME -f text.awk FILE
BEGIN {
	printf "#include \"%s\"\n\nconst char %s[] =\n", header, name
}
/\\/ {
	print FILENAME ":" FNR ": a backslash" >"/dev/stderr"
	exit 1
}
{
	gsub(/"/, "\\\"")
	gsub(/\t/, " ")
	printf "\t\"%s\\n\"\n", $0
}
END {
	print "\t;"
}
