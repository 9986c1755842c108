/* What came up, by the history that the index keeps. */
#ifndef MIPO_STORE_ARRIVALS_H
#define MIPO_STORE_ARRIVALS_H

#include <stdint.h>

#include "data/addr.h"

struct mipo_err;
struct mipo_state;

/*
 * A binding that is open, and that a look found so which began after another
 * one of its network and vantage that concludes and covers a pair that this
 * look covers too: it was closed before, or was not seen.
 */
struct mipo_arrival {
	char network[64], vantage[64];
	struct mipo_addr ip;
	uint16_t port;
};

/*
 * Calls back in order of network, vantage, address and port; a callback
 * that returns non-zero ends it.
 */
int mipo_arrivals_each(struct mipo_state *state,
    int (*row)(void *arg, const struct mipo_arrival *arrival), void *arg,
    struct mipo_err *err);

#endif
