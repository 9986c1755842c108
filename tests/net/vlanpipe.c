/*
 * vlanpipe READY LOG ID BACK NS IF1 IF2: a port of a switch. In namespace NS
 * frames that come in at IF1 with the tag ID go out at IF2 without it; what
 * comes in at IF2 goes out at IF1 with the tag BACK. LOG gets each frame of
 * IF1 in hex digits, a line each, with its tag.
 */
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>

#define ADDRS 12 /* bytes in front of a tag */

static int
open_port(const char *name)
{
	const struct sockaddr_ll at = {.sll_family = AF_PACKET,
	    .sll_protocol = htons(ETH_P_ALL),
	    .sll_ifindex = (int)if_nametoindex(name)};
	const int one = 1;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));

	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one,
		sizeof(one)) != 0) {
		perror(name);
		exit(1);
	}
	return fd;
}

static size_t
put_tag(uint8_t *frame, size_t len, uint16_t tag)
{
	memmove(frame + ADDRS + 4, frame + ADDRS, len - ADDRS);
	frame[ADDRS] = 0x81;
	frame[ADDRS + 1] = 0;
	frame[ADDRS + 2] = (uint8_t)(tag >> 8);
	frame[ADDRS + 3] = (uint8_t)tag;
	return len + 4;
}

/* What came in, as it was on the wire: the kernel takes tags out. */
static size_t
receive(int fd, uint8_t *frame, size_t room)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	struct sockaddr_ll from;
	struct iovec iov = {frame, room - 4};
	struct msghdr msg = {.msg_name = &from,
	    .msg_namelen = sizeof(from),
	    .msg_iov = &iov,
	    .msg_iovlen = 1,
	    .msg_control = &control,
	    .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(fd, &msg, 0);
	struct tpacket_auxdata aux;
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	if (n < 14 || from.sll_pkttype == PACKET_OUTGOING)
		return 0;
	if (c == NULL || c->cmsg_type != PACKET_AUXDATA)
		return (size_t)n;
	memcpy(&aux, CMSG_DATA(c), sizeof(aux));
	if ((aux.tp_status & TP_STATUS_VLAN_VALID) == 0)
		return (size_t)n;
	return put_tag(frame, (size_t)n, aux.tp_vlan_tci);
}

static void
log_frame(FILE *log, const uint8_t *frame, size_t len)
{
	for (size_t i = 0; i < len; i++)
		(void)fprintf(log, "%02x", frame[i]);
	(void)fputc('\n', log);
	(void)fflush(log);
}

/* Without its tag, where it has that one; else 0. */
static size_t
strip(uint8_t *frame, size_t len, uint16_t id)
{
	if (len < 18 || frame[ADDRS] != 0x81 || frame[ADDRS + 1] != 0 ||
	    ((frame[ADDRS + 2] & 15) << 8 | frame[ADDRS + 3]) != id)
		return 0;
	memmove(frame + ADDRS, frame + ADDRS + 4, len - ADDRS - 4);
	return len - 4;
}

static void
carry(const int fds[2], FILE *log, uint16_t id, uint16_t back, int which)
{
	uint8_t frame[4096];
	size_t len = receive(fds[which], frame, sizeof(frame));

	if (len == 0)
		return;
	if (which == 0) {
		log_frame(log, frame, len);
		len = strip(frame, len, id);
	} else {
		len = put_tag(frame, len, back);
	}
	if (len > 0)
		(void)!write(fds[!which], frame, len);
}

int
main(int argc, char **argv)
{
	struct pollfd polled[2];
	char path[256];
	int ns, fds[2];
	FILE *log;

	if (argc != 8 || (log = fopen(argv[2], "w")) == NULL)
		return 2;
	(void)snprintf(path, sizeof(path), "/run/netns/%s", argv[5]);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns < 0 || setns(ns, CLONE_NEWNET) != 0) {
		perror(path);
		return 1;
	}
	for (int i = 0; i < 2; i++) {
		fds[i] = open_port(argv[6 + i]);
		polled[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
	}
	(void)close(open(argv[1], O_CREAT | O_WRONLY, 0600));
	while (poll(polled, 2, -1) > 0)
		for (int i = 0; i < 2; i++)
			if (polled[i].revents != 0)
				carry(fds, log, (uint16_t)atoi(argv[3]),
				    (uint16_t)atoi(argv[4]), i);
	return 1;
}
