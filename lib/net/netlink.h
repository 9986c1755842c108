/*
 * Questions to the kernel by rtnetlink (RFC 3549): how it would route, what
 * interfaces are like, which neighbours it was told of. No privilege.
 */
#ifndef MIPO_NET_NETLINK_H
#define MIPO_NET_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/addr.h"

struct mipo_err;

/* What is to be sent, as far as routes may depend on it. */
struct mipo_flow {
	struct mipo_addr addr;
	struct mipo_addr source; /* family 0: what the kernel takes */
	uint8_t proto;		 /* IPPROTO_TCP ... */
	uint16_t sport, dport;	 /* 0: not named */
	uint32_t uid;		 /* of who sends it */
};

/* How the kernel would send that. */
struct mipo_route {
	int sys; /* 0, or why it would not (ENETUNREACH, EHOSTUNREACH ...) */
	bool local; /* the address is this machine's */
	bool multicast;
	unsigned ifindex;
	bool has_gateway;
	struct mipo_addr gateway; /* may be IPv6 for an IPv4 address */
	struct mipo_addr source;  /* family 0: none */
};

struct mipo_link {
	unsigned ifindex;
	char name[16];
	bool up, carrier, loopback;
	bool ether; /* ARPHRD_ETHER, and neighbours are asked for */
	uint8_t mac[6];
	uint32_t mtu;
};

/* An entry that does not need asking (NUD_PERMANENT, NUD_NOARP). */
struct mipo_neighbor {
	unsigned ifindex;
	struct mipo_addr addr;
	uint8_t mac[6];
};

struct mipo_netlink;

/* A socket to ask on; no privilege. */
int mipo_netlink_open(
    struct mipo_netlink **ret_netlink, struct mipo_err *err);
void mipo_netlink_free(struct mipo_netlink *netlink);

/* One that hears of changes of routes and rules, and is asked nothing. */
int mipo_netlink_listen(
    struct mipo_netlink **ret_netlink, struct mipo_err *err);
/* Whether there was one since the last call, of whatever route. */
bool mipo_netlink_heard(struct mipo_netlink *netlink);

/* The kernel's own answer (rules and metrics included). */
int mipo_netlink_route(struct mipo_netlink *netlink,
    const struct mipo_flow *flow, struct mipo_route *ret_route,
    struct mipo_err *err);

/* What the routes depend on. */
struct mipo_bounds {
	/*
	 * The first address of every prefix of tables and rules
	 * (ip-rule(8)), and the first behind it: between two of them (in
	 * order) routes do not differ. Unsorted, with repetitions.
	 */
	struct mipo_addr *addrs;
	size_t n_addrs, cap_addrs;
	/* By port: MIPO_CUT_ bits where routes may begin to differ. */
	uint8_t cuts[65536];
	bool cut;     /* there are such */
	bool sources; /* it matters what they are sent from */
	/* Interfaces of routes with several next hops, with repetitions. */
	unsigned *forks;
	size_t n_forks, cap_forks;
};

#define MIPO_CUT_SPORT 1
#define MIPO_CUT_DPORT 2

/* Adds those of a family, for that protocol. All zero bytes are empty. */
int mipo_netlink_bounds(struct mipo_netlink *netlink, uint8_t family,
    uint8_t proto, struct mipo_bounds *bounds, struct mipo_err *err);
void mipo_bounds_release(struct mipo_bounds *bounds);

/* One interface. E_NOTFOUND when there is none of that index. */
int mipo_netlink_link(struct mipo_netlink *netlink, unsigned ifindex,
    struct mipo_link *ret_link, struct mipo_err *err);

/* The permanent neighbours; the caller frees. */
int mipo_netlink_neighbors(struct mipo_netlink *netlink,
    struct mipo_neighbor **ret_neighbors, size_t *ret_n,
    struct mipo_err *err);

#endif
