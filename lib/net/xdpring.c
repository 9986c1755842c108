#include "config.h"

#ifdef HAVE_XDP
#include "net/xdpring.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "net/wire-impl.h"

#define NOWHERE UINT64_MAX

void
mipo_xdpring_begin(struct mipo_wire *wire)
{
	struct mipo_xdpring *ring = wire->own;

	for (uint32_t i = 0; i < MIPO_XDP_SLOTS; i++) {
		uint8_t *slot = ring->area + i * MIPO_XDP_CHUNK;

		memcpy(slot, wire->frame.bytes, wire->frame.len);
		if (i < MIPO_WIRE_BATCH)
			wire->items[i].where = slot;
		else
			ring->free[ring->n_free++] = i;
	}
}

/* Slots come back when the card is done with their packets. */
static void
take_back(struct mipo_xdpring *ring)
{
	uint32_t i = 0, n;

	n = xsk_ring_cons__peek(&ring->done, MIPO_XDP_SLOTS, &i);
	for (uint32_t end = i + n; n > 0 && i != end; i++) {
		uint64_t at = *xsk_ring_cons__comp_addr(&ring->done, i);

		if (ring->n_free < MIPO_XDP_SLOTS)
			ring->free[ring->n_free++] =
			    (uint32_t)(at / MIPO_XDP_CHUNK);
	}
	xsk_ring_cons__release(&ring->done, n);
}

/* A slot more than the next queue needs: see replace(). */
static bool
has_room(struct mipo_wire *wire)
{
	struct mipo_xdpring *ring = wire->own;

	take_back(ring);
	return ring->n_free > MIPO_WIRE_BATCH;
}

static uint8_t *
fresh(struct mipo_xdpring *ring)
{
	return ring->area + ring->free[--ring->n_free] * MIPO_XDP_CHUNK;
}

/*
 * Descriptors for n items, from the kernel's place on. What it was shown
 * before and did not pass is written anew; where that was more, the rest
 * leads nowhere, and it passes over it without sending.
 */
static bool
lay(struct mipo_wire *wire, const struct mipo_wire_item *items, uint32_t n)
{
	struct mipo_xdpring *ring = wire->own;
	uint32_t shown = ring->laid - ring->place, i;

	if (n > shown &&
	    xsk_ring_prod__reserve(&ring->tx, n - shown, &i) == 0)
		return false;
	for (i = 0; i < n || i < shown; i++) {
		struct xdp_desc *desc =
		    xsk_ring_prod__tx_desc(&ring->tx, ring->place + i);

		desc->addr = i < n ? (uint64_t)(items[i].where - ring->area)
				   : NOWHERE;
		desc->len = i < n ? (uint32_t)items[i].len : 0;
		desc->options = 0;
	}
	if (n > shown) {
		xsk_ring_prod__submit(&ring->tx, n - shown);
		ring->laid += n - shown;
	}
	return true;
}

/* How far the kernel has come since, as far as it says so. */
static uint32_t
passed(struct mipo_xdpring *ring)
{
	uint32_t place = ring->laid + xsk_prod_nb_free(&ring->tx, UINT32_MAX) -
	    ring->tx.size;

	return (int32_t)(place - ring->place) > 0 ? place - ring->place : 0;
}

/*
 * Lets the kernel walk over n descriptors: how many it took. EBUSY: it
 * passed over one more, whose packet was dropped. It does not say how far it
 * came where it sent none in this call: then the first is that one.
 */
static uint32_t
walk(struct mipo_xdpring *ring, uint32_t n, int *ret_sys)
{
	uint32_t taken;

	*ret_sys = ring->kick(ring->arg);
	taken = passed(ring);
	if (*ret_sys == EBUSY && taken == 0)
		taken = 1;
	ring->place += taken;
	if (*ret_sys == EBUSY)
		return taken - 1;
	return taken < n ? taken : n; /* the rest led nowhere */
}

/* The slot of a dropped packet comes back too: it moves to another one. */
static void
replace(struct mipo_xdpring *ring, struct mipo_wire_item *item)
{
	uint8_t *slot = fresh(ring);

	memcpy(slot, item->where, item->len);
	item->where = slot;
}

/* How many of n items the link takes by their length. */
static uint32_t
fitting(const struct mipo_xdpring *ring, const struct mipo_wire_item *items,
    size_t n)
{
	uint32_t i = 0;

	while (i < n && items[i].len <= ring->most)
		i++;
	return i;
}

/*
 * Some of n items: it may take 32 in a call, and say EAGAIN. It says nothing,
 * and takes none, where it has no room to give slots back.
 */
static uint32_t
send_some(struct mipo_wire *wire, struct mipo_wire_item *items, uint32_t n,
    int *ret_sys)
{
	struct mipo_xdpring *ring = wire->own;
	uint32_t taken;

	*ret_sys = MIPO_WIRE_FULL;
	if (!mipo_wire_await(wire, has_room) || !lay(wire, items, n))
		return 0;
	taken = walk(ring, n, ret_sys);
	for (uint32_t i = 0; i < taken; i++)
		items[i].where = fresh(ring);
	if (*ret_sys == EBUSY) {
		replace(ring, &items[taken]);
		*ret_sys = ENOBUFS; /* as other sockets say */
	} else if (taken > 0 && *ret_sys == EAGAIN) {
		*ret_sys = 0;
	} else if (taken == 0 && *ret_sys == 0) {
		*ret_sys = MIPO_WIRE_FULL;
	}
	return taken;
}

size_t
mipo_xdpring_send(struct mipo_wire *wire, int *ret_sys)
{
	size_t next = wire->head;

	*ret_sys = 0;
	while (next < wire->tail && *ret_sys == 0) {
		struct mipo_wire_item *items = &wire->items[next];
		uint32_t n = fitting(wire->own, items, wire->tail - next);

		if (n == 0)
			*ret_sys = EMSGSIZE;
		else
			next += send_some(wire, items, n, ret_sys);
	}
	return next - wire->head;
}
#endif
