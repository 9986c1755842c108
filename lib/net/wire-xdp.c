#include "config.h"

#ifdef HAVE_XDP
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <xdp/libxdp.h>
#include <xdp/xsk.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/wire-impl.h"

#define CHUNK  2048U
#define SLOTS  256U /* a power of two */
#define QUEUES 16U
#define NOWHERE UINT64_MAX

/*
 * Always by copy: the kernel then walks the descriptors only while we call
 * it, and says what its card refused. A card that reads them by itself
 * (zero copy) says nothing, and could send later what we gave up.
 */
struct xdp {
	struct xsk_ring_prod fill, tx;
	struct xsk_ring_cons done;
	struct xsk_umem *umem;
	struct xsk_socket *socket;
	uint8_t *area;
	size_t most; /* bytes of a frame that the link takes */
	uint32_t place; /* of the kernel: descriptors that it passed, ever */
	uint32_t laid;	/* descriptors that it was shown, ever */
	size_t n_free;
	uint32_t free[SLOTS]; /* slots that nobody uses */
};

static int
make_umem(struct xdp *xdp)
{
	const struct xsk_umem_config config = {.fill_size = SLOTS,
	    .comp_size = SLOTS,
	    .frame_size = CHUNK};

	return xsk_umem__create(&xdp->umem, xdp->area, SLOTS * CHUNK,
	    &xdp->fill, &xdp->done, &config);
}

static int
make_socket(struct xdp *xdp, const char *ifname, uint32_t queue)
{
	const struct xsk_socket_config config = {.tx_size = SLOTS,
	    .libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
	    .bind_flags = XDP_COPY};

	return xsk_socket__create(&xdp->socket, ifname, queue, xdp->umem,
	    NULL, &xdp->tx, &config);
}

/* A queue of the card has one socket: the first that is not taken. */
static int
take_queue(struct xdp *xdp, const char *ifname, struct mipo_err *err)
{
	uint32_t queue = 0;
	int r;

	do {
		r = make_umem(xdp);
		if (r != 0)
			return mipo_err_sys(err, -r, "AF_XDP memory");
		r = make_socket(xdp, ifname, queue++);
		if (r == 0)
			return 0;
		xdp->socket = NULL;
		(void)xsk_umem__delete(xdp->umem);
		xdp->umem = NULL;
	} while (r == -EBUSY && queue < QUEUES);
	if (r == -EINVAL && queue > 1)
		return mipo_err_set(err, MIPO_E_IO,
		    "AF_XDP: all queues (%u) are taken, and each source "
		    "address needs one", queue - 1);
	return mipo_err_sys(err, -r, "AF_XDP socket");
}

static int
open_xdp(struct mipo_wire *wire, const struct mipo_wire_end *end,
    struct mipo_err *err)
{
	struct xdp *xdp = wire->own = mipo_calloc(1, sizeof(*xdp), err);
	void *area;

