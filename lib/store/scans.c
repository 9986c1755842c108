#include "store/scans.h"

#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "data/cover.h"
#include "data/line.h"
#include "data/rec.h"
#include "store/apply.h"
#include "store/covered.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/object-lines.h"
#include "store/state.h"
#include "store/weight.h"
#include "trust/entry.h"

#define COLUMNS                                                         \
	"s.seq, s.scan, p.network, p.vantage, s.method, s.scope, "      \
	"s.stream, s.state, s.started, s.ended, s.verdict, s.trust, "   \
	"s.key, s.planned, s.open, s.logged, s.weight, s.why, s.proto " \
	"FROM scan s JOIN place p "                                     \
	"ON p.id=s.place "

#define FILTER                                                          \
	"WHERE (?1 IS NULL OR p.network=?1) AND "                       \
	"(?2 IS NULL OR p.vantage=?2) AND (?3 IS NULL OR s.scope=?3) "  \
	"AND s.successor=0 AND (?4 IS NULL OR s.verdict=?4) AND "        \
	"(?5 IS NULL OR s.scan<>?5) AND s.weight>=?7 AND "              \
	"(?8 IS NULL OR s.proto=?8) AND (?9 IS NULL OR s.proto<>?9) "

/* A look cannot have begun after it was recorded, whatever it says. */
#define BEGAN "min(s.started, s.logged)"

static void
get_row(struct mipo_q *q, struct mipo_scan_row *ret_row)
{
	struct mipo_scan_row *row = ret_row;

	memset(row, 0, sizeof(*row));
	row->seq = (uint64_t)mipo_q_col_int(q, 0);
	mipo_q_copy(q, 1, row->scan, sizeof(row->scan));
	mipo_q_copy(q, 2, row->network, sizeof(row->network));
	mipo_q_copy(q, 3, row->vantage, sizeof(row->vantage));
	mipo_q_copy(q, 4, row->method, sizeof(row->method));
	mipo_q_copy(q, 5, row->scope, sizeof(row->scope));
	mipo_q_copy(q, 6, row->stream, sizeof(row->stream));
	mipo_q_copy(q, 7, row->state, sizeof(row->state));
	row->started_ms = mipo_q_col_int(q, 8);
	row->ended_ms = mipo_q_col_int(q, 9);
	mipo_q_copy(q, 10, row->verdict, sizeof(row->verdict));
	mipo_q_copy(q, 11, row->trust, sizeof(row->trust));
	mipo_q_copy(q, 12, row->key, sizeof(row->key));
	row->planned = (uint64_t)mipo_q_col_int(q, 13);
	row->open = (uint64_t)mipo_q_col_int(q, 14);
	row->logged_ms = mipo_q_col_int(q, 15);
	row->weight = (int)mipo_q_col_int(q, 16);
	mipo_q_copy(q, 17, row->why, sizeof(row->why));
	row->proto = mipo_proto_of(mipo_q_col_int(q, 18));
	row->trusted = strcmp(row->trust, "trusted") == 0;
}

static void
bind(struct mipo_q *q, const struct mipo_scan_filter *filter)
{
	mipo_q_text(q, 1, filter->network);
	mipo_q_text(q, 2, filter->vantage);
	mipo_q_text(q, 3, filter->scope);
	mipo_q_text(q, 4, filter->verdict);
	mipo_q_text(q, 5, filter->not_scan);
	mipo_q_int(q, 6,
	    filter->limit == 0 || filter->limit > INT64_MAX
		? -1
		: (int64_t)filter->limit);
	mipo_q_int(q, 7,
	    filter->concludes ? MIPO_WEIGHT_UNSIGNED : MIPO_WEIGHT_OPEN);
	if (filter->proto != NULL)
		mipo_q_int(q, 8,
		    mipo_proto_number(mipo_proto_find(filter->proto)));
	if (filter->ports)
		mipo_q_int(q, 9, mipo_proto_number(MIPO_ICMP));
}

int
mipo_scans_each(struct mipo_state *state,
    const struct mipo_scan_filter *filter,
    int (*row)(void *arg, const struct mipo_scan_row *row), void *arg,
    struct mipo_err *err)
{
	static const char oldest[] = "SELECT " COLUMNS FILTER
	    "ORDER BY " BEGAN ", s.seq LIMIT ?6";
	static const char newest[] = "SELECT " COLUMNS FILTER
	    "ORDER BY " BEGAN " DESC, s.seq DESC LIMIT ?6";
	struct mipo_db *db;
	struct mipo_q *q;
	int r;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db, filter->newest_first ? newest : oldest, &q, err) !=
		0)
		return -1;
	bind(q, filter);
	while ((r = mipo_q_step(q, err)) > 0) {
		struct mipo_scan_row one;

		get_row(q, &one);
		if (row(arg, &one) != 0)
			break;
	}
	mipo_q_done(q);
	return r < 0 ? -1 : 0;
}

