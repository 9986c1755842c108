#include <errno.h>

#include "net/scanner-rate.h"
#include "net/sender.h"
#include "net/syn.h"

#define LOOK_NS (MIPO_RATE_LOOK_MS * UINT64_C(1000000))

/* What a full queue refused so far, all senders together. */
static uint64_t
refused(struct mipo_scanner *scan)
{
	uint64_t n = 0;

	(void)pthread_mutex_lock(&scan->refusals);
	for (unsigned i = 0; i < scan->tally.n_errors; i++) {
		int sys = scan->tally.errors[i].sys;

		if (sys == ENOBUFS || sys == ENOMEM || sys == EAGAIN)
			n += scan->tally.errors[i].count;
	}
	(void)pthread_mutex_unlock(&scan->refusals);
	return n;
}

void
mipo_syn_rate_start(struct mipo_scanner *scan)
{
	mipo_scanner_rate_start(scan);
	scan->seen.refused = refused(scan);
}

static int
dropped(struct mipo_scanner *scan, uint64_t *ret_n, struct mipo_err *err)
{
	struct mipo_capture_stats stats;

	*ret_n = 0;
	for (size_t i = 0; i < scan->n_links; i++) {
		if (mipo_capture_count(scan->links[i].capture, &stats, err) !=
		    0)
			return -1;
		*ret_n += stats.dropped;
	}
	return 0;
}

int
mipo_syn_rate_look(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_rate_seen total = {.ms = 0};

	for (size_t i = 0; i < scan->n_links; i++)
		if (!scan->links[i].empty)
			return 0; /* what was not read is not lost */
	if (!mipo_scanner_rate_due(scan, LOOK_NS))
		return 0;
	mipo_watch_turn(scan);
	total.canaries = scan->watch.due;
	total.lost = scan->watch.lost;
	total.refused = refused(scan);
	if (dropped(scan, &total.dropped, err) != 0)
		return -1;
	mipo_scanner_rate_look(scan, &total);
	return 0;
}
