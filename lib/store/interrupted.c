#include "store/interrupted.h"

#include <stddef.h>

#include "base/err.h"
#include "data/obs.h"
#include "data/rec.h"
#include "data/shard.h"
#include "store/sheet.h"
#include "trust/hash.h"
#include "trust/look.h"

/* Of the pairs that were listed; what is silent was perhaps never probed. */
static struct mipo_rec *
counts(const struct mipo_sheet *sheet, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_new(err);
	uint64_t n[MIPO_STATE_N];

	mipo_sheet_counts(sheet, n);
	for (unsigned i = MIPO_OPEN; rec != NULL && i < MIPO_STATE_N; i++) {
		const char *name = mipo_sheet_count_name(sheet, i);

		if (name != NULL)
			mipo_rec_put_int(rec, name, (int64_t)n[i]);
	}
	return rec;
}

struct mipo_rec *
mipo_interrupted_end(const struct mipo_look *look,
    const struct mipo_sheet *sheet, uint64_t lines, struct mipo_err *err)
{
	const struct mipo_rec *start = mipo_sheet_start(sheet);
	struct mipo_rec *end = mipo_rec_start("scan.end", err);
	uint8_t digest[MIPO_HASH_LEN];
	int64_t planned = 0;
	uint64_t shard, shards;
	const char *why = mipo_look_missing(look) > 0
	    ? "the stream ended inside its scope"
	    : "the stream ended without scan.end";

	if (end == NULL)
		return NULL;
	(void)mipo_rec_int(start, "planned", &planned);
	mipo_look_digest(look, digest);
	mipo_rec_put_str(end, "scan", mipo_rec_str(start, "scan"));
	mipo_rec_put_str(end, "started", mipo_rec_str(start, "ts"));
	mipo_rec_put_int(end, "planned", planned);
	if (mipo_shard_get(start, &shard, &shards)) {
		mipo_rec_put_int(end, "shard", (int64_t)shard);
		mipo_rec_put_int(end, "shards", (int64_t)shards);
	}
	mipo_rec_put_rec_take(end,
	    mipo_sheet_is_hosts(sheet) ? "hosts" : "counts",
	    counts(sheet, err));
	mipo_rec_put_str(end, "verdict", "interrupted");
	mipo_rec_add_str(end, "reasons", why);
	mipo_rec_put_int(end, "records", (int64_t)lines);
	mipo_rec_put_hex(end, "stream_sha256", digest, sizeof(digest));
	mipo_rec_put_str(end, "key", "none");
	mipo_rec_put_str(end, "signed", "none");
	mipo_rec_put_str(end, "origin", "store");
	if (mipo_rec_ok(end, err) == 0)
		return end;
	mipo_rec_free(end);
	return NULL;
}
