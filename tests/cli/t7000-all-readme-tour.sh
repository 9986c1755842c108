#!/bin/sh
# The tour of README and its check by hand, pasted line by line as they
# stand: each command ends as README says, or with 0.
. "${0%/*}/../lib.sh"
need perl minisign openssl

# The lines that are to be typed: four blanks, in these two sections.
awk '
/^====/ { inside = last == "Tour" || last == "Check it by hand" }
{ last = $0 }
inside && /^    / { print substr($0, 5) }
' "$SRC/README" >lines
[ "$(wc -l <lines)" -ge 30 ] || fail 'README has few lines to paste'

# Who checks by hand has no mipo and no state.
awk '
/^====/ { inside = last == "Check it by hand" }
{ last = $0 }
inside && /^    / { print }
' "$SRC/README" >by-hand
[ "$(wc -l <by-hand)" -ge 20 ] || fail 'README has little to do by hand'
grep -E 'mipo(-[a-z]+)? ' by-hand && fail 'README: by hand, with mipo'

# whole COMMAND: nothing more is needed to run it.
whole() {
	case $1 in
	*\\)	return 1 ;;
	esac
	printf '%s\n' "$1" | sh -n 2>/dev/null
}

# The tour finds the programs where quickstart.sh builds them.
mkdir -p clone/build
ln -s "$BUILD" clone/build/quickstart

# One shell gets all lines, and is asked for the status after each command.
{
	printf "cd '%s/clone'\\n" "$T"
	command=
	while IFS= read -r line; do
		printf '%s\n' "$line"
		command=$command$line
		if whole "$command"; then
			want=${command##*# ends with }
			[ "$want" != "$command" ] || want=0
			printf 'echo "$? %d" >>"%s/ends"\n' "$want" "$T"
			printf '%s\n' "$command" | head -n 1 >>commands
			command=
		else
			command="$command
"
		fi
	done <lines
} >typed
: >ends
sh <typed >said 2>&1 || :
n=0
while read -r got want; do
	n=$((n + 1))
	[ "$got" -eq "$want" ] && continue
	show said
	fail "status $got, not $want: $(sed -n "${n}p" commands)"
done <ends
[ "$n" -eq "$(wc -l <commands)" ] || {
	show said
	fail "nothing after: $(sed -n "${n}p" commands)"
}

# It did what it tells of.
has said 127.18.0.3
has clone/build/tour/report.html '<title>Exposure report</title>'
has clone/build/tour/exposure.csv 'certifies nothing'
eq "signatures by openssl" "$(grep -c 'Verified Successfully' said)" 2
eq "bundle objects" \
	"$(find clone/build/tour/audit/bundle/objects -type f | wc -l)" 2
