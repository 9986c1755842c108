#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "data/rec.h"
#include "net/pairs-all.h"
#include "net/scanner-impl.h"

#define LOSS_MAX_PPM 10000
#define TEXT_MAX     200

typedef unsigned long long ull;

__attribute__((format(printf, 2, 3))) static void
add(struct mipo_rec *rec, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	mipo_rec_add_str(rec, "reasons", text);
}

/* The error that most pairs were left out by; how many; 0: none. */
static uint64_t
worst_error(const struct mipo_scanner *scan, int *ret_sys)
{
	uint64_t most = 0;

	*ret_sys = 0;
	for (unsigned i = 0; i < scan->tally.n_errors; i++) {
		uint64_t n = mipo_pairs_count(
		    &scan->pairs, MIPO_PAIR_REFUSED + i);

		if (n <= most)
			continue;
		most = n;
		*ret_sys = scan->tally.errors[i].sys;
	}
	return most;
}

static void
add_missed(
    const struct mipo_scanner *scan, struct mipo_rec *rec, uint64_t missed)
{
	const char *what = missed == 1 ? "pair was" : "pairs were";
	int sys;
	uint64_t n = worst_error(scan, &sys);
	const char *name = strerrorname_np(sys);

	if (n == 0 || sys == 0 || name == NULL)
		add(rec, "%llu %s not probed", (ull)missed, what);
	else if (n == missed)
		add(rec, "%llu %s not probed: %s (%s)", (ull)missed, what,
		    strerrordesc_np(sys), name);
	else
		add(rec, "%llu %s not probed, %llu of them: %s (%s)",
		    (ull)missed, what, (ull)n, strerrordesc_np(sys), name);
}

static bool
is_deaf(const struct mipo_tally *tally)
{
	for (unsigned i = 0; i < tally->n_canaries; i++)
		if (!tally->canaries[i].seen)
			return true;
	return false;
}

/* What makes the look incomplete, or explains it; whether it is. */
static bool
add_gaps(const struct mipo_scanner *scan, struct mipo_rec *rec)
{
	const struct mipo_tally *tally = &scan->tally;
	const uint64_t missed = mipo_scanner_planned(scan) -
	    mipo_pairs_covered(&scan->pairs) - tally->unknown;
	const bool deaf = is_deaf(tally);

	if (scan->spent)
		add(rec, "the %llu probes that were allowed were spent",
		    (ull)scan->config.max_probes);
	for (unsigned i = 0; i < tally->n_plain; i++)
		mipo_rec_add_str(rec, "reasons", tally->why[i]);
	if (deaf)
		add(rec, "a listener of our own on loopback was not seen");
	if (missed > 0)
		add_missed(scan, rec, missed);
	return missed > 0 || scan->spent || tally->capture_lost || deaf;
}

/* What makes silence worth little; whether it is. */
static bool
add_doubts(const struct mipo_scanner *scan, struct mipo_rec *rec)
{
	const struct mipo_tally *tally = &scan->tally;
	const int64_t loss = tally->loss_ppm;

	if (tally->capture_drops > 0)
		add(rec, "the capture dropped %llu packets",
		    (ull)tally->capture_drops);
	if (loss > LOSS_MAX_PPM)
		add(rec, "about %lld.%lld %% of probes or answers were lost",
		    (long long)loss / 10000, (long long)loss / 1000 % 10);
	for (unsigned i = tally->n_plain; i < tally->n_why; i++)
		mipo_rec_add_str(rec, "reasons", tally->why[i]);
	return tally->capture_drops > 0 || loss > LOSS_MAX_PPM ||
	    tally->doubtful;
}

const char *
mipo_scanner_report_why(const struct mipo_scanner *scan, struct mipo_rec *rec)
{
	bool gaps, doubts;

	mipo_rec_put_list(rec, "reasons");
	gaps = add_gaps(scan, rec);
	doubts = add_doubts(scan, rec);
	if (scan->cut && scan->tally.unknown > 0)
		add(rec, "%llu pairs were still waited for",
		    (ull)scan->tally.unknown);
	if (scan->cut)
		add(rec, "the scan was interrupted");
	return scan->cut ? "interrupted"
	    : gaps	 ? "incomplete"
	    : doubts	 ? "degraded"
			 : "complete";
}
