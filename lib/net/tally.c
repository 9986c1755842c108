#include "net/tally.h"

#include <stdarg.h>
#include <stdio.h>

unsigned
mipo_tally_refused(struct mipo_tally *tally, int sys)
{
	unsigned i = 0;

	while (i < tally->n_errors && tally->errors[i].sys != sys)
		i++;
	if (i == MIPO_PAIR_ERRORS) {
		i--;
		tally->errors[i].sys = 0;
	}
	if (i == tally->n_errors) {
		tally->n_errors++;
		tally->errors[i].sys = sys;
		tally->errors[i].count = 0;
	}
	tally->errors[i].count++;
	return i;
}

void
mipo_tally_why(struct mipo_tally *tally, const char *fmt, ...)
{
	const unsigned max = sizeof(tally->why) / sizeof(*tally->why);
	va_list ap;

	if (tally->n_why == max)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(tally->why[tally->n_why++], sizeof(tally->why[0]),
	    fmt, ap);
	va_end(ap);
}

/*
 * Of n live pairs that each lose a probe with chance q, n(1-q) answer to
 * the first pass and n(1-q)q to the second only: q is their ratio.
 */
int64_t
mipo_tally_loss(const struct mipo_tally *tally, uint64_t silent)
{
	uint64_t first = tally->passes[0].answered;
	uint64_t second = tally->passes[1].answered;

	if (tally->n_passes < 2)
		return first > 0 && silent == 0 ? 0 : -1;
	if (first + second == 0)
		return -1;
	if (second >= first)
		return 1000000;
	return (int64_t)(second * 1000000 / first);
}
