#include <string.h>

#include "base/buf.h"
#include "kit/cli-parse.h"

/* Walks every (sub, row) of a program that a shell may offer. */
typedef void row_fn(const struct mipo_cli *cli, const struct mipo_sub *sub,
    const struct mipo_opt *row, struct mipo_buf *out);

static void
each_row(const struct mipo_cli *cli, const struct mipo_sub *sub, row_fn *fn,
    struct mipo_buf *out)
{
	const struct mipo_opt *groups[] = {
	    sub->opts, mipo_cli_common_rows, mipo_cli_own_rows};

	for (size_t g = 0; g < sizeof(groups) / sizeof(*groups); g++) {
		const struct mipo_opt *row = groups[g];

		for (; row != NULL && row->name != NULL; row++)
			if (mipo_cli_applies(cli, sub, row))
				fn(cli, sub, row, out);
	}
}

static bool
has_subs(const struct mipo_cli *cli)
{
	return cli->subs[0]->name != NULL;
}

static bool
takes_file(const struct mipo_opt *row)
{
	return row->arg != NULL &&
	    (strstr(row->arg, "FILE") != NULL ||
		strstr(row->arg, "DIR") != NULL ||
		strstr(row->arg, "OUT") != NULL);
}

/* "a|b|c" as "a b c". */
static void
put_words(struct mipo_buf *out, const char *choices)
{
	const char *word;
	const char *space = "";
	size_t len;

	while ((len = mipo_cli_next_choice(&choices, &word)) > 0) {
		mipo_buf_puts(out, space);
		mipo_buf_put(out, word, len);
		space = " ";
	}
}

static void
put_subs(struct mipo_buf *out, const struct mipo_cli *cli)
{
	const char *const *pair = cli->others;

	for (size_t i = 0; cli->subs[i] != NULL; i++)
		mipo_buf_putf(out, "%s%s", i == 0 ? "" : " ",
		    cli->subs[i]->name);
	for (; pair != NULL && pair[0] != NULL; pair += 2)
		mipo_buf_putf(out, " %s", pair[0]);
}

/* A shell function's name: mipo-diff as mipo_diff. */
static void
put_ident(struct mipo_buf *out, const char *name)
{
	for (; *name != '\0'; name++)
		mipo_buf_putc(out, *name == '-' ? '_' : *name);
}

/* Text within single quotes of sh, zsh and fish. */
static void
put_quoted(struct mipo_buf *out, const char *text, const char *also)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			mipo_buf_puts(out, "'\\'");
		else if (strchr(also, *text) != NULL)
			mipo_buf_putc(out, '\\');
		mipo_buf_putc(out, *text);
	}
}

static void
bash_word(const struct mipo_cli *cli, const struct mipo_sub *sub,
    const struct mipo_opt *row, struct mipo_buf *out)
{
	(void)cli;
	(void)sub;
	mipo_buf_putf(out, " --%s%s", row->name,
	    row->kind == MIPO_OPT_FLAG || row->optional ? "" : "=");
}

static void
bash_values(const struct mipo_cli *cli, const struct mipo_sub *sub,
    const struct mipo_opt *row, struct mipo_buf *out)
{
	const char *choices = mipo_cli_choices(cli, sub, row);

	if (choices == NULL)
		return;
	mipo_buf_putf(out, "\t%s:--%s) words='",
	    sub->name == NULL ? "" : sub->name, row->name);
	put_words(out, choices);
	mipo_buf_puts(out, "' ;;\n");
}

/*
 * bash splits at "=" (COMP_WORDBREAKS), so that --opt=va is three words:
 * the option is then one or two words back.
 */
static void
complete_bash(const struct mipo_cli *cli, struct mipo_buf *out)
{
	mipo_buf_putf(out, "# bash completion for %s, made from its option "
	    "rows\n_", cli->program);
	put_ident(out, cli->program);
	mipo_buf_puts(out, "()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} sub='' opt='' words=''\n"
	    "\t[ \"$cur\" = = ] && cur=\n"
	    "\topt=${COMP_WORDS[COMP_CWORD-1]}\n"
	    "\t[ \"$opt\" = = ] && opt=${COMP_WORDS[COMP_CWORD-2]}\n"
	    "\t[ \"${COMP_WORDS[COMP_CWORD]}\" = = ] ||\n"
	    "\t    [ \"${opt#--}\" != \"$opt\" ] || opt=\n");
	if (has_subs(cli)) {
		mipo_buf_puts(out, "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
		    "\t\tCOMPREPLY=($(compgen -W '");
		put_subs(out, cli);
		mipo_buf_puts(out, " --help --version' -- \"$cur\"))\n"
		    "\t\treturn\n\tfi\n\tsub=${COMP_WORDS[1]}\n");
	}
	mipo_buf_puts(out, "\tcase $sub:$opt in\n");
	for (size_t i = 0; cli->subs[i] != NULL; i++)
		each_row(cli, cli->subs[i], bash_values, out);
	mipo_buf_puts(out, "\tesac\n\tif [ -z \"$words\" ]; then\n"
	    "\t\tcase $sub:$cur in\n");
	for (size_t i = 0; cli->subs[i] != NULL; i++) {
		const char *name = cli->subs[i]->name;

		mipo_buf_putf(out, "\t\t%s:-*) words='",
		    name == NULL ? "" : name);
		each_row(cli, cli->subs[i], bash_word, out);
		mipo_buf_puts(out, "' ;;\n");
	}
	mipo_buf_puts(out, "\t\tesac\n\tfi\n"
	    "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	    "\tcase ${COMPREPLY[0]} in *=) compopt -o nospace ;; esac\n"
	    "}\ncomplete -o default -F _");
	put_ident(out, cli->program);
	mipo_buf_putf(out, " %s\n", cli->program);
}

