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

/* How the kernel would send to an address. */
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

/* The kernel's own answer for one address (rules and metrics included). */
int mipo_netlink_route(struct mipo_netlink *netlink,
    const struct mipo_addr *addr, struct mipo_route *ret_route,
    struct mipo_err *err);

/*
 * The first address of every prefix of the family's tables and of its rules
 * (ip-rule(8)), and the first behind it: between two of them (in order)
 * routes do not differ. Unsorted, with repetitions; the caller frees.
 */
int mipo_netlink_bounds(struct mipo_netlink *netlink, uint8_t family,
    struct mipo_addr **ret_bounds, size_t *ret_n, struct mipo_err *err);

/* One interface. E_NOTFOUND when there is none of that index. */
int mipo_netlink_link(struct mipo_netlink *netlink, unsigned ifindex,
    struct mipo_link *ret_link, struct mipo_err *err);

/* The permanent neighbours; the caller frees. */
int mipo_netlink_neighbors(struct mipo_netlink *netlink,
    struct mipo_neighbor **ret_neighbors, size_t *ret_n,
    struct mipo_err *err);

#endif
