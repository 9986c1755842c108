#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/netlink-part.h"

static void
take_gateway(struct mipo_route *route, const struct nlmsghdr *header,
    const struct rtmsg *msg)
{
	const struct rtvia *via = mipo_nl_find(
	    header, sizeof(*msg), RTA_VIA, sizeof(struct rtvia) + 4);
	const void *p = mipo_nl_find(header, sizeof(*msg), RTA_GATEWAY,
	    mipo_nl_addr_len(msg->rtm_family));

	if (p != NULL) {
		mipo_nl_addr(&route->gateway, msg->rtm_family, p);
	} else if (via != NULL &&
		   mipo_nl_find(header, sizeof(*msg), RTA_VIA,
		       sizeof(struct rtvia) +
			   mipo_nl_addr_len(via->rtvia_family)) != NULL) {
		mipo_nl_addr(
		    &route->gateway, via->rtvia_family, via->rtvia_addr);
	} else {
		return;
	}
	route->has_gateway = true;
}

/* A route that says no, as the error that sending would give. */
static int
refusal_of(unsigned type)
{
	switch (type) {
	case RTN_UNREACHABLE:
		return EHOSTUNREACH;
	case RTN_PROHIBIT:
		return EACCES;
	case RTN_BLACKHOLE:
		return EINVAL;
	default:
		return 0;
	}
}

static int
take_route(void *arg, const struct nlmsghdr *header, struct mipo_err *err)
{
	struct mipo_route *route = arg;
	const struct rtmsg *msg = NLMSG_DATA(header);
	const uint32_t *oif = mipo_nl_find(header, sizeof(*msg), RTA_OIF, 4);
	const void *source = mipo_nl_find(header, sizeof(*msg), RTA_PREFSRC,
	    mipo_nl_addr_len(msg->rtm_family));

	(void)err;
	route->sys = refusal_of(msg->rtm_type);
	route->local = msg->rtm_type == RTN_LOCAL;
	route->multicast = msg->rtm_type == RTN_MULTICAST;
	if (oif != NULL)
		memcpy(&route->ifindex, oif, sizeof(*oif));
	if (source != NULL)
		mipo_nl_addr(&route->source, msg->rtm_family, source);
	take_gateway(route, header, msg);
	return 0;
}

int
mipo_netlink_route(struct mipo_netlink *netlink, const struct mipo_addr *addr,
    struct mipo_route *ret_route, struct mipo_err *err)
{
	struct mipo_route route = {0};
	struct nl_request request;
	int sys;

	mipo_nl_begin(&request, RTM_GETROUTE, 0, sizeof(request.body.route));
	request.body.route.rtm_family = addr->family == 6 ? AF_INET6 : AF_INET;
	request.body.route.rtm_dst_len = addr->family == 6 ? 128 : 32;
	mipo_nl_attach(&request, RTA_DST, addr->b, mipo_addr_size(addr));
	if (mipo_nl_ask(netlink, &request, take_route, &route, &sys, err) != 0)
		return -1;
	if (sys != 0)
		route.sys = sys;
	if (route.sys == 0 && route.ifindex == 0)
		route.sys = ENETUNREACH;
	*ret_route = route;
	return 0;
}

struct bounds {
	struct mipo_addr *items;
	size_t n, cap;
};

/* The first and the last address of a prefix. */
static void
prefix_ends(const struct rtmsg *msg, const void *dst,
    struct mipo_addr *ret_first, struct mipo_addr *ret_last)
{
	size_t bits = mipo_nl_addr_len(msg->rtm_family) * 8;

	memset(ret_first, 0, sizeof(*ret_first));
	ret_first->family = msg->rtm_family == AF_INET6 ? 6 : 4;
	if (dst != NULL)
		memcpy(ret_first->b, dst, bits / 8);
	*ret_last = *ret_first;
	for (size_t i = msg->rtm_dst_len; i < bits; i++)
		ret_last->b[i / 8] |= (uint8_t)(0x80 >> i % 8);
}

static int
take_bounds(void *arg, const struct nlmsghdr *header, struct mipo_err *err)
{
	struct bounds *bounds = arg;
	const struct rtmsg *msg = NLMSG_DATA(header);
	const void *dst = mipo_nl_find(
	    header, sizeof(*msg), RTA_DST, mipo_nl_addr_len(msg->rtm_family));
	struct mipo_addr first, last;

	if (mipo_grow((void **)&bounds->items, &bounds->cap, bounds->n + 2,
		sizeof(*bounds->items), err) != 0)
		return -1;
	prefix_ends(msg, dst, &first, &last);
	bounds->items[bounds->n++] = first;
	if (mipo_addr_add(&last, 1))
		bounds->items[bounds->n++] = last;
	return 0;
}

int
mipo_netlink_bounds(struct mipo_netlink *netlink, uint8_t family,
    struct mipo_addr **ret_bounds, size_t *ret_n, struct mipo_err *err)
{
	struct bounds bounds = {0};
	struct nl_request request;
	int sys = 0;

	mipo_nl_begin(
	    &request, RTM_GETROUTE, NLM_F_DUMP, sizeof(request.body.route));
	request.body.route.rtm_family = family == 6 ? AF_INET6 : AF_INET;
	if (mipo_nl_ask(netlink, &request, take_bounds, &bounds, &sys, err) !=
	    0)
		goto fail;
	if (sys != 0) {
		mipo_err_sys(err, sys, "routing table");
		goto fail;
	}
	*ret_bounds = bounds.items;
	*ret_n = bounds.n;
	return 0;
fail:
	free(bounds.items);
	return -1;
}
