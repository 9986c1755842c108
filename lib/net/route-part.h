/* What the halves of the router share. */
#ifndef MIPO_NET_ROUTE_PART_H
#define MIPO_NET_ROUTE_PART_H

#include "net/route.h"

/* What the work needs; region is the last one looked up. */
struct mipo_finder {
	struct mipo_netlink *netlink;
	const struct mipo_flow *like;
	struct mipo_routes *routes;
	struct mipo_space old; /* the segments to be split */
	struct mipo_space *space;
	struct mipo_bounds *bounds;
	uint16_t ports[MIPO_MAX_SORTS]; /* the first of each sort, or 0 */
	struct mipo_hop *run; /* a hop for each sort */
	uint8_t family;
	size_t region;
	uint32_t hop;
};

/* Its protocol, as a family has it. */
uint8_t mipo_flow_proto(const struct mipo_flow *like, uint8_t family);

/* Finds out what the routes depend on: bounds, sorts of ports, forks. */
int mipo_finder_look(struct mipo_finder *finder, struct mipo_err *err);

#endif
