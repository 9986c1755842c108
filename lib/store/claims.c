#include "store/claims.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "data/cover.h"
#include "data/ports.h"
#include "data/presence.h"
#include "data/rec.h"
#include "data/shard.h"
#include "data/target.h"
#include "store/sheet-in.h"
#include "trust/digest.h"
#include "trust/hash.h"

static int
number_is(const struct mipo_rec *rec, const char *where, const char *key,
    uint64_t due, struct mipo_err *err)
{
	int64_t n = -1;

	if (mipo_rec_int(rec, key, &n) && n >= 0 && (uint64_t)n == due)
		return 0;
	return mipo_err_set(err, MIPO_E_TAMPERED, "%s: %s is %lld, due is %llu",
	    where, key, (long long)n, (unsigned long long)due);
}

/* Pairs in scope; at most 2^53 can be said, which addresses may exceed. */
static uint64_t
pairs(const struct mipo_sheet *sheet)
{
	return mipo_targets_count(sheet->scope.targets) *
	    mipo_ports_count(sheet->scope.ports);
}

/* Those that the scan was to look at. */
static uint64_t
planned(const struct mipo_sheet *sheet)
{
	return mipo_shard_pairs(sheet->start, pairs(sheet));
}

int
mipo_claims_start(const struct mipo_sheet *sheet, struct mipo_err *err)
{
	const char *said = mipo_rec_str(sheet->start, "scope_sha256");
	uint8_t digest[MIPO_HASH_LEN];
	char due[2 * MIPO_HASH_LEN + 1];

	if (mipo_scope_digest(mipo_cover_proto(sheet->scope.cover),
		sheet->scope.targets, sheet->scope.ports, digest, err) != 0)
		return -1;
	mipo_text_hex(digest, sizeof(digest), due);
	if (said == NULL || strcmp(said, due) != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "scan.start: scope_sha256 is %s, due is %s",
		    said == NULL ? "absent" : said, due);
	return number_is(
	    sheet->start, "scan.start", "planned", planned(sheet), err);
}

/* The states that scan.start says are listed, as a set of bits. */
static unsigned
listed_states(const struct mipo_cover *cover)
{
	unsigned set = 0;

	for (unsigned i = MIPO_OPEN; i < MIPO_STATE_N; i++)
		if (mipo_cover_lists(cover, (enum mipo_pstate)i))
			set |= 1U << i;
	return set;
}

/*
 * One state's count. A pair may be listed twice, and is then in the lower
 * state: where that one is not listed, too many may seem to be in this.
 */
static int
check_count(const struct mipo_sheet *sheet, unsigned set, unsigned state,
    uint64_t listed, uint64_t said, struct mipo_err *err)
{
	const bool hosts = mipo_sheet_is_hosts(sheet);
	const char *name = hosts
	    ? mipo_presence_name(state)
	    : mipo_pstate_name((enum mipo_pstate)state);
	unsigned lower = (1U << state) - 2;

	if (listed > 0 && (set & 1U << state) == 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "scan.start: states lacks %s, of which %llu are listed",
		    name, (unsigned long long)listed);
	if ((set & 1U << state) == 0 || (set & lower) != lower ||
	    listed == said)
		return 0;
	if (state == sheet->silent_as && listed < said)
		return 0;
	return mipo_err_set(err, MIPO_E_TAMPERED,
	    "scan.end: %s has %llu %s, listed are %llu",
	    hosts ? "hosts" : "counts", (unsigned long long)said, name,
	    (unsigned long long)listed);
}

