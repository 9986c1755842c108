#include "net/wire-impl.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"

#define SEND_BUFFER (4 << 20)

/*
 * Behind a queueing discipline a link without a carrier would take packets
 * and drop them without a word. A bigger buffer only makes it faster.
 */
int
mipo_wire_bypass(int fd, struct mipo_err *err)
{
	const int one = 1, size = SEND_BUFFER;

	if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one,
		sizeof(one)) != 0)
		return mipo_err_sys(err, errno, "PACKET_QDISC_BYPASS");
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return 0;
}

/* Protocol 0: the socket hears nothing, which is the capture's work. */
int
mipo_wire_packet_socket(
    const struct mipo_wire_end *end, int *ret_fd, struct mipo_err *err)
{
	const struct sockaddr_ll self = {
	    .sll_family = AF_PACKET, .sll_ifindex = (int)end->ifindex};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return mipo_err_sys(err, errno, "packet socket");
	if (bind(fd, (const struct sockaddr *)&self, sizeof(self)) != 0) {
		mipo_err_sys(err, errno, "packet socket");
		goto fail;
	}
	if (mipo_wire_bypass(fd, err) != 0)
		goto fail;
	*ret_fd = fd;
	return 0;
fail:
	(void)close(fd);
	return -1;
}

/*
 * On loopback the socket is not bound: the kernel would take an address of
 * another interface for a neighbour on lo.
 */
int
mipo_wire_bind(const struct mipo_wire_end *end, int fd, struct mipo_err *err)
{
	const int size = SEND_BUFFER;

	if (!end->loopback &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, end->ifname,
		(socklen_t)strlen(end->ifname) + 1) != 0)
		return mipo_err_sys(err, errno, "raw socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return 0;
}

/* IPPROTO_RAW: the packet has its own IP header, IPv6 too (raw(7)). */
int
mipo_wire_raw_socket(
    const struct mipo_wire_end *end, int *ret_fd, struct mipo_err *err)
{
	const int family = end->from.addr.family == 6 ? AF_INET6 : AF_INET;
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		return mipo_err_sys(err, errno, "raw socket");
	if (mipo_wire_bind(end, fd, err) != 0) {
		(void)close(fd);
		return -1;
	}
	*ret_fd = fd;
	return 0;
}
