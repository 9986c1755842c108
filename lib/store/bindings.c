#include "store/bindings.h"

#include <string.h>

#include "base/err.h"
#include "store/covered.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/scope.h"

static const char sql[] =
    "SELECT b.place, p.network, p.vantage, b.ip, b.port, b.state, b.reason, "
    "b.ts, s.scan, s.trust FROM binding b JOIN place p ON p.id=b.place "
    "JOIN scan s ON s.seq=b.since WHERE (?1 IS NULL OR p.network=?1) AND "
    "(?2 IS NULL OR p.vantage=?2) AND b.proto=6 AND b.ip BETWEEN ?3 AND ?4 "
    "AND (?5=0 OR b.port=?5) AND (?6=0 OR b.state=?6) "
    "ORDER BY p.network, p.vantage, b.place, b.ip, b.port";

static void
bind(struct mipo_q *q, const struct mipo_binding_filter *filter,
    struct mipo_ipkey *first, struct mipo_ipkey *last)
{
	*first = (struct mipo_ipkey){.b = {0}, .len = 1};
	*last = (struct mipo_ipkey){.b = {0xff}, .len = 1};
	if (filter->first.family != 0) {
		mipo_ipkey_set(first, &filter->first);
		mipo_ipkey_set(last, &filter->last);
	}
	mipo_q_text(q, 1, filter->network);
	mipo_q_text(q, 2, filter->vantage);
	mipo_q_blob(q, 3, first->b, first->len);
	mipo_q_blob(q, 4, last->b, last->len);
	mipo_q_int(q, 5, filter->port);
	mipo_q_int(q, 6, filter->state);
}

static int
get_row(struct mipo_q *q, struct mipo_binding *ret_row, struct mipo_err *err)
{
	struct mipo_binding *row = ret_row;
	size_t len;
	const void *ip = mipo_q_col_blob(q, 3, &len);

	memset(row, 0, sizeof(*row));
	if (!mipo_ipkey_get(ip, len, &row->ip))
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the index has an address that cannot be: "
		    "mipo-store rebuild");
	mipo_q_copy(q, 1, row->network, sizeof(row->network));
	mipo_q_copy(q, 2, row->vantage, sizeof(row->vantage));
	row->port = (uint16_t)mipo_q_col_int(q, 4);
	row->state = (uint8_t)mipo_q_col_int(q, 5);
	row->reason = (uint8_t)mipo_q_col_int(q, 6);
	row->since_ms = mipo_q_col_int(q, 7);
	mipo_q_copy(q, 8, row->scan, sizeof(row->scan));
	mipo_q_copy(q, 9, row->trust, sizeof(row->trust));
	return 0;
}

/* Rows come place by place, so that one place's looks are kept at a time. */
static int
each(struct mipo_db *db, struct mipo_q *q, struct mipo_covered *covered,
    int (*row)(void *arg, const struct mipo_binding *binding), void *arg,
    struct mipo_err *err)
{
	int r;

	while ((r = mipo_q_step(q, err)) > 0) {
		struct mipo_binding binding;
		int64_t place = mipo_q_col_int(q, 0);

		if (place != covered->place) {
			mipo_covered_release(covered);
			if (mipo_covered_init(covered, db, place, err) != 0)
				return -1;
		}
		if (get_row(q, &binding, err) != 0)
			return -1;
		binding.checked_ms = mipo_covered_when(
		    covered, &binding.ip, binding.port);
		if (row(arg, &binding) != 0)
			return 0;
	}
	return r;
}

int
mipo_bindings_each(struct mipo_state *state,
    const struct mipo_binding_filter *filter,
    int (*row)(void *arg, const struct mipo_binding *binding), void *arg,
    struct mipo_err *err)
{
	struct mipo_covered covered = {.place = 0};
	struct mipo_ipkey first, last;
	struct mipo_db *db;
	struct mipo_q *q;
	int r;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db, sql, &q, err) != 0)
		return -1;
	bind(q, filter, &first, &last);
	r = each(db, q, &covered, row, arg, err);
	mipo_q_done(q);
	mipo_covered_release(&covered);
	return r;
}

int
mipo_bindings_covered(struct mipo_state *state,
    const struct mipo_binding_filter *filter, bool *ret_covered,
    struct mipo_err *err)
{
	struct mipo_covered covered;
	struct mipo_db *db;
	struct mipo_q *q;
	bool yes = false;
	int r;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db, "SELECT id FROM place WHERE (?1 IS NULL OR "
		"network=?1) AND (?2 IS NULL OR vantage=?2)", &q, err) != 0)
		return -1;
	mipo_q_text(q, 1, filter->network);
	mipo_q_text(q, 2, filter->vantage);
	while (!yes && (r = mipo_q_step(q, err)) > 0) {
		r = mipo_covered_init(
		    &covered, db, mipo_q_col_int(q, 0), err);
		yes = r == 0 &&
		    mipo_covered_some(&covered, &filter->first,
			&filter->last, filter->port);
		mipo_covered_release(&covered);
		if (r != 0)
			break;
	}
	mipo_q_done(q);
	if (r >= 0)
		*ret_covered = yes;
	return r < 0 ? -1 : 0;
}
