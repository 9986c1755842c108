#!/bin/sh
# make install keeps within DESTDIR: programs, their pages, completions and
# data; uninstall takes all of it away.
# timeout: 300
. "${0%/*}/../build.sh"
cd "$BUILD"

installed_elsewhere() {
	find /etc /usr /var /opt -xdev -name '*mipo*' -newer "$T/start" \
		! -path "$SRC/*" 2>/dev/null || :
}

: >"$T/start"
made install DESTDIR="$T/to" prefix=/usr
installed_elsewhere >"$T/elsewhere"
empty "$T/elsewhere"
(cd "$T/to" && find . ! -type d | sort) >"$T/installed"
built >"$T/programs"
while IFS= read -r program; do
	name=${program#./}
	has "$T/installed" "./usr/bin/$name"
	has "$T/installed" "./usr/share/man/man1/$name.1"
	run 0 "$T/to/usr/bin/$name" --version
	has "$T/out" "$name"
	run 0 "$T/to/usr/bin/$name" --help
done <"$T/programs"
for page in "$SRC"/man/*.[1-9]; do
	has "$T/installed" "/${page##*/}"
done
made uninstall DESTDIR="$T/to" prefix=/usr
(cd "$T/to" && find . ! -type d) >"$T/left"
empty "$T/left"
