/*
 * Caps: what one network (256 addresses of IPv4, a /64 of IPv6) and one
 * interface get of a rate that the scan chooses. The order of the probes is
 * random, so a network's part of them is its part of the pairs: its cap is
 * one on the rate of all, and no probe is looked at for it. A network that
 * answers less than it did gets less. This machine itself has no cap. Pure.
 */
#ifndef MIPO_NET_CAPS_H
#define MIPO_NET_CAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/addr.h"

struct mipo_caps;
struct mipo_err;
struct mipo_routes;
struct mipo_space;
struct mipo_spot;

#define MIPO_CAP_SLOTS 65536 /* with more networks, some share one */
#define MIPO_CAP_SLOW  64    /* networks that can be slow at a time */

/* What an interface or a network got, in probes a second. */
struct mipo_cap {
	char name[MIPO_ADDR_LEN + 4]; /* "eth0", "192.0.2.0/24" */
	uint64_t first, most, last;
	uint64_t slowed; /* times that it answered less than before */
};

/*
 * The networks of space, which is read on, and the interfaces of its hops.
 * Without routes only loopback addresses are this machine's, and no
 * interface is known.
 */
int mipo_caps_new(const struct mipo_space *space,
    const struct mipo_routes *routes, struct mipo_caps **ret_caps,
    struct mipo_err *err);
void mipo_caps_free(struct mipo_caps *caps);

/* The rate to begin with: low for the largest network and interface. */
uint64_t mipo_caps_first(const struct mipo_caps *caps);

/*
 * The pair at spot had its first answer. tells: that it might not have come
 * to a probe at another rate says something.
 */
void mipo_caps_answer(
    struct mipo_caps *caps, const struct mipo_spot *spot, bool tells);

/*
 * A pass over what is still silent begins, at that rate and after so many
 * probes of the first: what it may be so that no network gets more than
 * before.
 */
uint64_t mipo_caps_pass(
    struct mipo_caps *caps, uint64_t pps, uint64_t sent);

/* The first pass goes on, over pairs that it has not probed. */
void mipo_caps_again(struct mipo_caps *caps);

/*
 * A look, with the probes of the first pass so far, and the time in looks
 * that answers take at most. True where fewer answer than before, all in
 * all. (Where only some networks do, mipo_caps_allowed sinks.)
 */
bool mipo_caps_look(
    struct mipo_caps *caps, uint64_t pps, uint64_t sent, unsigned lag);

/* The highest rate at which no slow network gets more than it may. */
uint64_t mipo_caps_allowed(const struct mipo_caps *caps);

/* That is the rate from now on. */
void mipo_caps_set(struct mipo_caps *caps, uint64_t pps);

/* The interfaces, the largest network, and those that were slow. */
size_t mipo_caps_count(const struct mipo_caps *caps);
const struct mipo_cap *mipo_caps_at(const struct mipo_caps *caps, size_t i);

#endif
