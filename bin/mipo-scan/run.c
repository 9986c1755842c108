#include "bin/mipo-scan/plan.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "bin/mipo-scan/held.h"
#include "bin/mipo-scan/hosts.h"
#include "bin/mipo-scan/table.h"
#include "data/line.h"
#include "data/rec.h"
#include "kit/progress.h"
#include "kit/sandbox.h"
#include "kit/stop.h"
#include "net/identify.h"
#include "net/rate.h"
#include "trust/hash.h"
#include "trust/key.h"
#include "trust/receipt.h"

#define FLUSH_NS UINT64_C(100000000)
#define LINE_MAX_LEN 4096
#define DAY_S	 86400

/* One scan's stream on its way out. */
struct job {
	struct plan *plan;
	struct mipo_scanner *scan;
	struct mipo_out *out;
	struct mipo_hash *hash; /* of the bytes so far */
	struct mipo_buf line;
	uint64_t records, flushed_ns;
	struct mipo_progress progress;
	struct mipo_sandbox sandbox;
	struct held held; /* rows that wait for what their ports are */
	bool table;
	struct mipo_err err; /* of the output */
};

static void
put_line(struct job *job, const char *line, size_t len)
{
	mipo_out_line(job->out, line, len);
	job->records++;
}

static void
on_obs(void *arg, const struct mipo_obs *obs)
{
	struct job *job = arg;
	int r = 0;

	if (job->table && !table_shows(job->plan, obs))
		return;
	if (job->table && job->plan->config.identify &&
	    obs->state == MIPO_OPEN) {
		(void)held_add(&job->held, obs, &job->err);
		return;
	}
	mipo_buf_clear(&job->line);
	if (job->plan->opts->discover)
		r = (job->table ? hosts_row : hosts_record)(
		    &job->line, job->scan, obs, &job->err);
	else if (job->table)
		table_put(&job->line, obs, NULL);
	else
		mipo_obs_emit(&job->line, obs);
	if (r == 0 && mipo_buf_ok(&job->line, &job->err) == 0)
		put_line(job, job->line.data, job->line.len);
}

/* The row of an open port; found is NULL where nothing was asked there. */
static void
put_held(void *arg, const struct mipo_obs *obs, const struct mipo_rec *found)
{
	struct job *job = arg;

	mipo_buf_clear(&job->line);
	table_put(&job->line, obs, found);
	if (mipo_buf_ok(&job->line, &job->err) == 0)
		put_line(job, job->line.data, job->line.len);
}

static void
on_rec(void *arg, const struct mipo_rec *rec)
{
	struct job *job = arg;

	if (!job->table) {
		mipo_out_rec(job->out, rec);
		job->records++;
	} else if (strcmp(mipo_rec_str(rec, "type"), "host") == 0) {
		table_host(job->out, rec);
	} else {
		held_take(&job->held, rec, put_held, job);
	}
}

/* Asked for by a signal: also when it is to be quiet. */
static void
say_progress(const struct mipo_scanner_progress *progress)
{
	mipo_log(MIPO_LOG_WARN,
	    "%s, pass %u of %u, %" PRIu64 " of %" PRIu64 " pairs, %" PRIu64
	    " probes, %" PRIu64 " open", progress->phase, progress->pass + 1,
	    progress->passes, progress->done, progress->total,
	    progress->probes, progress->open);
}

static int
on_tick(void *arg, const struct mipo_scanner_progress *progress)
{
	struct job *job = arg;
	uint64_t now = mipo_clock_mono_ns();
	char text[64];

	if (mipo_stop_asked())
		say_progress(progress);
	if (now - job->flushed_ns >= FLUSH_NS) {
		job->flushed_ns = now;
		if (job->table)
			mipo_progress_erase(&job->progress);
		(void)mipo_out_flush(job->out, &job->err);
		(void)snprintf(text, sizeof(text),
		    "%s, pass %u of %u, %" PRIu64 " %s", progress->phase,
		    progress->pass + 1, progress->passes, progress->open,
		    job->plan->opts->discover ? "up" : "open");
		mipo_progress_show(&job->progress, progress->done,
		    progress->total, text);
	}
	return mipo_stop_signal() != 0 || job->err.code != MIPO_E_NONE;
}

static int
put_start(struct job *job, struct mipo_err *err)
{
	struct opening opening = {.n = 0};
	int r = plan_start(
	    job->plan, mipo_scanner_planned(job->scan), &opening, err);

	if (r == 0 && job->table && job->plan->opts->discover)
		hosts_head(job->out);
	else if (r == 0 && job->table)
		table_head(job->out, job->plan->config.identify);
	for (size_t i = 0; r == 0 && !job->table && i < opening.n; i++)
		mipo_out_rec(job->out, opening.recs[i]);
	job->records += opening.n;
	opening_release(&opening);
	return r == 0 ? mipo_out_flush(job->out, err) : -1;
}

