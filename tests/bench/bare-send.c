/*
 * bare-send INTERFACE PACKETS: one fixed SYN, as fast as sendmmsg takes it.
 * What mipo-scan's sending is measured against.
 */
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH 64

static unsigned char frame[66] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
    0x45, 0, 0, 52, 0, 0, 0x40, 0, 64, 6, 0xaf, 0x9e, 198, 18, 0, 1, 198, 18,
    0, 2, 0xee, 0x48, 0, 80, [46] = 0x80, 2, 0xff, 0xff};

static int
open_socket(const char *ifname)
{
	struct sockaddr_ll self = {.sll_family = AF_PACKET};
	const int one = 1, size = 4 << 20;
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	self.sll_ifindex = (int)if_nametoindex(ifname);
	if (fd < 0 || bind(fd, (struct sockaddr *)&self, sizeof(self)) != 0) {
		perror(ifname);
		exit(1);
	}
	(void)setsockopt(
	    fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return fd;
}

int
main(int argc, char **argv)
{
	static struct iovec iov[BATCH];
	static struct mmsghdr msgs[BATCH];
	long left = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	int fd = argc == 3 ? open_socket(argv[1]) : -1;

	for (int i = 0; i < BATCH; i++) {
		iov[i].iov_base = frame;
		iov[i].iov_len = sizeof(frame);
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	while (left > 0) {
		int n = sendmmsg(fd, msgs, BATCH, 0);

		if (n < 0) {
			perror("sendmmsg");
			return 1;
		}
		left -= n;
	}
	return 0;
}
