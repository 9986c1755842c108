#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/host.h"
#include "net/route-part.h"
#include "net/sport.h"

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

/* Addresses that no host has begin and end somewhere, too. */
static int
add_fixed(struct mipo_bounds *bounds, uint8_t family, struct mipo_err *err)
{
	struct mipo_addr fixed[MIPO_HOST_BOUNDS];
	size_t n = mipo_host_bounds(family, fixed);

	if (mipo_grow((void **)&bounds->addrs, &bounds->cap_addrs,
		bounds->n_addrs + n, sizeof(*fixed), err) != 0)
		return -1;
	memcpy(bounds->addrs + bounds->n_addrs, fixed, n * sizeof(*fixed));
	bounds->n_addrs += n;
	return 0;
}

uint8_t
mipo_flow_proto(const struct mipo_flow *like, uint8_t family)
{
	return like->proto == IPPROTO_ICMP && family == 6
	    ? IPPROTO_ICMPV6 : like->proto;
}

/* The bounds of the families that occur, in order. */
static int
find_bounds(struct mipo_finder *f, struct mipo_err *err)
{
	struct mipo_bounds *bounds = f->bounds;

	for (uint8_t family = 4; family <= 6; family += 2)
		if (has_family(&f->old, family) &&
		    (mipo_netlink_bounds(f->netlink, family,
			 mipo_flow_proto(f->like, family), bounds, err) != 0 ||
			add_fixed(bounds, family, err) != 0))
			return -1;
	if (bounds->n_addrs > 0)
		qsort(bounds->addrs, bounds->n_addrs,
		    sizeof(*bounds->addrs), compare);
	return 0;
}

/* A rule that tells some of our source ports from others. */
static int
check_sports(const struct mipo_finder *f, struct mipo_err *err)
{
	const unsigned first = f->like->sport;

	for (unsigned i = 1; first > 0 && i <= MIPO_SPORTS; i++)
		if ((f->bounds->cuts[first + i] & MIPO_CUT_SPORT) != 0)
			return mipo_err_set(err, MIPO_E_USAGE,
			    "a routing rule (ip-rule(8)) has a source port "
			    "near %u, which is among those of probes, %u to "
			    "%u", first + i, first, first + MIPO_SPORTS);
	return 0;
}

/* Ports in a row that no rule tells apart are of one sort. */
static int
sort_ports(struct mipo_finder *f, struct mipo_err *err)
{
	const struct mipo_space *space = f->space;
	const uint8_t *cuts = f->bounds->cuts;
	uint8_t *sorts = mipo_calloc(65536, 1, err);
	size_t n = 0;
	unsigned port = 0;

	if (sorts == NULL)
		return -1;
	for (uint32_t i = 0; i < space->n_ports; i++) {
		bool is_new = i == 0;

		for (; port <= space->ports[i]; port++)
			is_new |= (cuts[port] & MIPO_CUT_DPORT) != 0;
		if (is_new && n == MIPO_MAX_SORTS) {
			free(sorts);
			return mipo_err_set(err, MIPO_E_USAGE,
			    "routing rules (ip-rule(8)) tell more than %d "
			    "sorts of the ports apart: split the scan",
			    MIPO_MAX_SORTS);
		}
		if (is_new)
			f->ports[n++] = space->ports[i];
		sorts[space->ports[i]] = (uint8_t)(n - 1);
	}
	f->routes->sorts = sorts;
	f->routes->n_sorts = n;
	return 0;
}

static int
find_sorts(struct mipo_finder *f, struct mipo_err *err)
{
	const bool ports = f->like->proto != IPPROTO_ICMP;

	f->routes->n_sorts = 1;
	if (ports && f->bounds->cut && f->space->n_ports > 0 &&
	    (check_sports(f, err) != 0 || sort_ports(f, err) != 0))
		return -1;
	f->run = mipo_calloc(f->routes->n_sorts, sizeof(*f->run), err);
	return f->run == NULL ? -1 : 0;
}

/* The interfaces that answers to what goes by one of several may take. */
static int
find_forks(struct mipo_finder *f, struct mipo_err *err)
{
	struct mipo_routes *routes = f->routes;

	for (size_t i = 0; i < f->bounds->n_forks; i++) {
		struct mipo_link link;
		size_t j = 0;

		while (j < routes->n_forks &&
		    routes->forks[j].ifindex != f->bounds->forks[i])
			j++;
		if (j < routes->n_forks)
			continue;
		if (mipo_netlink_link(f->netlink, f->bounds->forks[i], &link,
			err) != 0)
			return -1;
		if (!link.up || !link.carrier || link.loopback)
			continue;
		if (j == MIPO_MAX_PATHS)
			return mipo_err_set(err, MIPO_E_USAGE,
			    "routes branch to more than %d interfaces",
			    MIPO_MAX_PATHS);
		routes->forks[routes->n_forks++] = link;
	}
	return 0;
}

int
mipo_finder_look(struct mipo_finder *f, struct mipo_err *err)
{
	if (find_bounds(f, err) != 0 || find_sorts(f, err) != 0)
		return -1;
	return find_forks(f, err);
}
