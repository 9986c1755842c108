/*
 * Hosts that answered for a while and then to nothing more, as behind a
 * filter that shuts us out once it noticed the scan. The order of the probes
 * is random, so that answers of one host should not all be among the first.
 * Pure.
 */
#ifndef MIPO_NET_SHUT_H
#define MIPO_NET_SHUT_H

#include <stdbool.h>
#include <stdint.h>

/* Probes of a host, or of neighbours together, in the order of time. */
struct mipo_shut {
	uint32_t sent;	/* so far */
	uint32_t told;	/* of these, those that were answered */
	uint32_t reach; /* probes up to the last of them */
};

/* One more probe. */
void mipo_shut_add(struct mipo_shut *shut, bool told);

/*
 * Neighbours together: shut adds more, who were probed by turns. It shows
 * more of a network than of each host, and nothing where one is left out.
 */
void mipo_shut_join(struct mipo_shut *shut, const struct mipo_shut *more);

/* Whether chance does not explain that all answers were among the first. */
bool mipo_shut_is(const struct mipo_shut *shut);

#endif