static int
find_last(struct mipo_state *state, const struct mipo_scan_filter *filter,
    struct mipo_scan_row *ret_row, struct mipo_err *err)
{
	static const char sql[] = "SELECT " COLUMNS FILTER
	    "ORDER BY s.weight DESC, s.started DESC, s.seq DESC LIMIT ?6";
	struct mipo_scan_filter last = *filter;
	struct mipo_db *db;
	struct mipo_q *q;
	int r;

	last.concludes = true;
	last.limit = 1;
	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db, sql, &q, err) != 0)
		return -1;
	bind(q, &last);
	r = mipo_q_step(q, err);
	if (r > 0)
		get_row(q, ret_row);
	mipo_q_done(q);
	if (r == 0)
		return mipo_err_set(err, MIPO_E_NOTFOUND,
		    "no %slook of %s%s%s that concludes is recorded",
		    last.not_scan == NULL ? "" : "other ",
		    last.scope == NULL ? "any scope" : "this scope",
		    last.network == NULL ? "" : " in network ",
		    last.network == NULL ? "" : last.network);
	return r < 0 ? -1 : 0;
}

int
mipo_scan_at(struct mipo_state *state, uint64_t seq,
    struct mipo_scan_row *ret_row, struct mipo_err *err)
{
	struct mipo_db *db;
	struct mipo_q *q;
	int r;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db, "SELECT " COLUMNS "WHERE s.seq=?1", &q, err) != 0)
		return -1;
	mipo_q_int(q, 1, (int64_t)seq);
	r = mipo_q_step(q, err);
	if (r > 0)
		get_row(q, ret_row);
	mipo_q_done(q);
	if (r == 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the index lacks the look of log entry %llu",
		    (unsigned long long)seq);
	return r < 0 ? -1 : 0;
}

/* Of another scope: what counts most there and has pairs in common. */
static int
find_overlapping(struct mipo_state *state,
    const struct mipo_scan_filter *filter, struct mipo_scan_row *ret_row,
    bool *ret_found, struct mipo_err *err)
{
	struct mipo_covered covered = {.n = 0};
	struct mipo_scan_row row;
	struct mipo_db *db;
	int64_t place;
	int r = -1;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_place(db, filter->network, filter->vantage, false, &place,
		err) != 0)
		return -1;
	r = mipo_covered_init(&covered, db, place,
	    mipo_proto_number(mipo_cover_proto(filter->cover)), err);
	for (size_t i = 0; r == 0 && !*ret_found && i < covered.n; i++) {
		if (mipo_cover_common(
			covered.looks[i].scope.cover, filter->cover) == 0)
			continue;
		r = mipo_scan_at(state, covered.looks[i].seq, &row, err);
		*ret_found = r == 0 && strcmp(row.scope, filter->scope) != 0;
	}
	mipo_covered_release(&covered);
	if (r == 0 && *ret_found)
		*ret_row = row;
	return r;
}

static int
find_nearest(struct mipo_state *state, const struct mipo_scan_filter *filter,
    struct mipo_scan_row *ret_row, struct mipo_err *err)
{
	struct mipo_err none = {0};
	bool found = false;

	if (find_last(state, filter, ret_row, &none) == 0)
		return 0;
	if (none.code == MIPO_E_NOTFOUND &&
	    find_overlapping(state, filter, ret_row, &found, err) != 0)
		return -1;
	if (found)
		return 0;
	return mipo_err_set(err, none.code, "%s", none.text);
}

static int
find_id(struct mipo_state *state, const char *id,
    struct mipo_scan_row *ret_row, struct mipo_err *err)
{
	static const char sql[] = "SELECT " COLUMNS
	    "WHERE substr(s.scan, 1, length(?1))=?1 AND s.successor=0 "
	    "LIMIT 2";
	struct mipo_db *db;
	struct mipo_q *q;
	int r, more = 0;

