/*
 * Pace: how many packets may go now. Credit grows with time up to what a
 * fiftieth of a second is worth, so that a stall is never caught up on.
 */
#ifndef MIPO_NET_PACE_H
#define MIPO_NET_PACE_H

#include <stdint.h>

struct mipo_pace {
	uint64_t rate;	  /* packets a second, at most 10^9; 0: no limit */
	uint64_t last_ns; /* when credit was last counted */
	uint64_t credit;  /* packets x 1e9 */
};

/* Begins with the credit of one packet. */
void mipo_pace_start(
    struct mipo_pace *pace, uint64_t rate, uint64_t now_ns);

/* How many may go at now_ns, at most max. */
uint64_t mipo_pace_due(
    struct mipo_pace *pace, uint64_t now_ns, uint64_t max);

/* n packets went. */
void mipo_pace_spend(struct mipo_pace *pace, uint64_t n);

/* Nanoseconds until one is due; 0 when one already is. */
uint64_t mipo_pace_wait(const struct mipo_pace *pace);

#endif
