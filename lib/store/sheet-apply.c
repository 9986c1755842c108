#include "data/addr.h"
#include "data/target.h"
#include "store/db.h"
#include "store/sheet-in.h"

struct pen {
	struct mipo_q *end, *begin, *change, *hush;
	int64_t place, proto;
	uint64_t seq;
};

static const char end_sql[] =
    "INSERT INTO past(place, proto, ip, port, since, until, state, reason, "
    "ts) SELECT place, proto, ip, port, since, ?4, state, reason, ts FROM "
    "binding WHERE place=?1 AND proto=?5 AND ip=?2 AND port=?3";

static const char begin_sql[] =
    "INSERT INTO binding(place, proto, ip, port, state, reason, since, ts) "
    "VALUES(?1, ?8, ?2, ?3, ?4, ?5, ?6, ?7)";

static const char change_sql[] =
    "UPDATE binding SET state=?4, reason=?5, since=?6, ts=?7 "
    "WHERE place=?1 AND proto=?8 AND ip=?2 AND port=?3";

/* It was open until silence began, unless the index has it open till then. */
static const char hush_sql[] =
    "INSERT INTO past(place, proto, ip, port, since, until, state, reason, "
    "ts) SELECT place, proto, ip, port, ?6, since, ?4, ?5, ?7 FROM binding b "
    "WHERE place=?1 AND proto=?8 AND ip=?2 AND port=?3 AND NOT EXISTS("
    "SELECT 1 FROM past p WHERE p.place=?1 AND p.proto=?8 AND p.ip=?2 AND "
    "p.port=?3 AND p.until=b.since AND p.state=?4)";

static int
put_row(struct mipo_q *q, const struct pen *pen, const struct mipo_ipkey *ip,
    const struct row *row, struct mipo_err *err)
{
	mipo_q_int(q, 1, pen->place);
	mipo_q_blob(q, 2, ip->b, ip->len);
	mipo_q_int(q, 3, (int64_t)(row->key & 0xffff));
	mipo_q_int(q, 4, row->state);
	mipo_q_int(q, 5, row->reason);
	mipo_q_int(q, 6, (int64_t)pen->seq);
	mipo_q_int(q, 7, row->ts);
	mipo_q_int(q, 8, pen->proto);
	return mipo_q_run(q, err);
}

static int
write_row(struct pen *pen, const struct mipo_ipkey *ip, const struct row *row,
    struct mipo_err *err)
{
	int64_t port = (int64_t)(row->key & 0xffff);
	struct mipo_q *q = row->mark == NEW ? pen->begin : pen->change;

	if (row->mark == CHANGED) {
		mipo_q_int(pen->end, 1, pen->place);
		mipo_q_blob(pen->end, 2, ip->b, ip->len);
		mipo_q_int(pen->end, 3, port);
		mipo_q_int(pen->end, 4, (int64_t)pen->seq);
		mipo_q_int(pen->end, 5, pen->proto);
		if (mipo_q_run(pen->end, err) != 0)
			return -1;
	}
	return put_row(q, pen, ip, row, err);
}

static int
write_rows(struct pen *pen, const struct mipo_scope *scope,
    const struct row *rows, size_t n, struct mipo_err *err)
{
	uint64_t at = UINT64_MAX;
	struct mipo_ipkey key = {.len = 0};

	for (size_t i = 0; i < n; i++) {
		if (rows[i].mark == SAME)
			continue;
		if (rows[i].key >> 16 != at) {
			struct mipo_addr ip;

			at = rows[i].key >> 16;
			mipo_targets_at(scope->targets, at, &ip);
			mipo_ipkey_set(&key, &ip);
		}
		if (write_row(pen, &key, &rows[i], err) != 0)
			return -1;
	}
	return 0;
}

static int
write_hushed(struct pen *pen, const struct mipo_sheet *sheet,
    struct mipo_err *err)
{
	for (size_t i = 0; i < sheet->hushed_n; i++) {
		const struct hushed *one = &sheet->hushed[i];
		struct row still = {
		    .key = one->row.key, .state = one->state, .ts = one->ts};
		struct pen by = *pen;
		struct mipo_ipkey key;
		struct mipo_addr ip;

		by.seq = (uint64_t)one->seq;
		mipo_targets_at(
		    sheet->scope.targets, one->row.key >> 16, &ip);
		mipo_ipkey_set(&key, &ip);
		if ((one->seq != 0 &&
			put_row(pen->begin, &by, &key, &still, err) != 0) ||
		    put_row(pen->hush, pen, &key, &one->row, err) != 0)
			return -1;
	}
	return 0;
}

int
mipo_sheet_apply(struct mipo_sheet *sheet, struct mipo_db *db, int64_t place,
    uint64_t seq, struct mipo_err *err)
{
	struct pen pen = {
	    .place = place, .proto = sheet->scope.proto, .seq = seq};
	int r = -1;

	if (mipo_q_new(db, end_sql, &pen.end, err) == 0 &&
	    mipo_q_new(db, begin_sql, &pen.begin, err) == 0 &&
	    mipo_q_new(db, change_sql, &pen.change, err) == 0 &&
	    mipo_q_new(db, hush_sql, &pen.hush, err) == 0 &&
	    write_rows(&pen, &sheet->scope, sheet->rows, sheet->n, err) ==
		0 &&
	    write_hushed(&pen, sheet, err) == 0)
		r = write_rows(&pen, &sheet->scope, sheet->silent,
		    sheet->silent_n, err);
	mipo_q_done(pen.end);
	mipo_q_done(pen.begin);
	mipo_q_done(pen.change);
	mipo_q_done(pen.hush);
	return r;
}
