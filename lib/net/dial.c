#include "net/dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

int
mipo_dial_family(const struct mipo_addr *addr)
{
	return addr->family == 6 ? AF_INET6 : AF_INET;
}

static socklen_t
fill_address(const struct mipo_addr *addr, uint16_t port, union address *ret_at)
{
	memset(ret_at, 0, sizeof(*ret_at));
	if (addr->family == 6) {
		ret_at->v6.sin6_family = AF_INET6;
		ret_at->v6.sin6_port = htons(port);
		memcpy(&ret_at->v6.sin6_addr, addr->b, 16);
		return sizeof(ret_at->v6);
	}
	ret_at->v4.sin_family = AF_INET;
	ret_at->v4.sin_port = htons(port);
	memcpy(&ret_at->v4.sin_addr, addr->b, 4);
	return sizeof(ret_at->v4);
}

int
mipo_dial(int fd, const struct mipo_addr *addr, uint16_t port)
{
	union address to;
	socklen_t len = fill_address(addr, port, &to);

	return connect(fd, &to.any, len) == 0 ? 0 : errno;
}

bool
mipo_dial_is_self(int fd)
{
	union address us, peer;
	socklen_t us_len = sizeof(us), peer_len = sizeof(peer);

	memset(&us, 0, sizeof(us));
	memset(&peer, 0, sizeof(peer));
	return getsockname(fd, &us.any, &us_len) == 0 &&
	    getpeername(fd, &peer.any, &peer_len) == 0 &&
	    us_len == peer_len && memcmp(&us, &peer, us_len) == 0;
}

bool
mipo_dial_lacks(int sys)
{
	return sys == EMFILE || sys == ENFILE || sys == ENOBUFS ||
	    sys == ENOMEM || sys == ENOSPC || sys == EADDRNOTAVAIL ||
	    sys == EAGAIN;
}
