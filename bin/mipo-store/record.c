#include "bin/mipo-store/store.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "data/line.h"
#include "store/record.h"
#include "store/state.h"
#include "trust/key.h"

struct opts {
	struct mipo_common common;
	uint64_t wait_ms;
};

static const struct opts defaults = {.wait_ms = 30000};

static const struct mipo_opt rows[] = {
    {.name = "wait", .kind = MIPO_OPT_DURATION, .arg = "TIME",
	.offset = offsetof(struct opts, wait_ms),
	.help = "wait so long for another writer, then end with 4 (30s)"},
    {.name = NULL}};

/* One run: from stdin to stdout, and into the state on the way. */
struct tee {
	const struct opts *opts;
	struct mipo_record *record;
	struct mipo_lines *in;
	struct mipo_out *out;
	struct mipo_buf end; /* the end record, held back until the commit */
};

/* Reads to the end of the stream. */
static int
read_all(struct tee *tee, struct mipo_err *err)
{
	const char *line;
	size_t len;
	bool is_end = false;
	int r;

	while ((r = mipo_lines_next(tee->in, &line, &len, err)) > 0) {
		if (mipo_record_line(
			tee->record, line, len, &is_end, err) != 0)
			return mipo_lines_fail(tee->in, err);
		if (is_end)
			mipo_buf_put(&tee->end, line, len);
		else
			mipo_out_line(tee->out, line, len);
	}
	if (r == 0)
		r = mipo_lines_rest(tee->in, is_end, err);
	if (r == 0)
		r = mipo_buf_ok(&tee->end, err);
	return r;
}

static const char *
or_any(const char *name)
{
	return *name == '\0' ? "any" : name;
}

static void
say_elsewhere(const struct mipo_recorded *done)
{
	mipo_log(MIPO_LOG_WARN, "scan %s is signed by scanner %s, which is "
	    "registered for network %s from %s, not for %s from %s: name it "
	    "with --network/--vantage; it is kept as untrusted", done->scan,
	    done->key, or_any(done->registered.network),
	    or_any(done->registered.vantage), done->place.network,
	    done->place.vantage);
}

static void
say(const struct mipo_recorded *done)
{
	if (strcmp(done->trust, "elsewhere") == 0)
		say_elsewhere(done);
	else if (strcmp(done->trust, "unsigned") == 0)
		mipo_log(MIPO_LOG_WARN, "scan %s is not signed: it is kept "
		    "as untrusted", done->scan);
	else if (strcmp(done->trust, "trusted") != 0)
		mipo_log(MIPO_LOG_WARN, "scan %s is signed by a key that is "
		    "not registered here: it is kept as untrusted",
		    done->scan);
	if (strcmp(done->why, "incomplete") == 0)
		mipo_log(MIPO_LOG_WARN, "scan %s concludes nothing: it is %s",
		    done->scan, done->verdict);
	else if (strcmp(done->why, "future") == 0)
		mipo_log(MIPO_LOG_WARN, "scan %s concludes nothing: by this "
		    "host's clock it has not ended yet", done->scan);
	else if (done->why[0] != '\0')
		mipo_log(MIPO_LOG_WARN, "scan %s concludes nothing: of its "
		    "network and vantage only a scanner that is registered "
		    "is believed", done->scan);
	mipo_log(MIPO_LOG_INFO,
	    "recorded scan %s: %llu pairs listed, %llu changed the index, "
	    "log entry %llu", done->scan, (unsigned long long)done->pairs,
	    (unsigned long long)done->changes,
	    (unsigned long long)done->log.first);
}

/* The commit first; only then the end record goes on. */
static int
finish(struct tee *tee, int *ret_status, struct mipo_err *err)
{
	struct mipo_recorded done;
	struct mipo_actor actor;
	int stands = 0;

	mipo_actor_find(&actor);
	if (mipo_record_finish(tee->record, &actor, tee->opts->wait_ms, &done,
		err) != 0) {
		if (err->code != MIPO_E_STANDS)
			return -1;
		stands = bin_fail(err, "record");
		mipo_err_clear(err);
	}
	if (tee->end.len > 0)
		mipo_out_line(tee->out, tee->end.data, tee->end.len);
	say(&done);
	*ret_status = done.why[0] == '\0' ? stands : 3;
	return 0;
}

static int
tee(struct tee *tee, struct mipo_err *err)
{
	struct mipo_err write_err = {0};
	int status = 0, r;

	if (isatty(STDOUT_FILENO))
		mipo_out_unbuffered(tee->out, true);
	r = read_all(tee, err);
	if (r == 0)
		r = finish(tee, &status, err);
	/* What came before an error goes on; its end record does not. */
	if (mipo_out_flush(tee->out, &write_err) != 0) {
		int failed = bin_fail(&write_err, r == 0
			? "recorded, but not passed on"
			: "passing on");

		status = failed;
	}
	return r == 0 ? status : bin_fail(err, "record");
}

static int
run(void *arg, int argc, char **argv)
{
	struct tee all = {.opts = arg};
	struct mipo_state *state = NULL;
	struct mipo_err err = {0};
	int status = 2;

	(void)argc;
	(void)argv;
	if (mipo_cli_need_stdin(&err) != 0 || mipo_trust_init(&err) != 0)
		return bin_fail(&err, "record");
	/* The scanner ends its look in a terminal's ^C: we record that. */
	(void)signal(SIGINT, SIG_IGN);
	state = bin_open(&all.opts->common, true, &status);
	if (state == NULL)
		return status;
	mipo_buf_init(&all.end, 1 << 20);
	all.in = mipo_lines_new(STDIN_FILENO, "stdin", &err);
	all.out = mipo_out_new(STDOUT_FILENO, "stdout", &err);
	if (all.in == NULL || all.out == NULL ||
	    mipo_record_new(state, &all.record, &err) != 0)
		status = bin_fail(&err, "record");
	else
		status = tee(&all, &err);
	mipo_record_free(all.record);
	mipo_lines_free(all.in);
	mipo_out_free(all.out);
	mipo_buf_release(&all.end);
	mipo_state_close(state);
	return status;
}

const struct mipo_sub store_record = {
    .name = "record",
    .operands = "",
    .summary = "record the look on stdin, and pass it on",
    .opts = rows,
    .size = sizeof(struct opts),
    .defaults = &defaults,
    .run = run,
    .formats = "",
    .writes = true,
};
