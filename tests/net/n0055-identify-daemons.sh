#!/bin/sh
# --identify of nginx, OpenSSH and Redis as Debian has them: what is recorded
# is what they and openssl say, and two names of one address show a
# certificate each. By address no name is asked for.
#
#   s [v0 .1] ---- [v1 .2] t
. "${0%/*}/../netns.sh"
need curl openssl ss

lab=$SRC/build/lab
[ -f "$lab/fetched" ] ||
	skip "no daemons in $lab: examples/quickstart-fetch.sh fetches them"
mipo-scan --version | grep -q '^tls: none' && skip 'built without TLS'

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24

# ---- the daemons

root=$lab/root
arch=$(gcc -print-multiarch)
LD_LIBRARY_PATH=$root/usr/lib/$arch:$root/lib/$arch
daemon() {
	start t env LD_LIBRARY_PATH="$LD_LIBRARY_PATH" "$@" \
		>"$T/log-$daemon" 2>&1
}
certificate() { # NAME DAYS
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -keyout "$1.key" -out "$1.pem" -days "$2" \
		-subj "/CN=$1" 2>/dev/null
}
for days in 11 22 33; do
	certificate "$days.test" "$days"
done
server() { # OF HOW
	cat <<-X
	server {
		listen 443 ssl $2;
		ssl_protocols TLSv1.2 TLSv1.3;
		server_name $1;
		ssl_certificate $T/$1.pem;
		ssl_certificate_key $T/$1.key;
	}
	X
}
mkdir nginx
cat >nginx.conf <<X
daemon off;
master_process off;
pid $T/nginx/pid;
error_log stderr;
events { }
http {
	access_log off;
	client_body_temp_path $T/nginx/body;
	proxy_temp_path $T/nginx/proxy;
	fastcgi_temp_path $T/nginx/fastcgi;
	uwsgi_temp_path $T/nginx/uwsgi;
	scgi_temp_path $T/nginx/scgi;
	server { listen 80; }
	$(server 11.test default_server)
	$(server 22.test '')
	$(server 33.test '')
}
X
daemon=nginx
daemon "$root/usr/sbin/nginx" -p "$T/nginx" -c "$T/nginx.conf"
daemon=redis
daemon "$root/usr/bin/redis-server" --port 6379 --bind 198.18.0.2 \
	--protected-mode no --save '' --dir "$T"
# It wants a user and a directory, which only its mount namespace gets.
openssl ecparam -name prime256v1 -genkey -noout -out host.key
sed '/^sshd:/d' /etc/passwd >passwd
echo 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin' >>passwd
daemon=sshd
# shellcheck disable=SC2016 # for the other shell
daemon sh -c 'mount -t tmpfs -o mode=755 none /run && mkdir /run/sshd &&
	mount --bind passwd /etc/passwd && exec "$@"' sh \
	"$root/usr/sbin/sshd" -D -e -f /dev/null -h "$T/host.key" \
	-o ListenAddress=198.18.0.2 -o PidFile=none -o UsePAM=no
all_listen() {
	for port in 22 80 443 6379; do
		on t ss -ltnH | grep -q "198.18.0.2:$port \|0.0.0.0:$port " ||
			return 1
	done
}
wait_for 10 all_listen

# ---- by address

# said FIELD...: of each service in the stream
said() {
	jq -r 'select(.type == "service") | [.port, .service, '"$1"'] |
		map(. // "-") | join(" ")' out | sort -n
}
digest() {
	openssl x509 -in "$1.pem" -noout -fingerprint -sha256 |
		sed 's/.*=//; s/://g' | tr A-F a-f
}
expiry() {
	date -u +%Y-%m-%dT%H:%M:%S.000Z -d \
		"$(openssl x509 -in "$1.pem" -noout -enddate | cut -d= -f2)"
}
# What they say to others.
printf 'no\r\n' |
	on s curl -sN -m 10 -o greeting telnet://198.18.0.2:22 || :
ssh=$(head -n 1 greeting | tr -d '\r')
nginx=$(on s curl -sI http://198.18.0.2/ |
	sed -n 's/^Server: \([^\r]*\).*/\1/p' | tr -d '\r')
run 0 on s mipo-scan --json --identify -p 22,80,443,6379,9999 198.18.0.2
whole "$T/out"
said '.result, .banner, .server' >is
cat >want <<X
22 ssh identified $ssh -
80 http identified HTTP/1.1 200 OK $nginx
443 http identified HTTP/1.1 200 OK $nginx
6379 redis identified +PONG -
X
sed 's,HTTP/1.1 [0-9]* .* nginx/,HTTP/1.1 200 OK nginx/,' is >plain
same want plain
eq tls "$(said '.tls_version, .cert_sha256, .cert_not_after, .cert_cn,
	.tls_name' | grep '^443')" \
	"443 http TLSv1.3 $(digest 11.test) $(expiry 11.test) 11.test -"
eq 'one each' "$(receipt '.identify | "\(.pairs) \(.connections) " +
	"\(.names // "-")"')" '4 4 -'

# ---- by name: each of them, as it was given, is asked for

cat >hosts <<X
198.18.0.2 22.test
198.18.0.2 33.test
X
# shellcheck disable=SC2016 # for the other shell
run 0 on s sh -c 'mount --bind hosts /etc/hosts && exec "$@"' sh \
	mipo-scan --json --identify -p 80,443,9999 33.Test 22.test 33.test \
	198.18.0.2
whole "$T/out"
said '.tls_name, .cert_sha256, .cert_not_after' >is
cat >want <<X
80 http - - -
443 http 22.test $(digest 22.test) $(expiry 22.test)
443 http 33.test $(digest 33.test) $(expiry 33.test)
X
same want is
eq 'one more' "$(receipt '.identify | "\(.pairs) \(.identified) " +
	"\(.connections) \(.names) \(.names_left)"')" '2 2 3 1 0'
