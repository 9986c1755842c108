#include "base/err.h"
#include "data/rec.h"
#include "net/resume.h"
#include "net/scanner-impl.h"

#define INTERVALS_MAX 500 /* of all passes */

static void
put_passes(
    const struct mipo_scanner *scan, struct mipo_rec *rec, struct mipo_err *err)
{
	size_t budget = INTERVALS_MAX;

	mipo_rec_put_list(rec, "passes");
	for (unsigned i = 0; i < scan->tally.n_passes; i++) {
		const struct mipo_tally_pass *pass = &scan->tally.passes[i];
		struct mipo_rec *sub = mipo_rec_new(err);

		mipo_rec_put_int(sub, "pass", i);
		mipo_rec_put_list(sub, "intervals");
		for (size_t j = 0; j < pass->walked.n && budget > 0;
		     j++, budget--)
			mipo_rec_add_pair(sub, "intervals",
			    (int64_t)pass->walked.items[j].first,
			    (int64_t)pass->walked.items[j].end - 1);
		mipo_rec_put_int(sub, "probes", (int64_t)pass->probes);
		if (mipo_rec_len(sub, "intervals") < pass->walked.n)
			mipo_rec_put_bool(sub, "more", true);
		mipo_rec_add_rec_take(rec, "passes", sub);
	}
}

static void
put_shard(const struct mipo_scanner *scan, struct mipo_rec *rec)
{
	const struct mipo_scanner_config *config = &scan->config;

	if (config->shards <= 1)
		return;
	mipo_rec_put_int(rec, "shard", (int64_t)config->shard);
	mipo_rec_put_int(rec, "shards", (int64_t)config->shards);
	mipo_rec_put_int(rec, "scope_pairs", (int64_t)scan->space->pairs);
}

void
mipo_scanner_report_order(const struct mipo_scanner *scan,
    struct mipo_rec *rec, struct mipo_err *err)
{
	struct mipo_rec *sub = mipo_rec_new(err);
	const uint64_t segments = scan->segments;

	mipo_rec_put_str(
	    sub, "id", segments > 1 ? MIPO_PERM_CUT_ID : MIPO_PERM_ID);
	mipo_rec_put_hex(sub, "key", scan->perm_key, sizeof(scan->perm_key));
	if (segments > 1)
		mipo_rec_put_int(sub, "segments", (int64_t)segments);
	mipo_rec_put_rec_take(rec, "permutation", sub);
	put_shard(scan, rec);
	mipo_resume_report(scan, rec, err);
	put_passes(scan, rec, err);
}
