#include <sys/resource.h>

#include "base/err.h"
#include "net/course.h"
#include "net/pairs-all.h"
#include "net/resume.h"
#include "net/scanner-impl.h"
#include "net/scanner-rate.h"
#include "net/sender.h"
#include "net/syn.h"

/*
 * What is known of all pairs may be more than fits in memory. The order is
 * then walked window by window: some of its segments, with every pass and
 * the wait for their answers, before the next.
 */

#define MIB   (UINT64_C(1) << 20)
#define SPARE (8 * MIB)	 /* for small things, */
#define ROWS  (16 * MIB) /* and for the end, where there is a file */
#define ASKED (32 * MIB) /* and for connections, where ports are asked */
#define ENTRY UINT64_C(8) /* bytes of a neighbour */
#define LEAST (8 * MIB)	 /* for pairs: a segment */

/* What the process holds already, or will where it was not touched yet. */
static uint64_t
used(const struct mipo_scanner *scan)
{
	struct rusage usage;
	uint64_t n = SPARE + (scan->segments > 1 ? ROWS : 0);

	if (getrusage(RUSAGE_SELF, &usage) == 0)
		n += (uint64_t)usage.ru_maxrss * 1024;
	if (scan->config.method != MIPO_METHOD_CONNECT)
		n += mipo_syn_memory(scan) +
		    ENTRY * mipo_neighbors_count(scan->neighbors);
	if (scan->config.identify)
		n += ASKED;
	return n;
}

int
mipo_windows_open(struct mipo_scanner *scan, struct mipo_err *err)
{
	const uint64_t limit = scan->config.memory, other = used(scan);
	const uint64_t pairs = scan->space->pairs / 2 + 2;
	const uint64_t least = other + (pairs < LEAST ? pairs : LEAST);

	if (limit < least)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--memory: at least %lluM is needed here",
		    (unsigned long long)((least + MIB - 1) / MIB));
	return mipo_pairs_init(&scan->pairs, scan->space->pairs,
	    scan->segments, limit - other, err);
}

uint64_t
mipo_window_pairs(const struct mipo_scanner *scan)
{
	return scan->window.end - scan->window.first;
}

/* The part of the order that belongs to the segments at hand. */
static struct mipo_interval
at_hand(const struct mipo_scanner *scan)
{
	const struct mipo_pairs *pairs = &scan->pairs;
	const uint64_t last = pairs->first + pairs->cells / pairs->per;
	struct mipo_interval window = {
	    .first = mipo_perm_begin(pairs->n, pairs->segments, pairs->first),
	    .end = mipo_perm_begin(pairs->n, pairs->segments, last)};

	if (window.first < scan->part.first)
		window.first = scan->part.first;
	if (window.end > scan->part.end)
		window.end = scan->part.end;
	return window;
}

int
mipo_window_show(
    struct mipo_scanner *scan, uint64_t index, struct mipo_err *err)
{
	const struct mipo_pairs *pairs = &scan->pairs;
	uint64_t segment =
	    mipo_perm_segment(pairs->n, pairs->segments, index);

	if (segment >= pairs->first &&
	    segment - pairs->first < pairs->cells / pairs->per)
		return 0;
	return mipo_pairs_load(&scan->pairs, segment, err);
}

/* Those found late are found at once for what follows. */
static void
forget_late(struct mipo_scanner *scan)
{
	for (uint64_t i = 0; i < mipo_neighbors_count(scan->neighbors); i++)
		if (mipo_neighbors_pass(scan->neighbors, i) > 0) {
			scan->tally.late_neighbors++;
			mipo_neighbors_set_pass(scan->neighbors, i, 0);
		}
}

static void
begin_again(struct mipo_scanner *scan)
{
	scan->pass = 0;
	scan->mending = scan->mended = false;
	mipo_scanner_rate_again(scan);
	if (scan->neighbors != NULL)
		forget_late(scan);
}

static int
enter(struct mipo_scanner *scan, uint64_t segment, struct mipo_err *err)
{
	if (mipo_pairs_load(&scan->pairs, segment, err) != 0)
		return -1;
	scan->window = at_hand(scan);
	if (scan->window.first > scan->part.first)
		begin_again(scan);
	mipo_senders_window(scan);
	return mipo_resume_enter(scan, err);
}

int
mipo_windows_rest(struct mipo_scanner *scan, struct mipo_err *err)
{
	const struct mipo_pairs *pairs = &scan->pairs;

	if (scan->resume == NULL)
		return 0;
	while (scan->window.end < scan->part.end) {
		if (mipo_pairs_load(&scan->pairs,
			mipo_perm_segment(pairs->n, pairs->segments,
			    scan->window.end),
			err) != 0)
			return -1;
		scan->window = at_hand(scan);
		if (mipo_resume_enter(scan, err) != 0)
			return -1;
	}
	return 0;
}

int
mipo_windows_run(struct mipo_scanner *scan, struct mipo_err *err)
{
	const struct mipo_pairs *pairs = &scan->pairs;
	const bool connect = scan->config.method == MIPO_METHOD_CONNECT;
	uint64_t segment = mipo_perm_segment(
	    pairs->n, pairs->segments, scan->part.first);

	if (enter(scan, segment, err) != 0 ||
	    (connect ? mipo_connect_begin : mipo_syn_begin)(scan, err) != 0)
		return -1;
	for (;;) {
		if ((connect ? mipo_connect_run : mipo_syn_run)(scan, err) !=
		    0)
			return -1;
		mipo_course_look(scan);
		segment += pairs->most;
		if (mipo_scanner_over(scan) ||
		    scan->window.end == scan->part.end)
			break;
		if (!connect)
			mipo_syn_settle(scan);
		if (enter(scan, segment, err) != 0)
			return -1;
	}
	return connect ? 0 : mipo_syn_end(scan, err);
}
