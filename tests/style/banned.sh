#!/bin/sh
# Calls that nobody makes; and in lib/ nobody prints or ends the process
# (base/log is what programs print with, kit talks to people; base and kit
# stop a program whose own invariant is broken).
. "${0%/*}/../style.sh"

call() {
	printf '(^|[^A-Za-z0-9_>.])(%s)[ \t]*\\(' "$1"
}

never='strcpy|stpcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|atoi|atol'
never="$never|atoll|atof|system|popen|strtok|alloca|rand|srand|random"
never="$never|tmpnam|tempnam|mktemp|scanf|sscanf|setjmp|longjmp"
never="$never|gmtime|localtime|asctime|ctime|readdir_r|vfork|usleep"
print='printf|vprintf|puts|putchar|perror|warn|warnx|psignal'
end='exit|err|errx|quick_exit|assert'

rule() {
	files '*.c' '*.h' | grep -v '^tests/' | bare >"$T/bare"
	grep -E "$(call "$never")" "$T/bare" || :
	grep -E '^lib/' "$T/bare" >"$T/lib" || :
	grep -v -E '^lib/(kit/|base/log\.c)' "$T/lib" |
		grep -E "$(call "$print")|(printf|put[cs]).*stderr" || :
	grep -E "$(call "$end")" "$T/lib" || :
	grep -v -E '^lib/(base|kit)/' "$T/lib" |
		grep -E "$(call abort)" || :
}

bad lib/data/a.c 'a.c:1:' <<'X'
	(void)strcpy(a, b);
X
bad bin/a.c 'atoi' <<'X'
	n = atoi (s);
X
bad lib/out/a.c 'stderr' <<'X'
	fprintf(stderr, "x");
X
bad lib/out/a.c 'exit' <<'X'
/* a comment */ exit(1);
X
good lib/out/a.c <<'X'
	/* never calls exit(1) */
	mipo_buf_puts(b, "system(x) \" exit(2)");
	ops->system(x);
	_exit(1); mipo_buf_printf(b, 'x'); fsystem(x);
X
good bin/a.c <<'X'
	printf("x");
X
hold
