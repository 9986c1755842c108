/* What a scan would probe, in that order: a dry run. */
#ifndef MIPO_NET_ORDER_H
#define MIPO_NET_ORDER_H

#include <stddef.h>
#include <stdint.h>

struct mipo_addr;
struct mipo_scanner;

/*
 * The order alone, without any socket: sink gets every pair once, as it
 * would be probed, until it returns not 0; what it returned last.
 */
int mipo_scanner_order(struct mipo_scanner *scan,
    int (*sink)(void *arg, const struct mipo_addr *addr, uint16_t port),
    void *arg);

/* The same in pieces: 4 or 16 bytes of address, 2 of port, big endian. */
int mipo_scanner_order_bytes(struct mipo_scanner *scan,
    int (*sink)(void *arg, const void *bytes, size_t len), void *arg);

#endif
