/*
 * What --discover adds to the methods by raw sockets (syn.h): a pair is an
 * address, under the one port MIPO_DISCOVER_PORT. On the link ARP and
 * neighbour discovery tell who is there; others are sent an echo request.
 */
#ifndef MIPO_NET_DISCOVER_H
#define MIPO_NET_DISCOVER_H

#include "net/scanner-impl.h"

struct mipo_buf;
struct mipo_probe;
struct mipo_reply;

#define MIPO_DISCOVER_PORT 1

/* The echo request to an address in that pass; without the hop's MAC. */
void mipo_discover_probe(const struct mipo_scanner *scan,
    const struct mipo_addr *us, const struct mipo_spot *spot, unsigned pass,
    struct mipo_probe *ret_probe);

/*
 * The address that the reply is about and the pass of the request whose
 * numbers it holds; false where it is none of ours.
 */
bool mipo_discover_match(const struct mipo_scanner *scan,
    const struct mipo_reply *reply, struct mipo_spot *ret_spot,
    uint64_t *ret_pair, int *ret_pass);

/* Up where the address itself answered, be it by an error. */
enum mipo_pstate mipo_discover_state(const struct mipo_reply *reply);

/* The capture's filter: echo replies, and errors that quote a request. */
void mipo_discover_filter(
    const struct mipo_scanner *scan, struct mipo_buf *buf);

/* Hosts on the link that answered for themselves are up: tells of them. */
void mipo_discover_greet(struct mipo_scanner *scan,
    const struct mipo_addr *addr, uint64_t entry);

#endif
