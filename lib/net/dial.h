/* Connections that the kernel makes, and what it says of them. */
#ifndef MIPO_NET_DIAL_H
#define MIPO_NET_DIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "data/addr.h"

/* AF_INET or AF_INET6. */
int mipo_dial_family(const struct mipo_addr *addr);

/*
 * Begins to connect fd, or later asks what became of it: 0, EINPROGRESS
 * (begun), EALREADY (still under way), or the error that it ended with.
 */
int mipo_dial(int fd, const struct mipo_addr *addr, uint16_t port);

/*
 * On loopback the kernel may give a connection its own target's port, and
 * it then connects to itself. Nothing listens there.
 */
bool mipo_dial_is_self(int fd);

/* Errors of this moment and this machine, not of the destination. */
bool mipo_dial_lacks(int sys);

#endif
