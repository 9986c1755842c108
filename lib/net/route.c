#include "net/route.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/host.h"
#include "net/netlink.h"
#include "net/space.h"

/* What the work needs; region is the last one looked up. */
struct finder {
	struct mipo_netlink *netlink;
	struct mipo_routes *routes;
	struct mipo_space old; /* the segments to be split */
	struct mipo_space *space;
	struct mipo_addr *bounds;
	size_t n_bounds;
	uint8_t family;
	size_t region;
	uint32_t hop;
};

static int
compare(const void *a, const void *b)
{
	return mipo_addr_cmp(a, b);
}

static bool
has_family(const struct mipo_space *space, uint8_t family)
{
	for (size_t i = 0; i < space->n_segments; i++)
		if (space->segments[i].first.family == family)
			return true;
	return false;
}

static int
add_bounds(struct finder *f, size_t *cap, const struct mipo_addr *more,
    size_t n, struct mipo_err *err)
{
	if (mipo_grow((void **)&f->bounds, cap, f->n_bounds + n,
		sizeof(*more), err) != 0)
		return -1;
	if (n > 0)
		memcpy(f->bounds + f->n_bounds, more, n * sizeof(*more));
	f->n_bounds += n;
	return 0;
}

/* The bounds of the families that occur, in order. */
static int
find_bounds(struct finder *f, struct mipo_err *err)
{
	struct mipo_addr fixed[MIPO_HOST_BOUNDS];
	size_t cap = 0;

	for (uint8_t family = 4; family <= 6; family += 2) {
		struct mipo_addr *more;
		size_t n;
		int r;

		if (!has_family(&f->old, family))
			continue;
		if (mipo_netlink_bounds(
			f->netlink, family, &more, &n, err) != 0)
			return -1;
		r = add_bounds(f, &cap, more, n, err);
		free(more);
		n = mipo_host_bounds(family, fixed);
		if (r != 0 || add_bounds(f, &cap, fixed, n, err) != 0)
			return -1;
	}
	if (f->n_bounds > 0)
		qsort(f->bounds, f->n_bounds, sizeof(*f->bounds), compare);
	return 0;
}

