/*
 * The space of a scan: target addresses x ports, as numbers. Pair
 * p = (index of the address) * (count of ports) + (index of the port), both
 * in ascending order, so that pairs in order are in the receipt's order.
 */
#ifndef MIPO_NET_SPACE_H
#define MIPO_NET_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/addr.h"

struct mipo_err;
struct mipo_ports;
struct mipo_targets;

/* Consecutive addresses that are reached in the same way. */
struct mipo_segment {
	uint64_t index; /* of the first address */
	uint64_t count;
	struct mipo_addr first;
	uint32_t hop; /* the router's (route.h); 0 at the start */
	uint64_t neighbor; /* of the first, where each is asked for itself */
};

/* For reading; made by mipo_space_new. */
struct mipo_space {
	struct mipo_segment *segments;
	size_t n_segments, cap_segments;
	uint64_t addresses, pairs;
	uint16_t *ports;
	uint32_t n_ports;
	double ports_inv;
	int32_t *port_index; /* by port, -1 where it is not in the space */
	uint32_t *near;	     /* where to look for an address; see index */
	unsigned near_shift;
};

/* One pair, looked up. */
struct mipo_spot {
	const struct mipo_segment *segment;
	uint64_t offset; /* of the address in its segment */
	struct mipo_addr addr;
	uint16_t port;
};

/*
 * Copies what it needs. The space is empty where either side is; more than
 * 2^53 - 1 pairs are an error.
 */
int mipo_space_new(const struct mipo_targets *targets,
    const struct mipo_ports *ports, struct mipo_space **ret_space,
    struct mipo_err *err);
void mipo_space_free(struct mipo_space *space);

/* Appends a segment after the last; for the router, which remakes them. */
int mipo_space_add(struct mipo_space *space, const struct mipo_addr *first,
    uint64_t count, uint32_t hop, struct mipo_err *err);

/*
 * When the segments are all there: makes mipo_space_at fast however many
 * they are, as where thousands of addresses are excluded.
 */
int mipo_space_index(struct mipo_space *space, struct mipo_err *err);

/* What pair is, pair < pairs. */
void mipo_space_at(const struct mipo_space *space, uint64_t pair,
    struct mipo_spot *ret_spot);

/* The spot of address and port, and its pair; false: not in the space. */
bool mipo_space_find(const struct mipo_space *space,
    const struct mipo_addr *addr, uint16_t port, struct mipo_spot *ret_spot,
    uint64_t *ret_pair);

/* The spot of an address alone (port 0). */
bool mipo_space_find_addr(const struct mipo_space *space,
    const struct mipo_addr *addr, struct mipo_spot *ret_spot);

#endif
