#include "store/later.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/addr.h"
#include "data/target.h"
#include "store/db.h"
#include "store/scope.h"
#include "store/weight.h"

struct mipo_later {
	struct mipo_scope *scopes;
	size_t n, cap;
};

static int
add(struct mipo_later *later, const void *start, size_t len,
    struct mipo_err *err)
{
	void *scopes = later->scopes;

	if (mipo_grow(&scopes, &later->cap, later->n + 1,
		sizeof(*later->scopes), err) != 0)
		return -1;
	later->scopes = scopes;
	return mipo_scope_load(&later->scopes[later->n++], start, len, err);
}

int
mipo_later_new(struct mipo_db *db, int64_t place, int64_t started_ms,
    int weight, struct mipo_later **ret_later, struct mipo_err *err)
{
	struct mipo_later *later = mipo_calloc(1, sizeof(*later), err);
	struct mipo_q *q = NULL;
	int r = -1;

	if (later == NULL)
		return -1;
	if (mipo_q_new(db, "SELECT start FROM scan WHERE place=?1 AND "
		"started>?2 AND weight>=?3", &q, err) != 0)
		goto out;
	mipo_q_int(q, 1, place);
	mipo_q_int(q, 2, started_ms);
	mipo_q_int(q, 3,
	    weight > MIPO_WEIGHT_UNSIGNED ? weight : MIPO_WEIGHT_UNSIGNED);
	while ((r = mipo_q_step(q, err)) > 0) {
		size_t len;
		const void *start = mipo_q_col_blob(q, 0, &len);

		r = add(later, start, len, err);
		if (r != 0)
			break;
	}
out:
	mipo_q_done(q);
	if (r != 0)
		mipo_later_free(later);
	else
		*ret_later = later;
	return r;
}

void
mipo_later_free(struct mipo_later *later)
{
	if (later == NULL)
		return;
	for (size_t i = 0; i < later->n; i++)
		mipo_scope_release(&later->scopes[i]);
	free(later->scopes);
	free(later);
}

bool
mipo_later_covers(const struct mipo_later *later,
    const struct mipo_scope *scope, uint64_t key)
{
	struct mipo_addr ip;
	uint64_t other;

	if (later->n == 0)
		return false;
	mipo_targets_at(scope->targets, key >> 16, &ip);
	for (size_t i = 0; i < later->n; i++)
		if (later->scopes[i].proto == scope->proto &&
		    mipo_scope_key(&later->scopes[i], &ip, (uint16_t)key,
			&other))
			return true;
	return false;
}
