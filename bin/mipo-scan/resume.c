#include "bin/mipo-scan/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "data/obs.h"
#include "data/rec.h"
#include "net/journal.h"

#define LIST_MAX 128

int
plan_journal(struct plan *plan, struct mipo_err *err)
{
	const struct mipo_journal_said *said;
	const char *path = plan->opts->resume;

	if (path == NULL)
		return 0;
	if (plan->opts->dry_run != NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--resume: a dry run has nothing to go on with");
	if (plan->opts->discover)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--resume: a look for hosts begins anew");
	if (mipo_journal_open(path, &plan->config.journal, err) != 0)
		return mipo_err_prefix(err, "--resume");
	said = mipo_journal_said(plan->config.journal);
	if (said->first == NULL)
		return 0;
	plan->config.seed =
	    strtoull(mipo_rec_str(said->first, "seed"), NULL, 16);
	plan->has_seed = true;
	return 0;
}

/* The states that are listed, joined by commas. */
static int
put_states(const struct plan *plan, struct mipo_rec *rec, struct mipo_err *err)
{
	struct mipo_buf buf;
	const char *text;

	mipo_buf_init(&buf, LIST_MAX);
	if (plan->config.list_silent)
		mipo_buf_puts(&buf, "all");
	for (int i = MIPO_OPEN;
	     i < MIPO_STATE_N && !plan->config.list_silent; i++)
		if ((plan->config.states & 1U << i) != 0)
			mipo_buf_putf(&buf, "%s%s", buf.len > 0 ? "," : "",
			    mipo_pstate_name((enum mipo_pstate)i));
	text = mipo_buf_str(&buf, err);
	if (text != NULL)
		mipo_rec_put_str(rec, "states", text);
	mipo_buf_release(&buf);
	return text == NULL ? -1 : 0;
}

/* What all scans of one journal must have in common. */
static struct mipo_rec *
make_start(const struct plan *plan, struct mipo_err *err)
{
	const struct mipo_scanner_config *config = &plan->config;
	struct mipo_rec *rec = mipo_rec_start("journal.start", err);
	const bool part = config->shards > 1;
	char seed[17];

	if (rec == NULL)
		return NULL;
	(void)snprintf(seed, sizeof(seed), "%016" PRIx64, config->seed);
	mipo_rec_put_str(rec, "scan", config->scan);
	mipo_rec_put_str(rec, "network", plan->opts->network);
	mipo_rec_put_str(rec, "vantage", plan->opts->vantage);
	mipo_rec_put_str(rec, "method", mipo_method_name(config->method));
	mipo_rec_put_int(rec, "vlan", config->vlan);
	mipo_rec_put_str(rec, "seed", seed);
	mipo_rec_put_hex(
	    rec, "scope_sha256", config->scope, sizeof(config->scope));
	mipo_rec_put_int(rec, "retries", config->retries);
	mipo_rec_put_int(rec, "wait_ms", (int64_t)config->wait_ms);
	mipo_rec_put_int(rec, "shard", part ? (int64_t)config->shard : 1);
	mipo_rec_put_int(rec, "shards", part ? (int64_t)config->shards : 1);
	mipo_rec_put_str(rec, "silent_as", plan->silent_as);
	if (put_states(plan, rec, err) == 0 && mipo_rec_ok(rec, err) == 0)
		return rec;
	mipo_rec_free(rec);
	return NULL;
}

int
plan_resume(struct plan *plan, struct mipo_err *err)
{
	struct mipo_journal *journal = plan->config.journal;
	const struct mipo_journal_said *said;
	struct mipo_rec *start;
	int r;

	if (journal == NULL)
		return 0;
	start = make_start(plan, err);
	r = start == NULL ? -1 : mipo_journal_begin(journal, start, err);
	mipo_rec_free(start);
	said = mipo_journal_said(journal);
	if (r == 0 && said->lossy)
		mipo_log(MIPO_LOG_WARN,
		    "%s: what follows line %" PRIu64 " is damaged and was "
		    "cut off", mipo_journal_path(journal), said->lines);
	return r == 0 ? 0 : mipo_err_prefix(err, "--resume");
}

int
plan_resume_end(struct plan *plan, const struct mipo_rec *end, bool over,
    struct mipo_err *err)
{
	struct mipo_journal *journal = plan->config.journal;
	struct mipo_rec *rec;

	if (journal == NULL || !over)
		return 0;
	rec = mipo_rec_start("journal.end", err);
	if (rec == NULL)
		return -1;
	mipo_rec_put_str(rec, "scan", plan->config.scan);
	mipo_rec_put_str(rec, "verdict", mipo_rec_str(end, "verdict"));
	mipo_journal_seal(journal, rec);
	mipo_rec_free(rec);
	return mipo_journal_flush(journal, err);
}
