#include "net/sender.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/shard.h"
#include "net/resume-impl.h"

#define MAX_SENDERS (MIPO_HANDS - 1)

unsigned
mipo_senders_possible(void)
{
	cpu_set_t set;
	int n;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	n = CPU_COUNT(&set);
	return n < 1 ? 1U : n < MAX_SENDERS ? (unsigned)n : MAX_SENDERS;
}

/* Whether a path for one sender is good: it was wanted, or it is fast. */
static bool
is_alone(const struct mipo_scanner *scan, unsigned n)
{
	if (n > 1)
		return false;
	return mipo_wire_alone(scan->config.send) ||
	    (scan->config.rate == 0 &&
		mipo_scanner_planned(scan) >= MIPO_FEW_PAIRS);
}

static int
open_one(struct mipo_scanner *scan, struct mipo_sender *sender, unsigned k,
    unsigned n, struct mipo_err *err)
{
	sender->scan = scan;
	sender->hand = k + 1;
	if (mipo_timelog_init(&sender->timelog, err) != 0 ||
	    mipo_perm_new(scan->space->pairs, scan->segments, scan->perm_key,
		&sender->perm, err) != 0)
		return -1;
	for (size_t i = 0; i < scan->routes.n_paths; i++)
		if (mipo_wire_open(&scan->routes.paths[i].end,
			scan->config.send, is_alone(scan, n),
			&sender->wires[i], err) != 0)
			return -1;
	return 0;
}

int
mipo_senders_open(struct mipo_scanner *scan, unsigned n, struct mipo_err *err)
{
	scan->senders = mipo_calloc(n, sizeof(*scan->senders), err);
	if (scan->senders == NULL)
		return -1;
	scan->n_senders = n;
	for (unsigned k = 0; k < n; k++)
		if (open_one(scan, &scan->senders[k], k, n, err) != 0)
			return -1;
	return 0;
}

void
mipo_senders_window(struct mipo_scanner *scan)
{
	const uint64_t all = mipo_window_pairs(scan), n = scan->n_senders;
	const uint64_t first = scan->window.first;

	for (unsigned k = 0; k < n; k++) {
		struct mipo_sender *sender = &scan->senders[k];

		sender->part.first = first + mipo_shard_begin(all, k, n);
		sender->part.end = first + mipo_shard_begin(all, k + 1, n);
		mipo_timelog_clear(&sender->timelog);
	}
}

void
mipo_senders_close(struct mipo_scanner *scan)
{
	for (unsigned k = 0; k < scan->n_senders; k++) {
		struct mipo_sender *sender = &scan->senders[k];

		for (size_t i = 0; i < MIPO_MAX_PATHS; i++)
			mipo_wire_free(sender->wires[i]);
		mipo_perm_free(sender->perm);
		mipo_timelog_release(&sender->timelog);
	}
	free(scan->senders);
	scan->senders = NULL;
	scan->n_senders = 0;
}

void
mipo_senders_want(struct mipo_scanner *scan, enum mipo_want want)
{
	for (unsigned k = 0; k < scan->n_senders; k++) {
		struct mipo_sender *sender = &scan->senders[k];

		sender->want = want;
		sender->index = sender->flushed = sender->part.first;
		sender->first = sender->n = 0;
		sender->belated = 0;
		sender->waiting = true;
	}
}

int
mipo_senders_start(
    struct mipo_scanner *scan, bool *ret_more, struct mipo_err *err)
{
	unsigned started = 0;

	*ret_more = false;
	for (unsigned k = 0; k < scan->n_senders; k++) {
		struct mipo_sender *sender = &scan->senders[k];
		int sys;

		if (!sender->waiting)
			continue;
		sender->running = true;
		sys = pthread_create(
		    &sender->thread, NULL, mipo_sender_run, sender);
		if (sys != 0) {
			sender->running = false;
			*ret_more = true;
			return started > 0 ? 0
			    : mipo_err_sys(err, sys, "thread");
		}
		sender->waiting = false;
		sender->started = true;
		started++;
	}
	return 0;
}

uint64_t
mipo_senders_count(struct mipo_scanner *scan)
{
	uint64_t walked = 0, attempted = 0, accepted = 0;

	if (scan->resume != NULL) {
		attempted = scan->resume->attempted;
		accepted = scan->resume->accepted;
	}

	for (unsigned k = 0; k < scan->n_senders; k++) {
		const struct mipo_sender *sender = &scan->senders[k];

		attempted += sender->attempted;
		accepted += sender->accepted;
		walked += sender->index - sender->part.first;
		if (sender->last_ns > scan->last_send_ns)
			scan->last_send_ns = sender->last_ns;
	}
	scan->tally.attempted = attempted;
	scan->tally.accepted = accepted;
	return walked;
}

bool
mipo_senders_run(const struct mipo_scanner *scan)
{
	for (unsigned k = 0; k < scan->n_senders; k++)
		if (scan->senders[k].running)
			return true;
	return false;
}

int
mipo_senders_join(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_tally_pass *pass = &scan->tally.passes[scan->pass];
	int r = 0;

	for (unsigned k = 0; k < scan->n_senders; k++) {
		struct mipo_sender *sender = &scan->senders[k];

		if (!sender->started)
			continue;
		(void)pthread_join(sender->thread, NULL);
		sender->started = false;
		pass->belated += sender->belated;
		if (mipo_intervals_add(&pass->walked, sender->part.first,
			sender->index, err) != 0)
			r = -1;
	}
	(void)mipo_senders_count(scan);
	return r;
}

struct mipo_timelog *
mipo_senders_timelog(const struct mipo_scanner *scan, uint64_t index)
{
	unsigned k = 0;

	while (k + 1 < scan->n_senders && index >= scan->senders[k].part.end)
		k++;
	return &scan->senders[k].timelog;
}
