/*
 * answer FILE INTERFACE MODE: answers each TCP SYN over IPv4 that comes in
 * on the interface, by hand, and ARP for every address; makes FILE once it
 * is ready. The kernel of that namespace must drop the SYNs. Modes:
 *   synack        a SYN-ACK
 *   rst0          a RST that acknowledges seq, as some stacks do
 *   rstsynack     a RST, and at once a SYN-ACK
 *   synackrst     the same the other way round
 *   quote8        an ICMP error (3/13) with 8 bytes of our TCP header
 *   router        the same from 198.18.0.254
 *   double        three SYN-ACKs
 *   forged        a SYN-ACK with a wrong acknowledgement
 *   other         a SYN-ACK from another port
 *   slow          a SYN-ACK after 0.7 s, from even ports only
 *   lame          nothing, and ARP after 0.15 s
 *   tardy         a SYN-ACK from ports up to 40, and ARP not before 1.7 s
 *   decoy         a SYN-ACK with a window of 0
 *   second        a SYN-ACK, but only from every pair's second SYN on
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ETH 14
#define IP  20
#define TCP 20
#define ACK 0x10
#define RST 0x04
#define SYN 0x02

static int fd;
static const char *mode;
static uint8_t seen[65536];

static uint16_t
checksum(const uint8_t *p, size_t len, uint32_t sum)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void
put16(uint8_t *p, uint16_t n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static void
put32(uint8_t *p, uint32_t n)
{
	put16(p, (uint16_t)(n >> 16));
	put16(p + 2, (uint16_t)n);
}

/* Ethernet and IP headers back to where q came from. */
static void
put_back(uint8_t *r, const uint8_t *q, uint8_t proto, uint16_t payload)
{
	memset(r, 0, ETH + IP);
	memcpy(r, q + 6, 6);
	memcpy(r + 6, q, 6);
	put16(r + 12, ETHERTYPE_IP);
	r[ETH] = 0x45;
	put16(r + ETH + 2, (uint16_t)(IP + payload));
	r[ETH + 8] = 61;
	r[ETH + 9] = proto;
	memcpy(r + ETH + 12, q + ETH + 16, 4);
	memcpy(r + ETH + 16, q + ETH + 12, 4);
	put16(r + ETH + 10, checksum(r + ETH, IP, 0));
}

static void
send_tcp(const uint8_t *q, uint8_t flags, uint32_t add, uint16_t port_add)
{
	const uint8_t *syn = q + ETH + IP;
	uint8_t r[ETH + IP + TCP], *tcp = r + ETH + IP;
	uint32_t sum = 6 + TCP;

	put_back(r, q, 6, TCP);
	memset(tcp, 0, TCP);
	put16(tcp, (uint16_t)((syn[2] << 8 | syn[3]) + port_add));
	memcpy(tcp + 2, syn, 2);
	put32(tcp + 4, 12345);
	put32(tcp + 8, get32(syn + 4) + add);
	tcp[12] = 0x50;
	tcp[13] = flags;
	if ((flags & SYN) != 0 && strcmp(mode, "decoy") != 0)
		put16(tcp + 14, 4321);
	for (int i = 12; i < 20; i += 2)
		sum += (uint32_t)(r[ETH + i] << 8 | r[ETH + i + 1]);
	put16(tcp + 16, checksum(tcp, TCP, sum));
	(void)!send(fd, r, sizeof(r), 0);
}

static void
send_quote(const uint8_t *q)
{
	uint8_t r[ETH + IP + 8 + IP + 8], *icmp = r + ETH + IP;

	put_back(r, q, 1, 8 + IP + 8);
	if (strcmp(mode, "router") == 0) {
		put32(r + ETH + 12, 0xc61200fe);
		put16(r + ETH + 10, 0);
		put16(r + ETH + 10, checksum(r + ETH, IP, 0));
	}
	memset(icmp, 0, 8);
	icmp[0] = 3;
	icmp[1] = 13;
	memcpy(icmp + 8, q + ETH, IP + 8);
	put16(icmp + 2, checksum(icmp, 8 + IP + 8, 0));
	(void)!send(fd, r, sizeof(r), 0);
}

