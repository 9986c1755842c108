#include "store/bindings.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/obs.h"
#include "store/covered.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/scope.h"

/* The places that a filter takes, in order of their names, by protocol. */
struct places {
	struct place {
		int64_t id;
		char network[64], vantage[64];
		enum mipo_proto proto;
	} *all;
	size_t n, cap;
};

/* One row of id and names: a place for each protocol that the filter takes. */
static int
add_place(struct mipo_q *q, const struct mipo_binding_filter *filter,
    struct places *places, struct mipo_err *err)
{
	for (enum mipo_proto i = 0; i <= MIPO_ICMP; i++) {
		void *all = places->all;
		struct place *place;

		if ((i == MIPO_ICMP) != filter->hosts)
			continue;
		if (filter->proto != NULL &&
		    strcmp(filter->proto, mipo_proto_name(i)) != 0)
			continue;
		if (mipo_grow(&all, &places->cap, places->n + 1,
			sizeof(*place), err) != 0)
			return -1;
		places->all = all;
		place = &places->all[places->n++];
		place->id = mipo_q_col_int(q, 0);
		mipo_q_copy(q, 1, place->network, sizeof(place->network));
		mipo_q_copy(q, 2, place->vantage, sizeof(place->vantage));
		place->proto = i;
	}
	return 0;
}

static int
find_places(struct mipo_db *db, const struct mipo_binding_filter *filter,
    struct places *places, struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	if (mipo_q_new(db, "SELECT id, network, vantage FROM place WHERE "
		"(?1 IS NULL OR network=?1) AND (?2 IS NULL OR vantage=?2) "
		"ORDER BY network, vantage", &q, err) != 0)
		return -1;
	mipo_q_text(q, 1, filter->network);
	mipo_q_text(q, 2, filter->vantage);
	while ((r = mipo_q_step(q, err)) > 0) {
		r = add_place(q, filter, places, err);
		if (r != 0)
			break;
	}
	mipo_q_done(q);
	return r;
}

/* LEFT JOIN: the key of binding gives the order, and no row is left out. */
static const char sql[] =
    "SELECT b.ip, b.port, b.state, b.reason, b.ts, s.scan, s.trust, s.seq "
    "FROM binding b LEFT JOIN scan s ON s.seq=b.since WHERE b.place=?1 AND "
    "b.proto=?6 AND b.ip BETWEEN ?2 AND ?3 AND (?4=0 OR b.port=?4) AND "
    "(?5=0 OR b.state=?5) ORDER BY b.ip, b.port";

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
	mipo_q_blob(q, 2, first->b, first->len);
	mipo_q_blob(q, 3, last->b, last->len);
	mipo_q_int(q, 4, filter->port);
	mipo_q_int(q, 5, filter->state);
}

static int
get_row(struct mipo_q *q, struct mipo_binding *ret_row, struct mipo_err *err)
{
	struct mipo_binding *row = ret_row;
	size_t len;
	const void *ip = mipo_q_col_blob(q, 0, &len);

	if (!mipo_ipkey_get(ip, len, &row->ip))
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the index has an address that cannot be: "
		    "mipo-store rebuild");
	if (mipo_q_col_int(q, 7) == 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the index has a binding that no look saw: "
		    "mipo-store rebuild");
	row->port = (uint16_t)mipo_q_col_int(q, 1);
	row->state = (uint8_t)mipo_q_col_int(q, 2);
	row->reason = (uint8_t)mipo_q_col_int(q, 3);
	row->since_ms = mipo_q_col_int(q, 4);
	mipo_q_copy(q, 5, row->scan, sizeof(row->scan));
	mipo_q_copy(q, 6, row->trust, sizeof(row->trust));
	return 0;
}

/* Which look found it so again, if any did. */
static void
find_check(const struct mipo_covered *covered, struct mipo_q *q,
    struct mipo_binding *binding)
{
	const struct mipo_cover_look *look =
	    mipo_covered_by(covered, &binding->ip, binding->port,
		(uint64_t)mipo_q_col_int(q, 7));

	if (look == NULL)
		return;
	if (look->seq == (uint64_t)mipo_q_col_int(q, 7))
		binding->checked_ms = binding->since_ms;
	else if (look->started_ms >= binding->since_ms) {
		binding->checked_ms = look->started_ms;
		memcpy(binding->trust, look->trust, sizeof(binding->trust));
	}
}

/* Where rows go; stop is what the callback said. */
struct sink {
	int (*row)(void *arg, const struct mipo_binding *binding);
	void *arg;
	int stop;
};

static int
one_place(struct mipo_db *db, struct mipo_q *q, const struct place *place,
    struct sink *sink, struct mipo_err *err)
{
	struct mipo_covered covered;
	const uint8_t proto = mipo_proto_number(place->proto);
	int r = mipo_covered_init(&covered, db, place->id, proto, err);

	mipo_q_again(q);
	mipo_q_int(q, 1, place->id);
	mipo_q_int(q, 6, proto);
	while (r == 0 && sink->stop == 0 && (r = mipo_q_step(q, err)) > 0) {
		struct mipo_binding binding = {.proto = (uint8_t)place->proto};

		r = get_row(q, &binding, err);
		if (r != 0)
			break;
		memcpy(binding.network, place->network, 64);
		memcpy(binding.vantage, place->vantage, 64);
		find_check(&covered, q, &binding);
		sink->stop = sink->row(sink->arg, &binding);
	}
	mipo_covered_release(&covered);
	return r;
}