	if (xdp == NULL)
		return -1;
	area = mmap(NULL, SLOTS * CHUNK, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return mipo_err_nomem(err);
	xdp->area = area;
	xdp->most = end->mtu + (size_t)wire->frame.ip;
	(void)libxdp_set_print(NULL);
	if (take_queue(xdp, end->ifname, err) != 0)
		return -1;
	for (uint32_t i = 0; i < SLOTS; i++) {
		uint8_t *slot = xdp->area + i * CHUNK;

		memcpy(slot, wire->frame.bytes, wire->frame.len);
		if (i < MIPO_WIRE_BATCH)
			wire->items[i].where = slot;
		else
			xdp->free[xdp->n_free++] = i;
	}
	wire->fd = xsk_socket__fd(xdp->socket);
	return 0;
}

static void
close_xdp(struct mipo_wire *wire)
{
	struct xdp *xdp = wire->own;

	if (xdp == NULL)
		return;
	xsk_socket__delete(xdp->socket);
	if (xdp->umem != NULL)
		(void)xsk_umem__delete(xdp->umem);
	if (xdp->area != NULL)
		(void)munmap(xdp->area, SLOTS * CHUNK);
	free(xdp);
}

/* Slots come back when the card is done with their packets. */
static void
take_back(struct xdp *xdp)
{
	uint32_t i = 0, n = xsk_ring_cons__peek(&xdp->done, SLOTS, &i);

	for (uint32_t end = i + n; n > 0 && i != end; i++) {
		uint64_t at = *xsk_ring_cons__comp_addr(&xdp->done, i);

		if (xdp->n_free < SLOTS)
			xdp->free[xdp->n_free++] = (uint32_t)(at / CHUNK);
	}
	xsk_ring_cons__release(&xdp->done, n);
}

/* A slot more than the next queue needs: see replace(). */
static bool
has_room(struct mipo_wire *wire)
{
	struct xdp *xdp = wire->own;

	take_back(xdp);
	return xdp->n_free > MIPO_WIRE_BATCH;
}

static uint8_t *
fresh(struct xdp *xdp)
{
	return xdp->area + xdp->free[--xdp->n_free] * CHUNK;
}

/*
 * Descriptors for n items, from the kernel's place on. What it was shown
 * before and did not pass is written anew; where that was more, the rest
 * leads nowhere, and it passes over it without sending.
 */
static bool
lay(struct mipo_wire *wire, const struct mipo_wire_item *items, uint32_t n)
{
	struct xdp *xdp = wire->own;
	uint32_t shown = xdp->laid - xdp->place, i;

	if (n > shown &&
	    xsk_ring_prod__reserve(&xdp->tx, n - shown, &i) == 0)
		return false;
	for (i = 0; i < n || i < shown; i++) {
		struct xdp_desc *desc =
		    xsk_ring_prod__tx_desc(&xdp->tx, xdp->place + i);

		desc->addr = i < n ? (uint64_t)(items[i].where - xdp->area)
				   : NOWHERE;
		desc->len = i < n ? (uint32_t)items[i].len : 0;
		desc->options = 0;
	}
	if (n > shown) {
		xsk_ring_prod__submit(&xdp->tx, n - shown);
		xdp->laid += n - shown;
	}
	return true;
}

/* How far the kernel has come since, as far as it says so. */
static uint32_t
passed(struct xdp *xdp)
{
	uint32_t place = xdp->laid + xsk_prod_nb_free(&xdp->tx, UINT32_MAX) -
	    xdp->tx.size;

	return (int32_t)(place - xdp->place) > 0 ? place - xdp->place : 0;
}

/*
 * Lets the kernel walk over n descriptors: how many it took. EBUSY: it
 * passed over one more, whose packet was dropped. It does not say how far it
 * came where it sent none in this call: then the first is that one.
 */
static uint32_t
walk(struct mipo_wire *wire, uint32_t n, int *ret_sys)
{
	struct xdp *xdp = wire->own;
	ssize_t r = sendto(wire->fd, NULL, 0, MSG_DONTWAIT, NULL, 0);
	uint32_t taken = passed(xdp);

	*ret_sys = r < 0 ? errno : 0;
	if (*ret_sys == EBUSY && taken == 0)
		taken = 1;
	xdp->place += taken;
	if (*ret_sys == EBUSY)
		return taken - 1;
	return taken < n ? taken : n; /* the rest led nowhere */
}

/* The slot of a dropped packet comes back too: it moves to another one. */
static void
replace(struct xdp *xdp, struct mipo_wire_item *item)
{
	uint8_t *slot = fresh(xdp);

	memcpy(slot, item->where, item->len);
	item->where = slot;
}

/* How many of n items the link takes by their length. */
static uint32_t
fitting(const struct xdp *xdp, const struct mipo_wire_item *items, size_t n)
{
	uint32_t i = 0;

	while (i < n && items[i].len <= xdp->most)
		i++;
	return i;
}

/* Some of n items: it takes 32 in a call, and says EAGAIN. */
static uint32_t
send_some(struct mipo_wire *wire, struct mipo_wire_item *items, uint32_t n,
    int *ret_sys)
{
	struct xdp *xdp = wire->own;
	uint32_t taken;

	*ret_sys = EAGAIN;
	if (!mipo_wire_await(wire, has_room) || !lay(wire, items, n))
		return 0;
	taken = walk(wire, n, ret_sys);
	for (uint32_t i = 0; i < taken; i++)
		items[i].where = fresh(xdp);
	if (*ret_sys == EBUSY) {
		replace(xdp, &items[taken]);
		*ret_sys = ENOBUFS; /* as other sockets say */
	} else if (*ret_sys == 0 || *ret_sys == EAGAIN) {
		*ret_sys = taken > 0 ? 0 : EAGAIN;
	}
	return taken;
}

static size_t
send_xdp(struct mipo_wire *wire, int *ret_sys)
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

const struct mipo_wire_ops mipo_wire_xdp_ops = {
    .open = open_xdp, .send = send_xdp, .close = close_xdp};
#endif
