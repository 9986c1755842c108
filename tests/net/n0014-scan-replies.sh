#!/bin/sh
# Replies of every kind, made by hand: what counts, what is a duplicate, what
# is refused. The known faults of other scanners are among them.
# alone: what it sees depends on when things happen
. "${0%/*}/../peers.sh"

answer_lab

scan 0 synack
eq counts "$(counts)" '32 0 0'
eq window "$(jq -s '[.[].window | values] | unique[]' "$T/out")" 4321

scan 0 rst0
eq 'a RST that acknowledges seq' "$(counts)" '0 32 0'

# The order of replies loses nothing; both are listed, the better counts.
scan 0 rstsynack
eq counts "$(counts)" '32 0 0'
eq 'best of each pair' "$(states "$T/out" | grep -c open)" 32
eq lines "$(grep -c '"type":"obs"' "$T/out")" 64
digest=$(receipt .state_sha256)
scan 0 synackrst
eq counts "$(counts)" '32 0 0'
eq lines "$(grep -c '"type":"obs"' "$T/out")" 32
eq duplicates "$(receipt .duplicates)" 32
eq state_sha256 "$(receipt .state_sha256)" "$digest"

# Eight quoted bytes are enough; each error is kept for its own target.
scan 0 quote8
eq counts "$(counts)" '0 0 32'
eq pairs "$(jq -s '[.[] | select(.icmp_type == 3 and .icmp_code == 13) |
	"\(.ip)/\(.port)"] | unique | length' "$T/out")" 32

scan 0 double
eq counts "$(counts)" '32 0 0'
eq lines "$(grep -c '"type":"obs"' "$T/out")" 32
eq duplicates "$(receipt .duplicates)" 64

# A wrong number is no answer, from whomever it comes.
scan 0 forged
eq counts "$(counts)" '0 0 32'
eq rejected "$(receipt .rejected)" 64
scan 0 other
eq counts "$(counts)" '0 0 32'

# Only the second probe is answered: all are found, and the loss is seen.
scan 3 second
eq open "$(receipt .counts.open)" 32
eq verdict "$(receipt .verdict)" degraded
eq loss "$(receipt .loss_ppm)" 1000000
eq passes "$(jq -s '[.[].pass | values] | unique[]' "$T/out")" 1

# Answers that take long: silence must be waited for twice as long.
scan 3 slow --wait=1 -p 2,3 198.18.0.4
eq verdict "$(receipt .verdict)" degraded
like "$T/out" 'a wait of 1000 ms is too short: answers took [0-9]+ ms'
scan 0 slow --wait=6 -p 2,3 198.18.0.4
eq counts "$(counts)" '1 0 1'

# A neighbour whose answers overtake one another's questions lost none.
scan 0 lame --wait=8 -p 2,3 198.18.0.4
eq counts "$(counts)" '0 0 2'
eq loss "$(receipt .loss_ppm)" 0

# One that is found while others are probed: its first probe is its first.
scan 0 tardy --wait=1 -p 1-40 198.18.0.4
eq counts "$(counts)" '40 0 0'
eq loss "$(receipt .loss_ppm)" 0
# And its last: nothing was repeated.
scan 3 tardy --wait=1 -p 1-41 198.18.0.4
has "$T/out" '1 neighbours were found late, and ports behind them tried less'

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
