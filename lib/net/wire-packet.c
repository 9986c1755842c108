#include <errno.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "net/wire.h"

#define SEND_BUFFER (4 << 20)

/* Protocol 0: the socket hears nothing, which is the capture's work. */
int
mipo_wire_packet_open(
    const struct mipo_wire_end *end, int *ret_fd, struct mipo_err *err)
{
	const struct sockaddr_ll self = {
	    .sll_family = AF_PACKET, .sll_ifindex = (int)end->ifindex};
	const int one = 1, size = SEND_BUFFER;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return mipo_err_sys(err, errno, "packet socket");
	if (bind(fd, (const struct sockaddr *)&self, sizeof(self)) != 0) {
		mipo_err_sys(err, errno, "packet socket");
		(void)close(fd);
		return -1;
	}
	/* Both make it faster only; a kernel that cannot is no error. */
	(void)setsockopt(
	    fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	*ret_fd = fd;
	return 0;
}