/* How many bounds are not behind addr: the number of its region. */
static size_t
region_of(const struct finder *f, const struct mipo_addr *addr)
{
	size_t lo = 0, hi = f->n_bounds;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (mipo_addr_cmp(&f->bounds[mid], addr) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
fill_path(struct mipo_path *path, const struct mipo_link *link,
    const struct mipo_addr *source, bool ether)
{
	memset(path, 0, sizeof(*path));
	path->end.mtu = link->mtu;
	path->end.ifindex = link->ifindex;
	memcpy(path->end.ifname, link->name, sizeof(path->end.ifname));
	path->end.loopback = link->loopback;
	path->end.from.ether = ether;
	path->end.from.addr = *source;
	memcpy(path->end.from.mac, link->mac, sizeof(link->mac));
}

/* The path of an interface and a source, made where it is new. */
static int
path_of(struct mipo_routes *routes, const struct mipo_link *link,
    const struct mipo_addr *source, bool ether, size_t *ret_path,
    struct mipo_err *err)
{
	size_t i;

	for (i = 0; i < routes->n_paths; i++) {
		const struct mipo_wire_end *end = &routes->paths[i].end;

		if (end->ifindex == link->ifindex &&
		    end->from.ether == ether &&
		    mipo_addr_cmp(&end->from.addr, source) == 0)
			break;
	}
	if (i == MIPO_MAX_PATHS)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "more than %d interfaces and source addresses lead to "
		    "the targets: split the scan", MIPO_MAX_PATHS);
	if (i == routes->n_paths)
		fill_path(&routes->paths[routes->n_paths++], link, source,
		    ether);
	*ret_path = i;
	return 0;
}

/*
 * From the kernel's answer to a hop. Where we cannot ask for the neighbour
 * ourselves (a gateway of the other family) the kernel does it, behind a
 * raw socket.
 */
static int
make_hop(struct finder *f, const struct mipo_addr *addr,
    struct mipo_hop *hop, struct mipo_err *err)
{
	struct mipo_route route;
	struct mipo_link link;

	if (!mipo_host_may(addr)) {
		hop->sys = ENETUNREACH;
		return 0;
	}
	if (mipo_netlink_route(f->netlink, addr, &route, err) != 0)
		return -1;
	hop->sys = route.multicast ? ENETUNREACH : route.sys;
	if (hop->sys == 0 && route.source.family == 0)
		hop->sys = EADDRNOTAVAIL;
	if (hop->sys != 0)
		return 0;
	if (mipo_netlink_link(f->netlink, route.ifindex, &link, err) != 0)
		return -1;
	if (!link.up || !link.carrier)
		return mipo_err_set(err, MIPO_E_IO, "interface %s %s",
		    link.name, link.up ? "has no carrier" : "is down");
	hop->local = route.local;
	hop->ask = link.ether && !route.local &&
	    (!route.has_gateway || route.gateway.family == addr->family);
	hop->direct = !route.has_gateway;
	if (hop->ask && route.has_gateway)
		hop->gateway = route.gateway;
	return path_of(f->routes, &link, &route.source, hop->ask, &hop->path,
	    err);
}

static bool
same_hop(const struct mipo_hop *a, const struct mipo_hop *b)
{
	return a->sys == b->sys && a->path == b->path &&
	    a->local == b->local && a->ask == b->ask &&
	    a->direct == b->direct &&
	    mipo_addr_cmp(&a->gateway, &b->gateway) == 0;
}

static int
intern_hop(struct mipo_routes *routes, const struct mipo_hop *hop,
    uint32_t *ret_i, struct mipo_err *err)
{
	size_t i = 0;

	while (i < routes->n_hops && !same_hop(&routes->hops[i], hop))
		i++;
	if (i == routes->n_hops) {
		if (mipo_grow((void **)&routes->hops, &routes->cap_hops,
			i + 1, sizeof(*hop), err) != 0)
			return -1;
		routes->hops[routes->n_hops++] = *hop;
	}
	*ret_i = (uint32_t)i;
	return 0;
}

/* The hop of the region that addr is in, looked up once a region. */
static int
hop_of(struct finder *f, size_t region, const struct mipo_addr *addr,
    struct mipo_err *err)
{
	struct mipo_hop hop = {0};

	if (region == f->region && addr->family == f->family)
		return 0;
	if (make_hop(f, addr, &hop, err) != 0 ||
	    intern_hop(f->routes, &hop, &f->hop, err) != 0)
		return -1;
	f->region = region;
	f->family = addr->family;
	return 0;
}

/* Appends count addresses; to the last segment where they continue it. */
static int
append(struct finder *f, const struct mipo_addr *first, uint64_t count,
    struct mipo_err *err)
{
	struct mipo_segment *last;
	struct mipo_addr next;

	if (f->space->n_segments > 0) {
		last = &f->space->segments[f->space->n_segments - 1];
		next = last->first;
		if (last->hop == f->hop &&
		    mipo_addr_add(&next, last->count) &&
		    mipo_addr_cmp(&next, first) == 0) {
			last->count += count;
			return 0;
		}
	}
	return mipo_space_add(f->space, first, count, f->hop, err);
}

static int
split(struct finder *f, const struct mipo_segment *segment,
    struct mipo_err *err)
{
	struct mipo_addr addr = segment->first;
	uint64_t left = segment->count;

	while (left > 0) {
		size_t region = region_of(f, &addr);
		uint64_t n = left, room;

		if (region < f->n_bounds &&
		    f->bounds[region].family == addr.family) {
			room = mipo_addr_distance(&addr, &f->bounds[region]);
			n = room < n ? room : n;
		}
		if (hop_of(f, region, &addr, err) != 0 ||
		    append(f, &addr, n, err) != 0)
			return -1;
		left -= n;
		(void)mipo_addr_add(&addr, n);
	}
	return 0;
}

int
mipo_routes_find(struct mipo_space *space, struct mipo_routes *ret_routes,
    struct mipo_err *err)
{
	struct finder f = {.space = space, .routes = ret_routes,
	    .old = *space, .region = SIZE_MAX};
	int r = -1;

	memset(ret_routes, 0, sizeof(*ret_routes));
	if (mipo_netlink_open(&f.netlink, err) != 0 ||
	    find_bounds(&f, err) != 0)
		goto out;
	space->segments = NULL;
	space->n_segments = space->cap_segments = 0;
	for (size_t i = 0; i < f.old.n_segments; i++)
		if (split(&f, &f.old.segments[i], err) != 0)
			goto out;
	r = mipo_space_index(space, err);
out:
	if (space->segments != f.old.segments)
		free(f.old.segments);
	mipo_netlink_free(f.netlink);
	free(f.bounds);
	return r == 0 ? 0 : mipo_err_prefix(err, "routes");
}

void
mipo_routes_release(struct mipo_routes *routes)
{
	free(routes->hops);
	routes->hops = NULL;
	routes->n_hops = routes->cap_hops = 0;
}
