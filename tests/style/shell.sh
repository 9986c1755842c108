#!/bin/sh
# Shell scripts are clean under shellcheck and plain sh (bash only where a
# first line asks for it).
. "${0%/*}/../style.sh"
need shellcheck

rule() {
	files '*.sh' '.ci/run' | xargs -r shellcheck -x -f gcc \
		-e SC1091,SC2015,SC2016,SC2020,SC2094,SC2164 || :
}

bad a.sh 'SC2086' <<'X'
#!/bin/sh
rm $1
X
good a.sh <<'X'
#!/bin/sh
rm "$1"
X
hold
