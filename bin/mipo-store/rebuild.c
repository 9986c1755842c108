#include "bin/mipo-store/store.h"

#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "data/line.h"
#include "data/rec.h"
#include "store/rebuild.h"
#include "store/state.h"

struct opts {
	struct mipo_common common;
};

static int
run_rebuild(void *arg, int argc, char **argv)
{
	const struct opts *opts = arg;
	struct mipo_rebuilt done;
	struct mipo_err err = {0};
	struct mipo_state *state;
	int status = 0;

	(void)argc;
	(void)argv;
	state = bin_open(&opts->common, true, &status);
	if (state == NULL)
		return status;
	if (mipo_rebuild(state, &done, &err) != 0)
		status = bin_fail(&err, "rebuilding the index");
	else {
		if (done.nodes)
			mipo_log(MIPO_LOG_WARN, "nodes of the log's tree "
			    "were missing or wrong: they are restored");
		mipo_log(MIPO_LOG_INFO,
		    "made the index anew from %llu log entries, %llu looks",
		    (unsigned long long)done.entries,
		    (unsigned long long)done.looks);
	}
	mipo_state_close(state);
	return status;
}

const struct mipo_sub store_rebuild = {
    .name = "rebuild",
    .operands = "",
    .summary = "make the index anew from log and objects",
    .size = sizeof(struct opts),
    .run = run_rebuild,
    .formats = "",
    .writes = true,
};

/* Where check's findings go. */
struct sink {
	struct mipo_out *out;
	bool table;
	struct mipo_err err;
};

static void
say(void *arg, const char *text)
{
	struct sink *sink = arg;
	struct mipo_rec *rec;

	if (sink->table) {
		(void)printf("%s\n", text);
		return;
	}
	rec = mipo_rec_start("store.difference", &sink->err);
	if (rec == NULL)
		return;
	mipo_rec_put_str(rec, "text", text);
	(void)bin_put_take(sink->out, rec, &sink->err);
}

static int
conclude(struct sink *sink, const struct mipo_checked *checked,
    struct mipo_err *err)
{
	struct mipo_rec *rec;

	if (sink->table) {
		(void)printf("%llu entries, %llu looks read; %llu "
			     "differences; %llu objects that no entry names\n",
		    (unsigned long long)checked->read.entries,
		    (unsigned long long)checked->read.looks,
		    (unsigned long long)checked->differences,
		    (unsigned long long)checked->spare);
		return fflush(stdout) == 0
		    ? 0
		    : mipo_err_set(err, MIPO_E_IO, "stdout: write failed");
	}
	rec = mipo_rec_start("store.checked", err);
	if (rec == NULL)
		return -1;
	mipo_rec_put_int(rec, "entries", (int64_t)checked->read.entries);
	mipo_rec_put_int(rec, "looks", (int64_t)checked->read.looks);
	mipo_rec_put_int(rec, "differences", (int64_t)checked->differences);
	mipo_rec_put_int(rec, "spare_objects", (int64_t)checked->spare);
	if (bin_put_take(sink->out, rec, err) != 0)
		return -1;
	return mipo_out_flush(sink->out, err);
}

static int
check(struct mipo_state *state, const void *arg, int *ret_status,
    struct mipo_err *err)
{
	const struct opts *opts = arg;
	struct sink sink = {.table = bin_table(&opts->common)};
	struct mipo_checked checked;
	int r = -1;

	sink.out = mipo_out_new(STDOUT_FILENO, "stdout", err);
	if (sink.out != NULL &&
	    mipo_check(state, say, &sink, &checked, err) == 0 &&
	    conclude(&sink, &checked, err) == 0) {
		*ret_status = checked.differences > 0 ? 1 : 0;
		r = 0;
	}
	mipo_out_free(sink.out);
	return r;
}

static int
run_check(void *arg, int argc, char **argv)
{
	const struct opts *opts = arg;

	(void)argc;
	(void)argv;
	return bin_with_state(
	    &opts->common, false, "checking", check, opts);
}

const struct mipo_sub store_check = {
    .name = "check",
    .operands = "",
    .summary = "compare the index with log and objects",
    .size = sizeof(struct opts),
    .run = run_check,
};
