/*
 * The link-layer addresses of next hops: gateways, and every on-link target
 * for itself. They are asked for by our own ARP and neighbour discovery
 * before the first probe to them; what the kernel was told to be permanent
 * is taken.
 */
#ifndef MIPO_NET_NEIGHBOR_H
#define MIPO_NET_NEIGHBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/addr.h"

struct mipo_err;
struct mipo_neighbors;
struct mipo_routes;
struct mipo_space;

#define MIPO_MAX_NEIGHBORS (UINT64_C(1) << 22)

enum mipo_neighbor_state {
	MIPO_NEIGHBOR_UNASKED = 0, /* no request went out */
	MIPO_NEIGHBOR_ASKED,	   /* one did; no answer so far */
	MIPO_NEIGHBOR_FOUND
};

/*
 * One entry for each next hop to ask for; numbers the segments and hops
 * (their neighbor fields). More than MIPO_MAX_NEIGHBORS is an error.
 */
int mipo_neighbors_new(struct mipo_space *space, struct mipo_routes *routes,
    struct mipo_neighbors **ret_neighbors, struct mipo_err *err);
void mipo_neighbors_free(struct mipo_neighbors *neighbors);

/* How many there are, and how many of them are not found. */
uint64_t mipo_neighbors_count(const struct mipo_neighbors *neighbors);
uint64_t mipo_neighbors_missing(const struct mipo_neighbors *neighbors);

/* An entry's state, and its address once it is found. */
enum mipo_neighbor_state mipo_neighbors_state(
    const struct mipo_neighbors *neighbors, uint64_t entry);
const uint8_t *mipo_neighbors_mac(
    const struct mipo_neighbors *neighbors, uint64_t entry);

/* Whether it answered for itself: what is permanent was only told. */
bool mipo_neighbors_heard(
    const struct mipo_neighbors *neighbors, uint64_t entry);

/* The address of an entry that is found, else false. For any thread. */
bool mipo_neighbors_get(const struct mipo_neighbors *neighbors,
    uint64_t entry, uint8_t ret_mac[6]);

/*
 * The first entry from *entry on that is not found: its number, address and
 * path. False when there is none.
 */
bool mipo_neighbors_next(const struct mipo_neighbors *neighbors,
    uint64_t *entry, struct mipo_addr *ret_addr, size_t *ret_path);

/*
 * A round of requests begins: what answers until the next one belongs to
 * it. pass is the pass of probes that it is for.
 */
void mipo_neighbors_round(struct mipo_neighbors *neighbors, unsigned pass);

/* How many rounds there were. */
unsigned mipo_neighbors_rounds(const struct mipo_neighbors *neighbors);

/*
 * The pass whose probes were the first that could go to the entry: that of
 * the round that found it, unless mipo_neighbors_set_pass said another.
 */
unsigned mipo_neighbors_pass(
    const struct mipo_neighbors *neighbors, uint64_t entry);
void mipo_neighbors_set_pass(
    struct mipo_neighbors *neighbors, uint64_t entry, unsigned pass);

/* What the neighbours of one path did. */
struct mipo_neighbor_tally {
	uint64_t first, late; /* found in the first round, in others */
	uint64_t echoes, heard; /* requests to known ones, and answers */
};
const struct mipo_neighbor_tally *mipo_neighbors_tally(
    const struct mipo_neighbors *neighbors, size_t path);

/*
 * Chooses a known entry of the path to be asked again, in turn, and counts
 * an echo. False when there is none, or none that has answered the last one
 * (after ten calls it is asked anyway).
 */
bool mipo_neighbors_echo(struct mipo_neighbors *neighbors, size_t path,
    struct mipo_addr *ret_addr, uint64_t *ret_entry);

/* A request for the entry was sent. */
void mipo_neighbors_asked(struct mipo_neighbors *neighbors, uint64_t entry);

/* addr answered on the interface; false when nobody asked for it. */
bool mipo_neighbors_learn(struct mipo_neighbors *neighbors, unsigned ifindex,
    const struct mipo_addr *addr, const uint8_t mac[6]);

#endif
