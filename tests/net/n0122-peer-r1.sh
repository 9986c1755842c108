#!/bin/sh
# R1: RustScan ends where descriptors do, and takes a refusal for silence. It
# is not in Debian: twins of ours that do so stand in for it. Ours goes on
# slowly, and tells the two apart.
. "${0%/*}/../peers.sh"
need perl

spaces s t
veth s v0 t v1
addr s v0 198.18.0.1/24
addr t v1 198.18.0.2/24
listening t 80
rules t <<X
table inet filter {
 chain in {
  type filter hook input priority 0
  tcp dport 1000-1029 drop
 }
}
X

# scarce STATUS PROGRAM: with some twenty descriptors left of 64, of which
# the limit says nothing
scarce() {
	run "$1" on s sh -c 'ulimit -n 64 && exec perl -e "\$^F = 64;
		open(\$_, q(<), q(/dev/null)) or die for @all[0 .. 34];
		exec @ARGV" "$@"' sh "$2" --json --wait=1 --method=connect \
		--rate=max -p 1000-1099,80 198.18.0.2
}

twin aborting net/dial.c 's/sys == EMFILE || //'
scarce 3 "$T/aborting"
has "$T/out" EMFILE
twin deaf net/connect-one.c 's/return MIPO_CLOSED;/return 0;/'
run 0 on s "$T/deaf" --json --wait=1 --method=connect --rate=max \
	-p 1090-1099,80 198.18.0.2
eq 'counts of the deaf twin' "$(counts)" '1 0 10'

scarce 0 mipo-scan
eq counts "$(counts)" '1 70 30'
eq verdict "$(receipt .verdict)" complete
hasnt "$T/out" EMFILE
