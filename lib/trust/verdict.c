#include "trust/verdict.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "data/rec.h"
#include "data/shard.h"

#define LOSS_MAX_PPM 10000

/* Where a scan was killed, the two may be of slightly different times. */
static int
check_accepted(const struct mipo_rec *end, struct mipo_err *err)
{
	int64_t attempted = 0, accepted = 0;
	bool uncounted = false;

	(void)mipo_rec_bool(end, "resumed.uncounted", &uncounted);
	(void)mipo_rec_int(end, "attempted", &attempted);
	(void)mipo_rec_int(end, "accepted", &accepted);
	if (uncounted || accepted <= attempted)
		return 0;
	return mipo_err_set(err, MIPO_E_TAMPERED,
	    "scan.end: accepted is %lld, attempted only %lld",
	    (long long)accepted, (long long)attempted);
}

static int
number_is_zero(
    const struct mipo_rec *end, const char *key, struct mipo_err *err)
{
	int64_t n = 0;

	(void)mipo_rec_int(end, key, &n);
	if (n <= 0)
		return 0;
	return mipo_err_set(err, MIPO_E_TAMPERED,
	    "scan.end: verdict is complete, %s is %lld, due is 0", key,
	    (long long)n);
}

static int
check_numbers(const struct mipo_rec *end, struct mipo_err *err)
{
	int64_t loss = 0;

	if (number_is_zero(end, "capture_drops", err) != 0 ||
	    number_is_zero(end, "unknown", err) != 0)
		return -1;
	(void)mipo_rec_int(end, "loss_ppm", &loss);
	if (loss <= LOSS_MAX_PPM)
		return 0;
	return mipo_err_set(err, MIPO_E_TAMPERED,
	    "scan.end: verdict is complete, loss_ppm is %lld, due is at most "
	    "%d", (long long)loss, LOSS_MAX_PPM);
}

/* Errors are none that had no pair unprobed in the end. */
static int
check_errors(const struct mipo_rec *end, struct mipo_err *err)
{
	char path[64];

	for (size_t i = 0; i < mipo_rec_len(end, "send_errors"); i++) {
		bool more = false;

		(void)snprintf(path, sizeof(path), "send_errors.%zu.more", i);
		(void)mipo_rec_bool(end, path, &more);
		(void)snprintf(
		    path, sizeof(path), "send_errors.%zu.indices", i);
		if (more || mipo_rec_len(end, path) > 0)
			return mipo_err_set(err, MIPO_E_TAMPERED,
			    "scan.end: verdict is complete, %s has pairs "
			    "that no probe left for", path);
	}
	return 0;
}

static int
check_canaries(const struct mipo_rec *end, struct mipo_err *err)
{
	char path[48];
	bool seen = true;
	int i = 0;

	do
		(void)snprintf(path, sizeof(path), "canaries.%d.seen", i++);
	while (mipo_rec_bool(end, path, &seen) && seen);
	return seen
	    ? 0
	    : mipo_err_set(err, MIPO_E_TAMPERED,
		  "scan.end: verdict is complete, canaries has one that was "
		  "not seen");
}

/* The places of one pass, from *at on as far as they go without a gap. */
static void
walk(const struct mipo_rec *end, size_t pass, uint64_t *at, bool *ret_more)
{
	char path[80];
	int64_t first, last;
	size_t n;

	(void)snprintf(path, sizeof(path), "passes.%zu.more", pass);
	(void)mipo_rec_bool(end, path, ret_more);
	(void)snprintf(path, sizeof(path), "passes.%zu.intervals", pass);
	n = mipo_rec_len(end, path);
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(path, sizeof(path),
		    "passes.%zu.intervals.%zu.0", pass, i);
		if (!mipo_rec_int(end, path, &first))
			continue;
		(void)snprintf(path, sizeof(path),
		    "passes.%zu.intervals.%zu.1", pass, i);
		if (mipo_rec_int(end, path, &last) && first >= 0 &&
		    (uint64_t)first <= *at && last >= first &&
		    (uint64_t)last >= *at)
			*at = (uint64_t)last + 1;
	}
}

/* All of the order was walked, or of its shard: by the first pass. */
static int
check_passes(
    const struct mipo_rec *end, uint64_t pairs, struct mipo_err *err)
{
	const size_t n = mipo_rec_len(end, "passes");
	uint64_t shard = 1, shards = 1, at, to;
	bool more = false;

	(void)mipo_shard_get(end, &shard, &shards);
	at = mipo_shard_begin(pairs, shard - 1, shards);
	to = mipo_shard_begin(pairs, shard, shards);
	for (size_t i = 0; i < n && at < to; i++)
		walk(end, i, &at, &more);
	if (at >= to || more)
		return 0;
	return mipo_err_set(err, MIPO_E_TAMPERED,
	    "scan.end: verdict is complete, passes lacks place %llu of the "
	    "order, due are all up to %llu", (unsigned long long)at,
	    (unsigned long long)(to - 1));
}

int
mipo_verdict_check(
    const struct mipo_rec *end, uint64_t pairs, struct mipo_err *err)
{
	if (mipo_shard_check(end, err) != 0 || check_accepted(end, err) != 0)
		return -1;
	if (strcmp(mipo_rec_str(end, "verdict"), "complete") != 0)
		return 0;
	if (check_numbers(end, err) != 0 || check_errors(end, err) != 0)
		return -1;
	if (mipo_rec_len(end, "reasons") > 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "scan.end: verdict is complete, reasons tell why not");
	if (check_canaries(end, err) != 0)
		return -1;
	return check_passes(end, pairs, err);
}
