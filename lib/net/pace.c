#include "net/pace.h"

#define SECOND UINT64_C(1000000000)
#define BURST  50 /* parts of a second */

void
mipo_pace_start(struct mipo_pace *pace, uint64_t rate, uint64_t now_ns)
{
	pace->rate = rate;
	pace->last_ns = now_ns;
	pace->credit = SECOND;
}

uint64_t
mipo_pace_due(struct mipo_pace *pace, uint64_t now_ns, uint64_t max)
{
	uint64_t most = pace->rate * (SECOND / BURST), spent;

	if (pace->rate == 0)
		return max;
	if (most < SECOND)
		most = SECOND;
	if (pace->credit > most) /* the rate went down */
		pace->credit = most;
	spent = now_ns - pace->last_ns;
	pace->last_ns = now_ns;
	/* The first test keeps the product of the second from overflowing. */
	if (spent >= SECOND || spent * pace->rate >= most - pace->credit)
		pace->credit = most;
	else
		pace->credit += spent * pace->rate;
	return pace->credit / SECOND < max ? pace->credit / SECOND : max;
}

void
mipo_pace_spend(struct mipo_pace *pace, uint64_t n)
{
	uint64_t cost = n * SECOND;

	if (pace->rate != 0)
		pace->credit -= cost < pace->credit ? cost : pace->credit;
}

uint64_t
mipo_pace_wait(const struct mipo_pace *pace)
{
	if (pace->rate == 0 || pace->credit >= SECOND)
		return 0;
	return (SECOND - pace->credit) / pace->rate + 1;
}