	if (strlen(id) < 6 || strlen(id) > 32 ||
	    strspn(id, "0123456789abcdef") != strlen(id))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "%s is not a scan's id (6 to 32 hex digits)", id);
	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db, sql, &q, err) != 0)
		return -1;
	mipo_q_text(q, 1, id);
	r = mipo_q_step(q, err);
	if (r > 0) {
		get_row(q, ret_row);
		more = mipo_q_step(q, err);
	}
	mipo_q_done(q);
	if (r == 0)
		return mipo_err_set(
		    err, MIPO_E_NOTFOUND, "no scan %s is recorded", id);
	if (more > 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "more than one scan's id begins with %s", id);
	return r < 0 || more < 0 ? -1 : 0;
}

int
mipo_scan_find(struct mipo_state *state, const char *ref,
    const struct mipo_scan_filter *filter, struct mipo_scan_row *ret_row,
    struct mipo_err *err)
{
	struct mipo_scan_row row;
	int r;

	if (strcmp(ref, "last") == 0)
		r = find_last(state, filter, &row, err);
	else if (strcmp(ref, "nearest") == 0)
		r = find_nearest(state, filter, &row, err);
	else if (strncmp(ref, "scan:", 5) == 0)
		r = find_id(state, ref + 5, &row, err);
	else
		return mipo_err_set(err, MIPO_E_USAGE,
		    "%s: a look is named as last, nearest or scan:ID", ref);
	if (r == 0)
		*ret_row = row;
	return r;
}

int
mipo_scan_start(struct mipo_state *state, const struct mipo_scan_row *row,
    struct mipo_rec **ret_start, struct mipo_err *err)
{
	struct mipo_db *db;
	struct mipo_q *q;
	int r;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db, "SELECT start FROM scan WHERE seq=?1", &q, err) !=
		0)
		return -1;
	mipo_q_int(q, 1, (int64_t)row->seq);
	r = mipo_q_step(q, err);
	if (r > 0) {
		size_t len;
		const void *start = mipo_q_col_blob(q, 0, &len);

		r = mipo_rec_parse_max(
		    start, len, MIPO_REC_MAX_SCOPE, ret_start, err);
	} else if (r == 0)
		r = mipo_err_set(err, MIPO_E_NOTFOUND,
		    "no scan %s is recorded", row->scan);
	mipo_q_done(q);
	if (r == 0)
		return 0;
	(void)mipo_err_stored(err);
	return mipo_err_prefix(err, "the index of scan %s", row->scan);
}

/* The receipt as its log entry has it, with LF; none where store made it. */
static int
receipt_line(const void *body, size_t len, struct mipo_buf *buf,
    struct mipo_err *err)
{
	struct mipo_entry entry;
	struct mipo_rec *rec = NULL;
	const char *origin;

	if (mipo_entry_parse(body, len, &entry, err) != 0 ||
	    mipo_entry_rec(entry.data, &rec, err) != 0)
		return -1;
	origin = mipo_rec_str(rec, "origin");
	if (origin == NULL || strcmp(origin, "store") != 0) {
		mipo_buf_put(buf, entry.data.p, entry.data.len);
		mipo_buf_putc(buf, '\n');
	}
	mipo_rec_free(rec);
	return mipo_buf_ok(buf, err);
}

int
mipo_scan_open(struct mipo_state *state, const struct mipo_scan_row *row,
    struct mipo_lines **ret_lines, struct mipo_err *err)
{
	struct mipo_buf tail;
	struct mipo_q *q;
	int r;

	if (mipo_q_new(mipo_state_db(state),
		"SELECT body FROM leaf WHERE seq=?1", &q, err) != 0)
		return -1;
	mipo_buf_init(&tail, MIPO_REC_MAX_READ);
	mipo_q_int(q, 1, (int64_t)row->seq);
	r = mipo_q_step(q, err);
	if (r > 0) {
		size_t len;
		const void *body = mipo_q_col_blob(q, 0, &len);

		r = receipt_line(body, len, &tail, err);
		if (r != 0)
			(void)mipo_err_stored(err);
	} else if (r == 0)
		r = mipo_err_set(err, MIPO_E_TAMPERED,
		    "the log lacks entry %llu", (unsigned long long)row->seq);
	mipo_q_done(q);
	if (r == 0)
		r = mipo_object_lines(
		    state, row->stream, tail.data, tail.len, ret_lines, err);
	mipo_buf_release(&tail);
	return r < 0 ? mipo_err_prefix(err, "scan %s", row->scan) : 0;
}
