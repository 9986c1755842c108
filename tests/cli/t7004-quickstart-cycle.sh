#!/bin/sh
# The cycle of examples/quickstart.sh from the first look to the bundle, on
# loopback and in namespaces, with listeners of ours in the daemons' places
# (which come from the network); twice, and with nothing left behind.
# timeout: 120
. "${0%/*}/../lib.sh"
need perl

root=$T/quick/lab/root
mkdir -p "$root/usr/sbin" "$root/usr/bin"

# Each reads from its own options where to listen.
cat >"$root/usr/sbin/nginx" <<'X'
#!/usr/bin/perl
use IO::Socket::IP;
my ($conf, $port, @on) = ("", 0);
while (my $arg = shift) {
	$conf = shift if $arg eq "-c";
	$port = shift if $arg eq "--port";
	push @on, shift if $arg eq "--bind";
	next unless $arg eq "-o";
	$arg = shift;
	push @on, $1 if $arg =~ /^ListenAddress=(.*)/;
	$port = $1 if $arg =~ /^Port=(.*)/;
}
if ($conf) {
	open my $file, "<", $conf or die $!;
	for (<$file>) {
		next unless /listen\s+(?:(\S+):)?(\d+);/;
		$port = $2;
		push @on, defined $1 && $1 ne "" ? $1 : "0.0.0.0";
	}
}
for my $host (@on) {
	$host =~ tr/[]//d;
	push @open, IO::Socket::IP->new(LocalHost => $host, Listen => 5,
	    LocalPort => $port, ReuseAddr => 1, V6Only => 1) or die "$host: $@";
}
sleep 300;
X
chmod +x "$root/usr/sbin/nginx"
ln "$root/usr/sbin/nginx" "$root/usr/sbin/sshd"
ln "$root/usr/sbin/nginx" "$root/usr/bin/redis-server"
# Where this machine has none, the cycle looks there for it.
cat >"$root/usr/bin/ssh-keygen" <<'X'
#!/bin/sh
while [ $# -gt 1 ]; do shift; done
: >"$1"
X
chmod +x "$root/usr/bin/ssh-keygen"

MIPO_QUICKSTART=$T/quick
export MIPO_QUICKSTART
cycle=$SRC/examples/quickstart-cycle.sh

told() {
	has out 'redis'
	has out "$1 6379"
	like out '^\+ .* 6379/tcp'
	like out '^- '
	has quick/evidence/report.html '<title>Exposure report</title>'
	has quick/evidence/exposure.csv 'redis'
	run 0 env MIPO_STATE="$T/quick/state" mipo-store check
}

# Those that were told to end do so.
nobody() {
	! pgrep -f "$root" >/dev/null
}

run 0 sh "$cycle" loopback
told 127.18.0.30
run 0 sh "$cycle" loopback
wait_for 5 nobody

# A daemon that does not start ends it, by name, and ends the others.
mv "$root/usr/bin/redis-server" "$root/usr/bin/gone"
run 2 sh "$cycle" loopback
has err redis-server
wait_for 5 nobody
mv "$root/usr/bin/gone" "$root/usr/bin/redis-server"

set -- unshare --net --mount --pid --fork --kill-child --mount-proc
"$@" true 2>/dev/null || skip 'namespaces are refused here'
run 0 "$@" sh "$cycle" namespaces
like out '2001:db8::20 .*open'
told 198.18.0.30
wait_for 5 nobody
