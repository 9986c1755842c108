#include "bin/mipo-diff/diff.h"

#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "judge/change.h"
#include "judge/diff.h"
#include "judge/snap.h"

static const struct mipo_opt rows[] = {
    {.name = "against", .kind = MIPO_OPT_STR, .arg = "REF",
	.offset = offsetof(struct diff_opts, against),
	.help = "compare with a recorded look: last, nearest, or scan:ID"},
    {.name = "gate", .kind = MIPO_OPT_STR, .arg = "KINDS",
	.offset = offsetof(struct diff_opts, gate),
	.help = "kinds that end with status 1; all, none (see mipo-diff(1))"},
    {.name = "exit-zero", .kind = MIPO_OPT_FLAG,
	.offset = offsetof(struct diff_opts, exit_zero),
	.help = "status 0 instead of 1, for reports"},
    {.name = "allow-first", .kind = MIPO_OPT_FLAG,
	.offset = offsetof(struct diff_opts, allow_first),
	.help = "status 0 for the first look of a network and vantage"},
    {.name = NULL}};

static int
conclude(const struct diff_opts *opts, const struct mipo_diff_sum *sum,
    unsigned gate)
{
	if (mipo_diff_gated(sum, gate) > 0 && !sum->cut && !opts->exit_zero)
		return 1;
	if (sum->conclusive)
		return 0;
	if (strcmp(opts->common.format, "table") == 0)
		return 3; /* the table says why */
	for (size_t i = 0; i < sum->n_reasons; i++)
		mipo_log(MIPO_LOG_INFO, "inconclusive: %s", sum->reasons[i]);
	return 3;
}

static int
compare(const struct diff_opts *opts, const struct mipo_snap *old,
    const struct mipo_snap *new, unsigned gate)
{
	struct mipo_err err = {0};
	struct mipo_diff_sum sum;

	if (diff_write(opts, old, new, gate, &sum, &err) != 0)
		return bin_fail(&err, "comparing");
	return conclude(opts, &sum, gate);
}

static int
two_files(const struct diff_opts *opts, unsigned gate, char **argv)
{
	struct mipo_snap *looks[2];
	struct mipo_err err = {0};
	int status;

	if (strcmp(argv[0], "-") == 0 && strcmp(argv[1], "-") == 0) {
		mipo_log(MIPO_LOG_ERROR, "standard input is only one look");
		return 2;
	}
	if (diff_read_files(argv, looks, &err) != 0)
		return bin_fail(&err, "reading a look");
	status = compare(opts, looks[0], looks[1], gate);
	mipo_snap_free(looks[0]);
	mipo_snap_free(looks[1]);
	return status;
}

static int
no_baseline(const struct diff_opts *opts, const struct mipo_snap *new,
    unsigned gate, bool first)
{
	struct mipo_err err = {0};
	struct mipo_diff_sum sum;

	if (diff_write_none(opts, new, gate, first, first ?
		"no earlier complete look of this network and vantage" :
		strcmp(opts->against, "last") == 0 ?
		"no earlier complete look of this scope, but of others" :
		"no earlier complete look covers a pair of this scope",
		&sum, &err) != 0)
		return bin_fail(&err, "writing");
	if (opts->allow_first && first && mipo_snap_complete(new))
		return 0;
	return conclude(opts, &sum, gate);
}

static int
one_against(const struct diff_opts *opts, unsigned gate, const char *path)
{
	struct mipo_snap *old = NULL, *new = NULL;
	struct mipo_err err = {0};
	bool first = false;
	int status;

	if (diff_read_file(path, &new, &err) != 0)
		return bin_fail(&err, "reading a look");
	if (diff_read_state(opts, new, &old, &first, &err) != 0)
		status = bin_fail(&err, "finding the look to compare with");
	else if (old == NULL)
		status = no_baseline(opts, new, gate, first);
	else
		status = compare(opts, old, new, gate);
	mipo_snap_free(old);
	mipo_snap_free(new);
	return status;
}

static int
run(void *arg, int argc, char **argv)
{
	const struct diff_opts *opts = arg;
	unsigned gate = mipo_ckinds_default();
	struct mipo_err err = {0};

	if (opts->gate != NULL &&
	    mipo_ckinds_parse(opts->gate, &gate, &err) != 0)
		return bin_fail(&err, "--gate");
	if (opts->against == NULL && argc == 2)
		return two_files(opts, gate, argv);
	if (opts->against != NULL && argc <= 1)
		return one_against(opts, gate, argc == 0 ? "-" : argv[0]);
	mipo_log(MIPO_LOG_ERROR, opts->against == NULL ?
		"two looks are needed, or --against=REF; see --help" :
		"with --against only one look is given; see --help");
	return 2;
}

static const struct mipo_sub diff = {
    .operands = "[OLD] NEW",
    .summary = "what changed between two looks",
    .opts = rows,
    .size = sizeof(struct diff_opts),
    .max_operands = 2,
    .run = run,
};

static const struct mipo_sub *const subs[] = {&diff, NULL};

static const char *const examples[] = {
    "mipo-diff monday.ndjson tuesday.ndjson", "compare two files",
    "mipo-scan 198.18.0.0/24 | mipo-store record | mipo-diff --against=last -",
    "scan, record, and compare with the look before",
    "mipo-diff --gate=all --format=table a b", "end with 1 on any change",
    NULL};

static const struct mipo_cli cli = {
    .program = "mipo-diff",
    .summary = "tell what changed between two looks at a network",
    .formats = "table|ndjson",
    .has_state = true,
    .subs = subs,
    .examples = examples,
};

int
main(int argc, char **argv)
{
	return mipo_cli_main(&cli, argc, argv);
}
