#include "store/arrivals.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/cover.h"
#include "data/obs.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/scope.h"
#include "store/weight.h"

/* A look cannot have begun after it was recorded, whatever it says. */
#define BEGAN "min(started, logged)"

/* The first look of a scope that concludes. */
struct first {
	struct mipo_scope scope;
	int64_t began_ms, seq;
};

/* A look that bindings are of, and whether others went before it. */
struct since {
	int64_t seq;
	bool later;
};

struct place {
	struct mipo_db *db;
	int64_t id;
	struct first *firsts;
	size_t n_firsts, cap_firsts;
	struct since *sinces;
	size_t n_sinces, cap_sinces;
};

static void
release(struct place *place)
{
	for (size_t i = 0; i < place->n_firsts; i++)
		mipo_scope_release(&place->firsts[i].scope);
	free(place->firsts);
	free(place->sinces);
	memset(place, 0, sizeof(*place));
}

/* A row of start, when it began, and seq. */
static int
read_look(struct mipo_q *q, struct first *look, struct mipo_err *err)
{
	size_t len;
	const void *start = mipo_q_col_blob(q, 0, &len);

	look->began_ms = mipo_q_col_int(q, 1);
	look->seq = mipo_q_col_int(q, 2);
	return mipo_scope_load(&look->scope, start, len, err);
}

static int
read_firsts(struct place *place, struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	/* SQLite: beside min(), the others are of the row that has it. */
	if (mipo_q_new(place->db, "SELECT start, min(" BEGAN "), seq FROM "
		"scan WHERE place=?1 AND weight>=?2 GROUP BY scope", &q,
		err) != 0)
		return -1;
	mipo_q_int(q, 1, place->id);
	mipo_q_int(q, 2, MIPO_WEIGHT_UNSIGNED);
	while ((r = mipo_q_step(q, err)) > 0) {
		void *firsts = place->firsts;

		r = mipo_grow(&firsts, &place->cap_firsts,
		    place->n_firsts + 1, sizeof(*place->firsts), err);
		if (r != 0)
			break;
		place->firsts = firsts;
		r = read_look(q, &place->firsts[place->n_firsts++], err);
		if (r != 0)
			break;
	}
	mipo_q_done(q);
	return r;
}

static bool
went_before(const struct first *first, const struct first *look)
{
	if (first->began_ms != look->began_ms)
		return first->began_ms < look->began_ms;
	return first->seq < look->seq;
}

static int
ask(const struct place *place, int64_t seq, bool *ret_later,
    struct mipo_err *err)
{
	struct first look = {.seq = 0};
	struct mipo_q *q;
	int r;

	if (mipo_q_new(place->db, "SELECT start, " BEGAN ", seq FROM scan "
		"WHERE seq=?1", &q, err) != 0)
		return -1;
	mipo_q_int(q, 1, seq);
	r = mipo_q_step(q, err);
	if (r > 0)
		r = read_look(q, &look, err);
	mipo_q_done(q);
	*ret_later = false;
	for (size_t i = 0; r == 0 && i < place->n_firsts; i++)
		if (went_before(&place->firsts[i], &look) &&
		    mipo_cover_common(
			place->firsts[i].scope.cover, look.scope.cover) > 0)
			*ret_later = true;
	mipo_scope_release(&look.scope);
	return r;
}

/* Bindings are many, the looks that they are of are few. */
static int
is_later(struct place *place, int64_t seq, bool *ret_later,
    struct mipo_err *err)
{
	void *sinces = place->sinces;

	for (size_t i = 0; i < place->n_sinces; i++)
		if (place->sinces[i].seq == seq) {
			*ret_later = place->sinces[i].later;
			return 0;
		}
	if (ask(place, seq, ret_later, err) != 0 ||
	    mipo_grow(&sinces, &place->cap_sinces, place->n_sinces + 1,
		sizeof(*place->sinces), err) != 0)
		return -1;
	place->sinces = sinces;
	place->sinces[place->n_sinces++] = (struct since){seq, *ret_later};
	return 0;
}

static int
enter(struct place *place, int64_t id, struct mipo_err *err)
{
	struct mipo_db *db = place->db;

	release(place);
	place->db = db;
	place->id = id;
	return read_firsts(place, err);
}

static int
one(struct place *place, struct mipo_q *q, struct mipo_arrival *arrival,
    struct mipo_err *err)
{
	size_t len;
	const void *ip = mipo_q_col_blob(q, 3, &len);

	if (mipo_q_col_int(q, 0) != place->id &&
	    enter(place, mipo_q_col_int(q, 0), err) != 0)
		return -1;
	if (!mipo_ipkey_get(ip, len, &arrival->ip))
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the index has an address that cannot be: "
		    "mipo-store rebuild");
	arrival->port = (uint16_t)mipo_q_col_int(q, 4);
	arrival->proto = mipo_proto_of(mipo_q_col_int(q, 6));
	mipo_q_copy(q, 1, arrival->network, sizeof(arrival->network));
	mipo_q_copy(q, 2, arrival->vantage, sizeof(arrival->vantage));
	mipo_q_copy(q, 7, arrival->heard, sizeof(arrival->heard));
	arrival->heard_ms = mipo_q_col_int(q, 8);
	return is_later(
	    place, mipo_q_col_int(q, 5), &arrival->came_up, err);
}

#define OF_IT "place=b.place AND proto=b.proto AND ip=b.ip AND port=b.port AND "
#define SHUT "coalesce((SELECT max(since) FROM past WHERE " OF_IT \
	"state NOT IN (?1, ?2)), 0)"
#define HEARD(which) "(SELECT " which "(since) FROM past WHERE " OF_IT \
	"state=?1 AND since>" SHUT ")"

/*
 * The open bindings, and those that were when they last were not silent. Of
 * each the first look that found it open since one last found it not open:
 * open|filtered, between the two, is neither.
 */
static const char open_sql[] =
    "SELECT p.id, p.network, p.vantage, b.ip, b.port, coalesce(" HEARD("min")
    ", b.since), b.proto, coalesce(s.scan, ''), coalesce(s.logged, 0) FROM "
    "place p JOIN binding b ON b.place=p.id LEFT JOIN scan s ON s.seq="
    "CASE b.state WHEN ?2 THEN " HEARD("max") " END WHERE b.proto!=?3 AND "
    "(b.state=?1 OR s.seq IS NOT NULL) "
    "ORDER BY p.network, p.vantage, b.proto, b.ip, b.port";

int
mipo_arrivals_each(struct mipo_state *state,
    int (*row)(void *arg, const struct mipo_arrival *arrival), void *arg,
    struct mipo_err *err)
{
	struct place place = {.id = 0};
	struct mipo_q *q = NULL;
	int r;

	if (mipo_state_derived(state, &place.db, err) != 0 ||
	    mipo_q_new(place.db, open_sql, &q, err) != 0)
		return -1;
	mipo_q_int(q, 1, MIPO_OPEN);
	mipo_q_int(q, 2, MIPO_OPEN_FILTERED);
	mipo_q_int(q, 3, mipo_proto_number(MIPO_ICMP));
	while ((r = mipo_q_step(q, err)) > 0) {
		struct mipo_arrival arrival;

		r = one(&place, q, &arrival, err);
		if (r != 0 || row(arg, &arrival) != 0)
			break;
	}
	mipo_q_done(q);
	release(&place);
	return r < 0 ? -1 : 0;
}
