/* What came up, by the history that the index keeps. */
#ifndef MIPO_STORE_ARRIVALS_H
#define MIPO_STORE_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>

#include "data/addr.h"
#include "data/obs.h"

struct mipo_err;
struct mipo_state;

/*
 * A binding that is open, or by UDP was when a look last could tell. It came
 * up where the look that found it so began after another one of its network,
 * vantage and protocol that concludes and covers a pair that this look covers
 * too: it was closed before, or was not seen. Where it was silent in between
 * it counts from when it was open before.
 */
struct mipo_arrival {
	char network[64], vantage[64];
	enum mipo_proto proto;
	struct mipo_addr ip;
	uint16_t port;
	bool came_up;
	char heard[33];	  /* it is silent now: the look that found it open */
	int64_t heard_ms; /* and when that was recorded */
};

/*
 * Calls back in order of network, vantage, protocol, address and port; a
 * callback that returns non-zero ends it.
 */
int mipo_arrivals_each(struct mipo_state *state,
    int (*row)(void *arg, const struct mipo_arrival *arrival), void *arg,
    struct mipo_err *err);

#endif
