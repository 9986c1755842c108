#include "net/wire.h"

#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

const struct mipo_wire_row mipo_wire_rows[] = {
    {"packet", "AF_PACKET, queueing discipline bypassed, sendmmsg", true, 0,
	mipo_wire_packet_open},
    {"raw4", "raw IPv4 socket, sendmmsg", false, 4, mipo_wire_raw_open},
    {"raw6", "raw IPv6 socket, sendmmsg", false, 6, mipo_wire_raw_open},
    {.name = NULL}};

/* Slots lie from head on; they never wrap, the queue is sent as a whole. */
struct mipo_wire {
	const struct mipo_wire_row *row;
	int fd;
	struct mipo_frame frame;
	size_t head, tail;
	uint64_t tags[MIPO_WIRE_BATCH];
	uint8_t *slots; /* frame.room bytes each */
	struct iovec iov[MIPO_WIRE_BATCH];
	struct mmsghdr msgs[MIPO_WIRE_BATCH];
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to[MIPO_WIRE_BATCH];
};

bool
mipo_wire_may(void)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		return false;
	(void)close(fd);
	return true;
}

static void
prepare_slot(struct mipo_wire *wire, size_t i)
{
	struct msghdr *hdr = &wire->msgs[i].msg_hdr;

	wire->iov[i].iov_base = wire->slots + i * wire->frame.room;
	memcpy(wire->iov[i].iov_base, wire->frame.bytes, wire->frame.len);
	wire->iov[i].iov_len = wire->frame.len;
	hdr->msg_iov = &wire->iov[i];
	hdr->msg_iovlen = 1;
	if (wire->row->ether)
		return;
	hdr->msg_name = &wire->to[i];
	if (wire->frame.family == 6) {
		hdr->msg_namelen = sizeof(wire->to[i].v6);
		wire->to[i].v6.sin6_family = AF_INET6;
	} else {
		hdr->msg_namelen = sizeof(wire->to[i].v4);
		wire->to[i].v4.sin_family = AF_INET;
	}
}

int
mipo_wire_open(const struct mipo_wire_end *end, struct mipo_wire **ret_wire,
    struct mipo_err *err)
{
	const struct mipo_wire_row *row = mipo_wire_rows;
	struct mipo_wire *wire;

	while (row->ether != end->from.ether ||
	    (row->family != 0 && row->family != end->from.addr.family))
		row++;
	wire = mipo_calloc(1, sizeof(*wire), err);
	if (wire == NULL)
		return -1;
	wire->row = row;
	wire->fd = -1;
	if ((end->udp ? mipo_frame_udp : mipo_frame_syn)(
		&end->from, &wire->frame, err) != 0 ||
	    (wire->slots = mipo_calloc(
		 MIPO_WIRE_BATCH, wire->frame.room, err)) == NULL ||
	    row->open(end, &wire->fd, err) != 0) {
		mipo_wire_free(wire);
		return mipo_err_prefix(err, "%s", end->ifname);
	}
	for (size_t i = 0; i < MIPO_WIRE_BATCH; i++)
		prepare_slot(wire, i);
	*ret_wire = wire;
	return 0;
}

void
mipo_wire_free(struct mipo_wire *wire)
{
	if (wire == NULL)
		return;
	if (wire->fd >= 0)
		(void)close(wire->fd);
	free(wire->slots);
	free(wire);
}

const char *
mipo_wire_name(const struct mipo_wire *wire)
{
	return wire->row->name;
}

const struct mipo_frame *
mipo_wire_frame(const struct mipo_wire *wire)
{
	return &wire->frame;
}

void
mipo_wire_put(
    struct mipo_wire *wire, const struct mipo_probe *probe, uint64_t tag)
{
	size_t i = wire->tail++;

	wire->tags[i] = tag;
	wire->iov[i].iov_len =
	    mipo_frame_patch(&wire->frame, probe, wire->iov[i].iov_base);
	if (wire->row->ether)
		return;
	if (wire->frame.family == 6)
		memcpy(&wire->to[i].v6.sin6_addr, probe->dst->b, 16);
	else
		memcpy(&wire->to[i].v4.sin_addr, probe->dst->b, 4);
}

size_t
mipo_wire_queued(const struct mipo_wire *wire)
{
	return wire->tail - wire->head;
}

uint64_t
mipo_wire_tag(const struct mipo_wire *wire, size_t i)
{
	return wire->tags[wire->head + i];
}

size_t
mipo_wire_send(struct mipo_wire *wire, int *ret_sys)
{
	size_t done = 0, n = mipo_wire_queued(wire);

	*ret_sys = 0;
	while (done < n) {
		int r = sendmmsg(wire->fd, wire->msgs + wire->head + done,
		    (unsigned)(n - done), 0);

		if (r > 0) {
			done += (size_t)r;
		} else if (r == 0 || errno != EINTR) {
			*ret_sys = r == 0 ? EIO : errno;
			break;
		}
	}
	return done;
}

void
mipo_wire_drop(struct mipo_wire *wire, size_t n)
{
	wire->head += n;
	if (wire->head == wire->tail)
		wire->head = wire->tail = 0;
}

int
mipo_wire_send_one(
    struct mipo_wire *wire, const uint8_t *bytes, size_t len)
{
	ssize_t n;

	do
		n = send(wire->fd, bytes, len, 0);
	while (n < 0 && errno == EINTR);
	return n < 0 ? errno : 0;
}
