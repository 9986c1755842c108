/*
 * tunpipe FILE NS1 NS2: an interface tun0 in each of two namespaces, and a
 * process that carries packets between them; makes FILE once they are there.
 */
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* 77 where this machine has no tun. */
static int
open_tun(const char *space, int *ret_fd)
{
	struct ifreq req = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	char path[256];
	int ns, fd;

	(void)snprintf(path, sizeof(path), "/run/netns/%s", space);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns < 0 || setns(ns, CLONE_NEWNET) != 0) {
		perror(path);
		return 1;
	}
	(void)close(ns);
	memcpy(req.ifr_name, "tun0", sizeof("tun0"));
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &req) != 0)
		return 77;
	*ret_fd = fd;
	return 0;
}

static void
carry(int from, int to)
{
	char packet[65536];
	ssize_t n = read(from, packet, sizeof(packet));

	if (n > 0)
		(void)!write(to, packet, (size_t)n);
}

int
main(int argc, char **argv)
{
	struct pollfd fds[2] = {{.events = POLLIN}, {.events = POLLIN}};
	int r;

	if (argc != 4)
		return 2;
	r = open_tun(argv[2], &fds[0].fd);
	if (r == 0)
		r = open_tun(argv[3], &fds[1].fd);
	if (r != 0)
		return r;
	(void)close(open(argv[1], O_CREAT | O_WRONLY, 0600));
	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents != 0)
			carry(fds[0].fd, fds[1].fd);
		if (fds[1].revents != 0)
			carry(fds[1].fd, fds[0].fd);
	}
	return 1;
}
