#include "store/covered.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/addr.h"
#include "data/cover.h"
#include "data/ports.h"
#include "data/target.h"
#include "store/db.h"
#include "store/weight.h"

static int
add(struct mipo_covered *covered, struct mipo_q *q, struct mipo_err *err)
{
	struct mipo_cover_look *look;
	void *looks = covered->looks;
	size_t len;
	const void *start = mipo_q_col_blob(q, 0, &len);

	if (mipo_grow(&looks, &covered->cap, covered->n + 1,
		sizeof(*covered->looks), err) != 0)
		return -1;
	covered->looks = looks;
	look = &covered->looks[covered->n++];
	look->started_ms = mipo_q_col_int(q, 2);
	look->seq = (uint64_t)mipo_q_col_int(q, 3);
	mipo_q_copy(q, 4, look->trust, sizeof(look->trust));
	return mipo_scope_load(&look->scope, start, len, err);
}

int
mipo_covered_init(struct mipo_covered *covered, struct mipo_db *db,
    int64_t place, uint8_t proto, struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	memset(covered, 0, sizeof(*covered));
	covered->place = place;
	/*
	 * SQLite: beside max(), the others are of the row that has the
	 * maximum. Times are below 2^53 ms.
	 */
	if (mipo_q_new(db, "SELECT start, max((weight << 54) + started), "
		"started, seq, trust FROM scan WHERE place=?1 AND proto=?3 "
		"AND weight>=?2 GROUP BY scope ORDER BY 2 DESC", &q, err) != 0)
		return -1;
	mipo_q_int(q, 1, place);
	mipo_q_int(q, 2, MIPO_WEIGHT_UNSIGNED);
	mipo_q_int(q, 3, proto);
	while ((r = mipo_q_step(q, err)) > 0) {
		r = add(covered, q, err);
		if (r != 0)
			break;
	}
	mipo_q_done(q);
	return r;
}

void
mipo_covered_release(struct mipo_covered *covered)
{
	for (size_t i = 0; i < covered->n; i++)
		mipo_scope_release(&covered->looks[i].scope);
	free(covered->looks);
	memset(covered, 0, sizeof(*covered));
}

/* Whether a pair that it covers can be told from one that it left out. */
static bool
tells_all(const struct mipo_cover *cover)
{
	return mipo_cover_silent(cover) != MIPO_UNKNOWN ||
	    (mipo_cover_lists(cover, MIPO_OPEN) &&
		mipo_cover_lists(cover, MIPO_CLOSED) &&
		(mipo_cover_lists(cover, MIPO_FILTERED) ||
		    mipo_cover_lists(cover, MIPO_OPEN_FILTERED)));
}

const struct mipo_cover_look *
mipo_covered_by(const struct mipo_covered *covered,
    const struct mipo_addr *ip, uint16_t port, uint64_t seq)
{
	uint64_t key;

	for (size_t i = 0; i < covered->n; i++) {
		const struct mipo_cover_look *look = &covered->looks[i];

		if ((look->seq == seq || tells_all(look->scope.cover)) &&
		    mipo_scope_key(&look->scope, ip, port, &key))
			return look;
	}
	return NULL;
}

static bool
overlaps(const struct mipo_scope *scope, const struct mipo_addr *first,
    const struct mipo_addr *last)
{
	size_t n;
	const struct mipo_range *ranges =
	    mipo_targets_ranges(scope->targets, &n);

	for (size_t i = 0; i < n; i++)
		if (mipo_addr_cmp(&ranges[i].first, last) <= 0 &&
		    mipo_addr_cmp(first, &ranges[i].last) <= 0)
			return true;
	return false;
}

bool
mipo_covered_some(const struct mipo_covered *covered,
    const struct mipo_addr *first, const struct mipo_addr *last,
    uint16_t port, bool tells)
{
	for (size_t i = 0; i < covered->n; i++) {
		const struct mipo_scope *scope = &covered->looks[i].scope;

		if (mipo_cover_tells_open(scope->cover) != tells)
			continue;
		if (port != 0 && !mipo_ports_has(scope->ports, port))
			continue;
		if (first->family == 0 || overlaps(scope, first, last))
			return true;
	}
	return false;
}