static int
check_counts(const struct mipo_sheet *sheet, const struct mipo_rec *end,
    bool complete, struct mipo_err *err)
{
	unsigned set = listed_states(sheet->scope.cover);
	uint64_t listed[MIPO_STATE_N], sum = 0;

	mipo_sheet_counts(sheet, listed);
	for (unsigned i = MIPO_OPEN; i < MIPO_STATE_N; i++) {
		uint64_t said = mipo_sheet_said(sheet, end, i);

		if (check_count(sheet, set, i, listed[i], said, err) != 0)
			return -1;
		sum += said;
	}
	if (sum == planned(sheet) || (!complete && sum < planned(sheet)))
		return 0;
	return mipo_err_set(err, MIPO_E_TAMPERED,
	    "scan.end: counts are of %llu pairs, %s are %llu",
	    (unsigned long long)sum, complete ? "due" : "planned",
	    (unsigned long long)planned(sheet));
}

static int
check_times(const struct mipo_sheet *sheet, const struct mipo_rec *end,
    struct mipo_err *err)
{
	const char *from = mipo_rec_str(end, "started");
	const char *to = mipo_rec_str(end, "ts");
	char seen[MIPO_TIME_LEN];
	int64_t started, ended;

	if (mipo_text_untime(from, &started, err) != 0 ||
	    mipo_text_untime(to, &ended, err) != 0)
		return -1;
	if (started > ended)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "scan.end: started is %s, after its ts %s", from, to);
	if (sheet->n == 0 ||
	    (sheet->first_ms >= started && sheet->last_ms <= ended))
		return 0;
	mipo_text_time(sheet->first_ms < started ? sheet->first_ms
						 : sheet->last_ms, seen);
	return mipo_err_set(err, MIPO_E_TAMPERED,
	    "obs: a ts is %s, which is not within started %s and ts %s of "
	    "scan.end", seen, from, to);
}

/*
 * Of a complete look each pair was probed, or its host not there. Where a
 * scan before it was killed, some of its probes are in no count.
 */
static int
check_attempted(const struct mipo_sheet *sheet, const struct mipo_rec *end,
    struct mipo_err *err)
{
	int64_t attempted = 0;
	uint64_t unreachable = mipo_sheet_said(
	    sheet, end, MIPO_UNREACHABLE);
	bool uncounted = false;

	(void)mipo_rec_bool(end, "resumed.uncounted", &uncounted);
	(void)mipo_rec_int(end, "attempted", &attempted);
	/* Hosts on the link are asked for by ARP, which is no probe. */
	if (mipo_sheet_is_hosts(sheet) || uncounted ||
	    (uint64_t)attempted + unreachable >= planned(sheet))
		return 0;
	return mipo_err_set(err, MIPO_E_TAMPERED,
	    "scan.end: verdict is complete, attempted is %lld, due is at "
	    "least %llu", (long long)attempted,
	    (unsigned long long)(planned(sheet) - unreachable));
}

/* The receipt is of the shard that the stream began with, or of none. */
static int
check_shard(const struct mipo_sheet *sheet, const struct mipo_rec *end,
    struct mipo_err *err)
{
	uint64_t i = 0, n = 0, of = 0, all = 0;

	(void)mipo_shard_get(sheet->start, &i, &n);
	(void)mipo_shard_get(end, &of, &all);
	if (i == of && n == all)
		return 0;
	return mipo_err_set(err, MIPO_E_TAMPERED,
	    "scan.end: its shard is %llu of %llu, due is %llu of %llu",
	    (unsigned long long)of, (unsigned long long)all,
	    (unsigned long long)i, (unsigned long long)n);
}

static bool
is_complete(const struct mipo_rec *end)
{
	return strcmp(mipo_rec_str(end, "verdict"), "complete") == 0;
}

int
mipo_claims_end(const struct mipo_sheet *sheet, const struct mipo_rec *end,
    struct mipo_err *err)
{
	bool complete = is_complete(end);

	if (number_is(end, "scan.end", "planned", planned(sheet), err) != 0 ||
	    check_shard(sheet, end, err) != 0 ||
	    check_times(sheet, end, err) != 0 ||
	    (complete && check_attempted(sheet, end, err) != 0))
		return -1;
	return check_counts(sheet, end, complete, err);
}
