/*
 * The descriptors and slots of an AF_XDP socket that sends by copy: which
 * slots are ours, which the card still holds, and how far the kernel came.
 * It is all that there is to get wrong, and calls nothing of libxdp.
 *
 * The kernel walks the descriptors only while we call it, and says what its
 * card refused. A card that reads them by itself (zero copy) says nothing,
 * and could send later what we gave up.
 */
#ifndef MIPO_NET_XDPRING_H
#define MIPO_NET_XDPRING_H

#include <stddef.h>
#include <stdint.h>

#include <xdp/xsk.h>

struct mipo_wire;

#define MIPO_XDP_CHUNK 2048U /* bytes of a slot */
#define MIPO_XDP_SLOTS 256U  /* a power of two; descriptors too */

/* First in what a wire has as its own. */
struct mipo_xdpring {
	struct xsk_ring_prod tx;
	struct xsk_ring_cons done;
	uint8_t *area; /* the slots */
	size_t most;   /* bytes of a frame that the link takes */
	/* Lets the kernel walk: 0, or errno. */
	int (*kick)(void *arg);
	void *arg;
	uint32_t place; /* of the kernel: descriptors that it passed, ever */
	uint32_t laid;	/* descriptors that it was shown, ever */
	size_t n_free;
	uint32_t free[MIPO_XDP_SLOTS]; /* slots that nobody uses */
};

/* Puts the template into all slots, and gives the wire those it fills. */
void mipo_xdpring_begin(struct mipo_wire *wire);

/* As mipo_wire_send. */
size_t mipo_xdpring_send(struct mipo_wire *wire, int *ret_sys);

#endif
