#!/bin/sh
# Which hosts are there, on the link and beyond a gateway, IPv4 and IPv6:
# what answers for itself is up, however; what is forged is not; nothing that
# is silent is called down; nmap agrees.
#
#   s [v0 .0.1] ---- [v1 .0.2 .0.5] t [w0 .1.1] ---- [w1 .1.2 .1.3 ..] u
. "${0%/*}/../netns.sh"
need nmap

spaces s t u
veth s v0 t v1
veth t w0 u w1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr t v1 198.18.0.2/24 198.18.0.5/24 2001:db8::2/64 2001:db8::5/64
addr t w0 198.18.1.1/24 2001:db8:1::1/64
addr u w1 198.18.1.2/24 198.18.1.3/24 198.18.1.4/24 198.18.1.6/24 \
	2001:db8:1::2/64
on t sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
on s ip route add 198.18.1.0/24 via 198.18.0.2
on s ip route add 2001:db8:1::/64 via 2001:db8::2
on u ip route add 198.18.0.0/24 via 198.18.1.1
on u ip route add 2001:db8::/64 via 2001:db8:1::1
rules t <<X
table inet filter {
 counter asked { }
 chain first {
  type filter hook prerouting priority -300
  iif v1 icmp type echo-request counter name asked
  iif v1 icmpv6 type echo-request counter name asked
 }
 chain in {
  type filter hook input priority 0
  ip daddr 198.18.0.5 icmp type echo-request drop
  ip6 daddr 2001:db8::5 icmpv6 type echo-request drop
 }
}
X
rules s <<X
table inet filter {
 counter asked { }
 chain first {
  type filter hook prerouting priority -300
  iif lo icmp type echo-request counter name asked
 }
}
X
rules u <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  ip daddr 198.18.1.6 icmp type echo-request \
   reject with icmp type admin-prohibited
 }
}
X

# An answer with another sender, or another number, is none.
rules t <<X
table inet forge {
 chain forge {
  type filter hook forward priority 0
  ip saddr 198.18.1.3 icmp type echo-reply ip saddr set 198.18.1.7
  ip saddr 198.18.1.4 icmp type echo-reply @th,64,32 set 7
 }
}
X

hosts() {
	jq -r "select(.type == \"presence\") | $1" "$T/out" | sort
}

run 0 on s mipo-scan --discover --json --states=all --seed=7 --wait=1 \
	198.18.0.0/29 198.18.1.0/29 2001:db8::2 2001:db8::5 2001:db8::8 \
	2001:db8:1::2 2001:db8:1::9
cp "$T/out" look
eq up "$(hosts 'select(.state == "up") | "\(.ip) \(.state) " +
	.reason')" '198.18.0.1 up echo-reply
198.18.0.2 up arp
198.18.0.5 up arp
198.18.1.1 up echo-reply
198.18.1.2 up echo-reply
198.18.1.6 up icmp
2001:db8:1::2 up echo-reply
2001:db8::2 up nd
2001:db8::5 up nd'
eq receipt "$(receipt '"\(.verdict) \(.planned) \(.hosts.up) " +
	"\(.hosts.silent) \(.counts)"')" 'complete 21 9 12 null'
[ "$(receipt .rejected)" -ge 4 ] || fail 'forged answers were not rejected'
eq 'none on the link' "$(hosts 'select(.reason == "no-neighbor") |
	"\(.ip) \(.state)"' | xargs)" '198.18.0.0 silent 198.18.0.3 silent '"\
198.18.0.4 silent 198.18.0.6 silent 198.18.0.7 silent 2001:db8::8 silent"
eq all "$(hosts .ip | uniq | wc -l)" 21
# came NAME: the requests that came in there
came() {
	on "$1" nft -j list counter inet filter asked |
		jq '.nftables[].counter.packets? // empty'
}
eq 'asked for' "$(receipt .attempted)" "$(($(came s) + $(came t)))"
eq mac "$(jq -r 'select(.ip == "198.18.0.5").mac' "$T/out")" \
	"$(on t cat /sys/class/net/v1/address)"
eq 'error of its own' "$(jq -r 'select(.ip == "198.18.1.6") |
	"\(.icmp_type)/\(.icmp_code) \(.responder)"' "$T/out")" \
	'3/13 198.18.1.6'
eq start "$(head -n 1 look | jq -r '"\(.method) \(.proto) \(.states) " +
	"\(.silent_as) \(.ports)"')" 'discover icmp ["up","silent"]  null'
eq digest "$(tail -n 1 look | jq -r .stream_sha256)" \
	"$(sed '$d' look | sha256sum | cut -d ' ' -f 1)"

# nmap, of what it calls by the same names.
{
	on s nmap -n -T5 -sn -PE -oG - 198.18.0.2-5 198.18.1.1-2
	on s nmap -n -T5 -6 -sn -PE -oG - 2001:db8::2 2001:db8::5 \
		2001:db8:1::2
} | sed -nE 's/^Host: ([^ ]*) .*Status: Up$/\1/p' | sort >nmap
hosts 'select(.state == "up").ip' | grep -vx -e 198.18.0.1 -e 198.18.1.6 >ours
same nmap ours

# What is no reader of hosts says so.
run 2 mipo-alarm eval --no-state look
has "$T/err" 'a look for hosts (--discover), not at ports'
run 2 mipo-export csv look

# By default only what is up is listed.
run 0 on s mipo-scan --discover --json --wait=1 198.18.1.2 198.18.0.2
eq listed "$(hosts .state | uniq -c | xargs)" '2 up'
eq states "$(head -n 1 "$T/out" | jq -r '"\(.states) \(.silent_as)"')" \
	'["up"] silent'
run 0 on s mipo-scan --discover --format=table --wait=1 198.18.1.2 198.18.0.2
like "$T/out" '^198.18.0.2 +up +arp +- +[0-9a-f:]+$'
like "$T/out" '^198.18.1.2 +up +echo-reply +[0-9.]+ ms +-$'
has "$T/out" '2 up, 0 silent of 2'
