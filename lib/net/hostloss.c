#include "net/hostloss.h"

#include "net/tally.h"

#define ENOUGH 32 /* answers; below, they say little */
#define SURE   4  /* standard deviations */

void
mipo_hostloss_answer(struct mipo_hostloss *loss, uint64_t host, bool late)
{
	const uint64_t mixed = host * UINT64_C(0x9e3779b97f4a7c15);
	uint8_t *n = &loss->answers[mixed >> 48];

	if (*n == MIPO_HOSTLOSS_EACH)
		return;
	++*n;
	if (late)
		loss->late++;
	else
		loss->first++;
}

int64_t
mipo_hostloss_worse(const struct mipo_hostloss *loss, int64_t all)
{
	const double n = (double)(loss->first + loss->late);
	const double due = all < 0 ? 0 : n * (double)all / 1e6;
	const double more = (double)loss->late - due;

	if (n < ENOUGH || more <= 0 || more * more <= SURE * SURE * (due + 1))
		return all;
	return mipo_tally_ratio(loss->first, loss->late);
}
