#!/bin/sh
# Both commands of README's first screen in a bare Debian 12 with only git
# and a shell, from a fresh clone of what is committed; each may run twice.
# The root gets this machine's apt configuration.
# timeout: 5400
. "${0%/*}/../lib.sh"
need debootstrap unshare git
[ "$(id -u)" -eq 0 ] || skip 'debootstrap needs root'

root=$T/root
mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE)' \
	'Created-By: Packages' | awk '$2 == "bookworm" { print $1; exit }')
[ -n "$mirror" ] || skip 'no mirror of Debian 12 in the apt configuration'

debootstrap --variant=minbase --include=git,ca-certificates \
	bookworm "$root" "$mirror" >"$T/debootstrap" 2>&1 || {
	tail -n 5 "$T/debootstrap"
	fail 'debootstrap'
}
rm -rf "$root/etc/apt/sources.list" "$root/etc/apt/sources.list.d"
cp -R /etc/apt/sources.list* /etc/apt/apt.conf.d /etc/apt/preferences.d \
	"$root/etc/apt/"
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
git -c safe.directory='*' clone -q --no-local "$SRC" "$root/opt/mipo"

cat >"$T/inside" <<'X'
set -eu
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount -t sysfs sysfs "$1/sys" 2>/dev/null || :
mount --rbind /dev "$1/dev"
mkdir -p "$1/run/netns"
chroot "$1" env -i HOME=/opt TERM=dumb CI=true \
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	sh -c "cd /opt/mipo && $2"
X
bare() {
	unshare --mount --pid --fork --kill-child /bin/sh "$T/inside" \
		"$root" "$1" >"$T/log" 2>&1 </dev/null || {
		status=$?
		tail -n 40 "$T/log"
		fail "$1: status $status: $(tail -n 1 "$T/log")"
	}
	tail -n 12 "$T/log"
}

# As root, then as somebody who has sudo: nothing becomes root's, and nothing
# is put outside of the clone but packages.
if (bare 'command -v make || command -v gcc') >/dev/null 2>&1; then
	fail 'this root is not bare'
fi
bare 'sh examples/quickstart.sh'
hasnt "$T/log" 'refused here'
bare 'sh examples/quickstart.sh'
bare 'apt-get -qqy --no-install-recommends install sudo >/dev/null 2>&1
	useradd -m -d /srv/anna anna
	git clone -q --no-local /opt/mipo /srv/anna/mipo
	chown -R anna:anna /srv/anna
	echo "anna ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/anna
	touch /tmp/before'
bare 'su - anna -c "cd mipo && sh examples/quickstart.sh"'
hasnt "$T/log" 'refused here'
bare 'find /srv/anna ! -user anna; find / -xdev -type f -newer /tmp/before \
	-not -path "/srv/anna/mipo/*" -not -path "/proc/*" \
	-not -path "/var/*" -not -path "/dev/*"'
empty "$T/log"
bare 'sh tests/run.sh'
like "$T/log" '^[1-9][0-9]* passed, 0 failed, [0-9]+ skipped$'
bare 'sh tests/run.sh unit/test-base cli/t0'
bare 'git status --porcelain'
empty "$T/log"