/* Nobody begins a scan of years without being told. */
static void
say_length(const struct job *job)
{
	uint64_t pairs = mipo_scanner_planned(job->scan);
	uint64_t rate = job->plan->config.rate_auto
	    ? MIPO_RATE_BLIND : job->plan->config.rate;

	if (rate > 0 && pairs / rate >= DAY_S)
		mipo_log(MIPO_LOG_INFO,
		    "%" PRIu64 " pairs of address and port: at %" PRIu64
		    " a second the first pass takes %" PRIu64 " days", pairs,
		    rate, pairs / rate / DAY_S);
}

/* Status 3 says why, also where the receipt goes elsewhere. */
static void
say_why(const struct job *job, const struct mipo_rec *end)
{
	const char *why = mipo_rec_str(end, "reasons.0");

	if (!job->table && mipo_stop_signal() == 0)
		mipo_log(MIPO_LOG_INFO, "the look is %s: %s",
		    mipo_rec_str(end, "verdict"), why == NULL ? "-" : why);
}

/* The receipt: about all bytes before it, signed where there is a key. */
static int
put_end(struct job *job, bool *ret_complete, struct mipo_err *err)
{
	struct mipo_rec *end = mipo_rec_start("scan.end", err);
	const char *sandbox[13] = {NULL};
	uint8_t digest[MIPO_HASH_LEN];
	int r = -1;

	for (size_t i = 0; i < job->sandbox.n; i++)
		sandbox[i] = job->sandbox.text[i];
	if (end == NULL ||
	    mipo_scanner_report(
		job->scan, sandbox, end, ret_complete, err) != 0)
		goto out;
	mipo_out_tap(job->out, NULL, NULL);
	mipo_hash_final(job->hash, digest);
	if (job->plan->opts->contact != NULL)
		mipo_rec_put_str(end, "contact", job->plan->opts->contact);
	mipo_rec_put_int(end, "records", (int64_t)job->records);
	mipo_rec_put_hex(end, "stream_sha256", digest, sizeof(digest));
	if (mipo_receipt_sign(end, job->plan->key, err) != 0)
		goto out;
	if (job->table)
		table_end(job->out, end);
	else
		mipo_out_rec(job->out, end);
	r = mipo_out_flush(job->out, err);
	if (r == 0)
		r = plan_resume_end(
		    job->plan, end, !mipo_scanner_can_go_on(job->scan), err);
	if (r == 0 && !*ret_complete)
		say_why(job, end);
out:
	mipo_rec_free(end);
	return r;
}

/* All that needs rights; then the rights go. */
static int
open_all(struct job *job, struct mipo_err *err)
{
	const struct mipo_scanner_hooks hooks = {
	    on_obs, on_tick, job, on_rec};
	struct mipo_sandbox_plan confinement = {
	    .connect = job->plan->config.method == MIPO_METHOD_CONNECT ||
		job->plan->config.identify,
	    .threads = job->plan->config.method != MIPO_METHOD_CONNECT};

	mipo_buf_init(&job->line, LINE_MAX_LEN);
	job->hash = mipo_hash_new(err);
	job->out = mipo_out_new(STDOUT_FILENO, plan_output(job->plan), err);
	if (job->hash == NULL || job->out == NULL ||
	    mipo_scanner_new(&job->plan->config, &hooks, job->plan->targets,
		job->plan->ports, &job->scan, err) != 0)
		return -1;
	mipo_identify_call(job->scan, job->plan->called);
	if (mipo_scanner_open(job->scan, err) != 0)
		return -1;
	confinement.links = mipo_scanner_asks(job->scan);
	mipo_out_tap(job->out, mipo_hash_sink, job->hash);
	return mipo_sandbox_enter(&confinement, &job->sandbox, err);
}

static int
scan_all(struct job *job, bool *ret_complete, struct mipo_err *err)
{
	int r;

	if (put_start(job, err) != 0)
		return -1;
	say_length(job);
	mipo_progress_start(
	    &job->progress, "scan", job->plan->opts->common.quiet);
	r = mipo_scanner_run(job->scan, err);
	mipo_progress_end(&job->progress);
	held_rest(&job->held, put_held, job);
	if (job->err.code != MIPO_E_NONE) {
		*err = job->err;
		return -1;
	}
	return r != 0 ? -1 : put_end(job, ret_complete, err);
}

int
run_scan(struct plan *plan)
{
	struct job job = {.plan = plan};
	struct mipo_err err = {0};
	bool complete = false;
	int status;

	job.table = plan->opts->common.format != NULL &&
	    strcmp(plan->opts->common.format, "table") == 0;
	mipo_stop_catch();
	if (open_all(&job, &err) != 0 ||
	    scan_all(&job, &complete, &err) != 0)
		/* Quietly, as other filters, when the reader has gone. */
		status = err.sys == EPIPE ? 128 + SIGPIPE
					  : mipo_log_fail(&err, "scan");
	else
		status = complete ? 0 : 3;
	mipo_scanner_free(job.scan);
	mipo_out_free(job.out);
	mipo_hash_free(job.hash);
	mipo_buf_release(&job.line);
	held_release(&job.held);
	return status;
}
