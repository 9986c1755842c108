#include "config.h"

#include "net/wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/wire-impl.h"

#define NAP_NS 50000
#define NAPS   200

/*
 * In the order that was measured: of packets a second of one processor over
 * a pair of veth, xdp 1.4 to 1.6, sendmmsg 1, ring 0.9, libnet 0.6.
 */
const struct mipo_wire_row mipo_wire_rows[] = {
#ifdef HAVE_XDP
    {.name = "xdp", .send = "xdp", .ether = true, .alone = true,
	.text = "AF_XDP, frames copied by the kernel",
	.ops = &mipo_wire_xdp_ops},
#endif
    {.name = "packet", .send = "sendmmsg", .ether = true,
	.text = "AF_PACKET, queueing discipline bypassed",
	.ops = &mipo_wire_packet_ops},
    {.name = "raw4", .send = "sendmmsg", .family = 4,
	.text = "raw IPv4 socket", .ops = &mipo_wire_raw_ops},
    {.name = "raw6", .send = "sendmmsg", .family = 6,
	.text = "raw IPv6 socket", .ops = &mipo_wire_raw_ops},
    {.name = "ring", .send = "ring", .ether = true,
	.text = "AF_PACKET, frames in shared memory",
	.ops = &mipo_wire_ring_ops},
    {.name = "libnet", .send = "libnet", .ether = true, .asks = true,
	.text = "AF_PACKET as libnet uses it", .ops = &mipo_wire_link_ops},
    {.name = "libnet4", .send = "libnet", .family = 4,
	.text = "raw IPv4 socket of libnet", .ops = &mipo_wire_libnet4_ops},
    {.name = "libnet6", .send = "libnet", .family = 6,
	.text = "raw IPv6 socket of libnet", .ops = &mipo_wire_libnet6_ops},
    {.name = NULL}};

bool
mipo_wire_may(void)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		return false;
	(void)close(fd);
	return true;
}

static bool
is_of(const struct mipo_wire_row *row, const char *send)
{
	return strcmp(send, "auto") == 0 || strcmp(send, row->send) == 0;
}

bool
mipo_wire_has(const char *send)
{
	const struct mipo_wire_row *row = mipo_wire_rows;

	while (row->name != NULL && !is_of(row, send))
		row++;
	return row->name != NULL;
}

bool
mipo_wire_alone(const char *send)
{
	const struct mipo_wire_row *row = mipo_wire_rows;

	while (row->name != NULL && strcmp(send, row->send) != 0)
		row++;
	return row->name != NULL && row->alone;
}

static bool
serves(const struct mipo_wire_row *row, const struct mipo_wire_end *end)
{
	return row->ether == end->from.ether &&
	    (row->family == 0 || row->family == end->from.addr.family);
}

static int
open_row(const struct mipo_wire_row *row, const struct mipo_wire_end *end,
    struct mipo_wire **ret_wire, struct mipo_err *err)
{
	struct mipo_wire *wire = mipo_calloc(1, sizeof(*wire), err);

	if (wire == NULL)
		return -1;
	wire->row = row;
	wire->fd = -1;
	if ((end->udp	   ? mipo_frame_udp
		: end->echo ? mipo_frame_echo
			    : mipo_frame_syn)(
		&end->from, &wire->frame, err) != 0 ||
	    row->ops->open(wire, end, err) != 0) {
		mipo_wire_free(wire);
		return -1;
	}
	*ret_wire = wire;
	return 0;
}

int
mipo_wire_open(const struct mipo_wire_end *end, const char *send,
    bool alone, struct mipo_wire **ret_wire, struct mipo_err *err)
{
	const struct mipo_wire_row *row;
	struct mipo_err one = {0};
	char first[sizeof(one.text)] = "";

	for (row = mipo_wire_rows; row->name != NULL; row++) {
		if (!is_of(row, send) || !serves(row, end) ||
		    (row->alone && !alone))
			continue;
		mipo_err_clear(&one);
		if (open_row(row, end, ret_wire, &one) == 0) {
			(void)snprintf((*ret_wire)->passed,
			    sizeof((*ret_wire)->passed), "%.191s", first);
			return 0;
		}
		mipo_err_prefix(&one, "%s", row->send);
		if (*first == '\0') {
			mipo_err_set(err, one.code, "%s", one.text);
			memcpy(first, one.text, sizeof(first));
		}
	}
	if (*first == '\0')
		mipo_err_set(err, MIPO_E_USAGE,
		    "--send=%s needs a link with ethernet frames, which this "
		    "is not", send);
	return mipo_err_prefix(err, "%s", end->ifname);
}

void
mipo_wire_free(struct mipo_wire *wire)
{
	if (wire == NULL)
		return;
	wire->row->ops->close(wire);
	free(wire);
}

uint8_t *
mipo_wire_slots(struct mipo_wire *wire, struct mipo_err *err)
{
	const struct mipo_frame *frame = &wire->frame;
	uint8_t *slots = mipo_calloc(MIPO_WIRE_BATCH, frame->room, err);

	for (size_t i = 0; slots != NULL && i < MIPO_WIRE_BATCH; i++) {
		wire->items[i].where = slots + i * frame->room;
		memcpy(wire->items[i].where, frame->bytes, frame->len);
	}
	return slots;
}

const struct mipo_wire_row *
mipo_wire_row(const struct mipo_wire *wire)
{
	return wire->row;
}

const char *
mipo_wire_passed(const struct mipo_wire *wire)
{
	return wire->passed;
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
	struct mipo_wire_item *item = &wire->items[wire->tail++];

	item->tag = tag;
	item->len = mipo_frame_patch(&wire->frame, probe, item->where);
}

size_t
mipo_wire_queued(const struct mipo_wire *wire)
{
	return wire->tail - wire->head;
}

uint64_t
mipo_wire_tag(const struct mipo_wire *wire, size_t i)
{
	return wire->items[wire->head + i].tag;
}

size_t
mipo_wire_send(struct mipo_wire *wire, int *ret_sys)
{
	wire->taken = wire->row->ops->send(wire, ret_sys);
	return wire->taken;
}

void
mipo_wire_drop(struct mipo_wire *wire, size_t n)
{
	const struct mipo_wire_ops *ops = wire->row->ops;
	size_t taken = n < wire->taken ? n : wire->taken;

	wire->taken -= taken;
	wire->head += taken;
	for (; taken < n; taken++) {
		if (ops->skip != NULL)
			ops->skip(wire);
		wire->head++;
	}
	if (wire->head < wire->tail)
		return;
	wire->head = wire->tail = 0;
	if (ops->renew != NULL)
		ops->renew(wire);
}

bool
mipo_wire_await(
    struct mipo_wire *wire, bool (*ready)(struct mipo_wire *wire))
{
	const struct timespec nap = {.tv_nsec = NAP_NS};
	int naps = 0;

	while (!ready(wire)) {
		if (naps++ == NAPS)
			return false;
		(void)nanosleep(&nap, NULL);
	}
	return true;
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
