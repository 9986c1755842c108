/* What the halves of netlink share: a request, its answer, attributes. */
#ifndef MIPO_NET_NETLINK_PART_H
#define MIPO_NET_NETLINK_PART_H

#include <linux/fib_rules.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

#include "net/netlink.h"

/* Header, the fixed part of its kind, room for attributes. */
struct nl_request {
	struct nlmsghdr header;
	union {
		struct rtmsg route;
		struct fib_rule_hdr rule;
		struct ifinfomsg link;
		struct ndmsg neighbor;
	} body;
	char attributes[96];
};

/* Of Linux 6.15, whatever headers are here: masks of a rule's ports. */
#define MIPO_FRA_SPORT_MASK 28
#define MIPO_FRA_DPORT_MASK 29

/* Called for each message of an answer. */
typedef int (*mipo_nl_visit)(
    void *arg, const struct nlmsghdr *header, struct mipo_err *err);

/* An empty request of a type; body is the size of its fixed part. */
void mipo_nl_begin(struct nl_request *request, uint16_t type, uint16_t flags,
    size_t body);
/* Adds the attribute. */
void mipo_nl_attach(
    struct nl_request *request, uint16_t type, const void *p, size_t len);

/* Sends and hands on; *ret_sys is the kernel's refusal, else 0. */
int mipo_nl_ask(struct mipo_netlink *netlink, struct nl_request *request,
    mipo_nl_visit visit, void *arg, int *ret_sys, struct mipo_err *err);

/* An attribute's value when it has at least len bytes, else NULL. */
const void *mipo_nl_find(const struct nlmsghdr *header, size_t body,
    uint16_t type, size_t len);

/* AF_INET or AF_INET6: the bytes of an address, and one from them. */
size_t mipo_nl_addr_len(int family);
void mipo_nl_addr(struct mipo_addr *addr, int family, const void *p);

#endif
