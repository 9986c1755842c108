#include <errno.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <libnet.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/wire-impl.h"

struct own {
	libnet_t *net;
	int (*write)(libnet_t *net, const uint8_t *packet, uint32_t len);
	uint8_t *slots;
};

static int
open_libnet(struct mipo_wire *wire, int type, const char *device,
    int (*write)(libnet_t *, const uint8_t *, uint32_t), struct mipo_err *err)
{
	char text[LIBNET_ERRBUF_SIZE] = "";
	struct own *own = wire->own = mipo_calloc(1, sizeof(*own), err);

	if (own == NULL ||
	    (own->slots = mipo_wire_slots(wire, err)) == NULL)
		return -1;
	own->write = write;
	own->net = libnet_init(type, device, text);
	if (own->net == NULL)
		return mipo_err_set(err, MIPO_E_IO, "libnet: %s", text);
	return 0;
}

/* libnet's socket would hear all that passes, and nobody listens to it. */
static int
deafen(int fd, struct mipo_err *err)
{
	struct sock_filter none[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
	const struct sock_fprog program = {1, none};

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
		sizeof(program)) != 0)
		return mipo_err_sys(err, errno, "libnet's socket");
	return 0;
}

static int
open_link(struct mipo_wire *wire, const struct mipo_wire_end *end,
    struct mipo_err *err)
{
	struct own *own;

	if (open_libnet(wire, LIBNET_LINK_ADV, end->ifname,
		libnet_adv_write_link, err) != 0)
		return -1;
	own = wire->own;
	if (deafen(libnet_getfd(own->net), err) != 0)
		return -1;
	return mipo_wire_bypass(libnet_getfd(own->net), err);
}

static int
open_raw(struct mipo_wire *wire, const struct mipo_wire_end *end, int type,
    int (*write)(libnet_t *, const uint8_t *, uint32_t), struct mipo_err *err)
{
	struct own *own;

	if (open_libnet(wire, type, NULL, write, err) != 0)
		return -1;
	own = wire->own;
	return mipo_wire_bind(end, libnet_getfd(own->net), err);
}

static int
open_raw4(struct mipo_wire *wire, const struct mipo_wire_end *end,
    struct mipo_err *err)
{
	return open_raw(
	    wire, end, LIBNET_RAW4_ADV, libnet_adv_write_raw_ipv4, err);
}

static int
open_raw6(struct mipo_wire *wire, const struct mipo_wire_end *end,
    struct mipo_err *err)
{
	return open_raw(
	    wire, end, LIBNET_RAW6_ADV, libnet_write_raw_ipv6, err);
}

static void
close_libnet(struct mipo_wire *wire)
{
	struct own *own = wire->own;

	if (own == NULL)
		return;
	libnet_destroy(own->net);
	free(own->slots);
	free(own);
}

static size_t
send_libnet(struct mipo_wire *wire, int *ret_sys)
{
	const struct own *own = wire->own;
	size_t next = wire->head;

	*ret_sys = 0;
	while (next < wire->tail) {
		const struct mipo_wire_item *item = &wire->items[next];
		int r = own->write(
		    own->net, item->where, (uint32_t)item->len);

		if (r == (int)item->len) {
			next++;
		} else if (r >= 0 || errno != EINTR) {
			*ret_sys = r >= 0 ? EIO : errno;
			break;
		}
	}
	return next - wire->head;
}

const struct mipo_wire_ops mipo_wire_link_ops = {
    .open = open_link, .send = send_libnet, .close = close_libnet};

const struct mipo_wire_ops mipo_wire_libnet4_ops = {
    .open = open_raw4, .send = send_libnet, .close = close_libnet};

const struct mipo_wire_ops mipo_wire_libnet6_ops = {
    .open = open_raw6, .send = send_libnet, .close = close_libnet};
