/*
 * How each target is reached: the kernel's routes, asked once before the
 * scan, as segments of the space with a hop each; or with one for each sort
 * of ports, where routing rules name ports.
 */
#ifndef MIPO_NET_ROUTE_H
#define MIPO_NET_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/netlink.h"
#include "net/space.h"
#include "net/wire.h"

struct mipo_err;

#define MIPO_MAX_PATHS 32 /* interface, family and source address */
#define MIPO_MAX_SORTS 255 /* of ports */

/* An interface, a family and our address there. */
struct mipo_path {
	struct mipo_wire_end end;
};

/* The next step towards a segment's addresses. */
struct mipo_hop {
	int sys;    /* 0, or why the kernel would not send there */
	size_t path;
	bool local; /* this machine itself */
	bool ask;   /* a neighbour must be found by ARP or ND first: */
	bool direct; /* each address itself, else the gateway */
	struct mipo_addr gateway; /* without direct */
	uint64_t neighbor;	  /* the gateway's (neighbor.h) */
};

/* For reading. */
struct mipo_routes {
	struct mipo_path paths[MIPO_MAX_PATHS];
	size_t n_paths;
	struct mipo_hop *hops; /* in runs: a segment's, one for each sort */
	size_t n_hops, cap_hops;
	size_t n_sorts;
	uint8_t *sorts; /* of each port its sort; NULL: there is one */
	/* Further interfaces that answers may come in on, which are up. */
	struct mipo_link forks[MIPO_MAX_PATHS];
	size_t n_forks;
};

/* The hop of a port of a segment. */
static inline const struct mipo_hop *
mipo_routes_at(const struct mipo_routes *routes,
    const struct mipo_segment *segment, uint16_t port)
{
	return &routes->hops[segment->hop +
	    (routes->sorts == NULL ? 0 : routes->sorts[port])];
}

static inline const struct mipo_hop *
mipo_routes_hop(const struct mipo_routes *routes, const struct mipo_spot *spot)
{
	return mipo_routes_at(routes, spot->segment, spot->port);
}

/* The hop of a segment whose hosts are asked for themselves, or NULL. */
const struct mipo_hop *mipo_routes_direct(
    const struct mipo_routes *routes, const struct mipo_segment *segment);

/*
 * Remakes the space's segments so that each has one run of hops. Addresses
 * that the kernel has no route to get a hop with sys set. like has the
 * protocol, the first of our source ports and the user. An interface that is
 * down, or more than MIPO_MAX_PATHS paths, is an error, and the space is then
 * as it was.
 */
int mipo_routes_find(struct mipo_space *space, const struct mipo_flow *like,
    struct mipo_netlink *netlink, struct mipo_routes *ret_routes,
    struct mipo_err *err);

/*
 * Whether all that is in space still has its way; else *ret_addr is an
 * address whose way is another. -1 where that could not be found out.
 */
int mipo_routes_check(const struct mipo_space *space,
    const struct mipo_routes *routes, const struct mipo_flow *like,
    struct mipo_netlink *netlink, bool *ret_same, struct mipo_addr *ret_addr,
    struct mipo_err *err);
void mipo_routes_release(struct mipo_routes *routes);

#endif
