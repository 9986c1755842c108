#!/bin/sh
# --identify: what listens is found by what it answers; TLS is as openssl
# made it; who says nothing, too much or something hostile costs little time
# and no control byte; a host where everything is open is flagged.
#
#   s [v0 .1] ---- [v1 .2] t
. "${0%/*}/../netns.sh"
need openssl pgrep ss

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr t v1 198.18.0.2/24 2001:db8::2/64
on s mipo-scan --version >version
with_tls=yes
! grep -q '^tls: none' version || with_tls=

# ---- the daemons: bytes that real ones said, and TLS by openssl

printf 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n' >ssh
printf '+PONG\r\n' >redis
printf 'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n\r\n' >http
printf '\33]0;owned\a\\ \377\342\200\256!\r\nmore' >hostile
listening t 22="$T/ssh" 6379="?$T/redis" 80="?$T/http" 7000=silent \
	7001=flood 7002=drip 7003 7004="$T/hostile" 7005="?$T/ssh"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
	-keyout key.pem -out cert.pem -days 33 -utf8 \
	-subj "$(printf '/O=lab/CN=a\33b')" 2>/dev/null
digest=$(openssl x509 -in cert.pem -outform DER | sha256sum | cut -d' ' -f1)
end=$(date -u +%Y-%m-%dT%H:%M:%S.000Z -d \
	"$(openssl x509 -in cert.pem -noout -enddate | cut -d= -f2)")
# tls PORT OPTION...
tls() {
	port=$1
	shift
	start t openssl s_server -accept "$port" -cert cert.pem -key key.pem \
		-quiet "$@" >"$T/server-$port" 2>&1
}
tls 443 -www
tls 9001 -www -tls1_2
tls 9002 -www -tls1 -cipher ALL:@SECLEVEL=0
printf '* OK IMAP4rev1 ready\r\n' >imap
start t sh -c "{ cat imap; sleep 60; } | openssl s_server -accept 993 \
	-cert cert.pem -key key.pem -quiet >server-993 2>&1"
for port in 443 993 9001 9002; do
	wait_for 5 sh -c "ip netns exec ${NS}t ss -ltnH | grep -q ':$port '"
done

# ---- all of it in one scan; the library's own configuration says nothing

cat >strict.cnf <<'E'
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = strict
[strict]
MinProtocol = TLSv1.3
CipherString = DEFAULT@SECLEVEL=5
E
ports=22,80,443,6379,7000-7005,9001,9002,9999
began=$(date +%s)
run 0 on s env OPENSSL_CONF="$T/strict.cnf" mipo-scan --json --identify \
	-p $ports 198.18.0.2
took=$(($(date +%s) - began))
[ "$took" -le 9 ] || fail "it took $took s"
whole "$T/out"
cp out look
eq identify "$(head -n 1 look | jq .identify)" true
hasnt look "$(printf '\33')"

jq -r 'select(.type == "service") | "\(.port) \(.result) " +
	"\(.service // "-") \(.asked // "-")"' look | sort -n >is
cat >truth <<'E'
22 identified ssh -
80 identified http http
443 identified tls tls
6379 identified redis redis
7000 silent - http
7001 unknown - -
7002 unknown - -
7003 closed - -
7004 unknown - -
7005 identified ssh http
9001 identified tls tls
9002 identified tls tls
E
if [ -n "$with_tls" ]; then
	same truth is
fi
# field PORT FIELD
field() {
	jq -r "select(.type == \"service\" and .port == $1) |
		.$2 // \"-\"" look
}
eq banner "$(field 22 banner)" 'SSH-2.0-OpenSSH_9.2p1 Debian-2'
eq server "$(field 80 server)" nginx/1.22.1
eq hostile "$(field 7004 banner)" '\x1b]0;owned\x07\\ \xff\xe2\x80\xae!'
eq flood "$(field 7001 banner | tr -d '\n' | wc -c)" 256
if [ -n "$with_tls" ]; then
	eq tls "$(field 443 tls_version) $(field 9001 tls_version) \
$(field 9002 tls_version)" 'TLSv1.3 TLSv1.2 TLSv1'
	for port in 443 9001 9002; do
		eq digest "$(field $port cert_sha256)" "$digest"
		eq expiry "$(field $port cert_not_after)" "$end"
		eq name "$(field $port cert_cn)" 'a\x1bb'
	done
	eq counts "$(receipt '.identify | "\(.pairs) \(.identified) " +
		"\(.unknown) \(.silent) \(.closed) \(.unreached) " +
		"\(.skipped)"')" '12 7 3 1 1 0 0'
