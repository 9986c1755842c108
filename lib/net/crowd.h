/*
 * Hosts where nearly everything is open: what is open there says little, be
 * it a proxy, a tarpit or a filter that answers for others.
 */
#ifndef MIPO_NET_CROWD_H
#define MIPO_NET_CROWD_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;

#define MIPO_CROWD_LEAST 16 /* open ports, */
#define MIPO_CROWD_PARTS 4  /* and three in four of those probed */

/* A pair's bare mark, above the number of the pair. */
#define MIPO_CROWD_BARE (UINT64_C(1) << 63)

struct mipo_crowd {
	uint64_t host; /* pair / ports */
	uint32_t open, bare;
	uint32_t asked; /* the caller's */
};

/*
 * The crowded hosts among n open pairs, each once and in any order, of a
 * space of that many ports a host, in ascending order.
 */
int mipo_crowds_find(const uint64_t *pairs, size_t n, uint32_t ports,
    struct mipo_crowd **ret_crowds, size_t *ret_n, struct mipo_err *err);

/* The host's, or NULL. */
struct mipo_crowd *mipo_crowds_at(
    struct mipo_crowd *crowds, size_t n, uint64_t host);

#endif
