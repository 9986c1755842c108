#include "net/route.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/host.h"
#include "net/route-part.h"

/* How many bounds are not behind addr: the number of its region. */
static size_t
region_of(const struct mipo_finder *f, const struct mipo_addr *addr)
{
	size_t lo = 0, hi = f->bounds->n_addrs;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (mipo_addr_cmp(&f->bounds->addrs[mid], addr) <= 0)
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
 * The kernel looks twice: for a source address, and then whether it would
 * send from that one another way. What it took as source stays.
 */
static int
ask_kernel(struct mipo_finder *f, const struct mipo_addr *addr, uint16_t port,
    struct mipo_route *ret_route, struct mipo_err *err)
{
	struct mipo_flow flow = {.addr = *addr,
	    .proto = mipo_flow_proto(f->like, addr->family),
	    .sport = port == 0 ? 0 : f->like->sport,
	    .dport = port,
	    .uid = f->like->uid};
	struct mipo_route route;

	if (mipo_netlink_route(f->netlink, &flow, &route, err) != 0)
		return -1;
	flow.source = route.source;
	if (f->bounds->sources && route.sys == 0 && !route.local &&
	    route.source.family != 0) {
		if (mipo_netlink_route(f->netlink, &flow, &route, err) != 0)
			return -1;
		route.source = flow.source;
	}
	*ret_route = route;
	return 0;
}

/*
 * From the kernel's answer to a hop. Where we cannot ask for the neighbour
 * ourselves (a gateway of the other family) the kernel does it, behind a
 * raw socket.
 */
static int
make_hop(struct mipo_finder *f, const struct mipo_addr *addr, uint16_t port,
    struct mipo_hop *hop, struct mipo_err *err)
{
	struct mipo_route route;
	struct mipo_link link;

	memset(hop, 0, sizeof(*hop));
	if (!mipo_host_may(addr)) {
		hop->sys = ENETUNREACH;
		return 0;
	}
	if (ask_kernel(f, addr, port, &route, err) != 0)
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

static bool
is_run(const struct mipo_finder *f, size_t at)
{
	for (size_t k = 0; k < f->routes->n_sorts; k++)
		if (!same_hop(&f->routes->hops[at + k], &f->run[k]))
			return false;
	return true;
}

static int
intern_run(struct mipo_finder *f, uint32_t *ret_i, struct mipo_err *err)
{
	struct mipo_routes *routes = f->routes;
	size_t i = 0, n = routes->n_sorts;

	while (i < routes->n_hops && !is_run(f, i))
		i += n;
	if (i == routes->n_hops) {
		if (mipo_grow((void **)&routes->hops, &routes->cap_hops,
			i + n, sizeof(*f->run), err) != 0)
			return -1;
		memcpy(routes->hops + i, f->run, n * sizeof(*f->run));
		routes->n_hops += n;
	}
	*ret_i = (uint32_t)i;
	return 0;
}

/* A host can be asked for itself on one interface, not on several. */
static int
check_direct(const struct mipo_finder *f, const struct mipo_addr *addr,
    struct mipo_err *err)
{
	const struct mipo_hop *first = NULL;
	char text[MIPO_ADDR_LEN];

	for (size_t k = 0; k < f->routes->n_sorts; k++) {
		const struct mipo_hop *hop = &f->run[k];

		if (hop->sys != 0 || !hop->ask || !hop->direct)
			continue;
		if (first != NULL && first->path != hop->path) {
			(void)mipo_addr_format(addr, text);
			return mipo_err_set(err, MIPO_E_USAGE,
			    "%s is on one link by port %u and on another by "
			    "port %u (ip-rule(8)): scan them apart", text,
			    f->ports[first - f->run], f->ports[k]);
		}
		first = first == NULL ? hop : first;
	}
	return 0;
}

/* The hops of the region that addr is in, looked up once a region. */
static int
hop_of(struct mipo_finder *f, size_t region, const struct mipo_addr *addr,
    struct mipo_err *err)
{
	if (region == f->region && addr->family == f->family)
		return 0;
	for (size_t k = 0; k < f->routes->n_sorts; k++)
		if (make_hop(f, addr, f->ports[k], &f->run[k], err) != 0)
			return -1;
	if (check_direct(f, addr, err) != 0 ||
	    intern_run(f, &f->hop, err) != 0)
		return -1;
	f->region = region;
	f->family = addr->family;
	return 0;
}

/* Appends count addresses; to the last segment where they continue it. */
static int
append(struct mipo_finder *f, const struct mipo_addr *first, uint64_t count,
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
split(struct mipo_finder *f, const struct mipo_segment *segment,
    struct mipo_err *err)
{
	struct mipo_addr addr = segment->first;
	uint64_t left = segment->count;

	while (left > 0) {
		size_t region = region_of(f, &addr);
		uint64_t n = left, room;

		if (region < f->bounds->n_addrs &&
		    f->bounds->addrs[region].family == addr.family) {
			room = mipo_addr_distance(
			    &addr, &f->bounds->addrs[region]);
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

/* The space's segments, split anew; as they were where that fails. */
static int
split_all(struct mipo_finder *f, struct mipo_err *err)
{
	f->space->segments = NULL;
	f->space->n_segments = f->space->cap_segments = 0;
	for (size_t i = 0; i < f->old.n_segments; i++)
		if (split(f, &f->old.segments[i], err) != 0)
			goto fail;
	if (mipo_space_index(f->space, err) != 0)
		goto fail;
	free(f->old.segments);
	return 0;
fail:
	free(f->space->segments);
	f->space->segments = f->old.segments;
	f->space->n_segments = f->old.n_segments;
	f->space->cap_segments = f->old.cap_segments;
	return -1;
}

int
mipo_routes_find(struct mipo_space *space, const struct mipo_flow *like,
    struct mipo_netlink *netlink, struct mipo_routes *ret_routes,
    struct mipo_err *err)
{
	struct mipo_finder f = {.space = space, .like = like,
	    .netlink = netlink, .routes = ret_routes, .old = *space,
	    .region = SIZE_MAX};
	int r = -1;

	memset(ret_routes, 0, sizeof(*ret_routes));
	f.bounds = mipo_calloc(1, sizeof(*f.bounds), err);
	if (f.bounds != NULL && mipo_finder_look(&f, err) == 0)
		r = split_all(&f, err);
	if (f.bounds != NULL)
		mipo_bounds_release(f.bounds);
	free(f.bounds);
	free(f.run);
	return r == 0 ? 0 : mipo_err_prefix(err, "routes");
}

const struct mipo_hop *
mipo_routes_direct(
    const struct mipo_routes *routes, const struct mipo_segment *segment)
{
	for (size_t k = 0; k < routes->n_sorts; k++) {
		const struct mipo_hop *hop = &routes->hops[segment->hop + k];

		if (hop->sys == 0 && hop->ask && hop->direct)
			return hop;
	}
	return NULL;
}

void
mipo_routes_release(struct mipo_routes *routes)
{
	free(routes->hops);
	free(routes->sorts);
	routes->hops = NULL;
	routes->sorts = NULL;
	routes->n_hops = routes->cap_hops = routes->n_sorts = 0;
}
