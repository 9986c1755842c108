/*
 * How each target is reached: the kernel's routes, asked once before the
 * scan, as segments of the space with a hop each.
 */
#ifndef MIPO_NET_ROUTE_H
#define MIPO_NET_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/wire.h"

struct mipo_err;
struct mipo_space;

#define MIPO_MAX_PATHS 32 /* interface, family and source address */

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
	struct mipo_hop *hops;
	size_t n_hops, cap_hops;
};

/*
 * Remakes the space's segments so that each has one hop. Addresses that
 * the kernel has no route to get a hop with sys set. An interface that is
 * down, or more than MIPO_MAX_PATHS paths, is an error.
 */
int mipo_routes_find(struct mipo_space *space,
    struct mipo_routes *ret_routes, struct mipo_err *err);
void mipo_routes_release(struct mipo_routes *routes);

#endif
