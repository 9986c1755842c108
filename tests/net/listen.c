/*
 * listen [-r] FILE PORT...: accepts on these ports, IPv4 and IPv6, on every
 * address; makes FILE once it does; hangs up on whoever connects (-r: by a
 * reset).
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PORTS 1024

static int
listen_on(unsigned port)
{
	struct sockaddr_in6 any = {.sin6_family = AF_INET6,
	    .sin6_addr = IN6ADDR_ANY_INIT,
	    .sin6_port = htons((uint16_t)port)};
	const int zero = 0, one = 1;
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	if (fd < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero)) ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any)) != 0 ||
	    listen(fd, 4096) != 0) {
		perror("listen");
		exit(1);
	}
	return fd;
}

static void
hang_up(int fd, bool reset)
{
	const struct linger now = {.l_onoff = 1};

	if (reset)
		(void)setsockopt(
		    fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	(void)close(fd);
}

int
main(int argc, char **argv)
{
	static struct pollfd fds[MAX_PORTS];
	bool reset = argc > 1 && strcmp(argv[1], "-r") == 0;
	nfds_t n = 0;

	argc -= reset;
	argv += reset;

	for (int i = 2; i < argc && n < MAX_PORTS; i++) {
		fds[n].fd = listen_on((unsigned)strtoul(argv[i], NULL, 10));
		fds[n++].events = POLLIN;
	}
	if (argc < 2 || close(open(argv[1], O_CREAT | O_WRONLY, 0600)) != 0)
		return 1;
	for (;;) {
		if (poll(fds, n, -1) < 0)
			return 1;
		for (nfds_t i = 0; i < n; i++)
			if (fds[i].revents != 0)
				hang_up(accept(fds[i].fd, NULL, NULL), reset);
	}
}
