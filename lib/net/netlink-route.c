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

/* The first address of dst/bits (NULL: of all), and the one behind it. */
static int
add_bounds(struct bounds *bounds, int family, const void *dst, size_t bits,
    struct mipo_err *err)
{
	struct mipo_addr first = {.family = family == AF_INET6 ? 6 : 4}, last;
	size_t size = mipo_nl_addr_len(family);

	if (mipo_grow((void **)&bounds->items, &bounds->cap, bounds->n + 2,
		sizeof(*bounds->items), err) != 0)
		return -1;
	if (dst != NULL)
		memcpy(first.b, dst, size);
	last = first;
	for (size_t i = bits; i < size * 8; i++)
		last.b[i / 8] |= (uint8_t)(0x80 >> i % 8);
	bounds->items[bounds->n++] = first;
	if (mipo_addr_add(&last, 1))
		bounds->items[bounds->n++] = last;
	return 0;
}

static int
take_prefix(void *arg, const struct nlmsghdr *header, struct mipo_err *err)
{
	const struct rtmsg *msg = NLMSG_DATA(header);

	return add_bounds(arg, msg->rtm_family,
	    mipo_nl_find(header, sizeof(*msg), RTA_DST,
		mipo_nl_addr_len(msg->rtm_family)),
	    msg->rtm_dst_len, err);
}

/* A rule without a destination is for all of them: it bounds nothing. */
static int
take_rule(void *arg, const struct nlmsghdr *header, struct mipo_err *err)
{
	const struct fib_rule_hdr *rule = NLMSG_DATA(header);
	const void *dst = mipo_nl_find(header, sizeof(*rule), FRA_DST,
	    mipo_nl_addr_len(rule->family));

	return dst == NULL ? 0 : add_bounds(arg, rule->family, dst,
	    rule->dst_len, err);
}

/* All of one kind; a kernel without rules answers that it knows none. */
static int
dump(struct mipo_netlink *netlink, struct nl_request *request,
    mipo_nl_visit visit, struct bounds *bounds, struct mipo_err *err)
{
	int sys = 0;

	if (mipo_nl_ask(netlink, request, visit, bounds, &sys, err) != 0)
		return -1;
	if (sys == 0 || sys == EOPNOTSUPP || sys == EAFNOSUPPORT)
		return 0;
	return mipo_err_sys(err, sys, "routing table");
}

int
mipo_netlink_bounds(struct mipo_netlink *netlink, uint8_t family,
    struct mipo_addr **ret_bounds, size_t *ret_n, struct mipo_err *err)
{
	const uint8_t af = family == 6 ? AF_INET6 : AF_INET;
	struct bounds bounds = {0};
	struct nl_request routes, rules;

	mipo_nl_begin(
	    &routes, RTM_GETROUTE, NLM_F_DUMP, sizeof(routes.body.route));
	routes.body.route.rtm_family = af;
	mipo_nl_begin(
	    &rules, RTM_GETRULE, NLM_F_DUMP, sizeof(rules.body.rule));
	rules.body.rule.family = af;
	if (dump(netlink, &routes, take_prefix, &bounds, err) != 0 ||
	    dump(netlink, &rules, take_rule, &bounds, err) != 0) {
		free(bounds.items);
		return -1;
	}
	*ret_bounds = bounds.items;
	*ret_n = bounds.n;
	return 0;
}
