/*
 * sink INTERFACE FILE: an ethernet interface (tap) in this namespace, behind
 * which every IPv4 address answers ARP and nobody anything else; FILE gets
 * each TCP and UDP packet, whole, as a line of hex digits. It looks at what
 * came only every few milliseconds, so that senders find its queue full.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static const uint8_t mac[6] = {2, 0, 0, 0, 0, 0xaa};

static int
open_tap(const char *name)
{
	struct ifreq req = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	memcpy(req.ifr_name, name, strnlen(name, sizeof(req.ifr_name) - 1));
	if (fd < 0 || ioctl(fd, TUNSETIFF, &req) != 0)
		return -1;
	return fd;
}

/* A request becomes its answer: whoever was asked for is here. */
static void
answer_arp(int fd, uint8_t *frame, size_t len)
{
	uint8_t who[4];

	if (len < 42 || frame[21] != 1)
		return;
	memcpy(who, frame + 38, 4);
	memcpy(frame, frame + 6, 6);
	memcpy(frame + 6, mac, 6);
	frame[21] = 2;
	memcpy(frame + 32, frame + 22, 10);
	memcpy(frame + 22, mac, 6);
	memcpy(frame + 28, who, 4);
	(void)!write(fd, frame, 42);
}

static void
note(FILE *out, const uint8_t *frame, size_t len)
{
	for (size_t i = 0; i < len; i++)
		(void)fprintf(out, "%02x", frame[i]);
	(void)fputc('\n', out);
}

static void
drain(int fd, FILE *out)
{
	uint8_t frame[4096];
	ssize_t n;

	while ((n = read(fd, frame, sizeof(frame))) > ETH_HLEN + 20) {
		if (frame[12] == 8 && frame[13] == 6)
			answer_arp(fd, frame, (size_t)n);
		else if (frame[12] == 8 && frame[13] == 0)
			note(out, frame, (size_t)n);
	}
	(void)fflush(out);
}

int
main(int argc, char **argv)
{
	const struct timespec nap = {.tv_nsec = 2000000};
	FILE *out;
	int fd;

	if (argc != 3)
		return 2;
	fd = open_tap(argv[1]);
	if (fd < 0) {
		perror("tap");
		return 77;
	}
	out = fopen(argv[2], "w");
	if (out == NULL)
		return 1;
	for (;;) {
		drain(fd, out);
		(void)nanosleep(&nap, NULL);
	}
}
