/*
 * The frames of a PACKET_TX_RING (packet(7)), which the kernel sends from
 * the memory that we write them to.
 *
 * TPACKET_V2: version 1 has words whose size depends on the kernel's;
 * version 3 sends from the same fixed frames behind a longer header.
 *
 * The kernel walks the ring only while we call it. From its place on it
 * takes every frame that asks to be sent, and stops at the first that it
 * refuses: this one asks again (or is marked as wrong), and so do those
 * behind it. PACKET_LOSS, which would pass over it in silence, is off. So
 * what it took is what does not ask any more, whatever the call returned.
 */
#ifndef MIPO_NET_TXRING_H
#define MIPO_NET_TXRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_txring {
	uint8_t *map;
	size_t size, n; /* of a frame; how many, a power of two */
	size_t place;	/* of the kernel: frames that it passed, ever */
	size_t clear;	/* frames that were free to be written, ever */
	/* Lets the kernel walk: 0, or errno. */
	int (*kick)(void *arg);
	void *arg;
};

/* The packet in the i-th frame that is written, ever. */
uint8_t *mipo_txring_packet(const struct mipo_txring *ring, size_t i);

/* The bytes that a frame takes with a packet of len. */
size_t mipo_txring_size(size_t len);

/* Whether the kernel is done with all n frames from its place on. */
bool mipo_txring_room(struct mipo_txring *ring, size_t n);

/* The i-th frame from the kernel's place on is to be sent. */
void mipo_txring_ask(struct mipo_txring *ring, size_t i, size_t len);

/*
 * Lets the kernel walk over n frames that ask. Returns how many it took;
 * the others do not ask any more. *ret_sys: why not all, or 0.
 */
size_t mipo_txring_walk(struct mipo_txring *ring, size_t n, int *ret_sys);

#endif
