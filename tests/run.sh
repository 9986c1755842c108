#!/bin/sh
# run.sh [--all | --quick] [--no-install] [PATTERN...]
#
# Builds and tests it all.
#
# Installs what is missing (Debian; as root or through sudo), builds in
# build/test and build/asan, and runs style tests, unit tests, cases, cli and
# net scripts and builds of other kinds; with --all the slow ones too, with
# --quick neither the sanitizers nor other builds. With PATTERNs only the
# tests whose name contains one of them. One line for each test that failed or
# was skipped; the last line is "N passed, N failed, N skipped". Ends with 1
# when a test failed or, where CI=true, when one was skipped that CI can run
# (tests/may-skip).
set -eu

top=$(cd "${0%/*}/.." && pwd)
out=$top/build/tests
plain=$top/build/test
asan=$top/build/asan
all=
quick=
install=yes
patterns=

usage() {
	sed -n '2,/^set/{s/^# //p}' "$0"
}

say() {
	printf 'run.sh: %s\n' "$*"
}

die() {
	say "$*" >&2
	exit 2
}

while [ $# -gt 0 ]; do
	case $1 in
	--all)	all=yes ;;
	--quick) quick=yes ;;
	--no-install) install= ;;
	--help)	usage; exit 0 ;;
	-*)	die "unknown option $1 (--help)" ;;
	slow/*)	all=yes; patterns="$patterns $1" ;;
	*)	patterns="$patterns $1" ;;
	esac
	shift
done

cd "$top"
mkdir -p "$out/log" "$out/result" "$out/tmp"
exec 8>"$out/lock"
flock -n 8 || die "another run.sh works in $out"
rm -rf "$out/log" "$out/result" "$out/tmp" "$out/plan"*
mkdir "$out/log" "$out/result" "$out/tmp"

# ---- packages

missing() {
	kinds='build|test'
	[ -z "$all" ] || kinds='build|test|slow'
	sed -nE "s/^($kinds)	(.*)/\\2/p" tests/packages |
	while read -r package; do
		dpkg-query -W -f='${Status}' "$package" 2>/dev/null |
			grep -q 'ok installed' || printf '%s ' "$package"
	done
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo "$@"
	else
		return 1
	fi
}

install_packages() {
	if ! command -v dpkg-query >/dev/null 2>&1; then
		say "no Debian here: see tests/packages for what is needed"
		return 0
	fi
	wanted=$(missing)
	[ -n "$wanted" ] || return 0
	say "installing $wanted"
	# shellcheck disable=SC2086 # a list of words
	(as_root apt-get -q update && as_root env \
		DEBIAN_FRONTEND=noninteractive apt-get -qy \
		--no-install-recommends install $wanted) \
		>"$out/log/install" 2>&1 </dev/null && return 0
	tail -n 3 "$out/log/install"
	say "could not install: $(missing)(offline? neither root nor sudo?);" \
		"going on without; log: $out/log/install"
}

# Real daemons, beside their like: installing them would start services.
fetch_daemons() {
	[ ! -f build/lab/fetched ] || return 0
	say "fetching the daemons that tests/net looks at"
	{
		sh examples/quickstart-fetch.sh "$top/build/lab" || {
			as_root apt-get -q update
			sh examples/quickstart-fetch.sh "$top/build/lab"
		}
	} >"$out/log/fetch" 2>&1 </dev/null && return 0
	say "could not fetch them (offline?); log: $out/log/fetch"
}

# ---- builds

build() {
	name=$1
	tree=$2
	shift 2
	[ -x configure ] && [ -f Makefile.in ] ||
		autoreconf -fi >"$out/log/autoreconf" 2>&1 || {
			cat "$out/log/autoreconf"
			die "autoreconf failed"
		}
	mkdir -p "$tree"
	began=$(date +%s)
	(cd "$tree" &&
		{ [ -f config.status ] || "$top/configure" "$@"; } &&
		make -j2 all && make -j2 check TESTS=) \
		>"$out/log/build-$name" 2>&1 </dev/null || {
			grep -E 'error|Error|undefined' "$out/log/build-$name" |
				head -n 20
			printf 'FAIL build/%s: \n\t%s\n' "$name" \
				"$out/log/build-$name"
			printf 'FAIL build/%s\n' "$name" \
				>"$out/result/build-$name"
			return 0
		}
	say "built $name in $(($(date +%s) - began))s"
}

# ---- the plan: lines "VARIANT ID"

wanted() {
	[ -n "$patterns" ] || return 0
	for p in $patterns; do
		case $1 in
		*"$p"*)	return 0 ;;
		esac
	done
	return 1
}

scripts() {
	for f in "tests/$1"/*.sh; do
		[ -f "$f" ] || continue
		f=${f#tests/}
		! wanted "${f%.sh}" || printf 'plain %s\n' "${f%.sh}"
	done
}

programs() {
	for f in tests/unit/test-*.c; do
		[ -f "$f" ] || continue
		f=${f#tests/}
		! wanted "${f%.c}" || printf '%s %s\n' "$1" "${f%.c}"
	done
	for f in tests/fuzz/fuzz-*.c; do
		f=${f#tests/fuzz/fuzz-}
		f=unit/test-replay-${f%.c}
		! wanted "$f" || printf '%s %s\n' "$1" "$f"
	done
}

cases() {
	for f in tests/cases/*/*/; do
		[ -d "$f" ] || continue
		f=${f#tests/}
		! wanted "${f%/}" || printf '%s %s\n' "$1" "${f%/}"
	done
}

