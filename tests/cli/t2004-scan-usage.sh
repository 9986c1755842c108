#!/bin/sh
# What users type by mistake: one clear line, the right status, nothing on
# standard output. And what they may well write.
. "${0%/*}/../lib.sh"
need jq

# refused TEXT ARG...
refused() {
	text=$1
	shift
	run 2 mipo-scan --json --method=connect "$@"
	empty "$T/out"
	lines 1 "$T/err"
	has "$T/err" "$text"
}

# The options.
refused '"0" is not a port' -p 0 127.0.0.1
refused '"70000" is not a port' -p 70000 127.0.0.1
refused '"-" is not a port' -p - 127.0.0.1
refused '"" is not a port' -p '' 127.0.0.1
refused '"" is not a port' -p 22, 127.0.0.1
refused '"80-22" is not a port or a range: it runs backwards' -p 80-22 ::1
refused 'it runs backwards' -p 9-1 127.0.0.1
refused '"022" is not a port: write 22' -p 022 127.0.0.1
run 2 mipo-scan -p 99999 127.0.0.1
hasnt err 'did you mean'
refused 'did you mean ftp?' -p htp 127.0.0.1
refused '--ports is given twice' -p 1 -p 2 127.0.0.1
refused 'did you mean --rate?' --rat=5 -p 1 127.0.0.1
refused "'-5' is none of auto, max," --rate=-5 -p 1 127.0.0.1
for rate in 10M 10mbit 1.5Gbit Mbit 0bit 99999999999Gbit '10 Mbit' 10Mbit/ \
	10Mbps/s \
	10000000000000000000000bit 100000001 ''; do
	refused "'$rate' is none of auto, max," --rate="$rate" -p 1 127.0.0.1
done
refused '"4095" is not a whole number from 1 to 4094' --vlan=4095 127.0.0.1
refused "frames of --method=connect are the kernel's" --vlan=17 127.0.0.1
refused '--method=connect sends none' --rate=10Mbit -p 1 127.0.0.1
for rate in 719bit 719bit/s 719bps; do
	run 2 mipo-scan --dry-run --rate=$rate -p 1 127.0.0.1
	has "$T/err" 'less than one probe a second, which takes 720 bits'
done
run 2 mipo-scan --dry-run --rate=879bit -p 1 127.0.0.1 ::1
has "$T/err" 'which takes 880 bits'
run 2 mipo-scan --dry-run --method=udp --rate=671bit -p 1 127.0.0.1
has "$T/err" 'which takes 672 bits'
run 2 mipo-scan --dry-run --method=udp --rate=9kbit -p 1,443 127.0.0.1
has "$T/err" 'which takes 10128 bits'
for rate in 720bit 10Mbit 10Mbit/s 1Gbps 500kbit 500Kbit/s; do
	run 0 mipo-scan --dry-run --rate=$rate -p 1 127.0.0.1
done
run 2 mipo-scan --dry-run --rate=100Gbit -p 1 127.0.0.1
has "$T/err" "'100Gbit' is more than 100000000 probes a second"
refused '"16" is not a whole number from 0 to 15' --retries=16 127.0.0.1
refused 'from 0 to 15' --retries=999999999999999999999 127.0.0.1
refused '"-1" is not a duration' --wait=-1 127.0.0.1
refused '"0" is not a whole number' --top 0 127.0.0.1
refused 'the catalog ranks' --top 5000 127.0.0.1
refused '18446744073709551615' --seed=18446744073709551616 127.0.0.1
for name in '' "$(printf 'a\033[2Jb')" "$(printf 'a\nb')" \
	"$(printf '%64s' x | tr ' ' x)"; do
	refused '--network: a name has 1 to 63 bytes' "--network=$name" ::1
	refused '--vantage: a name has 1 to 63 bytes' "--vantage=$name" ::1
done
refused 'with --method=udp open|filtered' --states='open|filtered' 127.0.0.1
run 0 mipo-scan --help
has out 'open|filtered'
refused 'none of text|binary' --dry-run=hex 127.0.0.1
refused /nonexistent --key=/nonexistent 127.0.0.1
refused '/tmp: a secret must be a file' --key=/tmp 127.0.0.1
refused '/dev/zero: a secret must be a file' --key=/dev/zero 127.0.0.1
hasnt err chmod
refused 'Is a directory' -o /tmp -p 1 127.0.0.1

