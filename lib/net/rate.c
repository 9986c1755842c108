#include "net/rate.h"

#include <string.h>

#define LEAST	  1000	   /* what a small router stands */
#define MOST	  UINT64_C(100000000)
#define SETTLE	  3	   /* looks, at least */
#define DARK	  10	   /* blind looks after which it goes down */
#define LOST_PART 16	   /* one of so many canaries is too many, */
#define LOST_MIN  2	   /* where it is not a single one */

void
mipo_rate_start(struct mipo_rate *rate, uint64_t pps)
{
	memset(rate, 0, sizeof(*rate));
	rate->least = LEAST;
	rate->pps = pps < LEAST ? LEAST : pps > MOST ? MOST : pps;
	rate->ceiling = MOST;
	rate->most = rate->pps;
}

/* Why to go slower; NULL: there is no reason. */
static const char *
trouble(const struct mipo_rate_seen *seen)
{
	if (seen->dropped > 0)
		return "the capture dropped packets";
	if (seen->refused > 0)
		return "the kernel's queue was full";
	if (seen->lost >= LOST_MIN && seen->lost * LOST_PART > seen->canaries)
		return "what had answered did not answer again";
	if (seen->late >= LOST_MIN && seen->late * LOST_PART > seen->heard)
		return "answers came only to a second try";
	if (seen->faded)
		return "fewer answered than before";
	if (seen->lacking > 0)
		return "sockets or local ports were lacking";
	return NULL;
}

/* From now on that rate, and a row of the receipt that says so. */
static void
sink_to(struct mipo_rate *rate, uint64_t to, const char *why, uint64_t at_ms)
{
	struct mipo_backoff *backoff;

	if (rate->n_backoffs < MIPO_MAX_BACKOFFS) {
		backoff = &rate->backoffs[rate->n_backoffs];
		backoff->at_ms = at_ms;
		backoff->from = rate->pps;
		backoff->to = to;
		backoff->why = why;
	}
	rate->n_backoffs++;
	rate->pps = to;
}

static void
back_off(struct mipo_rate *rate, const char *why, unsigned lag, uint64_t at_ms)
{
	uint64_t to = rate->doubled ? rate->pps / 2 : rate->pps / 10 * 7;

	rate->doubled = false;
	rate->ceiling = rate->pps;
	sink_to(rate, to < rate->least ? rate->least : to, why, at_ms);
	rate->settle = lag + 2 < SETTLE ? SETTLE : lag + 2;
}

void
mipo_rate_hold(struct mipo_rate *rate, uint64_t pps, const char *why,
    uint64_t at_ms)
{
	pps = pps < rate->least ? rate->least : pps;
	if (pps < rate->pps / 10 * 9)
		sink_to(rate, pps, why, at_ms);
}

/*
 * Twice as fast where canaries say that all is well, by half where only
 * nothing speaks against it, by a twentieth where it once was too much.
 */
static uint64_t
step_of(const struct mipo_rate *rate, const struct mipo_rate_seen *seen)
{
	const uint64_t pps = rate->pps;

	if (seen->canaries > 0 && seen->lost == 0 && pps * 2 < rate->ceiling)
		return pps;
	return pps + pps / 2 < rate->ceiling ? pps / 2 : pps / 20;
}

static void
grow(struct mipo_rate *rate, const struct mipo_rate_seen *seen)
{
	uint64_t pps = rate->pps, step = step_of(rate, seen);

	if (seen->blind && pps + step > MIPO_RATE_BLIND)
		return;
	if (rate->wait > 0) {
		rate->wait--;
		return;
	}
	rate->wait = seen->lag == 0 ? 0 : seen->lag - 1;
	/* Where the machine does not send as much, more means nothing. */
	if ((double)seen->sent * 2000 < (double)pps * (double)seen->ms)
		return;
	pps = pps + step > MOST ? MOST : pps + step;
	rate->doubled = step == rate->pps;
	if (seen->allowed > 0 && pps > seen->allowed)
		pps = seen->allowed > rate->pps ? seen->allowed : rate->pps;
	rate->pps = pps;
	if (rate->pps > rate->most)
		rate->most = rate->pps;
}

void
mipo_rate_look(struct mipo_rate *rate, const struct mipo_rate_seen *seen,
    uint64_t at_ms)
{
	const char *why = trouble(seen);

	if (seen->allowed > 0)
		mipo_rate_hold(rate, seen->allowed,
		    "a network answered less than before", at_ms);
	rate->dark = seen->blind ? rate->dark + 1 : 0;
	if (rate->dark >= DARK)
		mipo_rate_hold(rate, MIPO_RATE_BLIND,
		    "nothing that had answered answered again", at_ms);
	if (rate->settle > 0) {
		rate->settle--;
		return;
	}
	if (why == NULL)
		grow(rate, seen);
	else if (rate->pps > rate->least)
		back_off(rate, why, seen->lag, at_ms);
}
