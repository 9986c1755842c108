#!/bin/sh
# quickstart.sh: the whole cycle on real daemons, on a bare Debian 12.
#
# Installs what the build needs (apt; as root or through sudo), builds in
# build/quickstart, fetches nginx, OpenSSH and Redis and unpacks them there
# (installing them would start services on this machine), runs them in
# network namespaces of their own, and looks at them twice, with a change in
# between: scan, record, diff, alarm, export, verify. Nothing else is put
# outside this tree. Where namespaces are refused, as in a plain container,
# the same cycle runs on loopback with the connect method. May be run again;
# ends all that it started, also on failure and Ctrl-C.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
here=$top/build/quickstart
lab=$here/lab
log=$here/quickstart.log

say() {
	printf '%s\n' "$*"
}

die() {
	printf 'quickstart: %s\n' "$*" >&2
	exit 2
}

# The owner of the tree builds, so that nothing in it becomes root's.
owner=$(stat -c %u "$top")
group=$(stat -c %g "$top")
as_owner() {
	if [ "$(id -u)" -eq 0 ] && [ "$owner" -ne 0 ]; then
		setpriv --reuid "$owner" --regid "$group" --clear-groups \
			env HOME="$here" "$@"
	else
		"$@"
	fi
}

root=
if [ "$(id -u)" -ne 0 ] && command -v sudo >/dev/null; then
	root=sudo
fi
may_root() {
	[ -n "$root" ] || [ "$(id -u)" -eq 0 ]
}

# Runs what tells little; its words are shown when it fails.
quietly() {
	"$@" >>"$log" 2>&1 && return 0
	tail -n 20 "$log" >&2
	die "this failed: $* (all of it is in $log)"
}

# ---- packages

missing() {
	for package; do
		dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null |
			grep -q 'ok installed' || printf '%s ' "$package"
	done
}

packages() {
	# shellcheck disable=SC2046 # a list of words
	want=$(missing $(sed -n 's/^build	//p' "$top/tests/packages") \
		iproute2)
	[ -n "$want" ] || return 0
	may_root || die "as root or with sudo: apt-get install $want"
	say "Installing what the build needs (a minute or two): $want"
	quietly $root apt-get -q update
	# shellcheck disable=SC2086 # a list of words
	quietly $root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		--no-install-recommends install $want
}

# ---- the programs

build() {
	say "Building in $here (a minute)"
	if [ ! -x "$top/configure" ] || [ -n "$(find "$top/configure.ac" \
	    "$top/Makefile.am" -newer "$top/configure")" ]; then
		(cd "$top" && quietly as_owner autoreconf -fi)
	fi
	cd "$here"
	[ -f Makefile ] ||
		quietly as_owner "$top/configure" -q --without-check
	quietly as_owner make -s -j"$(nproc)"
	cd "$top"
}

# ---- the daemons

fetch() {
	[ ! -f "$lab/fetched" ] || return 0
	say "Fetching nginx, OpenSSH and Redis into $lab (a minute)"
	if ! sh "$top/examples/quickstart-fetch.sh" "$lab" >>"$log" 2>&1; then
		may_root || die 'apt-get update first: no packages to fetch'
		quietly $root apt-get -q update
		quietly sh "$top/examples/quickstart-fetch.sh" "$lab"
	fi
}

# ---- the cycle, in namespaces where they are allowed

# In the background, so that a signal is acted on at once.
child=
enter() {
	set -- unshare --net --mount --pid --fork --kill-child --mount-proc
	cycle=$top/examples/quickstart-cycle.sh
	if may_root && $root "$@" true 2>>"$log"; then
		as_root=yes
		# shellcheck disable=SC2016 # for the other shell
		$root sh -c 'echo $$ >"$0"; exec "$@"' "$here/pid" \
			"$@" sh "$cycle" namespaces &
	else
		say 'Network namespaces are refused here: on loopback instead.'
		sh "$cycle" loopback &
	fi
	child=$!
	wait "$child"
	child=
}

as_root=
finish() {
	status=$?
	trap - EXIT
	if [ -n "$child" ] && [ -n "$as_root" ]; then
		# unshare heeds nothing less, and takes all with it.
		$root kill -KILL "$(cat "$here/pid")" 2>/dev/null || :
	elif [ -n "$child" ]; then
		kill "$child" 2>/dev/null || :
	fi
	wait || :
	if [ "$owner" -ne 0 ] && [ -n "$as_root" ]; then
		$root chown -R "$owner:$group" "$here" || :
	fi
	exit "$status"
}

as_owner mkdir -p "$here"
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
: >"$log"
packages
build
fetch
enter
