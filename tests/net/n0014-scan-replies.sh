#!/bin/sh
# Replies of every kind, made by hand: what counts, what is a duplicate, what
# is refused. The known faults of other scanners are among them.
# alone: what it sees depends on when things happen
. "${0%/*}/../peers.sh"

answer_lab

both 0 synack
eq counts "$(counts)" '64 0 0'
eq window "$(jq -s '[.[].window | values] | unique[]' "$T/out")" 4321

both 0 rst0
eq 'a RST that acknowledges seq' "$(counts)" '0 64 0'

# The order of replies loses nothing; both are listed, the better counts.
both 0 rstsynack
eq counts "$(counts)" '64 0 0'
eq 'best of each pair' "$(states "$T/out" | grep -c open)" 64
eq lines "$(grep -c '"type":"obs"' "$T/out")" 128
digest=$(receipt .state_sha256)
both 0 synackrst
eq counts "$(counts)" '64 0 0'
eq lines "$(grep -c '"type":"obs"' "$T/out")" 64
eq duplicates "$(receipt .duplicates)" 64
eq state_sha256 "$(receipt .state_sha256)" "$digest"

# Eight quoted bytes are enough; each error is kept for its own target.
both 0 quote8
eq counts "$(counts)" '0 0 64'
eq pairs "$(jq -s '[.[] | select((.icmp_type == 3 and .icmp_code == 13) or
	(.icmp_type == 1 and .icmp_code == 1)) | "\(.ip)/\(.port)"] |
	unique | length' "$T/out")" 64

both 0 double
eq counts "$(counts)" '64 0 0'
eq lines "$(grep -c '"type":"obs"' "$T/out")" 64
eq duplicates "$(receipt .duplicates)" 128

# A wrong number is no answer, from whomever it comes.
both 0 forged
eq counts "$(counts)" '0 0 64'
eq rejected "$(receipt .rejected)" 128
both 0 other
eq counts "$(counts)" '0 0 64'
# Nor is what no host would take, with the right number; behind headers of
# IPv6 that a host passes over there may be one.
both 0 bent
eq counts "$(counts)" '24 0 40'
eq rejected "$(receipt .rejected)" 80

# Only the second probe is answered: all are found, and the loss is seen.
both 3 second
eq open "$(receipt .counts.open)" 64
eq verdict "$(receipt .verdict)" degraded
eq loss "$(receipt .loss_ppm)" 1000000
eq passes "$(jq -s '[.[].pass | values] | unique[]' "$T/out")" 1

# A neighbour that the kernel was told of stays where it was entered, whoever
# claims its address; others are learnt.
for host in 198.18.0.4 2001:db8::4; do
	on s ip neigh replace $host lladdr 02:aa:aa:aa:aa:aa nud permanent \
		dev v0
done
both 0 thief
eq counts "$(counts)" '64 0 0'
on s ip neigh flush dev v0 nud permanent

# Answers that take long: silence must be waited for twice as long.
late='198.18.0.4 2001:db8::4'
# shellcheck disable=SC2086 # words
scan 3 slow --wait=1 -p 2,3 $late
eq verdict "$(receipt .verdict)" degraded
like "$T/out" 'a wait of 1000 ms is too short: answers took [0-9]+ ms'
# shellcheck disable=SC2086
scan 0 slow --wait=4 -p 2,3 $late
eq counts "$(counts)" '2 0 2'

# One that is late because it was lost and repeated does not say that answers
# take long; it says that one was lost.
# shellcheck disable=SC2086
scan 0 again --wait=2 -p 1-121 $late
eq counts "$(counts)" '240 0 2'
eq loss "$(receipt .loss_ppm)" 8403

# A neighbour whose answers overtake one another's questions lost none.
# shellcheck disable=SC2086
scan 0 lame --wait=6 -p 2,3 $late
eq counts "$(counts)" '0 0 4'
eq loss "$(receipt .loss_ppm)" 0

# One that is found while others are probed: its first probe is its first.
# shellcheck disable=SC2086
scan 0 tardy --wait=1 -p 1-40 $late
eq counts "$(counts)" '80 0 0'
eq loss "$(receipt .loss_ppm)" 0
# And its last: nothing was repeated.
# shellcheck disable=SC2086
scan 3 tardy --wait=1 -p 1-41 $late
has "$T/out" '2 neighbours were found late, and ports behind them tried less'

# Who answers for everything, with a window of 0 and no options, is flagged;
# and who has a window is not called a decoy.
# flagged MODE BARE: until the record is there
flagged() {
	rm -f "$T/answering"
	start t "$TOOLS/answer" "$T/answering" v1 "$1"
	answerer=${started:?}
	wait_for 5 test -f "$T/answering"
	start s mipo-scan --json --identify --wait=1 -p 1-20 198.18.0.4 \
		>"$T/out"
	wait_for 5 grep -q '"type":"host"' "$T/out"
	kill "$started"
	wait "$started" || :
	kill "$answerer"
	wait "$answerer" 2>/dev/null || :
	whole "$T/out"
	eq "host by $1" "$(jq -r 'select(.type == "host") |
		"\(.ip) \(.flag) \(.open) \(.ports) \(.bare)"' "$T/out")" \
		"198.18.0.4 most-open 20 20 $2"
}
flagged decoy 20
flagged synack 0