fi
eq 'at most two each' "$(receipt '.identify |
	.connections >= .pairs and .connections <= 2 * .pairs')" true

# IPv6; and a greeting inside of TLS.
run 0 on s mipo-scan --json --identify -p 22,6379,9999 2001:db8::2
eq 'by IPv6' "$(jq -r 'select(.type == "service") | "\(.ip) \(.port) " +
	.service' out | sort)" '2001:db8::2 22 ssh
2001:db8::2 6379 redis'
if [ -n "$with_tls" ]; then
	run 0 on s mipo-scan --json --identify -p 993 198.18.0.2
	eq imap "$(jq -r 'select(.type == "service") |
		"\(.service) \(.asked) \(.tls_version) \(.banner)"' out)" \
		'imap tls TLSv1.3 * OK IMAP4rev1 ready'
fi

# ---- everything is open: flagged, and few of it is asked

# shellcheck disable=SC2046 # a list of words
listening t $(seq 20000 20039)
run 0 on s mipo-scan --json --identify -p 20000-20039,9999 198.18.0.2
eq flag "$(jq -r 'select(.type == "host") |
	"\(.ip) \(.flag) \(.open) \(.ports) \(.bare)"' out)" \
	'198.18.0.2 most-open 40 41 0'
eq asked "$(grep -c '"type":"service"' out)" 8
eq skipped "$(receipt '.identify | "\(.skipped) \(.hosts)"')" '32 1'
run 0 on s mipo-scan --json --identify -p 20000-20039,1-20 198.18.0.2
eq 'two in three' "$(receipt .identify.hosts)" 0

# ---- an end before its time: of the questions, not of the look

start s mipo-scan --json --identify -p 7000,9999 198.18.0.2 >out 2>err
wait_for 5 grep -q '"port":9999' out
sleep 0.5
kill "${started:?}"
status=0
wait "$started" || status=$?
eq status "$status" 143
whole out
eq verdict "$(receipt '"\(.verdict) \(.reasons)"')" 'complete []'
eq skipped "$(receipt '.identify | "\(.skipped) \(.silent)"')" '1 0'
eq covered "$(receipt '.counts | "\(.open) \(.closed)"')" '1 1'

# ---- second connections wait for their turn, also when all want one at once

ports='2375 2376 2379 3000 3268 3269 4443 5000 5061 5671 5672 5985 5986'
ports="$ports 6443 8000"
# shellcheck disable=SC2046,SC2086 # a list of words
listening t $(printf '%s=silent ' $ports)
listener=${started:?}
start s mipo-scan --json --rate=15 --identify \
	-p "$(echo "$ports" | tr ' ' ,)" 198.18.0.2 >out 2>err
all_there() {
	[ "$(on t ss -tnH state established | wc -l)" -eq 15 ]
}
wait_for 20 all_there
# shellcheck disable=SC2046 # a list of words
kill "$listener" $(pgrep -P "$listener")
wait "$started"
whole out
most=$(receipt '.identify | .duration_ms * 15 / 1000 + 3 | floor')
[ "$(receipt .identify.connections)" -le "$most" ] ||
	fail "$(receipt .identify.connections) connections, not $most"

# ---- 40 descriptors for 40 pairs make it slow, and nothing is missing

run 0 on s sh -c 'ulimit -n 40 && exec mipo-scan --json --method=connect \
	--rate=max --identify -p 20000-20039,1-20 198.18.0.2'
eq closed "$(receipt '.identify | "\(.closed) \(.skipped)"')" '40 0'

# ---- who sees no SYN-ACK says nothing of them

run 0 on s mipo-scan --json --method=connect --rate=max --identify \
	-p 20000-20039 198.18.0.2
eq flag "$(jq -r 'select(.type == "host") | "\(.open) \(.bare)"' out)" '40 null'
