#!/bin/sh
# quickstart-cycle.sh namespaces|loopback: the second half of quickstart.sh.
# With "namespaces" it is the first process of namespaces of its own, so
# that all of it is gone when it ends, however it ends.
set -eu

mode=$1
top=$(cd "$(dirname "$0")/.." && pwd)
here=${MIPO_QUICKSTART:-$top/build/quickstart}
lab=$here/lab
run=$here/run
out=$here/evidence
started=

PATH=$here:$PATH
MIPO_STATE=$here/state
export PATH MIPO_STATE
unset MIPO_FORMAT MIPO_CONFIG

die() {
	printf 'quickstart: %s\n' "$*" >&2
	exit 2
}

step() {
	printf '\n== %s\n' "$*"
}

# typed STATUS COMMAND: shows a command as one would type it, and runs it.
typed() {
	printf '$ %s\n' "$2"
	got=0
	eval "$2" || got=$?
	[ "$got" -eq "$1" ] || die "that ended with status $got, not $1"
}

finish() {
	status=$?
	trap - EXIT
	for pid in $started; do
		kill "$pid" 2>/dev/null || :
	done
	exit "$status"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# ---- the lab

# lab_program HOST PROGRAM ARGUMENT...: becomes a program of the lab, with the
# libraries of the lab, in the host's network ("": in this one).
lab_program() {
	host=$1 program=$lab/root$2
	shift 2
	[ -x "$program" ] || die "$program is not there: remove $lab"
	libs=$lab/root/usr/lib/$arch:$lab/root/lib/$arch
	set -- env LD_LIBRARY_PATH="$libs" "$program" "$@"
	if [ "$mode" = namespaces ] && [ -n "$host" ]; then
		set -- ip netns exec "$host" "$@"
	fi
	exec "$@"
}

# daemon HOST PROGRAM ARGUMENT...: the same in the background.
daemon() {
	lab_program "$@" >>"$run/$1.log" 2>&1 &
	started="$started $!"
	last=$!
	sleep 0.2
	kill -0 "$last" 2>/dev/null || {
		tail -n 5 "$run/$1.log" >&2
		die "$2 did not start"
	}
}

# answers HOST ADDRESS PORT: waits until something listens there.
answers() {
	tries=0
	while ! mipo-scan -q --method=connect --retries=0 --wait=1 -p "$3" \
	    "$2" 2>/dev/null | grep -q '"state":"open"'; do
		tries=$((tries + 1))
		[ "$tries" -lt 50 ] || {
			tail -n 5 "$run/$1.log" >&2
			die "nothing listens on $2 port $3"
		}
		sleep 0.1
	done
}

wire() {
	mount -t tmpfs -o mode=755 tmpfs /run
	mkdir -p /run/netns /run/sshd
	ip link set lo up
	ip link add lab0 type bridge mcast_snooping 0
	ip addr add 198.18.0.1/24 dev lab0
	ip addr add 2001:db8::1/64 dev lab0 nodad
	ip link set lab0 up
	for host in web:10 shell:20 cache:30; do
		n=${host#*:} host=${host%:*}
		ip netns add "$host"
		ip link add "to-$host" type veth peer name eth0 netns "$host"
		ip link set "to-$host" master lab0 up
		ip -n "$host" link set lo up
		ip -n "$host" addr add "198.18.0.$n/24" dev eth0
		ip -n "$host" addr add "2001:db8::$n/64" dev eth0 nodad
		ip -n "$host" link set eth0 up
	done
	# sshd wants a user of its own, which only this mount namespace has.
	sed '/^sshd:/d' /etc/passwd >"$run/passwd"
	echo 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin' >>"$run/passwd"
	chmod 644 "$run/passwd"
	mount --bind "$run/passwd" /etc/passwd
	web=198.18.0.10 shell=198.18.0.20 cache=198.18.0.30
	http=80 ssh=22 redis=6379
	how='--wait=2'
	targets='198.18.0.0/27 2001:db8::10 2001:db8::20 2001:db8::30'
}

# On loopback: ports that anybody may use, addresses that nobody does.
borrow() {
	web=127.18.0.10 shell=127.18.0.20 cache=127.18.0.30
	http=8080 ssh=2222 redis=6379
	how='--method=connect --wait=2'
	targets='127.18.0.0/27'
}

start_web() {
	mkdir -p "$run/nginx"
	cat >"$run/nginx.conf" <<-X
	daemon off;
	master_process off;
	pid $run/nginx/pid;
	error_log stderr;
	events { }
	http {
		access_log off;
		client_body_temp_path $run/nginx/body;
		proxy_temp_path $run/nginx/proxy;
		fastcgi_temp_path $run/nginx/fastcgi;
		uwsgi_temp_path $run/nginx/uwsgi;
		scgi_temp_path $run/nginx/scgi;
		server {
			listen $1;
			$2
			location / { return 200 "hello\n"; }
		}
	}
	X
	daemon web /usr/sbin/nginx -p "$run/nginx" -c "$run/nginx.conf"
	web_pid=$last
	answers web "$web" "$http"
}

# As root sshd wants its own user, which a container may not have.
sshd_may_run() {
	[ "$mode" = loopback ] && [ "$(id -u)" -eq 0 ] || return 0
	getent passwd sshd >/dev/null
}

host_key() {
	if command -v ssh-keygen >/dev/null; then
		ssh-keygen -q -t ed25519 -N '' -f "$1"
	else
		(lab_program '' /usr/bin/ssh-keygen -q -t ed25519 -N '' -f "$1")
	fi
}

# start_shell MORE-ADDRESS: OpenSSH.
start_shell() {
	key=$run/ssh_host_ed25519_key
	host_key "$key" || die 'ssh-keygen made no key'
	daemon shell /usr/sbin/sshd -D -e -f /dev/null -h "$key" \
		-o ListenAddress="$shell" ${1:+-o ListenAddress="$1"} \
		-o Port="$ssh" -o PidFile=none -o UsePAM=no
	answers shell "$shell" "$ssh"
}

# start_cache ADDRESS: Redis, where it may be reached.
start_cache() {
	daemon cache /usr/bin/redis-server --port "$redis" --bind "$1" \
		--protected-mode no --save '' --dir "$run"
	cache_pid=$last
}

# ---- the cycle

prepare() {
	rm -rf "$MIPO_STATE" "$run" "$out" "$here/recovery.key"*
	mkdir -p "$run" "$out"
	arch=$(gcc -print-multiarch)
	if [ "$mode" = namespaces ]; then wire; else borrow; fi
	scan="mipo-scan -q $how --network=lab -p $ssh,$http,443,3306,$redis"
	cd "$out"
}

first_look() {
	step 'A state: a signed log and its keys'
	typed 0 "mipo-store init --format=table --org=example --network=lab \\
    --make-recovery-key=$here/recovery.key"
	typed 0 'mipo-audit keys --vkey -o auditor.vkey'

	step 'Three hosts: nginx, OpenSSH, and a Redis that only itself reaches'
	if [ "$mode" = namespaces ]; then
		start_web "$http" "listen [::]:$http;"
		start_shell 2001:db8::20
		start_cache 127.0.0.1
	else
		start_web "$web:$http" ''
		if sshd_may_run; then
			start_shell ''
		else
			echo 'OpenSSH is left out: it wants a user "sshd" here.'
		fi
		start_cache 127.18.1.30
	fi

	step 'The first look: scan and record, then accept it as what should be'
	typed 0 "$scan \\
    $targets |
    mipo-store record >monday.ndjson"
	typed 0 'mipo-store show --only=open --format=table'
	typed 0 'mipo-store baseline approve last --reason="hosts we know"'
}

second_look() {
	step 'Something changes: nginx goes, Redis opens to the network'
	kill "$web_pid" "$cache_pid" || :
	wait "$web_pid" "$cache_pid" 2>/dev/null || :
	start_cache "$cache"
	answers cache "$cache" "$redis"

	step 'The second look: scan, record, compare, alarm'
	typed 0 "$scan \\
    $targets |
    mipo-store record | tee tuesday.ndjson |
    mipo-diff --against=last --exit-zero - | tee diff.ndjson |
    mipo-alarm eval >alarms.ndjson"
	typed 1 'mipo-diff --format=table monday.ndjson tuesday.ndjson'
	typed 0 'mipo-alarm list --format=table'
	id=$(sed -n '/"code":"E02"/s/.*"id":"\([^"]*\)".*/\1/p' alarms.ndjson |
		head -n 1)
	[ -n "$id" ] || die 'the open Redis raised no alarm'
	typed 0 "mipo-alarm ack $id --format=table \\
    --reason='told the owner, ticket 4711'"
}

evidence() {
	step 'Evidence: for people, for spreadsheets, and for a stranger'
	typed 0 'mipo-export report -o report.html'
	typed 0 'mipo-export csv -o exposure.csv'
	typed 0 'mipo-audit checkpoint -o checkpoint'
	typed 0 'mipo-audit export -o bundle.tar'

	step 'The stranger checks the bundle, with the key from another road'
	typed 0 'mipo-audit verify --format=text --key=auditor.vkey bundle.tar'

	step 'And notices when a single byte of it is another'
	size=$(stat -c %s bundle.tar)
	cp bundle.tar forged.tar
	printf X | dd of=forged.tar bs=1 seek=$((size / 2)) conv=notrunc \
		2>/dev/null
	typed 1 'mipo-audit verify --format=text --key=auditor.vkey forged.tar'
}

farewell() {
	step 'What is where'
	cat <<-X
	the report        $out/report.html
	the table         $out/exposure.csv
	the bundle        $out/bundle.tar, and its key auditor.vkey
	both looks        $out/monday.ndjson, tuesday.ndjson
	the state         $MIPO_STATE
	the recovery key  $here/recovery.key (not on this host, in earnest)

	On a machine of your own, as root, from $top:

	  make -C build/quickstart install
	  mipo doctor
	  mipo-store init --org=NAME --make-recovery-key=/path/to/usb/mipo.key
	  mipo-scan --top=100 YOUR-NETWORK | mipo-store record |
	      mipo-diff --against=last --allow-first -

	man 7 mipo is the overview; README goes on from here.
	X
}

prepare
first_look
second_look
evidence
farewell
