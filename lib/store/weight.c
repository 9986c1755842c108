#include "store/weight.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "data/rec.h"
#include "data/shard.h"
#include "store/apply.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/scans.h"

/* Whether sql, which asks of a network and a vantage, gives a row. */
static int
any(struct mipo_db *db, const char *sql, const struct mipo_rec *start,
    bool *ret_any, struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	if (mipo_q_new(db, sql, &q, err) != 0)
		return -1;
	mipo_q_text(q, 1, mipo_rec_str(start, "network"));
	mipo_q_text(q, 2, mipo_rec_str(start, "vantage"));
	r = mipo_q_step(q, err);
	mipo_q_done(q);
	*ret_any = r > 0;
	return r < 0 ? -1 : 0;
}

/* Whether somebody is trusted there, so that who is not must not conclude. */
static int
is_kept(struct mipo_db *db, const struct mipo_rec *start, bool *ret_kept,
    struct mipo_err *err)
{
	static const char scanner[] = "SELECT 1 FROM scanner WHERE network "
	    "IN ('', ?1) AND vantage IN ('', ?2) LIMIT 1";
	static const char look[] = "SELECT 1 FROM scan s JOIN place p ON "
	    "p.id=s.place WHERE p.network=?1 AND p.vantage=?2 AND "
	    "s.trust='trusted' LIMIT 1";
	bool kept;

	if (any(db, scanner, start, &kept, err) != 0 ||
	    (!kept && any(db, look, start, &kept, err) != 0))
		return -1;
	*ret_kept = kept;
	return 0;
}

static int
is_ahead(const struct mipo_rec *end, int64_t logged_ms, bool *ret_ahead,
    struct mipo_err *err)
{
	const char *started = mipo_rec_str(end, "started");
	const char *ended = mipo_rec_str(end, "ts");
	int64_t from, to;

	if (mipo_text_untime(started == NULL ? "" : started, &from, err) !=
		0 ||
	    mipo_text_untime(ended == NULL ? "" : ended, &to, err) != 0)
		return -1;
	*ret_ahead = from > to || to > logged_ms + MIPO_WEIGHT_AHEAD_MS;
	return 0;
}

int
mipo_weight_of(struct mipo_db *db, const struct mipo_rec *start,
    const struct mipo_rec *end, int64_t logged_ms,
    struct mipo_weight *ret_weight, struct mipo_err *err)
{
	struct mipo_weight weight = {.why = ""};
	const char *verdict = mipo_shard_verdict(end);
	bool ahead, trusted, kept = false;

	if (mipo_trust_of(db, start, end, &weight.trust, err) != 0 ||
	    is_ahead(end, logged_ms, &ahead, err) != 0)
		return -1;
	trusted = strcmp(weight.trust, "trusted") == 0;
	if (!trusted && is_kept(db, start, &kept, err) != 0)
		return -1;
	if (verdict == NULL || strcmp(verdict, "complete") != 0)
		weight.why = "incomplete";
	else if (ahead)
		weight.why = "future";
	else if (kept)
		weight.why = "untrusted";
	else
		weight.weight = trusted ? MIPO_WEIGHT_TRUSTED
					: MIPO_WEIGHT_UNSIGNED;
	*ret_weight = weight;
	return 0;
}

static const char *
reason(const char *why)
{
	static const char *const all[] = {"incomplete", "future",
	    "untrusted", "superseded"};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (strcmp(all[i], why) == 0)
			return all[i];
	return "";
}

/* The look as it was recorded: the id alone could be another's. */
static int
recorded(struct mipo_db *db, const struct mipo_rec *end,
    struct mipo_weight *weight, bool *ret_found, struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	if (mipo_q_new(db, "SELECT weight, why FROM scan WHERE scan=?1 AND "
		"stream=?2 ORDER BY successor=0 DESC", &q, err) != 0)
		return -1;
	mipo_q_text(q, 1, mipo_rec_str(end, "scan"));
	mipo_q_text(q, 2, mipo_rec_str(end, "stream_sha256"));
	r = mipo_q_step(q, err);
	if (r > 0) {
		weight->weight = (int)mipo_q_col_int(q, 0);
		weight->why = reason(mipo_q_col_text(q, 1));
	}
	mipo_q_done(q);
	*ret_found = r > 0;
	return r < 0 ? -1 : 0;
}

int
mipo_scan_weigh(struct mipo_state *state, const struct mipo_rec *start,
    const struct mipo_rec *end, int *ret_weight, const char **ret_why,
    struct mipo_err *err)
{
	struct mipo_weight weight = {.trust = ""};
	struct mipo_db *db;
	bool found;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    recorded(db, end, &weight, &found, err) != 0)
		return -1;
	if (!found && mipo_weight_of(db, start, end, mipo_clock_wall_ms(),
			  &weight, err) != 0)
		return -1;
	if (strcmp(weight.trust, "bad") == 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "scan.end: its signature does not hold");
	*ret_weight = weight.weight;
	*ret_why = weight.why;
	return 0;
}
