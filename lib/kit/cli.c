#include "config.h"

#include "kit/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "kit/cli-parse.h"
#include "kit/output.h"
#include "kit/stop.h"

#ifdef HAVE_SECCOMP
#define BUILD "with seccomp"
#else
#define BUILD "without seccomp"
#endif

static struct {
	const char *name, *value;
} features[16];
static size_t n_features;

void
mipo_cli_feature(const char *name, const char *value)
{
	if (n_features == sizeof(features) / sizeof(*features))
		abort(); /* a program's own mistake */
	features[n_features].name = name;
	features[n_features].value = value;
	n_features++;
}

int
mipo_cli_need_stdin(struct mipo_err *err)
{
	if (!isatty(STDIN_FILENO))
		return 0;
	return mipo_err_set(err, MIPO_E_USAGE,
	    "records are read from standard input, which is a terminal: "
	    "see --help");
}

/*
 * No file that the program opens may become its stdin, stdout or stderr; and
 * a result that nobody gets is an error.
 */
static void
fill_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY); /* a write must fail */
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		(void)close(fd);
}

static int
show(struct mipo_buf *text)
{
	struct mipo_err err = {0};
	int status = 0;

	if (mipo_buf_ok(text, &err) != 0 ||
	    mipo_file_write_all(STDOUT_FILENO, text->data, text->len, &err) !=
		0)
		status = mipo_log_fail(&err, "writing to standard output");
	mipo_buf_release(text);
	return status;
}

static int
show_version(const struct mipo_cli *cli)
{
	struct mipo_buf text;

	mipo_buf_init(&text, 65536);
	mipo_buf_putf(&text, "%s (mipo) %s\nbuild: %s\nrecords: 1\n",
	    cli->program, PACKAGE_VERSION, BUILD);
	for (size_t i = 0; i < n_features; i++)
		mipo_buf_putf(&text, "%s: %s\n", features[i].name,
		    features[i].value);
	return show(&text);
}

static int
refuse(struct mipo_err *err)
{
	mipo_log(MIPO_LOG_ERROR, "%s", err->text);
	return mipo_err_exit(err);
}

static int
no_such_sub(
    const struct mipo_cli *cli, const char *word, struct mipo_err *err)
{
	const char *names[MIPO_CLI_ROWS + 1], *near;
	size_t n = 0;

	for (; cli->subs[n] != NULL && n < MIPO_CLI_ROWS; n++)
		names[n] = cli->subs[n]->name;
	names[n] = NULL;
	if (word == NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "a subcommand is needed; see %s --help", cli->program);
	near = mipo_text_nearest(word, names);
	if (near == NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "there is no subcommand \"%s\"; see --help", word);
	return mipo_err_set(err, MIPO_E_USAGE,
	    "there is no subcommand \"%s\"; did you mean %s?", word, near);
}

/* The subcommand that argv[1] names; *skip words of argv are used up. */
static int
find_sub(const struct mipo_cli *cli, int argc, char **argv,
    const struct mipo_sub **ret_sub, int *skip, struct mipo_err *err)
{
	*skip = 1;
	if (cli->subs[0]->name == NULL) {
		*ret_sub = cli->subs[0];
		return 0;
	}
	*ret_sub = NULL;
	for (size_t i = 0; argc > 1 && cli->subs[i] != NULL; i++) {
		if (strcmp(cli->subs[i]->name, argv[1]) != 0)
			continue;
		*ret_sub = cli->subs[i];
		*skip = 2;
		return 0;
	}
	if (argc > 1 && argv[1][0] == '-' && argv[1][1] != '\0')
		return 0; /* --help and the like */
	return no_such_sub(cli, argc > 1 ? argv[1] : NULL, err);
}

static int
check_operands(const struct mipo_sub *sub, int n, char **argv,
    struct mipo_err *err)
{
	if (n < sub->min_operands)
		return mipo_err_set(err, MIPO_E_USAGE,
		    strchr(sub->operands, '|') == NULL
			? "%s is missing; see --help"
			: "say one of: %s; see --help",
		    sub->operands);
	if (sub->max_operands >= 0 && n > sub->max_operands)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%s\" is one word too many; see --help",
		    argv[sub->max_operands]);
	return 0;
}

