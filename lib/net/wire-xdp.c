#include "config.h"

#ifdef HAVE_XDP
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <xdp/libxdp.h>
#include <xdp/xsk.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/wire-impl.h"
#include "net/xdpring.h"

#define SLOTS  MIPO_XDP_SLOTS
#define CHUNK  MIPO_XDP_CHUNK
#define QUEUES 16U
#ifndef XDP_MAX_TX_SKB_BUDGET
#define XDP_MAX_TX_SKB_BUDGET 9 /* Linux 6.17 */
#endif

struct xdp {
	struct mipo_xdpring ring;
	struct xsk_ring_prod fill;
	struct xsk_umem *umem;
	struct xsk_socket *socket;
};

static int
make_umem(struct xdp *xdp)
{
	const struct xsk_umem_config config = {.fill_size = SLOTS,
	    .comp_size = SLOTS,
	    .frame_size = CHUNK};

	return xsk_umem__create(&xdp->umem, xdp->ring.area, SLOTS * CHUNK,
	    &xdp->fill, &xdp->ring.done, &config);
}

static int
make_socket(struct xdp *xdp, const char *ifname, uint32_t queue)
{
	const struct xsk_socket_config config = {.tx_size = SLOTS,
	    .libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
	    .bind_flags = XDP_COPY};

	return xsk_socket__create(&xdp->socket, ifname, queue, xdp->umem,
	    NULL, &xdp->ring.tx, &config);
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
kick(void *arg)
{
	const struct mipo_wire *wire = arg;

	return sendto(wire->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 ? errno
								    : 0;
}

static int
open_xdp(struct mipo_wire *wire, const struct mipo_wire_end *end,
    struct mipo_err *err)
{
	struct xdp *xdp = wire->own = mipo_calloc(1, sizeof(*xdp), err);
	const int budget = MIPO_WIRE_BATCH;
	void *area;

	if (xdp == NULL)
		return -1;
	area = mmap(NULL, SLOTS * CHUNK, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED)
		return mipo_err_nomem(err);
	xdp->ring.area = area;
	xdp->ring.most = end->mtu + (size_t)wire->frame.ip;
	(void)libxdp_set_print(NULL);
	if (take_queue(xdp, end->ifname, err) != 0)
		return -1;
	xdp->ring.kick = kick;
	xdp->ring.arg = wire;
	mipo_xdpring_begin(wire);
	wire->fd = xsk_socket__fd(xdp->socket);
	/* A whole queue in a call, instead of 32; older ones have none. */
	(void)setsockopt(wire->fd, SOL_XDP, XDP_MAX_TX_SKB_BUDGET, &budget,
	    sizeof(budget));
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
	if (xdp->ring.area != NULL)
		(void)munmap(xdp->ring.area, SLOTS * CHUNK);
	free(xdp);
}

const struct mipo_wire_ops mipo_wire_xdp_ops = {
    .open = open_xdp, .send = mipo_xdpring_send, .close = close_xdp};
#endif
