#!/bin/sh
# quickstart-fetch.sh DIR: nginx, OpenSSH and Redis, unpacked in DIR/root with
# what they need and this machine has not; nothing is installed or started.
# Needs no privilege; what apt-get knows of packages must be of today. Does
# nothing when DIR/fetched says that it was done.
set -eu

lab=$1
[ ! -f "$lab/fetched" ] || exit 0

# Packages that a daemon needs and this machine has not.
needed() {
	apt-get -s --no-install-recommends install "$@" 2>/dev/null |
		sed -n 's/^Inst \([^ ]*\) (.*/\1/p'
}

rm -rf "$lab"
mkdir -p "$lab/deb" "$lab/root"
cd "$lab/deb"
set -- nginx openssh-server redis-server redis-tools
# shellcheck disable=SC2046 # a list of words
set -- $(printf '%s\n' "$@" $(needed "$@") | sort -u)
apt-get -q -o APT::Sandbox::User=root download "$@"
for deb in *.deb; do
	dpkg -x "$deb" "$lab/root"
done
: >"$lab/fetched"