/* Makes the common options true for the whole process. */
static int
apply_common(const struct mipo_common *common, bool writes,
    struct mipo_err *err)
{
	int64_t ms;

	if (common->quiet)
		mipo_log_max(MIPO_LOG_WARN);
	if (common->verbose)
		mipo_log_max(MIPO_LOG_DEBUG);
	(void)signal(SIGPIPE, writes ? SIG_IGN : SIG_DFL);
	if (common->now == NULL)
		return 0;
	if (mipo_text_untime(common->now, &ms, err) != 0)
		return mipo_err_prefix(err, "--now");
	mipo_clock_set_wall(ms);
	return 0;
}

static int
run(const struct mipo_sub *sub, struct mipo_common *common, int n,
    char **argv)
{
	struct mipo_err err = {0};
	struct mipo_output output;
	int status;

	if (apply_common(common, sub->writes, &err) != 0)
		return refuse(&err);
	if (mipo_output_begin(common->output, &output, &err) != 0)
		return mipo_log_fail(&err, "--output");
	status = sub->run(common, n, argv);
	if (fflush(stdout) != 0) {
		mipo_log(MIPO_LOG_ERROR, "writing to standard output failed");
		status = 2;
	}
	if (mipo_output_end(&output,
		status != 2 && status != 4 && status != 6, &err) != 0)
		return mipo_log_fail(&err, "--output");
	return status;
}

static int
answer(struct mipo_cli_parse *parse)
{
	struct mipo_buf text;

	if (parse->own.version)
		return show_version(parse->cli);
	mipo_buf_init(&text, 1 << 20);
	if (parse->own.help)
		mipo_cli_help(parse->cli, parse->sub, &text);
	else
		mipo_cli_complete(parse->cli, parse->own.completion, &text);
	return show(&text);
}

static int
parse_and_run(struct mipo_cli_parse *parse, struct mipo_common *common,
    int argc, char **argv)
{
	struct mipo_err err = {0};
	int n = 0;

	if (mipo_cli_parse(parse, argc, argv, &n, &err) != 0)
		return refuse(&err);
	if (parse->own.help || parse->own.version ||
	    parse->own.completion != NULL)
		return answer(parse);
	if (parse->sub == NULL)
		(void)mipo_err_set(&err, MIPO_E_USAGE,
		    "the subcommand comes first, then its options; "
		    "see --help");
	if (parse->sub == NULL ||
	    mipo_cli_settle(parse, common, &err) != 0 ||
	    check_operands(parse->sub, n, argv, &err) != 0)
		return refuse(&err);
	return run(parse->sub, common, n, argv);
}

int
mipo_cli_main(const struct mipo_cli *cli, int argc, char **argv)
{
	struct mipo_cli_parse parse = {.cli = cli};
	struct mipo_err err = {0};
	struct mipo_common *opts;
	size_t size = sizeof(*opts);
	int skip, status;

	fill_descriptors();
	(void)signal(SIGCHLD, SIG_DFL); /* ignored, it would hide statuses */
	mipo_log_name(cli->program);
	if (find_sub(cli, argc, argv, &parse.sub, &skip, &err) != 0)
		return refuse(&err);
	if (parse.sub != NULL && parse.sub->size > size)
		size = parse.sub->size;
	opts = mipo_calloc(1, size, &err);
	if (opts == NULL)
		return refuse(&err);
	if (parse.sub != NULL && parse.sub->defaults != NULL)
		memcpy(opts, parse.sub->defaults, parse.sub->size);
	parse.groups[0].rows = parse.sub == NULL ? NULL : parse.sub->opts;
	parse.groups[0].base = opts;
	parse.groups[1].rows = mipo_cli_common_rows;
	parse.groups[1].base = opts;
	parse.groups[2].rows = mipo_cli_own_rows;
	parse.groups[2].base = &parse.own;
	status = argc < skip
	    ? parse_and_run(&parse, opts, 0, argv)
	    : parse_and_run(&parse, opts, argc - skip, argv + skip);
	mipo_cli_parse_release(&parse);
	free(opts);
	return mipo_stop_end(status);
}
