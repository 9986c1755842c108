/*
 * Addresses that no host has, so that none is probed: unspecified,
 * multicast, broadcast, and IPv4 inside IPv6, which the kernel would turn
 * into a connection to somebody else.
 */
#ifndef MIPO_NET_HOST_H
#define MIPO_NET_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/addr.h"

/* Whether it may be a host's. */
bool mipo_host_may(const struct mipo_addr *addr);

/* Where the answer to that changes, from address to address; how many. */
#define MIPO_HOST_BOUNDS 12
size_t mipo_host_bounds(
    uint8_t family, struct mipo_addr ret_bounds[MIPO_HOST_BOUNDS]);

#endif
