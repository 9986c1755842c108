#include "net/tally.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define WHY_MAX (sizeof(((struct mipo_tally *)0)->why) / \
		    sizeof(((struct mipo_tally *)0)->why[0]))

static unsigned
class_of(struct mipo_tally_error *errors, unsigned *n, int sys)
{
	unsigned i = 0;

	while (i < *n && errors[i].sys != sys)
		i++;
	if (i == MIPO_PAIR_ERRORS) {
		i--;
		errors[i].sys = 0;
	}
	if (i == *n) {
		(*n)++;
		errors[i].sys = sys;
		errors[i].count = 0;
	}
	return i;
}

unsigned
mipo_tally_class(struct mipo_tally *tally, int sys)
{
	return class_of(tally->errors, &tally->n_errors, sys);
}

unsigned
mipo_tally_refused(struct mipo_tally *tally, int sys)
{
	unsigned class = mipo_tally_class(tally, sys);

	tally->errors[class].count++;
	return class;
}

void
mipo_tally_refused_canary(struct mipo_tally *tally, int sys)
{
	tally->canary_errors[class_of(tally->canary_errors,
	    &tally->n_canary_errors, sys)].count++;
}

void
mipo_tally_answered(struct mipo_tally *tally, unsigned pass, uint64_t host)
{
	tally->passes[pass].answered++;
	if (pass < 2)
		mipo_hostloss_answer(&tally->hosts, host, pass == 1);
}

/* A scan that goes on may have begun later ones before. */
void
mipo_tally_pass(struct mipo_tally *tally, unsigned pass)
{
	if (tally->n_passes <= pass)
		tally->n_passes = pass + 1;
}

/* Before the sentence of that number, where there is room there. */
__attribute__((format(printf, 3, 0))) static bool
add_why(struct mipo_tally *tally, unsigned at, const char *fmt, va_list ap)
{
	if (at == WHY_MAX)
		return false;
	if (tally->n_why == WHY_MAX)
		tally->n_why--;
	memmove(tally->why + at + 1, tally->why + at,
	    (tally->n_why - at) * sizeof(tally->why[0]));
	(void)vsnprintf(tally->why[at], sizeof(tally->why[0]), fmt, ap);
	tally->n_why++;
	return true;
}

void
mipo_tally_why(struct mipo_tally *tally, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tally->n_plain += add_why(tally, tally->n_plain, fmt, ap);
	va_end(ap);
}

void
mipo_tally_doubt(struct mipo_tally *tally, const char *fmt, ...)
{
	va_list ap;

	tally->doubtful = true;
	va_start(ap, fmt);
	(void)add_why(tally, tally->n_why, fmt, ap);
	va_end(ap);
}

/*
 * Of n that live and each lose with chance q, n(1-q) answer at once and
 * n(1-q)q the second time only: q is their ratio.
 */
int64_t
mipo_tally_ratio(uint64_t first, uint64_t late)
{
	if (first + late == 0)
		return -1;
	if (late >= first)
		return 1000000;
	return (int64_t)(late * 1000000 / first);
}

/* Of n found, late in the second round or after: q is (late + 1)/(n + 2). */
double
mipo_tally_missed(uint64_t first, uint64_t late, unsigned rounds)
{
	double found = (double)(first + late);
	double q = ((double)late + 1) / (found + 2), missed = found;

	while (rounds-- > 0)
		missed *= q;
	return missed;
}

int64_t
mipo_tally_loss(const struct mipo_tally *tally, uint64_t silent)
{
	uint64_t first = tally->passes[0].answered;

	if (tally->n_passes < 2)
		return first > 0 && silent == 0 ? 0 : -1;
	return mipo_tally_ratio(first, tally->passes[1].answered);
}

void
mipo_tally_release(struct mipo_tally *tally)
{
	for (unsigned i = 0; i < MIPO_MAX_PASSES; i++)
		mipo_intervals_release(&tally->passes[i].walked);
}
