/* Between cli.c, cli-parse.c, cli-help.c and cli-complete.c; not for others. */
#ifndef MIPO_KIT_CLI_PARSE_H
#define MIPO_KIT_CLI_PARSE_H

#include "kit/cli.h"

struct mipo_buf;

/* The options that kit answers itself. */
struct mipo_cli_own {
	bool help, version, json;
	const char *completion;
};

#define MIPO_CLI_GROUPS 3
#define MIPO_CLI_ROWS	48

/* Rows and the struct that they fill. */
struct mipo_cli_group {
	const struct mipo_opt *rows;
	void *base;
	bool seen[MIPO_CLI_ROWS];
};

struct mipo_cli_parse {
	const struct mipo_cli *cli;
	const struct mipo_sub *sub; /* NULL before it is known */
	struct mipo_cli_own own;
	struct mipo_cli_group groups[MIPO_CLI_GROUPS]; /* sub, common, own */
	char format[32]; /* the place of common->format's default */
};

extern const struct mipo_opt mipo_cli_common_rows[];
extern const struct mipo_opt mipo_cli_own_rows[];

/* The formats of sub (NULL: of the program), or NULL for none. */
const char *mipo_cli_formats(
    const struct mipo_cli *cli, const struct mipo_sub *sub);

/* Whether a common or own row exists in this program. */
bool mipo_cli_applies(const struct mipo_cli *cli,
    const struct mipo_sub *sub, const struct mipo_opt *row);

/* The words that row takes ("a|b|c"), or NULL when it takes any. */
const char *mipo_cli_choices(const struct mipo_cli *cli,
    const struct mipo_sub *sub, const struct mipo_opt *row);

/* Whether word is one of choices. */
bool mipo_cli_is_choice(const char *choices, const char *word);

/* Length of the first of choices; *choices moves behind it. 0 at the end. */
size_t mipo_cli_next_choice(const char **choices, const char **ret_word);

/*
 * Reads argv[0..argc) into the groups and moves the operands to the front;
 * their number is in *ret_operands.
 */
int mipo_cli_parse(struct mipo_cli_parse *parse, int argc, char **argv,
    int *ret_operands, struct mipo_err *err);

/* Settles format and state and checks what contradicts itself. */
int mipo_cli_settle(struct mipo_cli_parse *parse,
    struct mipo_common *common, struct mipo_err *err);

/* Frees what LIST rows hold. */
void mipo_cli_parse_release(struct mipo_cli_parse *parse);

/* --help of the program (sub NULL) or of a subcommand. */
void mipo_cli_help(const struct mipo_cli *cli, const struct mipo_sub *sub,
    struct mipo_buf *out);

/* --completion; shell is bash, zsh or fish. */
void mipo_cli_complete(
    const struct mipo_cli *cli, const char *shell, struct mipo_buf *out);

#endif