plan() {
	variants='plain asan'
	if [ -n "$quick" ]; then
		variants=plain
	else
		scripts build
	fi
	scripts style
	for variant in $variants; do
		programs "$variant"
		cases "$variant"
		scripts cli | sed "s/^plain/$variant/"
	done
}

# ---- the run

run_plan() {
	xargs -r -n 2 -P "$1" /bin/sh tests/one.sh || :
}

[ -z "$install" ] || { install_packages; fetch_daemons; }
isolate=0
if [ "$(id -u)" -eq 0 ] && unshare --net --pid --mount --fork --mount-proc \
	true 2>/dev/null; then
	isolate=1
else
	say "no namespaces here: tests share this machine's network"
fi
export top out plain asan isolate

build plain "$plain" --enable-werror CFLAGS='-O2 -g1'
sanitize='-fsanitize=address,undefined -fno-sanitize-recover=all'
[ -n "$quick" ] || build asan "$asan" --enable-werror \
	CFLAGS="-O1 -g1 -fno-omit-frame-pointer $sanitize"
began=$(date +%s)
plan >"$out/plan"
run_plan 2 <"$out/plan"
# Real packets and clocks: beside their like, or alone where they say so.
: >"$out/plan-alone"
scripts net | while read -r variant id; do
	plan=beside
	! sed -n 1,15p "tests/$id.sh" | grep -q '^# alone: ' || plan=alone
	printf '%s %s\n' "$variant" "$id" >>"$out/plan-$plan"
done
[ -z "$all" ] || scripts slow >>"$out/plan-alone"
[ ! -f "$out/plan-beside" ] || run_plan $((1 + 2 * isolate)) <"$out/plan-beside"
run_plan 1 <"$out/plan-alone"
cat "$out/plan-"* >>"$out/plan"

count() {
	cat "$out/result/"* 2>/dev/null | grep -c "^$1" || :
}

passed=$(count PASS)
failed=$(count FAIL)
skipped=$(count SKIP)
planned=$(wc -l <"$out/plan")
if [ "$planned" -gt $((passed + failed + skipped)) ]; then
	while read -r variant id; do
		slug=$(printf '%s-%s' "$variant" "$id" | tr / .)
		[ -f "$out/result/$slug" ] ||
			printf 'FAIL %s/%s: no result\n\t%s\n' \
				"$variant" "$id" "$out/log/$slug.log"
	done <<-X
	$(cat "$out/plan")
	X
	failed=$((failed + planned - passed - failed - skipped))
fi
say "tests took $(($(date +%s) - began))s; slowest:" \
	"$(cat "$out/result/"* | awk '{ print $3, $2 }' | sort -rn |
	head -n 4 | tr '\n' ',')"
[ "$((passed + failed + skipped))" -gt 0 ] || die "no test is called that"
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
