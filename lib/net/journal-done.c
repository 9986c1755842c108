#include "net/journal-done.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "data/rec.h"

#define INTERVALS_MAX 4000 /* of all passes of a mark */

static void
forget(struct mipo_intervals sets[MIPO_JOURNAL_PASSES])
{
	for (unsigned i = 0; i < MIPO_JOURNAL_PASSES; i++)
		mipo_intervals_release(&sets[i]);
}

void
mipo_done_release(struct mipo_done *done)
{
	forget(done->walked);
	forget(done->unsent);
	done->n_unsent = 0;
}

/* The list of pairs in rec, as they stand. */
static int
take_list(const struct mipo_rec *rec, const char *list, size_t n,
    struct mipo_intervals *ret_list, struct mipo_err *err)
{
	int64_t first, last;
	char path[96];

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(path, sizeof(path), "%s.%zu.0", list, i);
		if (!mipo_rec_int(rec, path, &first))
			break;
		(void)snprintf(path, sizeof(path), "%s.%zu.1", list, i);
		if (!mipo_rec_int(rec, path, &last))
			break;
		if (mipo_intervals_append(ret_list, (uint64_t)first,
			(uint64_t)last + 1, err) != 0)
			return -1;
		if (i + 1 == n)
			return 0;
	}
	return n == 0 ? 0 : mipo_err_set(err, MIPO_E_INPUT,
	    "not an interval");
}

static int
too_many(struct mipo_err *err)
{
	return mipo_err_set(
	    err, MIPO_E_INPUT, "more intervals than can be");
}

static int
take_passes(const struct mipo_rec *rec,
    struct mipo_intervals walked[MIPO_JOURNAL_PASSES], struct mipo_err *err)
{
	size_t budget = INTERVALS_MAX;
	char path[64];

	for (size_t i = 0; i < mipo_rec_len(rec, "passes"); i++) {
		int64_t pass = 0;
		size_t n;

		(void)snprintf(path, sizeof(path), "passes.%zu.pass", i);
		(void)mipo_rec_int(rec, path, &pass);
		(void)snprintf(path, sizeof(path), "passes.%zu.intervals", i);
		n = mipo_rec_len(rec, path);
		if (pass < 0 || pass >= MIPO_JOURNAL_PASSES || n > budget)
			return too_many(err);
		budget -= n;
		if (take_list(rec, path, n, &walked[pass], err) != 0)
			return -1;
	}
	for (unsigned i = 0; i < MIPO_JOURNAL_PASSES; i++)
		mipo_intervals_order(&walked[i]);
	return 0;
}

int
mipo_done_mark(struct mipo_done *done, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	struct mipo_intervals walked[MIPO_JOURNAL_PASSES];

	memset(walked, 0, sizeof(walked));
	if (take_passes(rec, walked, err) != 0) {
		forget(walked);
		return -1;
	}
	forget(done->walked);
	memcpy(done->walked, walked, sizeof(walked));
	return 0;
}

int
mipo_done_unsent(struct mipo_done *done, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	const size_t n = mipo_rec_len(rec, "runs");
	int64_t pass = 0;

	(void)mipo_rec_int(rec, "pass", &pass);
	if (pass < 0 || pass >= MIPO_JOURNAL_PASSES ||
	    n > MIPO_JOURNAL_UNSENT - done->n_unsent)
		return too_many(err);
	done->n_unsent += n;
	return take_list(rec, "runs", n, &done->unsent[pass], err);
}

/* Those behind the last mark, too: they can only take away. */
int
mipo_done_end(struct mipo_done *done,
    struct mipo_intervals all[MIPO_JOURNAL_PASSES], struct mipo_err *err)
{
	for (unsigned i = 0; i < MIPO_JOURNAL_PASSES; i++) {
		const struct mipo_intervals *walked = &done->walked[i];
		struct mipo_intervals left = {0};

		if (walked->n == 0)
			continue;
		for (size_t j = 0; j < walked->n; j++)
			if (mipo_intervals_append(&all[i],
				walked->items[j].first, walked->items[j].end,
				err) != 0)
				return -1;
		mipo_intervals_order(&all[i]);
		mipo_intervals_order(&done->unsent[i]);
		if (mipo_intervals_without(
			&all[i], &done->unsent[i], &left, err) != 0) {
			mipo_intervals_release(&left);
			return -1;
		}
		mipo_intervals_release(&all[i]);
		all[i] = left;
	}
	mipo_done_release(done);
	return 0;
}
