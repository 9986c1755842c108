/*
 * Our source ports: a block that the kernel does not give to its own
 * connections, so that nothing else on this machine answers or is answered
 * in our place.
 */
#ifndef MIPO_NET_SPORT_H
#define MIPO_NET_SPORT_H

#include <stdint.h>

struct mipo_err;

#define MIPO_SPORTS 256 /* for probes; one more, for the canary, follows */

/* The first port of a block outside the kernel's range in force. */
int mipo_sport_find(uint16_t *ret_base, struct mipo_err *err);

/* The same for a given range low..high. */
int mipo_sport_choose(
    unsigned low, unsigned high, uint16_t *ret_base, struct mipo_err *err);

#endif
