#!/bin/sh
# Hosts on the same link, IPv4 and IPv6: what mipo-scan says is what is
# there; a host that is not there is unreachable; nmap agrees.
#
#   s [v0 .1] ---- [v1 .2] t: open, closed, dropped and rejected ports
. "${0%/*}/../netns.sh"
need nmap tcpdump

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24 2001:db8::1/64
addr t v1 198.18.0.2/24 2001:db8::2/64
listening t 80 8080
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  tcp dport 81 drop
  tcp dport 82 reject
  tcp dport 83 reject with tcp reset
  tcp dport 84 reject with icmpx type admin-prohibited
 }
}
X

truth() {
	for host; do
		printf "$host %s\n" '80 open' '81 filtered' '82 filtered' \
			'83 closed' '84 filtered' '85 closed' '8080 open'
	done | sort
}

run 0 on s mipo-scan --json --states=all --wait=2 -p 80-85,8080 \
	198.18.0.2 2001:db8::2
whole "$T/out"
states "$T/out" >"$T/states"
truth 198.18.0.2 2001:db8::2 >"$T/truth"
same "$T/truth" "$T/states"
eq verdict "$(receipt .verdict)" complete
eq planned "$(receipt .planned)" 14
eq answered "$(receipt .answered)" 12
eq attempted "$(receipt .attempted)" 16
eq unsigned "$(receipt .signed)" none
eq 'names of wires' "$(receipt '.wires[]' | cut -d' ' -f1 | sort -u)" packet

# Every observation has its evidence; times are there and never zero.
jsum '[.[] | select(.state == "open" and (.ttl != 64 or .rtt_us < 1 or
	.window == null or .pass != 0))] | length' "$T/out" >"$T/n"
eq 'open ports without evidence' "$(cat "$T/n")" 0
eq 'quoted by' "$(jq -rs '[.[] | select(.reason == "icmp") |
	.responder] | unique | join(" ")' "$T/out")" '198.18.0.2 2001:db8::2'

# The default leaves silence out, and says so; the digest is the same.
digest=$(receipt .state_sha256)
run 0 on s mipo-scan --json --wait=2 -p 80-85,8080 198.18.0.2 2001:db8::2
states "$T/out" >"$T/states"
grep -v ' 81 ' "$T/truth" >"$T/listed"
same "$T/listed" "$T/states"
eq silent_as "$(head -n 1 "$T/out" | jq -r .silent_as)" filtered
eq state_sha256 "$(receipt .state_sha256)" "$digest"

# Nobody is there, on a link where others are: no probe is sent, and nothing
# is called closed.
run 0 on s mipo-scan --json -p 80,82 198.18.0.2 198.18.0.9 2001:db8::2 \
	2001:db8::9
eq 'absent host' "$(jq -rs '[.[] | select(.type == "obs") |
	select(.ip | endswith("9")) | "\(.state) \(.reason)"] | unique[]' \
	"$T/out")" 'unreachable no-neighbor'
eq attempted "$(receipt .attempted)" 4
eq no_neighbor "$(receipt '.no_neighbor | join(" ")')" \
	'198.18.0.9 2001:db8::9'
eq unreachable "$(receipt .counts.unreachable)" 4

# Who answered is probed while others are asked for once more; and who
# answers only then is probed as well.
addr t v1 198.18.0.3/24
rules t <<X
table netdev deaf {
 chain in {
  type filter hook ingress device "v1" priority 0
  arp operation request arp daddr ip 198.18.0.3 quota 40 bytes drop
 }
}
X
start t tcpdump -i v1 -n --immediate-mode -U -w "$T/pcap" \
	'arp[6:2] == 1 or tcp[13] == 2'
wait_for 5 test -s "$T/pcap"
run 3 on s mipo-scan --json -p 80,85,86 198.18.0.2 198.18.0.3 198.18.0.9
eq states "$(receipt '.counts | "\(.open) \(.closed)"')" '2 4'
eq probes "$(receipt '"\(.attempted) \(.passes[0].probes)"')" '6 6'
eq 'one of two requests was lost' "$(receipt .verdict)" degraded
eq unknown "$(receipt .unknown)" 3
order() {
	tcpdump -r "$T/pcap" -n 2>/dev/null |
		sed -nE '/\.61256 > /d; s/.*who-has 198.18.0.9 .*/ask/p
			s/.* > 198.18.0.([23]).[0-9]*: Flags.*/\1/p' |
		uniq | xargs
}
in_order() {
	[ "$(order)" = 'ask 2 ask 3 ask' ]
}
wait_for 5 in_order
on t nft delete table netdev deaf

# Where nobody at all answers, the link may be dead: nothing is said.
run 3 on s mipo-scan --json -p 80,81 198.18.0.9 2001:db8::9
eq observations "$(grep -c '"type":"obs"' "$T/out")" 0
eq attempted "$(receipt .attempted)" 0
eq unknown "$(receipt .unknown)" 4
eq covered "$(receipt '.counts | add')" 0
eq no_neighbor "$(receipt .no_neighbor)" null
eq verdict "$(receipt .verdict)" degraded
has "$T/out" 'nothing answered 198.18.0.1 on v0: the link may be dead'
has "$T/out" 'nothing answered 2001:db8::1 on v0: the link may be dead'

# nmap on the same lab.
peer() {
	on s nmap -n -Pn -T4 --max-retries 1 -sS -p 80-85,8080 "$@" >/dev/null
}
peer -oG "$T/nmap4" 198.18.0.2
peer -6 -oG "$T/nmap6" 2001:db8::2
nmap_states "$T/nmap4" "$T/nmap6" >"$T/nmap"
same "$T/truth" "$T/nmap"