# The targets.
refused 'no target'
refused 'names a zone, which is not taken' 'fe80::1%eth0'
refused '"[::1]" is not an address' '[::1]'
refused '"127.0.0.1:80" is not an address' 127.0.0.1:80
refused '"http://127.0.0.1/" is not a network' http://127.0.0.1/
refused '"127.0.0.1/032" is not a network' 127.0.0.1/032
refused '"127.0.0.01" is not an address' 127.0.0.01
refused '"127.1" is not an address' 127.1
refused '"0x7f000001" is not an address' 0x7f000001
refused '"127.0.0.1." is not an address' 127.0.0.1.
refused '"a..b" is not an address' a..b
refused 'range "127.0.0.3-1" runs backwards' 127.0.0.3-1
refused '"::ffff:127.0.0.1" is IPv4 in the form of IPv6: write 127.0.0.1' \
	::ffff:127.0.0.1
refused 'write 127.0.0.0/8' --exclude ::ffff:7f00:0/104 127.0.0.1
refused 'write 127.0.0.1-127.0.0.5' \
	--exclude ::ffff:127.0.0.1-::ffff:127.0.0.5 127.0.0.1
refused '"127.0.0.1-::1" is not an address' 127.0.0.1-::1
refused 'too many for one scan' -p 1-65535 0.0.0.0/0
refused 'too many for any scan' -p 1 ::/0
refused 'host.invalid: ' --exclude host.invalid 127.0.0.1

# The files.
refused '/tmp: Is a directory' --targets /tmp
refused '/tmp: Is a directory' --exclude-file /tmp 127.0.0.1
printf '# nothing\n\n' >list
refused 'no target' --targets list
printf '127.0.0.1 # us\n; them\n' >list
refused 'list:2: ";" is not an address' --targets list
printf '127.0.0.1\n\0\n' >list
refused 'list: not a text' --targets list
printf '\357\273\277127.0.0.1\r\n127.0.0.2,127.0.0.3\r\n' >list
run 0 mipo-scan --dry-run -p 1 --targets list
lines 3 out
empty err
run 0 mipo-scan --dry-run -p 1 LOCALHOST
run 2 sh -c 'mipo-scan -p 1 - <&-'
has err 'no target'

# Where it writes to.
for form in --json --format=table --dry-run; do
	[ ! -e /dev/full ] || {
		run 2 sh -c "mipo-scan --method=connect $form -p 1 \
			127.0.0.1 >/dev/full"
		lines 1 err
		has err 'No space left on device'
		run 2 mipo-scan --method=connect $form -o /dev/full -p 1 \
			127.0.0.1
		lines 1 err
		has err '/dev/full: '
	}
	run 2 sh -c "mipo-scan --method=connect $form -p 1 127.0.0.1 >&-"
	lines 1 err
done

# All of IPv4 by accident: it is told, and a signal ends it soon.
(
	exec mipo-scan --json --method=connect -p 80 0.0.0.0/0 \
		--exclude 0.0.0.0/1 --exclude 128.0.0.0/2 >big 2>err
) &
scan=$!
wait_for 20 test -s big
kill "$scan"
status=0
wait "$scan" || status=$?
eq status "$status" 143
eq verdict "$(tail -n 1 big | jq -r .verdict)" interrupted
has err 'at 10000 a second the first pass takes 1 days'

# A look that is not complete says why.
run 3 mipo-scan --json --method=connect --retries=0 -p 1 224.0.0.1
lines 1 err
has err 'the look is incomplete: 1 pair was not probed: Network is unreach'
has err 'able (ENETUNREACH)'
run 3 mipo-scan --json --method=connect --retries=0 --max-probes=3 -p 1-9 ::1
lines 1 err
has err 'the look is incomplete: the 3 probes that were allowed were spent'
like out '"reasons":\["the 3 probes .*","6 pairs were not probed"'
run 3 mipo-scan -q --json --method=connect --retries=0 -p 1 224.0.0.1
empty err
