#!/bin/sh
# Going on by connect on loopback: in slices nothing is tried twice; what is
# no journal is left alone; two scans cannot share one.
. "${0%/*}/../lib.sh"
need jq

# go STATUS ARG...
go() {
	want=$1
	shift
	run "$want" mipo-scan -q --json --method=connect --wait=1 \
		--rate=max --resume=journal "$@"
}
go 3 -p 1-100 --max-probes=60 127.0.0.1
eq modes "$(stat -c %a journal)" 600
eq first "$(tail -n 1 out | jq -c '[.verdict, .accepted, .resumed,
	.passes[0].intervals]')" '["incomplete",60,null,[[0,59]]]'
cp out first
go 3 -p 1-100 --max-probes=1 127.0.0.1
eq second "$(tail -n 1 out | jq -c '[.accepted, .resumed.times]')" '[61,1]'
go 0 -p 1-100 127.0.0.1
eq third "$(tail -n 1 out | jq -c '[.verdict, .accepted, .attempted,
	.answered, .resumed.times, .resumed.uncounted,
	.passes[0].intervals]')" \
	'["complete",100,100,100,2,false,[[0,99]]]'
eq listed "$(grep -c '"type":"obs"' out)" 100
eq 'one scan' "$(jsum '[.[].scan] | unique | length' out)" 1
eq from "$(tail -n 1 out | jq -r '.resumed.scans[0]')" \
	"$(tail -n 1 first | jq -r .scan)"
eq seed "$(head -n 1 out | jq -r .seed)" "$(head -n 1 first | jq -r .seed)"
eq 'earlier answers' "$(jq -r 'select(.type == "obs") | .ts + (.port |
	tostring)' first out | sort | uniq -d | wc -l)" 60
cp journal over
go 2 -p 1-100 127.0.0.1
has err 'this scan has ended, its look was complete'
same journal over

# It belongs to root or to us, who alone may write to it.
for mode in 620 602; do
	chmod $mode over
	run 2 mipo-scan --method=connect --resume=over -p 1 127.0.0.1
	has err 'nobody else may write to it'
done
chmod 600 over
if [ "$(id -u)" = 0 ]; then
	chown 1 over
	run 2 mipo-scan --method=connect --resume=over -p 1 127.0.0.1
	has err '(it is 0600, uid 1)'
	chown 0 over
fi
for to in over nowhere; do
	ln -sf $to link
	run 2 mipo-scan --method=connect --resume=link -p 1 127.0.0.1
	has err 'is a symbolic link'
done
[ ! -e nowhere ] || fail 'a link made a journal'

# What did not leave is left to go on with.
rm journal
go 3 -p 1-4 127.0.0.1 255.255.255.255
go 3 -p 1-4 127.0.0.1 255.255.255.255
eq 'not sent' "$(tail -n 1 out | jq -c '[.verdict, .accepted, .counts.closed,
	.resumed.times]')" '["incomplete",4,4,1]'
cp over journal

# refused TEXT ARG...: and the file stays as it is
refused() {
	text=$1
	shift
	cp journal before
	go 2 "$@"
	has err "$text"
	same journal before
}
for other in '--retries=3' '--shard=1/2 --seed=1' '--network=n' \
	'--vantage=v' '--states=open'; do
	# shellcheck disable=SC2086 # words
	refused 'is of another scan: ' $other -p 1-100 127.0.0.1
done
refused 'is of another scan: scope_sha256' -p 1-99 127.0.0.1
echo text >journal
refused 'is no journal of a scan' -p 1 127.0.0.1
printf text >journal
refused 'is no journal of a scan' -p 1 127.0.0.1
run 2 mipo-scan --method=connect --resume=/dev/null -p 1 127.0.0.1
has err 'must be a file'
run 2 mipo-scan --dry-run --resume=new -p 1 127.0.0.1
[ ! -e new ] || fail 'a dry run wrote a journal'
rm journal
# Neither does what is told to be wrong leave one; and its seed is the shards'.
go 2 -p 1-4 --shard=1/2 127.0.0.1
has err '--shard needs --seed'
[ ! -e journal ] || fail 'an error left a journal'
go 3 -p 1-4 --shard=1/2 --seed=7 --max-probes=1 127.0.0.1
go 0 -p 1-4 --shard=1/2 127.0.0.1
eq 'seed of shards' "$(head -n 1 out | jq -r .seed)" 0000000000000007
rm journal
: >journal
exec 9<journal
flock -x 9
go 4 -p 1 127.0.0.1
