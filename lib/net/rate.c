#include "net/rate.h"

#include <string.h>

#define NET_PPS	  200	   /* to a network, at first */
#define LEAST	  1000	   /* what a small router stands */
#define MOST	  UINT64_C(100000000)
#define SETTLE	  3	   /* looks */
#define LOST_PART 16	   /* one of so many canaries is too many, */
#define LOST_MIN  2	   /* where it is not a single one */

void
mipo_rate_start(struct mipo_rate *rate, uint64_t nets)
{
	memset(rate, 0, sizeof(*rate));
	rate->least = LEAST;
	rate->pps = nets < LEAST / NET_PPS ? LEAST : nets * NET_PPS;
	if (nets > MIPO_RATE_BLIND / NET_PPS)
		rate->pps = MIPO_RATE_BLIND;
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
	return NULL;
}

static void
back_off(struct mipo_rate *rate, const char *why, uint64_t at_ms)
{
	struct mipo_backoff *backoff;
	uint64_t to = rate->pps / 10 * 7;

	if (to < rate->least)
		to = rate->least;
	if (rate->n_backoffs < MIPO_MAX_BACKOFFS) {
		backoff = &rate->backoffs[rate->n_backoffs];
		backoff->at_ms = at_ms;
		backoff->from = rate->pps;
		backoff->to = to;
		backoff->why = why;
	}
	rate->n_backoffs++;
	rate->ceiling = rate->pps;
	rate->pps = to;
	rate->settle = SETTLE;
}

/* By half while all is well, by a twentieth where it once was not. */
static void
grow(struct mipo_rate *rate, const struct mipo_rate_seen *seen)
{
	uint64_t pps = rate->pps;
	uint64_t step = pps + pps / 2 < rate->ceiling ? pps / 2 : pps / 20;
	bool blind = seen->heard == 0 && seen->canaries == seen->lost;

	if (blind && pps + step > MIPO_RATE_BLIND)
		return;
	rate->pps = pps + step > MOST ? MOST : pps + step;
	if (rate->pps > rate->most)
		rate->most = rate->pps;
}

void
mipo_rate_look(struct mipo_rate *rate, const struct mipo_rate_seen *seen,
    uint64_t at_ms)
{
	const char *why = trouble(seen);

	if (rate->settle > 0) {
		rate->settle--;
		return;
	}
	if (why == NULL)
		grow(rate, seen);
	else if (rate->pps > rate->least)
		back_off(rate, why, at_ms);
}
