#include <string.h>

#include "base/err.h"
#include "data/rec.h"
#include "net/scanner-impl.h"

static void
put_canaries(
    const struct mipo_scanner *scan, struct mipo_rec *rec, struct mipo_err *err)
{
	char text[MIPO_ADDR_LEN];

	mipo_rec_put_list(rec, "canaries");
	for (unsigned i = 0; i < scan->tally.n_canaries; i++) {
		const struct mipo_canary *canary = &scan->tally.canaries[i];
		struct mipo_rec *sub = mipo_rec_new(err);

		(void)mipo_addr_format(&canary->addr, text);
		mipo_rec_put_str(sub, "ip", text);
		mipo_rec_put_int(sub, "port", canary->port);
		mipo_rec_put_bool(sub, "seen", canary->seen);
		mipo_rec_put_int(sub, "probes", (int64_t)canary->probes);
		mipo_rec_add_rec_take(rec, "canaries", sub);
	}
}

static void
put_canary_errors(
    const struct mipo_tally *tally, struct mipo_rec *rec, struct mipo_err *err)
{
	for (unsigned i = 0; i < tally->n_canary_errors; i++) {
		int sys = tally->canary_errors[i].sys;
		const char *name = strerrorname_np(sys);
		struct mipo_rec *sub = mipo_rec_new(err);

		if (i == 0)
			mipo_rec_put_list(rec, "canary_errors");
		mipo_rec_put_str(sub, "errno",
		    sys == 0 || name == NULL ? "various" : name);
		mipo_rec_put_int(sub, "count",
		    (int64_t)tally->canary_errors[i].count);
		mipo_rec_add_rec_take(rec, "canary_errors", sub);
	}
}

static void
put_backoffs(
    const struct mipo_rate *rate, struct mipo_rec *rec, struct mipo_err *err)
{
	mipo_rec_put_list(rec, "backoffs");
	for (uint64_t i = 0; i < rate->n_backoffs && i < MIPO_MAX_BACKOFFS;
	     i++) {
		const struct mipo_backoff *backoff = &rate->backoffs[i];
		struct mipo_rec *sub = mipo_rec_new(err);

		mipo_rec_put_int(sub, "at_ms", (int64_t)backoff->at_ms);
		mipo_rec_put_int(sub, "from", (int64_t)backoff->from);
		mipo_rec_put_int(sub, "to", (int64_t)backoff->to);
		mipo_rec_put_str(sub, "why", backoff->why);
		mipo_rec_add_rec_take(rec, "backoffs", sub);
	}
	if (rate->n_backoffs > MIPO_MAX_BACKOFFS)
		mipo_rec_put_int(rec, "backoffs_more",
		    (int64_t)(rate->n_backoffs - MIPO_MAX_BACKOFFS));
}

/* What interfaces and networks got. */
static void
put_caps(
    const struct mipo_caps *caps, struct mipo_rec *rec, struct mipo_err *err)
{
	mipo_rec_put_list(rec, "caps");
	for (size_t i = 0; i < mipo_caps_count(caps); i++) {
		const struct mipo_cap *cap = mipo_caps_at(caps, i);
		struct mipo_rec *sub = mipo_rec_new(err);

		mipo_rec_put_str(sub, "on", cap->name);
		mipo_rec_put_int(sub, "first", (int64_t)cap->first);
		mipo_rec_put_int(sub, "most", (int64_t)cap->most);
		mipo_rec_put_int(sub, "last", (int64_t)cap->last);
		mipo_rec_put_int(sub, "slowed", (int64_t)cap->slowed);
		mipo_rec_add_rec_take(rec, "caps", sub);
	}
}

void
mipo_scanner_report_rate(const struct mipo_scanner *scan,
    struct mipo_rec *rec, struct mipo_err *err)
{
	put_canaries(scan, rec, err);
	put_canary_errors(&scan->tally, rec, err);
	if (!scan->config.rate_auto)
		return;
	mipo_rec_put_int(rec, "rate_most", (int64_t)scan->rate.most);
	mipo_rec_put_int(rec, "rate_last", (int64_t)scan->rate.pps);
	if (scan->config.method == MIPO_METHOD_SYN) {
		mipo_rec_put_int(
		    rec, "canary_probes", (int64_t)scan->watch.probes);
		mipo_rec_put_int(
		    rec, "canary_lost", (int64_t)scan->watch.lost);
	}
	put_backoffs(&scan->rate, rec, err);
	put_caps(scan->caps, rec, err);
}
