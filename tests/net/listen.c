/*
 * listen [-r] FILE PORT[=HOW]...: accepts on these ports, IPv4 and IPv6, on
 * every address; makes FILE once it does; hangs up on whoever connects (-r:
 * by a reset). HOW says what it does instead: "silent", nothing; "flood",
 * bytes without end; "drip", a byte ten times a second; "PATH", says what is
 * in that file; "?PATH", that, once it was asked something.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PORTS 1024

static const char *how[MAX_PORTS];

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
	    listen(fd, 65535) != 0) {
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

static void
put_file(int fd, const char *path)
{
	char bytes[4096];
	int file = open(path, O_RDONLY);
	ssize_t n = read(file, bytes, sizeof(bytes));

	if (n < 0 || write(fd, bytes, (size_t)n) != n)
		_exit(1);
}

/* In a process of its own, which ends when the other side goes. */
static void
talk(int fd, const char *what)
{
	static char bytes[65536];

	memset(bytes, 'x', sizeof(bytes));
	if (strcmp(what, "flood") == 0)
		while (write(fd, bytes, sizeof(bytes)) > 0)
			;
	else if (strcmp(what, "drip") == 0)
		while (write(fd, bytes, 1) > 0)
			(void)poll(NULL, 0, 100);
	else if (*what == '?' && read(fd, bytes, sizeof(bytes)) > 0)
		put_file(fd, what + 1);
	else if (*what == '/')
		put_file(fd, what);
	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
	_exit(0);
}

static void
serve(int fd, const char *what, bool reset)
{
	if (what == NULL) {
		hang_up(fd, reset);
		return;
	}
	if (fork() == 0)
		talk(fd, what);
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

	(void)signal(SIGCHLD, SIG_IGN);
	for (int i = 2; i < argc && n < MAX_PORTS; i++) {
		how[n] = strchr(argv[i], '=');
		if (how[n] != NULL)
			how[n]++;
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
				serve(accept(fds[i].fd, NULL, NULL), how[i],
				    reset);
	}
}
