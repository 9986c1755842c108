#include "net/netlink.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/netlink-part.h"

#define BUFFER 32768

struct mipo_netlink {
	int fd;
	uint32_t seq;
	char bytes[BUFFER] __attribute__((aligned(NLMSG_ALIGNTO)));
};

int
mipo_netlink_open(struct mipo_netlink **ret_netlink, struct mipo_err *err)
{
	struct mipo_netlink *netlink = mipo_calloc(1, sizeof(*netlink), err);

	if (netlink == NULL)
		return -1;
	netlink->fd =
	    socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (netlink->fd < 0) {
		free(netlink);
		return mipo_err_sys(err, errno, "netlink socket");
	}
	*ret_netlink = netlink;
	return 0;
}

int
mipo_netlink_listen(struct mipo_netlink **ret_netlink, struct mipo_err *err)
{
	static const int groups[] = {RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
	    RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE};
	const struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	struct mipo_netlink *netlink;

	if (mipo_netlink_open(&netlink, err) != 0)
		return -1;
	if (bind(netlink->fd, (const struct sockaddr *)&self, sizeof(self)) !=
	    0) {
		mipo_err_sys(err, errno, "netlink socket");
		mipo_netlink_free(netlink);
		return -1;
	}
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (setsockopt(netlink->fd, SOL_NETLINK,
			NETLINK_ADD_MEMBERSHIP, &groups[i],
			sizeof(groups[i])) != 0) {
			mipo_err_sys(err, errno, "netlink group");
			mipo_netlink_free(netlink);
			return -1;
		}
	*ret_netlink = netlink;
	return 0;
}

/* Where there were more than it holds the kernel says ENOBUFS once. */
bool
mipo_netlink_heard(struct mipo_netlink *netlink)
{
	bool heard = false;

	while (recv(netlink->fd, netlink->bytes, BUFFER, MSG_DONTWAIT) >= 0 ||
	    errno == ENOBUFS || errno == EINTR)
		heard = true;
	return heard;
}

void
mipo_netlink_free(struct mipo_netlink *netlink)
{
	if (netlink == NULL)
		return;
	(void)close(netlink->fd);
	free(netlink);
}

void
mipo_nl_begin(
    struct nl_request *request, uint16_t type, uint16_t flags, size_t body)
{
	memset(request, 0, sizeof(*request));
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	request->header.nlmsg_len = (uint32_t)NLMSG_LENGTH(body);
}

void
mipo_nl_attach(
    struct nl_request *request, uint16_t type, const void *p, size_t len)
{
	struct rtattr *attr =
	    (struct rtattr *)(void *)((char *)request +
				      NLMSG_ALIGN(request->header.nlmsg_len));

	attr->rta_type = type;
	attr->rta_len = (uint16_t)RTA_LENGTH(len);
	memcpy(RTA_DATA(attr), p, len);
	request->header.nlmsg_len =
	    (uint32_t)(NLMSG_ALIGN(request->header.nlmsg_len) +
		       RTA_ALIGN(attr->rta_len));
}

/*
 * One message of the answer: 1 when it was the last, 0 when more come, -1
 * on failure; the kernel's refusal goes to *ret_sys.
 */
static int
take(const struct nlmsghdr *header, mipo_nl_visit visit, void *arg,
    int *ret_sys, struct mipo_err *err)
{
	const struct nlmsgerr *refusal = NLMSG_DATA(header);

	switch (header->nlmsg_type) {
	case NLMSG_DONE:
		return 1;
	case NLMSG_ERROR:
		*ret_sys = -refusal->error;
		return 1;
	default:
		if (visit(arg, header, err) != 0)
			return -1;
		return (header->nlmsg_flags & NLM_F_MULTI) == 0;
	}
}

int
mipo_nl_ask(struct mipo_netlink *netlink, struct nl_request *request,
    mipo_nl_visit visit, void *arg, int *ret_sys, struct mipo_err *err)
{
	int done = 0;

	*ret_sys = 0;
	request->header.nlmsg_seq = ++netlink->seq;
	if (send(netlink->fd, request, request->header.nlmsg_len, 0) < 0)
		return mipo_err_sys(err, errno, "netlink");
	while (done == 0) {
		const struct nlmsghdr *header = (void *)netlink->bytes;
		ssize_t n = recv(netlink->fd, netlink->bytes, BUFFER, 0);
		size_t left = n < 0 ? 0 : (size_t)n;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return mipo_err_sys(err, errno, "netlink");
		for (; done == 0 && NLMSG_OK(header, left);
		     header = NLMSG_NEXT(header, left))
			if (header->nlmsg_seq == netlink->seq)
				done = take(header, visit, arg, ret_sys, err);
	}
	return done < 0 ? -1 : 0;
}

