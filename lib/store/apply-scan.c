#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "data/rec.h"
#include "data/shard.h"
#include "store/apply.h"
#include "store/db.h"
#include "store/sheet.h"
#include "store/weight.h"

static const char *
text(const struct mipo_rec *rec, const char *key)
{
	const char *s = mipo_rec_str(rec, key);

	return s == NULL ? "" : s;
}

static int
when(const struct mipo_rec *rec, const char *key, int64_t *ret_ms,
    struct mipo_err *err)
{
	return mipo_text_untime(text(rec, key), ret_ms, err);
}

static const char insert_sql[] =
    "INSERT INTO scan(seq, scan, place, method, scope, stream, state, "
    "started, ended, verdict, trust, key, planned, open, logged, weight, "
    "why, standing, successor, start, proto) VALUES(?1, ?2, ?3, ?4, ?5, ?6, "
    "?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, 0, ?19, ?20)";

/* One look: its end record, its sheet, and what follows from them. */
struct look_row {
	const struct mipo_rec *end;
	struct mipo_sheet *sheet;
	int64_t place, started_ms, ended_ms;
	struct mipo_weight weight;
	int standing;
};

static int
insert_scan(const struct mipo_apply *apply, const struct look_row *row,
    struct mipo_err *err)
{
	const struct mipo_rec *start = mipo_sheet_start(row->sheet);
	int64_t planned = 0;
	struct mipo_q *q;
	const char *line;
	size_t len;
	int r;

	if (mipo_q_new(apply->db, insert_sql, &q, err) != 0)
		return -1;
	(void)mipo_rec_int(start, "planned", &planned);
	line = mipo_sheet_start_line(row->sheet, &len);
	mipo_q_int(q, 1, (int64_t)apply->seq);
	mipo_q_text(q, 2, text(start, "scan"));
	mipo_q_int(q, 3, row->place);
	mipo_q_text(q, 4, text(start, "method"));
	mipo_q_text(q, 5, text(start, "scope_sha256"));
	mipo_q_text(q, 6, text(row->end, "stream_sha256"));
	mipo_q_text(q, 7, text(row->end, "state_sha256"));
	mipo_q_int(q, 8, row->started_ms);
	mipo_q_int(q, 9, row->ended_ms);
	mipo_q_text(q, 10, mipo_shard_verdict(row->end));
	mipo_q_text(q, 11, row->weight.trust);
	mipo_q_text(q, 12, text(row->end, "key"));
	mipo_q_int(q, 13, planned);
	mipo_q_int(q, 14, (int64_t)mipo_sheet_open(row->sheet));
	mipo_q_int(q, 15, apply->time_ms);
	mipo_q_int(q, 16, row->weight.weight);
	mipo_q_text(q, 17, row->weight.why);
	mipo_q_int(q, 18, row->standing);
	mipo_q_blob(q, 19, line, len);
	mipo_q_int(q, 20, mipo_sheet_proto(row->sheet));
	r = mipo_q_run(q, err);
	mipo_q_done(q);
	return r;
}

int
mipo_standing_of(const struct mipo_rec *end, const char *trust)
{
	if (strcmp(trust, "trusted") == 0)
		return MIPO_STANDING_TRUSTED;
	return strcmp(text(end, "origin"), "store") == 0
	    ? MIPO_STANDING_CUT
	    : MIPO_STANDING_WHOLE;
}

int
mipo_scan_free(struct mipo_db *db, const char *scan, int standing,
    int64_t *ret_seq, struct mipo_err *err)
{
	int64_t seq = 0;
	struct mipo_q *q;
	int r;

	if (mipo_q_new(db, "SELECT seq, standing FROM scan WHERE scan=?1 AND "
		"successor=0", &q, err) != 0)
		return -1;
	mipo_q_text(q, 1, scan);
	r = mipo_q_step(q, err);
	if (r > 0)
		seq = mipo_q_col_int(q, 0);
	if (r > 0 && mipo_q_col_int(q, 1) >= standing)
		r = mipo_err_set(err, MIPO_E_INPUT,
		    "scan %s is recorded already (log entry %lld)", scan,
		    (long long)seq);
	mipo_q_done(q);
	if (r < 0)
		return -1;
	*ret_seq = seq;
	return 0;
}

/*
 * What it saw open stays in the index, as seen by it: later looks that found
 * the same have written nothing. It concludes nothing any more.
 */
static int
supersede(const struct mipo_apply *apply, const struct look_row *row,
    struct mipo_err *err)
{
	struct mipo_q *q;
	int64_t seq;
	int r;

	if (mipo_scan_free(apply->db, text(row->end, "scan"), row->standing,
		&seq, err) != 0)
		return -1;
	if (seq == 0)
		return 0;
	if (mipo_q_new(apply->db, "UPDATE scan SET successor=?2, weight=0, "
		"why='superseded' WHERE seq=?1", &q, err) != 0)
		return -1;
	mipo_q_int(q, 1, seq);
	mipo_q_int(q, 2, (int64_t)apply->seq);
	r = mipo_q_run(q, err);
	mipo_q_done(q);
	return r;
}

int
mipo_sheet_settle(struct mipo_sheet *sheet, struct mipo_db *db,
    const struct mipo_rec *end, int64_t logged_ms,
    struct mipo_weight *ret_weight, struct mipo_err *err)
{
	const struct mipo_rec *start = mipo_sheet_start(sheet);
	int64_t place, newest, started_ms;
	struct mipo_weight weight;

	if (mipo_place(db, text(start, "network"), text(start, "vantage"),
		false, &place, err) != 0 ||
	    mipo_place_newest(db, place, &newest, err) != 0 ||
	    mipo_weight_of(db, start, end, logged_ms, &weight, err) != 0)
		return -1;
	if (!mipo_sheet_is_base(sheet, newest, weight.weight)) {
		if (when(end, "started", &started_ms, err) != 0 ||
		    mipo_sheet_compare(sheet, db, place, weight.weight,
			started_ms, err) != 0)
			return -1;
		mipo_sheet_set_base(sheet, newest, weight.weight);
	}
	if (ret_weight != NULL)
		*ret_weight = weight;
	return 0;
}

static int
apply_sheet(const struct mipo_apply *apply, const struct mipo_rec *end,
    struct mipo_sheet *sheet, struct mipo_err *err)
{
	const struct mipo_rec *start = mipo_sheet_start(sheet);
	struct look_row row = {.end = end, .sheet = sheet};

	if (mipo_sheet_settle(sheet, apply->db, end, apply->time_ms,
		&row.weight, err) != 0 ||
	    mipo_place(apply->db, text(start, "network"),
		text(start, "vantage"), true, &row.place, err) != 0 ||
	    when(end, "started", &row.started_ms, err) != 0 ||
	    when(end, "ts", &row.ended_ms, err) != 0)
		return -1;
	/* After the comparison, which may have been made without the lock. */
	row.standing = mipo_standing_of(end, row.weight.trust);
	if (supersede(apply, &row, err) != 0 ||
	    insert_scan(apply, &row, err) != 0)
		return -1;
	return mipo_sheet_apply(
	    sheet, apply->db, row.place, apply->seq, err);
}

int
mipo_apply_scan(const struct mipo_apply *apply, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	struct mipo_sheet *sheet = NULL;
	int r;

	if (apply->sheet != NULL)
		return apply_sheet(apply, rec, apply->sheet, err);
	if (mipo_sheet_load(
		apply->state, text(rec, "stream_sha256"), &sheet, err) != 0)
		return -1;
	r = apply_sheet(apply, rec, sheet, err);
	mipo_sheet_free(sheet);
	return r;
}
