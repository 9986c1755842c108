#include <endian.h>
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

/* The attributes that say what is to be sent. */
static void
attach_flow(struct nl_request *request, const struct mipo_flow *flow)
{
	const uint16_t sport = htobe16(flow->sport);
	const uint16_t dport = htobe16(flow->dport);
	const size_t size = mipo_addr_size(&flow->addr);

	request->body.route.rtm_family =
	    flow->addr.family == 6 ? AF_INET6 : AF_INET;
	request->body.route.rtm_dst_len = (uint8_t)(8 * size);
	mipo_nl_attach(request, RTA_DST, flow->addr.b, size);
	if (flow->source.family != 0) {
		request->body.route.rtm_src_len = (uint8_t)(8 * size);
		mipo_nl_attach(request, RTA_SRC, flow->source.b, size);
	}
	mipo_nl_attach(
	    request, RTA_IP_PROTO, &flow->proto, sizeof(flow->proto));
	mipo_nl_attach(request, RTA_UID, &flow->uid, sizeof(flow->uid));
	if (flow->sport != 0)
		mipo_nl_attach(request, RTA_SPORT, &sport, sizeof(sport));
	if (flow->dport != 0)
		mipo_nl_attach(request, RTA_DPORT, &dport, sizeof(dport));
}

int
mipo_netlink_route(struct mipo_netlink *netlink, const struct mipo_flow *flow,
    struct mipo_route *ret_route, struct mipo_err *err)
{
	struct mipo_route route = {0};
	struct nl_request request;
	int sys;

	mipo_nl_begin(&request, RTM_GETROUTE, 0, sizeof(request.body.route));
	attach_flow(&request, flow);
	if (mipo_nl_ask(netlink, &request, take_route, &route, &sys, err) != 0)
		return -1;
	if (sys != 0)
		route.sys = sys;
	if (route.sys == 0 && route.ifindex == 0)
		route.sys = ENETUNREACH;
	*ret_route = route;
	return 0;
}

/* What is gathered, and what for. */
struct gather {
	struct mipo_bounds *bounds;
	uint8_t proto;
};

/* The first address of dst/bits (NULL: of all), and the one behind it. */
static int
add_bounds(struct mipo_bounds *bounds, int family, const void *dst,
    size_t bits, struct mipo_err *err)
{
	struct mipo_addr first = {.family = family == AF_INET6 ? 6 : 4}, last;
	size_t size = mipo_nl_addr_len(family);

	if (mipo_grow((void **)&bounds->addrs, &bounds->cap_addrs,
		bounds->n_addrs + 2, sizeof(*bounds->addrs), err) != 0)
		return -1;
	if (dst != NULL)
		memcpy(first.b, dst, size);
	last = first;
	for (size_t i = bits; i < size * 8; i++)
		last.b[i / 8] |= (uint8_t)(0x80 >> i % 8);
	bounds->addrs[bounds->n_addrs++] = first;
	if (mipo_addr_add(&last, 1))
		bounds->addrs[bounds->n_addrs++] = last;
	return 0;
}

/* The interfaces of a route that has several next hops. */
static int
add_forks(struct mipo_bounds *bounds, const struct nlmsghdr *header,
    struct mipo_err *err)
{
	const struct rtnexthop *next = mipo_nl_find(header,
	    sizeof(struct rtmsg), RTA_MULTIPATH, sizeof(*next));
	int left;

	if (next == NULL)
		return 0;
	left = (int)RTA_PAYLOAD((const struct rtattr *)(const void *)(
	    (const char *)next - RTA_LENGTH(0)));
	while (left >= (int)sizeof(*next) && RTNH_OK(next, left)) {
		if (mipo_grow((void **)&bounds->forks, &bounds->cap_forks,
			bounds->n_forks + 1, sizeof(*bounds->forks),
			err) != 0)
			return -1;
		bounds->forks[bounds->n_forks++] =
		    (unsigned)next->rtnh_ifindex;
		left -= RTNH_ALIGN(next->rtnh_len);
		next = RTNH_NEXT(next);
	}
	return 0;
}

