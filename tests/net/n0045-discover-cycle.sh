#!/bin/sh
# Hosts that come and go, from the scanner through state and comparison: by
# looks that cover them and are complete, and by nothing else.
#
#   s [v0 .1] ---- [v1 .2 .3 .4] t
. "${0%/*}/../netns.sh"

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24 198.18.0.3/24 198.18.0.4/24
export MIPO_STATE="$T/state"
run 0 mipo-store init --network=default --make-recovery-key "$T/recovery"

look() {
	run 0 on s mipo-scan --discover --json --rate=max --wait=1 "$@"
}
# changes: what the difference in out says
changes() {
	jq -r 'select(.type == "change") |
		"\(.kind) \(.ip) \(.before) \(.after) \(.gated)"' "$T/out"
}
# known: what the state has
known() {
	mipo-store show --hosts --json "$@" |
		jq -r '"\(.ip | ltrimstr("198.18.0.")) \(.state) \(.reason)"' |
		xargs
}

look 198.18.0.0/29
cp out one
run 0 mipo-store record <one
run 0 mipo-diff --against=last --allow-first <one
eq first "$(known)" '1 up echo-reply 2 up arp 3 up arp 4 up arp'
run 3 mipo-store show 198.18.0.2
has err 'no look that concludes covered it'
run 0 mipo-store show --hosts 198.18.0.5
has err 'and nothing to list (icmp)'
run 3 mipo-store show --hosts 198.18.0.9

# One goes, one comes.
on t ip addr del 198.18.0.3/24 dev v1
addr t v1 198.18.0.6/24
look 198.18.0.0/29
cp out two
run 0 mipo-store record <two
run 1 mipo-diff --against=last <two
cp out difference
eq changed "$(changes)" 'host_gone 198.18.0.3 up silent false
host_appeared 198.18.0.6 silent up true'
eq 'whole of them' "$(jq -r 'select(.type == "diff.end") |
	"\(.compared) \(.conclusive)"' out)" '8 true'
eq 'no port' "$(jq -c 'select(.type == "change") | [.port, .ports, .proto]' \
	out | sort -u)" '[null,null,"icmp"]'
run 1 mipo-diff --format=table one two
like out '^\+ host_appeared +198.18.0.6 +silent -> up  gated$'
like out '^- host_gone +198.18.0.3 +up -> silent$'
has out '2 changes, 1 gated; 8 hosts compared'
eq second "$(known)" '1 up echo-reply 2 up arp 3 silent silent 4 up arp '"\
6 up arp"
eq 'up now' "$(known --only=up 198.18.0.4/30)" '4 up arp 6 up arp'

# Of what a look does not cover, or did not end, nothing is gone.
look 198.18.0.2
cp out few
run 0 mipo-store record <few
run 3 mipo-diff two few
eq uncovered "$(changes | cut -d' ' -f1,2,4 | xargs)" \
	'uncovered 198.18.0.1 not_covered uncovered 198.18.0.4 not_covered '"\
uncovered 198.18.0.6 not_covered"
run 1 mipo-diff few two
eq 'not covered before' "$(changes | cut -d' ' -f1-4 | sort -u | head -n 1)" \
	'host_first_seen 198.18.0.1 not_covered up'
head -n 2 two | sed "s/$(jq -rs '.[0].scan' two)/$(printf %032d 7)/" >broken
run 3 mipo-store record <broken
eq 'nothing is gone' "$(known)" '1 up echo-reply 2 up arp '"\
3 silent silent 4 up arp 6 up arp"
run 0 mipo-alarm eval --json
eq failed "$(jq -r 'select(.type == "alarm") | "\(.code) \(.summary)"' out |
	grep -o 'S02.*hosts')" 'S02 198.18.0.0/29, hosts'

# Receipts are held to what is listed; the index to the log.
run 0 on s env -u MIPO_STATE mipo-scan --discover --json --wait=1 198.18.0.2
sed 's/"up":1/"up":2/' out >lie
run 6 mipo-store record <lie
has err 'hosts has 2 up, listed are 1'
run 0 mipo-store check
run 0 mipo-store rebuild
eq rebuilt "$(known)" '1 up echo-reply 2 up arp '"\
3 silent silent 4 up arp 6 up arp"

# What is of ports alone passes over them, or says so.
run 0 mipo-alarm eval --json <difference
run 2 mipo-store baseline approve last --reason=hosts
hasnt err 'for hosts'
run 2 mipo-store baseline approve "$(jq -rs '.[0].scan' two)" --reason=hosts
has err 'a look for hosts'
run 2 mipo-alarm eval --no-state one
run 2 mipo-diff one two --against=last
run 0 mipo-export csv
hasnt out icmp
hasnt out 198.18.0.6
run 0 mipo-export report
hasnt out 198.18.0.6
run 0 mipo-store scans
eq scans "$(jq -r .proto out | sort | uniq -c | xargs)" '4 icmp'
