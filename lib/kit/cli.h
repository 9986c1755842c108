/*
 * The command line. A program is a const struct mipo_cli: its rows feed the
 * parser, --help, the completions (mipo-X --completion=bash|zsh|fish) and
 * the test that holds them against the manual page. POSIX guidelines with
 * GNU long names, no abbreviations; "--" ends options.
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
	MIPO_OPT_U64,	   /* uint64_t, min..max */
	MIPO_OPT_DURATION, /* uint64_t, ms */
	MIPO_OPT_SIZE,	   /* uint64_t, bytes */
	MIPO_OPT_CHOICE,   /* const char *, one of choices "a|b|c" */
	MIPO_OPT_LIST	   /* struct mipo_list: every use adds one */
};

/* What a LIST option fills; items are borrowed from argv. */
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
	const char *arg;     /* placeholder, "PORTS"; NULL for flags */
	const char *choices; /* CHOICE; also an optional fixed argument */
	uint64_t min, max;   /* U64 */
	bool optional;	     /* --name or --name=ARG (STR, CHOICE) */
	const char *absent_arg; /* value of --name alone when optional */
	const char *help;    /* one line, lower case, no full stop */
};

/*
 * The options that all programs have; the first member of every program's
 * option struct, so that the rows for it are kit's own. What a program does
 * not have is refused by its formats text.
 */
struct mipo_common {
	const char *format;  /* one of cli->formats; NULL: by the terminal */
	const char *output;  /* -o FILE, NULL or "-" for stdout */
	const char *state;   /* --state DIR */
	bool system;	     /* --system */
	bool quiet, verbose; /* -q, -v */
	const char *now;     /* --now TIME, for reproducible runs */
};

struct mipo_cli;

/* A subcommand, or the program itself. run gets what is left of argv. */
struct mipo_sub {
	const char *name;     /* NULL in a program without subcommands */
	const char *operands; /* "TARGET..." or "" */
	const char *summary;  /* one line */
	const struct mipo_opt *opts; /* rows, or NULL */
	size_t size;	      /* of the option struct */
	const void *defaults; /* its initial value, or NULL for zero */
	int min_operands, max_operands; /* max -1: any number */
	/* Returns the exit status. opts begins with struct mipo_common. */
	int (*run)(void *opts, int argc, char **argv);
};

struct mipo_cli {
	const char *program; /* "mipo-diff" */
	const char *summary; /* one line */
	const char *formats; /* "table|ndjson"; NULL: no --format */
	bool has_state;	     /* --state, --system and MIPO_STATE apply */
	const struct mipo_sub *const *subs; /* NULL-ended */
	const char *const *examples; /* pairs: command, what it does */
};

/*
 * Does it all: log name, SIGPIPE, options, --help (stdout, 0), --version,
 * --completion; then runs the (sub)command and returns its exit status.
 * Usage errors: one line with the nearest match on stderr, status 2.
 */
int mipo_cli_main(const struct mipo_cli *cli, int argc, char **argv);

/* A repeated single option is an error. Environment: MIPO_FORMAT. */

/*
 * --version prints the program's own features after the version line;
 * programs register lines here before mipo_cli_main (borrowed).
 */
void mipo_cli_feature(const char *name, const char *value);

/*
 * The format in force: common->format, else MIPO_FORMAT, else the first of
 * cli's formats on a terminal and "ndjson" otherwise.
 */
const char *mipo_cli_format(
    const struct mipo_cli *cli, const struct mipo_common *common);

#endif
