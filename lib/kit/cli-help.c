#include <string.h>

#include "base/buf.h"
#include "kit/cli-parse.h"

#define WIDTH  78
#define COLUMN 26 /* where the help of an option begins */

/* Puts words from column on, broken at blanks, lines indented to column. */
static void
put_wrapped(struct mipo_buf *out, const char *text, size_t at, size_t column)
{
	for (; at < column; at++)
		mipo_buf_putc(out, ' ');
	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		if (at > column && at + 1 + len > WIDTH) {
			mipo_buf_putf(out, "\n%*s", (int)column, "");
			at = column;
		} else if (at > column) {
			mipo_buf_putc(out, ' ');
			at++;
		}
		mipo_buf_put(out, text, len);
		at += len;
		text += len;
		text += strspn(text, " ");
	}
	mipo_buf_putc(out, '\n');
}

static void
put_row(const struct mipo_cli *cli, const struct mipo_sub *sub,
    const struct mipo_opt *row, struct mipo_buf *out)
{
	const char *choices = mipo_cli_choices(cli, sub, row);
	size_t start = out->len, width;

	if (row->letter != 0)
		mipo_buf_putf(out, "  -%c, --%s", row->letter, row->name);
	else
		mipo_buf_putf(out, "      --%s", row->name);
	if (row->kind != MIPO_OPT_FLAG)
		mipo_buf_putf(out, row->optional ? "[=%s]" : "=%s",
		    choices != NULL	     ? choices
			: row->arg != NULL ? row->arg
					   : "ARG");
	width = out->len - start;
	if (width + 2 > COLUMN) {
		mipo_buf_putc(out, '\n');
		width = 0;
	}
	put_wrapped(out, row->help, width, COLUMN);
}

static void
put_rows(const struct mipo_cli *cli, const struct mipo_sub *sub,
    const struct mipo_opt *rows, struct mipo_buf *out)
{
	for (; rows != NULL && rows->name != NULL; rows++)
		if (mipo_cli_applies(cli, sub, rows))
			put_row(cli, sub, rows, out);
}

/* Whether an example shows this subcommand. */
static bool
shows(const char *example, const char *program, const char *sub)
{
	const char *p = example;
	size_t len = strlen(program);

	for (; (p = strstr(p, program)) != NULL; p += len) {
		size_t n = strlen(sub);

		if (p[len] == ' ' && strncmp(p + len + 1, sub, n) == 0 &&
		    strchr(" ", p[len + 1 + n]) != NULL)
			return true;
	}
	return false;
}

static void
put_examples(const struct mipo_cli *cli, const char *sub, struct mipo_buf *out)
{
	const char *const *pair = cli->examples;
	bool first = true;

	for (; pair != NULL && pair[0] != NULL; pair += 2) {
		if (sub != NULL && !shows(pair[0], cli->program, sub))
			continue;
		if (first)
			mipo_buf_puts(out, "Examples:\n");
		first = false;
		mipo_buf_putf(out, "  %s\n", pair[0]);
		put_wrapped(out, pair[1], 0, 6);
	}
	if (!first)
		mipo_buf_putc(out, '\n');
}

/* A name and what it is, in two columns. */
static void
put_name(struct mipo_buf *out, const char *name, const char *text)
{
	size_t len = strlen(name);

	mipo_buf_putf(out, "  %s", name);
	if (len + 4 > 16)
		mipo_buf_putc(out, '\n');
	put_wrapped(out, text, len + 4 > 16 ? 0 : len + 2, 16);
}

static void
help_program(const struct mipo_cli *cli, struct mipo_buf *out)
{
	const char *const *pair = cli->others;

	mipo_buf_putf(out, "%s: %s\n\nUsage: %s SUBCOMMAND [OPTION...] ...\n\n",
	    cli->program, cli->summary, cli->program);
	put_examples(cli, NULL, out);
	mipo_buf_puts(out, "Subcommands:\n");
	for (size_t i = 0; cli->subs[i] != NULL; i++)
		put_name(out, cli->subs[i]->name, cli->subs[i]->summary);
	if (pair != NULL)
		mipo_buf_putf(out, "\nPrograms (%s NAME ... is %s-NAME ...):\n",
		    cli->program, cli->program);
	for (; pair != NULL && pair[0] != NULL; pair += 2)
		put_name(out, pair[0], pair[1]);
	mipo_buf_putf(out, "\n%s SUBCOMMAND --help shows its options; %s(1) "
	    "tells more.\n", cli->program, cli->program);
}

static void
help_sub(const struct mipo_cli *cli, const struct mipo_sub *sub,
    struct mipo_buf *out)
{
	const char *name = sub->name == NULL ? "" : sub->name;
	const char *space = sub->name == NULL ? "" : " ";
	const char *summary = sub->name == NULL ? cli->summary : sub->summary;

	mipo_buf_putf(out, "%s%s%s: %s\n\nUsage: %s%s%s [OPTION...]%s%s\n\n",
	    cli->program, space, name, summary, cli->program, space, name,
	    *sub->operands == '\0' ? "" : " ", sub->operands);
	put_examples(cli, sub->name, out);
	mipo_buf_puts(out, "Options:\n");
	put_rows(cli, sub, sub->opts, out);
	put_rows(cli, sub, mipo_cli_common_rows, out);
	put_rows(cli, sub, mipo_cli_own_rows, out);
	mipo_buf_putf(out, "\n%s(1) tells more.\n", cli->program);
}

void
mipo_cli_help(const struct mipo_cli *cli, const struct mipo_sub *sub,
    struct mipo_buf *out)
{
	if (sub == NULL)
		help_program(cli, out);
	else
		help_sub(cli, sub, out);
}
