#include <errno.h>

#include "base/clock.h"
#include "net/sender.h"
#include "net/syn.h"

#define LOOK_NS (MIPO_RATE_LOOK_MS * UINT64_C(1000000))
#define NET	256 /* addresses */

/* Networks that the pairs are spread over. */
static uint64_t
count_nets(const struct mipo_space *space)
{
	uint64_t n = 0;

	for (size_t i = 0; i < space->n_segments; i++)
		n += (space->segments[i].count + NET - 1) / NET;
	return n;
}

void
mipo_syn_rate_start(struct mipo_scanner *scan)
{
	scan->pps = scan->config.rate;
	if (!scan->config.rate_auto)
		return;
	mipo_rate_start(&scan->rate, count_nets(scan->space));
	scan->pps = scan->rate.pps;
	scan->looked_ns = mipo_clock_mono_ns();
}

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

/* What became more since the last look. */
static int
see(struct mipo_scanner *scan, struct mipo_rate_seen *ret_seen,
    struct mipo_err *err)
{
	struct mipo_rate_seen now = {.canaries = scan->watch.due,
	    .lost = scan->watch.lost,
	    .heard = scan->heard,
	    .refused = refused(scan)};
	const struct mipo_rate_seen *last = &scan->seen;

	if (dropped(scan, &now.dropped, err) != 0)
		return -1;
	ret_seen->canaries = now.canaries - last->canaries;
	ret_seen->lost = now.lost - last->lost;
	ret_seen->heard = now.heard - last->heard;
	ret_seen->dropped = now.dropped - last->dropped;
	ret_seen->refused = now.refused - last->refused;
	scan->seen = now;
	return 0;
}

int
mipo_syn_rate_look(struct mipo_scanner *scan, struct mipo_err *err)
{
	uint64_t now = mipo_clock_mono_ns();
	struct mipo_rate_seen seen;

	if (!scan->config.rate_auto || now - scan->looked_ns < LOOK_NS)
		return 0;
	scan->looked_ns = now;
	mipo_watch_turn(scan);
	if (see(scan, &seen, err) != 0)
		return -1;
	mipo_rate_look(&scan->rate, &seen,
	    (now - scan->tally.started_ns) / 1000000);
	scan->pps = scan->rate.pps;
	return 0;
}