int
mipo_bindings_each(struct mipo_state *state,
    const struct mipo_binding_filter *filter,
    int (*row)(void *arg, const struct mipo_binding *binding), void *arg,
    struct mipo_err *err)
{
	struct sink sink = {.row = row, .arg = arg};
	struct places places = {.n = 0};
	struct mipo_ipkey first, last;
	struct mipo_q *q = NULL;
	struct mipo_db *db;
	int r = -1;

	if (mipo_state_derived(state, &db, err) == 0 &&
	    find_places(db, filter, &places, err) == 0 &&
	    mipo_q_new(db, sql, &q, err) == 0) {
		bind(q, filter, &first, &last);
		r = 0;
	}
	for (size_t i = 0; r == 0 && i < places.n && sink.stop == 0; i++)
		r = one_place(db, q, &places.all[i], &sink, err);
	mipo_q_done(q);
	free(places.all);
	return r;
}

/*
 * What each look saw open is a binding since, but that of one which came in
 * late. *ret_least: as many there must be.
 */
static int
least(struct mipo_db *db, const struct place *place, int64_t *ret_least,
    struct mipo_err *err)
{
	int64_t most = 0, newest = INT64_MIN;
	struct mipo_q *q;
	int r;

	if (mipo_q_new(db, "SELECT started, open, weight>0 OR "
		"why='superseded' FROM scan WHERE "
		"place=?1 AND proto=?2 ORDER BY seq", &q, err) != 0)
		return -1;
	mipo_q_int(q, 1, place->id);
	mipo_q_int(q, 2, mipo_proto_number(place->proto));
	while ((r = mipo_q_step(q, err)) > 0) {
		int64_t started = mipo_q_col_int(q, 0);
		int64_t open = mipo_q_col_int(q, 1);

		if (started >= newest && open > most)
			most = open;
		if (started > newest && mipo_q_col_int(q, 2) > 0)
			newest = started;
	}
	mipo_q_done(q);
	*ret_least = most;
	return r;
}

/* Before it is said that nothing is there: rows that cannot be missing. */
static int
check_place(
    struct mipo_db *db, const struct place *place, struct mipo_err *err)
{
	int64_t due, n = 0;
	struct mipo_q *q;
	int r;

	if (least(db, place, &due, err) != 0 ||
	    mipo_q_new(db, "SELECT count(*) FROM binding WHERE place=?1 AND "
		"proto=?2", &q, err) != 0)
		return -1;
	mipo_q_int(q, 1, place->id);
	mipo_q_int(q, 2, mipo_proto_number(place->proto));
	r = mipo_q_step(q, err);
	if (r > 0)
		n = mipo_q_col_int(q, 0);
	mipo_q_done(q);
	if (r >= 0 && n < due)
		r = mipo_err_set(err, MIPO_E_TAMPERED,
		    "the index has %lld bindings where a look saw %lld open: "
		    "mipo-store rebuild", (long long)n, (long long)due);
	return r < 0 ? -1 : 0;
}

static int
check_orphans(struct mipo_db *db, struct mipo_err *err)
{
	int64_t n;

	if (mipo_db_number(db, "SELECT EXISTS(SELECT 1 FROM scan WHERE place "
		"NOT IN (SELECT id FROM place)) + EXISTS(SELECT 1 FROM "
		"binding WHERE place NOT IN (SELECT id FROM place))", 0, &n,
		err) != 0)
		return -1;
	return n == 0 ? 0
		      : mipo_err_set(err, MIPO_E_TAMPERED,
			    "the index has rows of no place: mipo-store "
			    "rebuild");
}

static int
add_cover(struct mipo_db *db, const struct place *place,
    const struct mipo_binding_filter *filter,
    struct mipo_bindings_cover *cover, struct mipo_err *err)
{
	struct mipo_covered covered;
	int r = mipo_covered_init(&covered, db, place->id,
	    mipo_proto_number(place->proto), err);

	if (r == 0 &&
	    mipo_covered_some(&covered, &filter->first, &filter->last,
		filter->port, true))
		cover->told |= 1U << place->proto;
	if (r == 0 &&
	    mipo_covered_some(&covered, &filter->first, &filter->last,
		filter->port, false))
		cover->untold |= 1U << place->proto;
	mipo_covered_release(&covered);
	return r;
}

int
mipo_bindings_covered(struct mipo_state *state,
    const struct mipo_binding_filter *filter,
    struct mipo_bindings_cover *ret_cover, struct mipo_err *err)
{
	struct mipo_bindings_cover cover = {.told = 0};
	struct places places = {.n = 0};
	struct mipo_db *db;
	int r = -1;

	if (mipo_state_derived(state, &db, err) == 0 &&
	    check_orphans(db, err) == 0)
		r = find_places(db, filter, &places, err);
	for (size_t i = 0; r == 0 && i < places.n; i++)
		r = check_place(db, &places.all[i], err);
	for (size_t i = 0; r == 0 && i < places.n; i++)
		r = add_cover(db, &places.all[i], filter, &cover, err);
	free(places.all);
	if (r == 0)
		*ret_cover = cover;
	return r;
}
