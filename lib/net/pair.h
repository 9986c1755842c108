/* What a scan knows of one pair, an address and a port. */
#ifndef MIPO_NET_PAIR_H
#define MIPO_NET_PAIR_H

#include <stdbool.h>

#include "data/obs.h"

/*
 * What a pair's four bits say. From MIPO_PAIR_SEEN + MIPO_OPEN on: answered,
 * in that state. From MIPO_PAIR_REFUSED on: attempted, and the kernel took
 * no probe; the number above it says with which error.
 */
enum {
	MIPO_PAIR_UNTOUCHED = 0,
	MIPO_PAIR_SILENT = 1, /* sent, no answer so far */
	MIPO_PAIR_SEEN = MIPO_PAIR_SILENT,
	MIPO_PAIR_LOST = MIPO_PAIR_SEEN + MIPO_UNREACHABLE,
	MIPO_PAIR_ABSENT = 7, /* no neighbour so far, and no probe */
	MIPO_PAIR_REFUSED = 8,
	MIPO_PAIR_ERRORS = 8, /* errors that are told apart */
	MIPO_PAIR_N = 16
};

/* Whether a probe of a pair with that value has left, or is about to. */
static inline bool
mipo_pair_was_sent(unsigned value)
{
	return value >= MIPO_PAIR_SILENT && value < MIPO_PAIR_ABSENT;
}

#endif