const void *
mipo_nl_find(
    const struct nlmsghdr *header, size_t body, uint16_t type, size_t len)
{
	const struct rtattr *attr =
	    (const void *)((const char *)header +
			   NLMSG_ALIGN(NLMSG_LENGTH(body)));
	size_t left = header->nlmsg_len - NLMSG_ALIGN(NLMSG_LENGTH(body));

	if (header->nlmsg_len < NLMSG_LENGTH(body))
		return NULL;
	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left))
		if ((attr->rta_type & NLA_TYPE_MASK) == type &&
		    RTA_PAYLOAD(attr) >= len)
			return RTA_DATA(attr);
	return NULL;
}

void
mipo_nl_addr(struct mipo_addr *addr, int family, const void *p)
{
	memset(addr, 0, sizeof(*addr));
	addr->family = family == AF_INET6 ? 6 : 4;
	memcpy(addr->b, p, family == AF_INET6 ? 16 : 4);
}

size_t
mipo_nl_addr_len(int family)
{
	return family == AF_INET6 ? 16 : 4;
}

static int
take_link(void *arg, const struct nlmsghdr *header, struct mipo_err *err)
{
	struct mipo_link *link = arg;
	const struct ifinfomsg *msg = NLMSG_DATA(header);
	const char *name = mipo_nl_find(header, sizeof(*msg), IFLA_IFNAME, 1);
	const void *mac = mipo_nl_find(header, sizeof(*msg), IFLA_ADDRESS, 6);
	const void *mtu = mipo_nl_find(header, sizeof(*msg), IFLA_MTU, 4);

	(void)err;
	link->up = (msg->ifi_flags & IFF_UP) != 0;
	link->carrier = (msg->ifi_flags & IFF_LOWER_UP) != 0;
	link->loopback = (msg->ifi_flags & IFF_LOOPBACK) != 0;
	link->ether = msg->ifi_type == ARPHRD_ETHER && mac != NULL &&
		      (msg->ifi_flags & (IFF_NOARP | IFF_LOOPBACK)) == 0;
	if (name != NULL)
		memcpy(link->name, name, strnlen(name, sizeof(link->name) - 1));
	if (mac != NULL)
		memcpy(link->mac, mac, sizeof(link->mac));
	if (mtu != NULL)
		memcpy(&link->mtu, mtu, sizeof(link->mtu));
	return 0;
}

int
mipo_netlink_link(struct mipo_netlink *netlink, unsigned ifindex,
    struct mipo_link *ret_link, struct mipo_err *err)
{
	struct mipo_link link = {.ifindex = ifindex};
	struct nl_request request;
	int sys = 0;

	mipo_nl_begin(&request, RTM_GETLINK, 0, sizeof(request.body.link));
	request.body.link.ifi_index = (int)ifindex;
	if (mipo_nl_ask(netlink, &request, take_link, &link, &sys, err) != 0)
		return -1;
	if (sys != 0)
		return mipo_err_set(err, MIPO_E_NOTFOUND, "interface %u: %s",
		    ifindex, strerror(sys));
	*ret_link = link;
	return 0;
}

struct neighbors {
	struct mipo_neighbor *items;
	size_t n, cap;
};

static int
take_neighbor(void *arg, const struct nlmsghdr *header, struct mipo_err *err)
{
	struct neighbors *list = arg;
	const struct ndmsg *msg = NLMSG_DATA(header);
	const void *dst = mipo_nl_find(
	    header, sizeof(*msg), NDA_DST, mipo_nl_addr_len(msg->ndm_family));
	const void *mac = mipo_nl_find(header, sizeof(*msg), NDA_LLADDR, 6);
	struct mipo_neighbor *item;

	if ((msg->ndm_family != AF_INET && msg->ndm_family != AF_INET6) ||
	    (msg->ndm_state & (NUD_PERMANENT | NUD_NOARP)) == 0 ||
	    dst == NULL || mac == NULL)
		return 0;
	if (mipo_grow((void **)&list->items, &list->cap, list->n + 1,
		sizeof(*list->items), err) != 0)
		return -1;
	item = &list->items[list->n++];
	item->ifindex = (unsigned)msg->ndm_ifindex;
	mipo_nl_addr(&item->addr, msg->ndm_family, dst);
	memcpy(item->mac, mac, sizeof(item->mac));
	return 0;
}

int
mipo_netlink_neighbors(struct mipo_netlink *netlink,
    struct mipo_neighbor **ret_neighbors, size_t *ret_n, struct mipo_err *err)
{
	struct neighbors list = {0};
	struct nl_request request;
	int sys = 0;

	mipo_nl_begin(
	    &request, RTM_GETNEIGH, NLM_F_DUMP, sizeof(request.body.neighbor));
	if (mipo_nl_ask(netlink, &request, take_neighbor, &list, &sys, err) !=
	    0) {
		free(list.items);
		return -1;
	}
	*ret_neighbors = list.items;
	*ret_n = list.n;
	return 0;
}
