#include "data/shard.h"

#include <string.h>

#include "base/err.h"
#include "data/rec.h"

uint64_t
mipo_shard_begin(uint64_t pairs, uint64_t i, uint64_t n)
{
	return (uint64_t)((unsigned __int128)pairs * i / n);
}

bool
mipo_shard_get(
    const struct mipo_rec *rec, uint64_t *ret_shard, uint64_t *ret_shards)
{
	int64_t shard = 0, shards = 0;

	if (!mipo_rec_int(rec, "shard", &shard) ||
	    !mipo_rec_int(rec, "shards", &shards) || shard < 1 ||
	    shard > shards)
		return false;
	*ret_shard = (uint64_t)shard;
	*ret_shards = (uint64_t)shards;
	return true;
}

int
mipo_shard_check(const struct mipo_rec *rec, struct mipo_err *err)
{
	int64_t shard = 0, shards = 0;
	uint64_t i, n;

	if ((!mipo_rec_has(rec, "shard") && !mipo_rec_has(rec, "shards")) ||
	    mipo_shard_get(rec, &i, &n))
		return 0;
	(void)mipo_rec_int(rec, "shard", &shard);
	(void)mipo_rec_int(rec, "shards", &shards);
	return mipo_err_set(err, MIPO_E_TAMPERED,
	    "%s: shard is %lld, shards is %lld", mipo_rec_str(rec, "type"),
	    (long long)shard, (long long)shards);
}

uint64_t
mipo_shard_pairs(const struct mipo_rec *rec, uint64_t pairs)
{
	uint64_t i, n;

	if (!mipo_shard_get(rec, &i, &n))
		return pairs;
	return mipo_shard_begin(pairs, i, n) -
	    mipo_shard_begin(pairs, i - 1, n);
}

const char *
mipo_shard_verdict(const struct mipo_rec *end)
{
	const char *verdict = mipo_rec_str(end, "verdict");
	uint64_t i, n;

	if (verdict == NULL)
		return "";
	if (strcmp(verdict, "complete") == 0 && mipo_shard_get(end, &i, &n))
		return "incomplete";
	return verdict;
}
