/*
 * The command line. A program is a const struct mipo_cli: its rows feed the
 * parser, --help, the completions (mipo-X --completion=bash|zsh|fish) and
 * the test that holds them against the manual page. POSIX guidelines with
 * GNU long names, no abbreviations, options and operands in any order; "--"
 * ends options. With subcommands, the first word is the subcommand.
 */
#ifndef MIPO_KIT_CLI_H
#define MIPO_KIT_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_err;

enum mipo_opt_kind {
	MIPO_OPT_FLAG,	   /* bool */
	MIPO_OPT_STR,	   /* const char * (borrowed from argv) */
	MIPO_OPT_U64,	   /* uint64_t, min..max (max 0: any) */
	MIPO_OPT_DURATION, /* uint64_t, ms */
	MIPO_OPT_SIZE,	   /* uint64_t, bytes */
	MIPO_OPT_CHOICE,   /* const char *, one of choices "a|b|c" */
	MIPO_OPT_LIST	   /* struct mipo_list: every use adds one */
};

/* What a LIST option fills; items are borrowed from argv, freed by kit. */
struct mipo_list {
	const char **items;
	size_t n;
};

/* One option. The row fills opts + offset. Rows end with a NULL name. */
struct mipo_opt {
	const char *name; /* long, without dashes */
	char letter;	  /* short, or 0 */
	enum mipo_opt_kind kind;
	size_t offset;
	const char *arg;	/* placeholder, "PORTS"; NULL for flags */
	const char *choices;	/* CHOICE: "a|b|c" */
	uint64_t min, max;	/* U64 */
	bool optional;		/* --name or --name=ARG (STR, CHOICE) */
	const char *absent_arg; /* value of --name alone when optional */
	const char *help;	/* one line, lower case, no full stop */
};

/*
 * The options that all programs have; the first member of every program's
 * option struct, so that the rows for them are kit's own. kit itself acts
 * on output, quiet, verbose and now before run is called.
 */
struct mipo_common {
	const char *format;  /* the one in force; NULL: program has none */
	const char *output;  /* -o FILE: stdout is already that file */
	const char *state;   /* --state DIR, else MIPO_STATE, else NULL */
	bool system;	     /* --system (wins over MIPO_STATE) */
	bool quiet, verbose; /* -q, -v; the log level is already set */
	const char *now;     /* --now TIME; the clock is already set */
};

/*
 * A subcommand, or the program itself. run gets the operands alone, with a
 * NULL behind them.
 */
struct mipo_sub {
	const char *name;	     /* NULL: program without subcommands */
	const char *operands;	     /* "TARGET..." or "" */
	const char *summary;	     /* one line */
	const struct mipo_opt *opts; /* rows, or NULL */
	size_t size;		     /* of the option struct */
	const void *defaults;	     /* its initial value; NULL for zero */
	int min_operands, max_operands; /* max -1: any number */
	/* Returns the exit status. opts begins with struct mipo_common. */
	int (*run)(void *opts, int argc, char **argv);
	const char *formats; /* NULL: the program's; "": none */
	bool writes;	     /* changes a state: SIGPIPE becomes EPIPE */
};

struct mipo_cli {
	const char *program; /* "mipo-diff" */
	const char *summary; /* one line */
	const char *formats; /* "table|ndjson"; NULL: no --format, --json */
	bool has_state;	     /* --state, --system and MIPO_STATE apply */
	const struct mipo_sub *const *subs;  /* NULL-ended */
	const char *const *examples; /* command, what it does, ..., NULL */
	/* Name, what it is, ..., NULL: what else the first word may be. */
	const char *const *others;
};

/*
 * Does it all: log name, descriptors 0 to 2, SIGPIPE, options, --help (on
 * stdout, 0), --version, --completion; then runs the (sub)command and
 * returns its exit status. Usage errors: one line with the nearest match on
 * stderr, status 2; a repeated single option is one. A status over 128 that
 * run returns is given as death by that signal.
 *
 * The format is --format or --json, else MIPO_FORMAT (where "table" is the
 * first of formats, if there is no format of that name), else the first of
 * formats when stdout is a terminal, else "ndjson" where the program has it.
 *
 * -o FILE makes FILE stdout before run, under a temporary name; FILE appears
 * whole, or not at all when run returns 2, 4 or 6 or does not return. This
 * holds for confined programs too. A FILE that is no regular file (a
 * device, a pipe) is written directly.
 */
int mipo_cli_main(const struct mipo_cli *cli, int argc, char **argv);

/*
 * --version prints the program's own features after the version line;
 * programs register lines here before mipo_cli_main (borrowed, at most 16).
 */
void mipo_cli_feature(const char *name, const char *value);

/*
 * For programs that read records from stdin: -1 and an error when that is
 * a terminal, where nothing would ever come.
 */
int mipo_cli_need_stdin(struct mipo_err *err);

#endif
