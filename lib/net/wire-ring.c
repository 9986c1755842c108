#include <errno.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/txring.h"
#include "net/wire-impl.h"

#define FRAMES 512
#define BLOCK  (64U << 10) /* whole pages, whatever their size */

static int
kick(void *arg)
{
	const struct mipo_wire *wire = arg;

	/* Not to wait until cards are done with what they took. */
	return send(wire->fd, NULL, 0, MSG_DONTWAIT) < 0 ? errno : 0;
}

static int
map_ring(const struct mipo_wire *wire, struct mipo_txring *ring,
    struct mipo_err *err)
{
	const int version = TPACKET_V2;
	struct tpacket_req req = {.tp_block_size = BLOCK};
	void *map;

	ring->n = FRAMES;
	ring->size = mipo_txring_size(wire->frame.room);
	req.tp_frame_size = (unsigned)ring->size;
	req.tp_frame_nr = FRAMES;
	req.tp_block_nr = (unsigned)(FRAMES * ring->size / BLOCK);
	if (setsockopt(wire->fd, SOL_PACKET, PACKET_VERSION, &version,
		sizeof(version)) != 0 ||
	    setsockopt(wire->fd, SOL_PACKET, PACKET_TX_RING, &req,
		sizeof(req)) != 0)
		return mipo_err_sys(err, errno, "PACKET_TX_RING");
	map = mmap(NULL, FRAMES * ring->size, PROT_READ | PROT_WRITE,
	    MAP_SHARED, wire->fd, 0);
	if (map == MAP_FAILED)
		return mipo_err_sys(err, errno, "PACKET_TX_RING");
	ring->map = map;
	return 0;
}

static void
renew(struct mipo_wire *wire)
{
	const struct mipo_txring *ring = wire->own;

	for (size_t i = 0; i < MIPO_WIRE_BATCH; i++)
		wire->items[i].where =
		    mipo_txring_packet(ring, ring->place + i);
}

static int
open_ring(struct mipo_wire *wire, const struct mipo_wire_end *end,
    struct mipo_err *err)
{
	struct mipo_txring *ring = wire->own =
	    mipo_calloc(1, sizeof(*ring), err);

	if (ring == NULL ||
	    mipo_wire_packet_socket(end, &wire->fd, err) != 0 ||
	    map_ring(wire, ring, err) != 0)
		return -1;
	ring->kick = kick;
	ring->arg = wire;
	for (size_t i = 0; i < ring->n; i++)
		memcpy(mipo_txring_packet(ring, i), wire->frame.bytes,
		    wire->frame.len);
	renew(wire);
	return 0;
}

static void
close_ring(struct mipo_wire *wire)
{
	struct mipo_txring *ring = wire->own;

	if (ring != NULL && ring->map != NULL)
		(void)munmap(ring->map, ring->n * ring->size);
	free(ring);
	if (wire->fd >= 0)
		(void)close(wire->fd);
}

/* The next queue must find its frames free. */
static bool
has_room(struct mipo_wire *wire)
{
	return mipo_txring_room(
	    wire->own, mipo_wire_queued(wire) + MIPO_WIRE_BATCH);
}

static size_t
send_ring(struct mipo_wire *wire, int *ret_sys)
{
	struct mipo_txring *ring = wire->own;
	size_t n = mipo_wire_queued(wire);

	if (!mipo_wire_await(wire, has_room)) {
		*ret_sys = MIPO_WIRE_FULL;
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		mipo_txring_ask(ring, i, wire->items[wire->head + i].len);
	return mipo_txring_walk(ring, n, ret_sys);
}

/* The kernel waits at this frame: those behind it move up. */
static void
skip(struct mipo_wire *wire)
{
	uint8_t *to = wire->items[wire->head].where;

	for (size_t i = wire->head + 1; i < MIPO_WIRE_BATCH; i++) {
		struct mipo_wire_item *item = &wire->items[i];
		uint8_t *from = item->where;

		if (i < wire->tail)
			memcpy(to, from, item->len);
		item->where = to;
		to = from;
	}
}

const struct mipo_wire_ops mipo_wire_ring_ops = {.open = open_ring,
    .send = send_ring,
    .skip = skip,
    .renew = renew,
    .close = close_ring};