static int
take_prefix(void *arg, const struct nlmsghdr *header, struct mipo_err *err)
{
	const struct gather *gather = arg;
	const struct rtmsg *msg = NLMSG_DATA(header);

	gather->bounds->sources |= msg->rtm_src_len > 0;
	if (add_forks(gather->bounds, header, err) != 0)
		return -1;
	return add_bounds(gather->bounds, msg->rtm_family,
	    mipo_nl_find(header, sizeof(*msg), RTA_DST,
		mipo_nl_addr_len(msg->rtm_family)),
	    msg->rtm_dst_len, err);
}

/* Routes may differ at both ends of the range; by a mask, anywhere. */
static void
cut(struct mipo_bounds *bounds, const struct nlmsghdr *header,
    uint16_t range_type, uint16_t mask_type, uint8_t bit)
{
	const size_t body = sizeof(struct fib_rule_hdr);
	const struct fib_rule_port_range *range =
	    mipo_nl_find(header, body, range_type, sizeof(*range));
	const uint16_t *mask =
	    mipo_nl_find(header, body, mask_type, sizeof(*mask));

	if (range == NULL)
		return;
	bounds->cut = true;
	bounds->cuts[range->start] |= bit;
	if (range->end < UINT16_MAX)
		bounds->cuts[range->end + 1] |= bit;
	if (mask == NULL || *mask == UINT16_MAX)
		return;
	for (size_t i = 0; i < sizeof(bounds->cuts); i++)
		bounds->cuts[i] |= bit;
}

/* A rule without a destination is for all of them: it bounds nothing. */
static int
take_rule(void *arg, const struct nlmsghdr *header, struct mipo_err *err)
{
	const struct gather *gather = arg;
	const struct fib_rule_hdr *rule = NLMSG_DATA(header);
	const void *dst = mipo_nl_find(header, sizeof(*rule), FRA_DST,
	    mipo_nl_addr_len(rule->family));
	const uint8_t *proto =
	    mipo_nl_find(header, sizeof(*rule), FRA_IP_PROTO, 1);

	gather->bounds->sources |= rule->src_len > 0;
	if (proto == NULL || *proto == gather->proto) {
		cut(gather->bounds, header, FRA_SPORT_RANGE,
		    MIPO_FRA_SPORT_MASK, MIPO_CUT_SPORT);
		cut(gather->bounds, header, FRA_DPORT_RANGE,
		    MIPO_FRA_DPORT_MASK, MIPO_CUT_DPORT);
	}
	return dst == NULL ? 0 : add_bounds(gather->bounds, rule->family,
	    dst, rule->dst_len, err);
}

/* All of one kind; a kernel without rules answers that it knows none. */
static int
dump(struct mipo_netlink *netlink, struct nl_request *request,
    mipo_nl_visit visit, struct gather *gather, struct mipo_err *err)
{
	int sys = 0;

	if (mipo_nl_ask(netlink, request, visit, gather, &sys, err) != 0)
		return -1;
	if (sys == 0 || sys == EOPNOTSUPP || sys == EAFNOSUPPORT)
		return 0;
	return mipo_err_sys(err, sys, "routing table");
}

int
mipo_netlink_bounds(struct mipo_netlink *netlink, uint8_t family,
    uint8_t proto, struct mipo_bounds *bounds, struct mipo_err *err)
{
	const uint8_t af = family == 6 ? AF_INET6 : AF_INET;
	struct gather gather = {.bounds = bounds, .proto = proto};
	struct nl_request routes, rules;

	mipo_nl_begin(
	    &routes, RTM_GETROUTE, NLM_F_DUMP, sizeof(routes.body.route));
	routes.body.route.rtm_family = af;
	mipo_nl_begin(
	    &rules, RTM_GETRULE, NLM_F_DUMP, sizeof(rules.body.rule));
	rules.body.rule.family = af;
	if (dump(netlink, &routes, take_prefix, &gather, err) != 0)
		return -1;
	return dump(netlink, &rules, take_rule, &gather, err);
}

void
mipo_bounds_release(struct mipo_bounds *bounds)
{
	free(bounds->addrs);
	free(bounds->forks);
}