static void
zsh_spec(const struct mipo_cli *cli, const struct mipo_sub *sub,
    const struct mipo_opt *row, struct mipo_buf *out)
{
	const char *choices = mipo_cli_choices(cli, sub, row);
	const char *many = row->kind == MIPO_OPT_LIST ? "*" : "";
	bool arg = row->kind != MIPO_OPT_FLAG;

	for (int letter = row->letter != 0; letter >= 0; letter--) {
		mipo_buf_putf(out, " \\\n\t    '%s", many);
		if (letter)
			mipo_buf_putf(out, "-%c%s[", row->letter,
			    arg && !row->optional ? "+" : "");
		else
			mipo_buf_putf(out, "--%s%s[", row->name,
			    !arg		? ""
				: row->optional ? "=-"
						: "=");
		put_quoted(out, row->help, "[]:");
		mipo_buf_putc(out, ']');
		if (arg && !(letter && row->optional)) {
			mipo_buf_puts(out, row->optional ? "::" : ":");
			put_quoted(
			    out, row->arg ? row->arg : "value", "[]:");
			mipo_buf_putc(out, ':');
			if (choices != NULL) {
				mipo_buf_putc(out, '(');
				put_words(out, choices);
				mipo_buf_putc(out, ')');
			} else if (takes_file(row)) {
				mipo_buf_puts(out, "_files");
			}
		}
		mipo_buf_putc(out, '\'');
	}
}

static void
complete_zsh(const struct mipo_cli *cli, struct mipo_buf *out)
{
	mipo_buf_putf(out, "#compdef %s\n# made from the option rows of %s\n",
	    cli->program, cli->program);
	if (has_subs(cli)) {
		mipo_buf_puts(out, "if (( CURRENT == 2 )); then\n"
		    "\tcompadd -- ");
		put_subs(out, cli);
		mipo_buf_puts(out, "\n\treturn\nfi\n"
		    "local sub=$words[2]\n"
		    "(( CURRENT-- )); shift words\n");
	} else {
		mipo_buf_puts(out, "local sub=\n");
	}
	mipo_buf_puts(out, "case \"$sub\" in\n");
	for (size_t i = 0; cli->subs[i] != NULL; i++) {
		const char *name = cli->subs[i]->name;

		mipo_buf_putf(out, "\"%s\")\n\t_arguments -s -S",
		    name == NULL ? "" : name);
		each_row(cli, cli->subs[i], zsh_spec, out);
		mipo_buf_puts(out, " \\\n\t    '*:operand:_files'\n\t;;\n");
	}
	mipo_buf_puts(out, "esac\n");
}

static void
fish_line(const struct mipo_cli *cli, const struct mipo_sub *sub,
    const struct mipo_opt *row, struct mipo_buf *out)
{
	const char *choices = mipo_cli_choices(cli, sub, row);

	mipo_buf_putf(out, "complete -c %s", cli->program);
	if (sub->name != NULL)
		mipo_buf_putf(out, " -n '__fish_seen_subcommand_from %s'",
		    sub->name);
	mipo_buf_putf(out, " -l %s", row->name);
	if (row->letter != 0)
		mipo_buf_putf(out, " -s %c", row->letter);
	if (row->kind != MIPO_OPT_FLAG && !row->optional)
		mipo_buf_puts(out, takes_file(row) ? " -r" : " -x");
	if (choices != NULL) {
		mipo_buf_puts(out, " -a '");
		put_words(out, choices);
		mipo_buf_putc(out, '\'');
	}
	mipo_buf_puts(out, " -d '");
	put_quoted(out, row->help, "\\");
	mipo_buf_puts(out, "'\n");
}

static void
fish_word(const struct mipo_cli *cli, const char *word, const char *text,
    struct mipo_buf *out)
{
	mipo_buf_putf(out, "complete -c %s -n __fish_use_subcommand -x -a %s "
	    "-d '", cli->program, word);
	put_quoted(out, text, "\\");
	mipo_buf_puts(out, "'\n");
}

static void
complete_fish(const struct mipo_cli *cli, struct mipo_buf *out)
{
	const char *const *pair = cli->others;

	mipo_buf_putf(out, "# fish completion for %s, made from its option "
	    "rows\n", cli->program);
	for (size_t i = 0; cli->subs[i] != NULL; i++) {
		const struct mipo_sub *sub = cli->subs[i];

		if (sub->name != NULL)
			fish_word(cli, sub->name, sub->summary, out);
		each_row(cli, sub, fish_line, out);
	}
	for (; pair != NULL && pair[0] != NULL; pair += 2)
		fish_word(cli, pair[0], pair[1], out);
}

void
mipo_cli_complete(
    const struct mipo_cli *cli, const char *shell, struct mipo_buf *out)
{
	if (strcmp(shell, "bash") == 0)
		complete_bash(cli, out);
	else if (strcmp(shell, "zsh") == 0)
		complete_zsh(cli, out);
	else
		complete_fish(cli, out);
}