static void
answer_syn(const uint8_t *q)
{
	uint16_t pair = (uint16_t)(q[ETH + 19] << 8 | q[ETH + IP + 3]);
	int n = strcmp(mode, "double") == 0 ? 3 : 1;

	if (strcmp(mode, "quote8") == 0 || strcmp(mode, "router") == 0) {
		send_quote(q);
		return;
	}
	if (strcmp(mode, "second") == 0 && seen[pair]++ == 0)
		return;
	if (strcmp(mode, "lame") == 0 ||
	    (strcmp(mode, "tardy") == 0 && q[ETH + IP + 3] > 40))
		return;
	if (strcmp(mode, "slow") == 0) {
		if (pair % 2 != 0)
			return;
		(void)usleep(700000);
	}
	if (strcmp(mode, "rst0") == 0)
		send_tcp(q, RST | ACK, 0, 0);
	if (strcmp(mode, "rstsynack") == 0)
		send_tcp(q, RST | ACK, 1, 0);
	if (strcmp(mode, "rst0") == 0)
		return;
	while (n-- > 0)
		send_tcp(q, SYN | ACK, strcmp(mode, "forged") == 0 ? 2 : 1,
		    strcmp(mode, "other") == 0);
	if (strcmp(mode, "synackrst") == 0)
		send_tcp(q, RST | ACK, 1, 0);
}

/* The target's MAC is made of its address, so that replies find us. */
static void
answer_arp(const uint8_t *q)
{
	uint8_t r[ETH + 28];
	const uint8_t mac[6] = {2, 0, q[ETH + 24], q[ETH + 25], q[ETH + 26],
	    q[ETH + 27]};

	static bool asked;

	if (strcmp(mode, "lame") == 0)
		(void)usleep(150000);
	if (strcmp(mode, "tardy") == 0 && !asked)
		(void)usleep(1700000);
	asked = true;
	memcpy(r, q + 6, 6);
	memcpy(r + 6, mac, 6);
	memcpy(r + 12, q + 12, ETH + 28 - 12);
	r[ETH + 7] = 2;
	memcpy(r + ETH + 8, mac, 6);
	memcpy(r + ETH + 14, q + ETH + 24, 4);
	memcpy(r + ETH + 18, q + ETH + 8, 10);
	(void)!send(fd, r, sizeof(r), 0);
}

static void
answer(const uint8_t *q, size_t len)
{
	unsigned type = (unsigned)(q[12] << 8 | q[13]);

	if (len >= ETH + 28 && type == ETHERTYPE_ARP && q[ETH + 7] == 1)
		answer_arp(q);
	else if (len >= ETH + IP + TCP && type == ETHERTYPE_IP &&
	    q[ETH] == 0x45 && q[ETH + 9] == 6 &&
	    (q[ETH + IP + 13] & (SYN | ACK | RST)) == SYN)
		answer_syn(q);
}

int
main(int argc, char **argv)
{
	struct sockaddr_ll self = {
	    .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	struct packet_mreq promisc = {.mr_type = PACKET_MR_PROMISC};
	uint8_t q[2048];

	if (argc != 4)
		return 2;
	mode = argv[3];
	self.sll_ifindex = (int)if_nametoindex(argv[2]);
	promisc.mr_ifindex = self.sll_ifindex;
	fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	if (fd < 0 || bind(fd, (struct sockaddr *)&self, sizeof(self)) != 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promisc,
		sizeof(promisc)) != 0) {
		perror("answer");
		return 1;
	}
	(void)close(open(argv[1], O_CREAT | O_WRONLY, 0600));
	for (;;) {
		struct sockaddr_ll from;
		socklen_t from_len = sizeof(from);
		ssize_t n = recvfrom(fd, q, sizeof(q), 0,
		    (struct sockaddr *)&from, &from_len);

		if (n >= ETH && from.sll_pkttype != PACKET_OUTGOING)
			answer(q, (size_t)n);
	}
}
