#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/route-part.h"

/* A space and its routes. */
struct view {
	const struct mipo_space *space;
	const struct mipo_routes *routes;
};

static bool
is_way(const struct view *a, const struct mipo_hop *x, const struct view *b,
    const struct mipo_hop *y)
{
	const struct mipo_wire_end *p, *q;

	if (x->sys != 0 || y->sys != 0)
		return x->sys == y->sys;
	p = &a->routes->paths[x->path].end;
	q = &b->routes->paths[y->path].end;
	return x->local == y->local && x->ask == y->ask &&
	    x->direct == y->direct &&
	    mipo_addr_cmp(&x->gateway, &y->gateway) == 0 &&
	    p->ifindex == q->ifindex &&
	    memcmp(p->from.mac, q->from.mac, sizeof(p->from.mac)) == 0 &&
	    mipo_addr_cmp(&p->from.addr, &q->from.addr) == 0;
}

/* Whether two segments are reached in one way, by all ports. */
static bool
is_reached(const struct view *a, const struct mipo_segment *x,
    const struct view *b, const struct mipo_segment *y)
{
	const bool sorted =
	    a->routes->sorts != NULL || b->routes->sorts != NULL;

	for (uint32_t j = 0; j < (sorted ? a->space->n_ports : 1); j++) {
		uint16_t port = a->space->ports[j];

		if (!is_way(a, mipo_routes_at(a->routes, x, port), b,
			mipo_routes_at(b->routes, y, port)))
			return false;
	}
	return true;
}

/* Both are of the same addresses: the first segments that differ say where. */
static bool
compare(const struct view *a, const struct view *b, struct mipo_addr *ret_addr)
{
	for (size_t i = 0; i < a->space->n_segments; i++) {
		const struct mipo_segment *x = &a->space->segments[i];
		const struct mipo_segment *y = &b->space->segments[i];
		bool reached = is_reached(a, x, b, y);

		if (reached && x->count == y->count)
			continue;
		*ret_addr = x->first;
		if (reached)
			(void)mipo_addr_add(ret_addr,
			    x->count < y->count ? x->count : y->count);
		return false;
	}
	return true;
}

int
mipo_routes_check(const struct mipo_space *space,
    const struct mipo_routes *routes, const struct mipo_flow *like,
    struct mipo_netlink *netlink, bool *ret_same, struct mipo_addr *ret_addr,
    struct mipo_err *err)
{
	const size_t size = space->n_segments * sizeof(*space->segments);
	struct mipo_space again = *space;
	struct mipo_routes found = {.n_hops = 0};
	const struct view before = {space, routes}, after = {&again, &found};
	int r = -1;

	again.near = NULL;
	again.cap_segments = space->n_segments;
	again.segments =
	    mipo_calloc(space->n_segments, sizeof(*again.segments), err);
	if (again.segments == NULL)
		return -1;
	memcpy(again.segments, space->segments, size);
	if (mipo_routes_find(&again, like, netlink, &found, err) == 0) {
		*ret_same = compare(&before, &after, ret_addr);
		r = 0;
	}
	free(again.segments);
	free(again.near);
	mipo_routes_release(&found);
	return r;
}
