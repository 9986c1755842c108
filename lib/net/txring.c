#include "net/txring.h"

#include <errno.h>
#include <linux/if_packet.h>

#define PACKET_AT sizeof(struct tpacket2_hdr)
#define ASKS	  (TP_STATUS_SEND_REQUEST | TP_STATUS_WRONG_FORMAT)

_Static_assert(PACKET_AT % TPACKET_ALIGNMENT == 0, "it is where a packet is");

static struct tpacket2_hdr *
header(const struct mipo_txring *ring, size_t i)
{
	return (void *)(ring->map + (i & (ring->n - 1)) * ring->size);
}

static uint32_t
status_of(const struct mipo_txring *ring, size_t i)
{
	return __atomic_load_n(&header(ring, i)->tp_status, __ATOMIC_ACQUIRE);
}

static void
set_status(struct mipo_txring *ring, size_t i, uint32_t status)
{
	__atomic_store_n(
	    &header(ring, i)->tp_status, status, __ATOMIC_RELEASE);
}

uint8_t *
mipo_txring_packet(const struct mipo_txring *ring, size_t i)
{
	return (uint8_t *)header(ring, i) + PACKET_AT;
}

size_t
mipo_txring_size(size_t len)
{
	size_t size = 128;

	while (size < PACKET_AT + len)
		size *= 2;
	return size;
}

bool
mipo_txring_room(struct mipo_txring *ring, size_t n)
{
	while (ring->clear - ring->place < n &&
	    status_of(ring, ring->clear) == TP_STATUS_AVAILABLE)
		ring->clear++;
	return ring->clear - ring->place >= n;
}

void
mipo_txring_ask(struct mipo_txring *ring, size_t i, size_t len)
{
	header(ring, ring->place + i)->tp_len = (uint32_t)len;
	set_status(ring, ring->place + i, TP_STATUS_SEND_REQUEST);
}

size_t
mipo_txring_walk(struct mipo_txring *ring, size_t n, int *ret_sys)
{
	size_t done = 0, before;

	do {
		before = done;
		*ret_sys = ring->kick(ring->arg);
		while (done < n &&
		    (status_of(ring, ring->place + done) & ASKS) == 0)
			done++;
		if (*ret_sys == 0 && done == before)
			*ret_sys = EIO;
	} while (done < n && (*ret_sys == 0 || *ret_sys == EINTR));
	if (done == n)
		*ret_sys = 0;
	for (size_t i = done; i < n; i++)
		set_status(ring, ring->place + i, TP_STATUS_AVAILABLE);
	ring->place += done;
	return done;
}
