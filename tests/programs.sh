# shellcheck shell=sh
# All programs, as their own help tells: . "${0%/*}/../programs.sh"

# shellcheck source-path=SCRIPTDIR
. "${0%/*}/../lib.sh"

programs() {
	find "$BUILD" -maxdepth 1 -type f -name 'mipo*' -perm -100 \
		-printf '%f\n' | sort
}

# subs PROGRAM: its subcommands, one a line; nothing where it has none.
subs() {
	"$1" --help | sed -nE '/^Subcommands:$/,/^$/s/^  ([a-z-]+).*/\1/p'
}

# rows PROGRAM: the long options of it and of all its subcommands, sorted.
rows() {
	{
		"$1" --help
		for one in $(subs "$1"); do
			"$1" "$one" --help
		done
	} | sed -nE 's/^  (-., |    )(--[a-z][a-z0-9-]*).*/\2/p' | sort -u
}
