#include "store/later.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/addr.h"
#include "data/cover.h"
#include "data/target.h"
#include "store/db.h"
#include "store/scope.h"
#include "store/weight.h"

struct look {
	struct mipo_scope scope;
	int64_t seq, started_ms;
};

struct mipo_later {
	struct look *looks; /* the first that began first */
	size_t n, cap;
};

static int
add(struct mipo_later *later, struct mipo_q *q, struct mipo_err *err)
{
	void *looks = later->looks;
	size_t len;
	const void *start = mipo_q_col_blob(q, 0, &len);
	struct look *look;

	if (mipo_grow(&looks, &later->cap, later->n + 1,
		sizeof(*later->looks), err) != 0)
		return -1;
	later->looks = looks;
	look = &later->looks[later->n++];
	look->seq = mipo_q_col_int(q, 1);
	look->started_ms = mipo_q_col_int(q, 2);
	return mipo_scope_load(&look->scope, start, len, err);
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
	if (mipo_q_new(db, "SELECT start, seq, started FROM scan WHERE "
		"place=?1 AND started>?2 AND weight>=?3 ORDER BY started, "
		"seq", &q, err) != 0)
		goto out;
	mipo_q_int(q, 1, place);
	mipo_q_int(q, 2, started_ms);
	mipo_q_int(q, 3,
	    weight > MIPO_WEIGHT_UNSIGNED ? weight : MIPO_WEIGHT_UNSIGNED);
	while ((r = mipo_q_step(q, err)) > 0) {
		r = add(later, q, err);
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
		mipo_scope_release(&later->looks[i].scope);
	free(later->looks);
	free(later);
}

static bool
holds(const struct look *look, const struct mipo_scope *scope,
    const struct mipo_addr *ip, uint16_t port)
{
	uint64_t key;

	return look->scope.proto == scope->proto &&
	    mipo_scope_key(&look->scope, ip, port, &key);
}

bool
mipo_later_covers(const struct mipo_later *later,
    const struct mipo_scope *scope, uint64_t key)
{
	struct mipo_addr ip;

	if (later->n == 0)
		return false;
	mipo_targets_at(scope->targets, key >> 16, &ip);
	for (size_t i = 0; i < later->n; i++)
		if (holds(&later->looks[i], scope, &ip, (uint16_t)key))
			return true;
	return false;
}

void
mipo_later_ask(const struct mipo_later *later,
    const struct mipo_scope *scope, uint64_t key,
    struct mipo_later_word *ret_word)
{
	struct mipo_later_word word = {.settled = false};
	struct mipo_addr ip;

	if (later->n > 0)
		mipo_targets_at(scope->targets, key >> 16, &ip);
	for (size_t i = 0; i < later->n && !word.settled; i++) {
		const struct look *look = &later->looks[i];

		if (!holds(look, scope, &ip, (uint16_t)key))
			continue;
		word.settled = mipo_cover_tells_open(look->scope.cover);
		if (word.state != 0)
			continue;
		word.state = (uint8_t)mipo_cover_silent(look->scope.cover);
		word.seq = look->seq;
		word.started_ms = look->started_ms;
	}
	*ret_word = word;
}
