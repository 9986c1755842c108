/*
 * datagram FILE MODE PORT...: hears datagrams on these ports, IPv4 and IPv6,
 * on every address; makes FILE once it does. It answers from the address
 * that was asked, as servers of NTP, QUIC and OpenVPN on their ports and
 * with what came in elsewhere. Modes:
 *   good          so
 *   mute          not at all
 *   token         with every byte inverted
 *   port          from the port behind
 *   addr          from the address behind
 *   dest          to the port behind
 *   error         by a port unreachable without the numbers of the packet
 *   spray         unasked: one to each port of 198.18.0.1 that a scan may
 *                 send from; and that is all
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PORTS 64

static const char *mode;

static int
is(const char *name)
{
	return strcmp(mode, name) == 0;
}

static int
hear(unsigned port)
{
	struct sockaddr_in6 any = {.sin6_family = AF_INET6,
	    .sin6_addr = IN6ADDR_ANY_INIT,
	    .sin6_port = htons((uint16_t)port)};
	const int zero = 0, one = 1;
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	if (fd < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero)) ||
	    setsockopt(
		fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any)) != 0) {
		perror("datagram");
		exit(1);
	}
	return fd;
}

/* What a server of the protocol says to n bytes at p, in place. */
static size_t
reply(unsigned port, uint8_t *p, size_t n)
{
	uint8_t was[32];

	memcpy(was, p, sizeof(was));
	if (port == 123 && n >= 48) {
		p[0] = 0x24;
		memcpy(p + 24, p + 40, 8);
		memset(p + 40, 7, 8);
	} else if (port == 443 && n >= 1200) {
		memset(p + 1, 0, 4);
		memcpy(p + 6, was + 15, 8);
		memcpy(p + 15, was + 6, 8);
		memcpy(p + 23, "\0\0\0\1", 4);
		n = 27;
	} else if (port == 1194 && n >= 14) {
		p[0] = 0x40;
		memset(p + 1, 7, 8);
		memcpy(p + 9, "\1\0\0\0\0", 5);
		memcpy(p + 14, was + 1, 8);
		memcpy(p + 22, "\0\0\0\0", 4);
		n = 26;
	}
	if (port == 69)
		p[1] = 5;
	if (is("token"))
		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)~p[i];
	return n;
}

/* Only over IPv4: an error about a packet of that kind, not about this. */
static void
send_error(const struct sockaddr_in6 *from, unsigned port,
    const struct in6_addr *us, size_t n)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	uint8_t p[8 + 28] = {3, 3, [8] = 0x45, [8 + 3] = (uint8_t)(28 + n),
	    [8 + 8] = 64, 17};
	uint16_t ports[3] = {from->sin6_port, htons((uint16_t)port),
	    htons((uint16_t)(8 + n))};
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	uint32_t sum = 0;

	memcpy(&to.sin_addr, from->sin6_addr.s6_addr + 12, 4);
	memcpy(p + 20, from->sin6_addr.s6_addr + 12, 4);
	memcpy(p + 24, us->s6_addr + 12, 4);
	memcpy(p + 28, ports, 6);
	for (size_t i = 0; i < sizeof(p); i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	p[2] = (uint8_t)(sum >> 8);
	p[3] = (uint8_t)sum;
	(void)!sendto(
	    fd, p, sizeof(p), 0, (struct sockaddr *)&to, sizeof(to));
	(void)close(fd);
}

static void
answer(int fd, int behind, unsigned port)
{
	union {
		char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
		struct cmsghdr align;
	} control;
	struct sockaddr_in6 from;
	uint8_t p[2048] = {0};
	struct iovec iov = {p, sizeof(p)};
	struct msghdr msg = {.msg_name = &from, .msg_namelen = sizeof(from),
	    .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
	    .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(fd, &msg, 0);
	struct in6_pktinfo *info;

	if (n < 0 || is("mute") || CMSG_FIRSTHDR(&msg) == NULL)
		return;
	info = (struct in6_pktinfo *)(void *)CMSG_DATA(CMSG_FIRSTHDR(&msg));
	info->ipi6_ifindex = 0;
	if (is("error")) {
		send_error(&from, port, &info->ipi6_addr, (size_t)n);
		return;
	}
	iov.iov_len = reply(port, p, (size_t)n);
	if (is("addr"))
		info->ipi6_addr.s6_addr[15]++;
	if (is("dest"))
		from.sin6_port = htons((uint16_t)(ntohs(from.sin6_port) + 1));
	(void)!sendmsg(is("port") ? behind : fd, &msg, 0);
}

static void
spray(int fd)
{
	struct sockaddr_in6 to = {.sin6_family = AF_INET6};
	const uint8_t addr[16] = {[10] = 0xff, 0xff, 198, 18, 0, 1};

	memcpy(&to.sin6_addr, addr, sizeof(addr));
	for (unsigned port = 61000; port < 61256; port++) {
		to.sin6_port = htons((uint16_t)port);
		(void)!sendto(
		    fd, "?", 1, 0, (struct sockaddr *)&to, sizeof(to));
	}
}

int
main(int argc, char **argv)
{
	struct pollfd fds[MAX_PORTS];
	int behind[MAX_PORTS], n = argc - 3;

	if (n < 1 || n > MAX_PORTS)
		return 2;
	mode = argv[2];
	for (int i = 0; i < n; i++) {
		unsigned port = (unsigned)atoi(argv[3 + i]);

		fds[i].fd = hear(port);
		fds[i].events = POLLIN;
		behind[i] = is("port") ? hear(port + 1) : -1;
		if (is("spray"))
			spray(fds[i].fd);
	}
	if (is("spray"))
		return 0;
	(void)close(open(argv[1], O_CREAT | O_WRONLY, 0600));
	while (poll(fds, (nfds_t)n, -1) >= 0)
		for (int i = 0; i < n; i++)
			if (fds[i].revents != 0)
				answer(fds[i].fd, behind[i],
				    (unsigned)atoi(argv[3 + i]));
	return 1;
}
