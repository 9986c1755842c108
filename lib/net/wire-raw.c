#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "net/wire.h"

#define SEND_BUFFER (4 << 20)

/*
 * IPPROTO_RAW: the packet has its own IP header, IPv6 too (raw(7)). On
 * loopback the socket is not bound: the kernel would take an address of
 * another interface for a neighbour on lo.
 */
int
mipo_wire_raw_open(
    const struct mipo_wire_end *end, int *ret_fd, struct mipo_err *err)
{
	const int family = end->from.addr.family == 6 ? AF_INET6 : AF_INET;
	const int size = SEND_BUFFER;
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		return mipo_err_sys(err, errno, "raw socket");
	if (!end->loopback &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, end->ifname,
		(socklen_t)strlen(end->ifname) + 1) != 0) {
		mipo_err_sys(err, errno, "raw socket");
		(void)close(fd);
		return -1;
	}
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	*ret_fd = fd;
	return 0;
}
