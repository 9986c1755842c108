#!/bin/sh
# M4: with many source ports and retries masscan tells an open port several
# times; ours once, however many answers come to whatever port.
. "${0%/*}/../peers.sh"

answer_lab
if has_peer masscan; then
	answering double
	masscanned 30 --rate 1000 --retries 1 --source-port 61000-61015 -p 1-4 \
		-oL "$T/found" 198.18.0.4/31
	quiet
	n=$(grep -c '^open' "$T/found" || :)
	shown "$((n > 8))" "masscan lists $n lines for 8 open pairs"
fi

scan 0 double
eq lines "$(grep -c '"type":"obs"' "$T/out")" 32
eq duplicates "$(receipt .duplicates)" 64
# Answers to both passes, from two source ports: one line a pair.
scan 3 second
eq lines "$(grep -c '"state":"open"' "$T/out")" 32
