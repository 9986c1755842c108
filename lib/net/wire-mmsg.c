#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/wire-impl.h"

struct mmsg {
	uint8_t *slots;
	struct iovec iov[MIPO_WIRE_BATCH];
	struct mmsghdr msgs[MIPO_WIRE_BATCH];
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to[MIPO_WIRE_BATCH];
};

static void
prepare(struct mipo_wire *wire, size_t i)
{
	struct mmsg *mmsg = wire->own;
	struct msghdr *hdr = &mmsg->msgs[i].msg_hdr;

	mmsg->iov[i].iov_base = wire->items[i].where;
	hdr->msg_iov = &mmsg->iov[i];
	hdr->msg_iovlen = 1;
	if (wire->row->ether)
		return;
	hdr->msg_name = &mmsg->to[i];
	if (wire->frame.family == 6) {
		hdr->msg_namelen = sizeof(mmsg->to[i].v6);
		mmsg->to[i].v6.sin6_family = AF_INET6;
	} else {
		hdr->msg_namelen = sizeof(mmsg->to[i].v4);
		mmsg->to[i].v4.sin_family = AF_INET;
	}
}

static int
open_mmsg(struct mipo_wire *wire, const struct mipo_wire_end *end,
    int (*open_socket)(const struct mipo_wire_end *, int *, struct mipo_err *),
    struct mipo_err *err)
{
	struct mmsg *mmsg = wire->own = mipo_calloc(1, sizeof(*mmsg), err);

	if (mmsg == NULL ||
	    (mmsg->slots = mipo_wire_slots(wire, err)) == NULL)
		return -1;
	for (size_t i = 0; i < MIPO_WIRE_BATCH; i++)
		prepare(wire, i);
	return open_socket(end, &wire->fd, err);
}

static int
open_packet(struct mipo_wire *wire, const struct mipo_wire_end *end,
    struct mipo_err *err)
{
	return open_mmsg(wire, end, mipo_wire_packet_socket, err);
}

static int
open_raw(struct mipo_wire *wire, const struct mipo_wire_end *end,
    struct mipo_err *err)
{
	return open_mmsg(wire, end, mipo_wire_raw_socket, err);
}

static void
close_mmsg(struct mipo_wire *wire)
{
	struct mmsg *mmsg = wire->own;

	if (mmsg != NULL)
		free(mmsg->slots);
	free(mmsg);
	if (wire->fd >= 0)
		(void)close(wire->fd);
}

/* The kernel wants to be told what stands in the packet. */
static void
aim(struct mipo_wire *wire, size_t i)
{
	struct mmsg *mmsg = wire->own;
	const uint8_t *ip = wire->items[i].where;

	if (wire->frame.family == 6)
		memcpy(&mmsg->to[i].v6.sin6_addr, ip + 24, 16);
	else
		memcpy(&mmsg->to[i].v4.sin_addr, ip + 16, 4);
}

static size_t
send_mmsg(struct mipo_wire *wire, int *ret_sys)
{
	struct mmsg *mmsg = wire->own;
	size_t next = wire->head;

	for (size_t i = wire->head; i < wire->tail; i++) {
		mmsg->iov[i].iov_len = wire->items[i].len;
		if (!wire->row->ether)
			aim(wire, i);
	}
	*ret_sys = 0;
	while (next < wire->tail) {
		int r = sendmmsg(wire->fd, mmsg->msgs + next,
		    (unsigned)(wire->tail - next), 0);

		if (r > 0) {
			next += (size_t)r;
		} else if (r == 0 || errno != EINTR) {
			*ret_sys = r == 0 ? EIO : errno;
			break;
		}
	}
	return next - wire->head;
}

const struct mipo_wire_ops mipo_wire_packet_ops = {
    .open = open_packet, .send = send_mmsg, .close = close_mmsg};

const struct mipo_wire_ops mipo_wire_raw_ops = {
    .open = open_raw, .send = send_mmsg, .close = close_mmsg};
