#include "store/covered.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/addr.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/target.h"
#include "store/db.h"

static int
add(struct mipo_covered *covered, struct mipo_q *q, struct mipo_err *err)
{
	struct mipo_rec *rec = NULL;
	void *looks = covered->looks;
	size_t len;
	const void *start = mipo_q_col_blob(q, 0, &len);
	int r = -1;

	if (mipo_rec_parse(start, len, &rec, err) != 0 ||
	    mipo_grow(&looks, &covered->cap, covered->n + 1,
		sizeof(*covered->looks), err) != 0)
		goto out;
	covered->looks = looks;
	covered->looks[covered->n].started_ms = mipo_q_col_int(q, 1);
	r = mipo_scope_init(&covered->looks[covered->n++].scope, rec, err);
out:
	mipo_rec_free(rec);
	return r;
}

int
mipo_covered_init(struct mipo_covered *covered, struct mipo_db *db,
    int64_t place, struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	memset(covered, 0, sizeof(*covered));
	covered->place = place;
	/* SQLite: beside max(), start is of the row that has the maximum. */
	if (mipo_q_new(db, "SELECT start, max(started) FROM scan WHERE "
		"place=?1 AND verdict='complete' GROUP BY scope "
		"ORDER BY 2 DESC", &q, err) != 0)
		return -1;
	mipo_q_int(q, 1, place);
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

int64_t
mipo_covered_when(const struct mipo_covered *covered,
    const struct mipo_addr *ip, uint16_t port)
{
	uint64_t key;

	for (size_t i = 0; i < covered->n; i++)
		if (mipo_scope_key(&covered->looks[i].scope, ip, port, &key))
			return covered->looks[i].started_ms;
	return 0;
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
    uint16_t port)
{
	for (size_t i = 0; i < covered->n; i++) {
		const struct mipo_scope *scope = &covered->looks[i].scope;

		if (port != 0 && !mipo_ports_has(scope->ports, port))
			continue;
		if (first->family == 0 || overlaps(scope, first, last))
			return true;
	}
	return false;
}
