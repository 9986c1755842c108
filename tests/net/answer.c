/*
 * answer FILE INTERFACE MODE: answers each TCP SYN over IPv4 and IPv6 that
 * comes in on the interface, by hand, and ARP and neighbour discovery for
 * every address; makes FILE once it is ready. The kernel of that namespace
 * must drop the SYNs. Modes:
 *   synack        a SYN-ACK
 *   rst0          a RST that acknowledges seq, as some stacks do
 *   rstsynack     a RST, and at once a SYN-ACK
 *   synackrst     the same the other way round
 *   quote8        an ICMP error (3/13, 1/1) with 8 bytes of our TCP header
 *   router        the same from 198.18.0.254 (IPv4 alone)
 *   double        three SYN-ACKs
 *   forged        a SYN-ACK with a wrong acknowledgement
 *   other         a SYN-ACK from another port
 *   bent          a SYN-ACK, from ports 1 to 5 one that no host would take,
 *                 from 6 to 8 of IPv6 behind another header
 *   slow          a SYN-ACK after 0.7 s, from even ports only
 *   lame          nothing, and ARP after 0.15 s
 *   tardy         a SYN-ACK from ports up to 40, and ARP not before 1.7 s
 *   decoy         a SYN-ACK with a window of 0
 *   second        a SYN-ACK, but only from every pair's second SYN on
 *   again         a SYN-ACK to the first SYN from ports up to 120, after
 *                 1.2 s from port 1, as if an earlier one had been lost
 *   thief         a SYN-ACK, of hosts .4 only to 02:aa:aa:aa:aa:aa; and who
 *                 asks for anybody is told that .4 is somewhere else
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ETH 14
#define TCP 20
#define MOST (ETH + 40 + 8 + 40 + 8)
#define ACK 0x10
#define RST 0x04
#define SYN 0x02

static int fd;
static const char *mode;
static uint8_t seen[2][65536];

/* What came in, as far as it matters. */
struct packet {
	const uint8_t *q;
	bool six;
	size_t ip; /* length of its IP header */
	const uint8_t *tcp;
	uint16_t port; /* TCP, that it is for */
	uint8_t host;  /* the last byte of its address */
};

static bool
is(const char *name)
{
	return strcmp(mode, name) == 0;
}

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

/* What a checksum of TCP or ICMPv6 begins with: addresses, and so on. */
static uint32_t
pseudo(const uint8_t *r, const struct packet *p, uint8_t proto, size_t len)
{
	const size_t first = p->six ? 8 : 12;
	uint32_t sum = proto + (uint32_t)len;

	for (size_t i = first; i < p->ip; i += 2)
		sum += (uint32_t)(r[ETH + i] << 8 | r[ETH + i + 1]);
	return sum;
}

/* Ethernet and IP headers back to where p came from. */
static void
put_back(
    uint8_t *r, const struct packet *p, uint8_t proto, uint16_t payload)
{
	const uint8_t *q = p->q;

	memset(r, 0, ETH + p->ip);
	memcpy(r, q + 6, 6);
	memcpy(r + 6, q, 6);
	memcpy(r + 12, q + 12, 2);
	if (p->six) {
		r[ETH] = 0x60;
		put16(r + ETH + 4, payload);
		r[ETH + 6] = proto;
		r[ETH + 7] = proto == 58 ? 255 : 61;
		memcpy(r + ETH + 8, q + ETH + 24, 16);
		memcpy(r + ETH + 24, q + ETH + 8, 16);
		return;
	}
	r[ETH] = 0x45;
	put16(r + ETH + 2, (uint16_t)(p->ip + payload));
	r[ETH + 8] = 61;
	r[ETH + 9] = proto;
	memcpy(r + ETH + 12, q + ETH + 16, 4);
	memcpy(r + ETH + 16, q + ETH + 12, 4);
	put16(r + ETH + 10, checksum(r + ETH, p->ip, 0));
}

/*
 * By port: a header longer than its segment, a packet longer than its frame,
 * the first of more fragments, a frame for another host, a wrong checksum.
 */
static void
bend(uint8_t *r, const struct packet *p, uint8_t *tcp)
{
	uint8_t *ip = r + ETH;

	if (p->port == 1 || (p->port == 3 && p->six))
		tcp[12] = p->port == 1 ? 0x60 : 0xf0;
	else if (p->port == 2)
		ip[p->six ? 5 : 3]++;
	else if (p->port == 3)
		ip[6] = 0x20;
	else if (p->port == 4)
		r[5] ^= 1;
	else if (p->port == 5 && p->six)
		memset(r, 0xff, 6);
	if (p->six)
		return;
	put16(ip + 10, 0);
	put16(ip + 10,
	    (uint16_t)(checksum(ip, p->ip, 0) + (p->port == 5)));
}

/* Options for each router, or for us, or a fragment that is the only one. */
static size_t
put_behind(uint8_t *r, const struct packet *p, uint8_t *tcp)
{
	static const uint8_t head[8] = {6, 0, 1, 4}, alone[8] = {6};

	if (!is("bent") || !p->six || p->port < 6 || p->port > 8)
		return 0;
	memmove(tcp + 8, tcp, TCP);
	memcpy(tcp, p->port == 8 ? alone : head, 8);
	r[ETH + 5] += 8;
	r[ETH + 6] = p->port == 6 ? 0 : p->port == 7 ? 60 : 44;
	return 8;
}

static void
send_tcp(
    const struct packet *p, uint8_t flags, uint32_t add, uint16_t port_add)
{
	uint8_t r[MOST], *tcp = r + ETH + p->ip;

	put_back(r, p, 6, TCP);
	memset(tcp, 0, TCP);
	put16(tcp, (uint16_t)(p->port + port_add));
	memcpy(tcp + 2, p->tcp, 2);
	put32(tcp + 4, 12345);
	put32(tcp + 8, get32(p->tcp + 4) + add);
	tcp[12] = 0x50;
	tcp[13] = flags;
	if ((flags & SYN) != 0 && !is("decoy"))
		put16(tcp + 14, 4321);
	if (is("bent"))
		bend(r, p, tcp);
	put16(tcp + 16, checksum(tcp, TCP, pseudo(r, p, 6, TCP)));
	(void)!send(fd, r, ETH + p->ip + TCP + put_behind(r, p, tcp), 0);
}

static void
send_quote(const struct packet *p)
{
	const size_t len = 8 + p->ip + 8;
	uint8_t r[MOST], *icmp = r + ETH + p->ip;

	put_back(r, p, p->six ? 58 : 1, (uint16_t)len);
	if (is("router")) {
		put32(r + ETH + 12, 0xc61200fe);
		put16(r + ETH + 10, 0);
		put16(r + ETH + 10, checksum(r + ETH, p->ip, 0));
	}
	memset(icmp, 0, 8);
	icmp[0] = p->six ? 1 : 3;
	icmp[1] = p->six ? 1 : 13;
	memcpy(icmp + 8, p->q + ETH, p->ip + 8);
	put16(icmp + 2, checksum(icmp, len,
	    p->six ? pseudo(r, p, 58, len) : 0));
	(void)!send(fd, r, ETH + p->ip + len, 0);
}

static void
answer_syn(const struct packet *p)
{
	if (is("quote8") || is("router")) {
		send_quote(p);
		return;
	}
	if (is("rst0")) {
		send_tcp(p, RST | ACK, 0, 0);
		return;
	}
	if (is("rstsynack"))
		send_tcp(p, RST | ACK, 1, 0);
	for (int n = is("double") ? 3 : 1; n > 0; n--)
		send_tcp(p, SYN | ACK, is("forged") ? 2 : 1, is("other"));
	if (is("synackrst"))
		send_tcp(p, RST | ACK, 1, 0);
}

/* A host's MAC is made of its address, so that replies find us. */
static void
put_mac(uint8_t mac[6], const uint8_t *addr, size_t size)
{
	mac[0] = 2;
	mac[1] = 0;
	memcpy(mac + 2, addr + size - 4, 4);
}

static void
answer_arp(const uint8_t *q, uint8_t host)
{
	uint8_t r[ETH + 28], addr[4], mac[6];

	memcpy(addr, q + ETH + 24, 4);
	addr[3] = host;
	put_mac(mac, addr, 4);
	memcpy(r, q + 6, 6);
	memcpy(r + 6, mac, 6);
	memcpy(r + 12, q + 12, ETH + 28 - 12);
	r[ETH + 7] = 2;
	memcpy(r + ETH + 8, mac, 6);
	memcpy(r + ETH + 14, addr, 4);
	memcpy(r + ETH + 18, q + ETH + 8, 10);
	(void)!send(fd, r, sizeof(r), 0);
}

/* An advertisement: solicited, with the address of the link. */
static void
answer_nd(const uint8_t *q, uint8_t host)
{
	const struct packet p = {.q = q, .six = true, .ip = 40};
	uint8_t r[ETH + 40 + 32], *na = r + ETH + 40;

	put_back(r, &p, 58, 32);
	memset(na, 0, 32);
	na[0] = 136;
	na[4] = 0x60;
	memcpy(na + 8, q + ETH + 48, 16);
	na[23] = host;
	na[24] = 2;
	na[25] = 1;
	put_mac(na + 26, na + 8, 16);
	memcpy(r + 6, na + 26, 6);
	memcpy(r + ETH + 8, na + 8, 16);
	put16(na + 2, checksum(na, 32, pseudo(r, &p, 58, 32)));
	(void)!send(fd, r, sizeof(r), 0);
}

/* When to answer who asks for a neighbour, in microseconds from now. */
static useconds_t
neighbor_delay(bool six)
{
	static int64_t first[2];
	struct timespec ts;
	int64_t now;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	now = (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
	if (first[six] == 0)
		first[six] = now;
	if (is("tardy") && now < first[six] + 1700000)
		return (useconds_t)(first[six] + 1700000 - now);
	return is("lame") ? 150000 : 0;
}

/* Whether and when to answer a SYN. */
static bool
syn_delay(const struct packet *p, useconds_t *ret_delay)
{
	static const uint8_t there[6] = {2, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa};
	uint8_t *before = &seen[p->six][(p->host << 8 | p->port) & 0xffff];

	*ret_delay = is("slow") ? 700000
	    : is("again") && p->port == 1 ? 1200000 : 0;
	if (is("slow"))
		return p->port % 2 == 0;
	if (is("second"))
		return (*before)++ > 0;
	if (is("again"))
		return p->port <= 120 && (*before)++ == 0;
	if (is("thief") && p->host == 4)
		return memcmp(p->q, there, sizeof(there)) == 0;
	return !is("lame") && !(is("tardy") && p->port > 40);
}

/*
 * Whether to go on: at once, or in a child after a while, so that others do
 * not wait. A child ends with its parent.
 */
static bool
wait_for_it(useconds_t delay, bool *ret_child)
{
	*ret_child = false;
	if (delay == 0)
		return true;
	if (fork() != 0)
		return false;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)usleep(delay);
	*ret_child = true;
	return true;
}

static void
answer_neighbor(const uint8_t *q, bool six)
{
	void (*const tell)(const uint8_t *, uint8_t) =
	    six ? answer_nd : answer_arp;
	bool child;

	if (!wait_for_it(neighbor_delay(six), &child))
		return;
	tell(q, q[ETH + (six ? 63 : 27)]);
	if (is("thief"))
		tell(q, 4);
	if (child)
		_exit(0);
}

static void
answer_tcp(const uint8_t *q, bool six)
{
	struct packet p = {.q = q, .six = six, .ip = six ? 40 : 20};
	useconds_t delay;
	bool child;

	p.tcp = q + ETH + p.ip;
	p.port = (uint16_t)(p.tcp[2] << 8 | p.tcp[3]);
	p.host = p.tcp[-1];
	if ((p.tcp[13] & (SYN | ACK | RST)) != SYN || !syn_delay(&p, &delay) ||
	    !wait_for_it(delay, &child))
		return;
	answer_syn(&p);
	if (child)
		_exit(0);
}

static void
answer(const uint8_t *q, size_t len)
{
	unsigned type = (unsigned)(q[12] << 8 | q[13]);

	if (len >= ETH + 28 && type == ETHERTYPE_ARP && q[ETH + 7] == 1)
		answer_neighbor(q, false);
	else if (len >= ETH + 64 && type == ETHERTYPE_IPV6 &&
	    q[ETH + 6] == 58 && q[ETH + 40] == 135)
		answer_neighbor(q, true);
	else if (len >= ETH + 20 + TCP && type == ETHERTYPE_IP &&
	    q[ETH] == 0x45 && q[ETH + 9] == 6)
		answer_tcp(q, false);
	else if (len >= ETH + 40 + TCP && type == ETHERTYPE_IPV6 &&
	    q[ETH + 6] == 6)
		answer_tcp(q, true);
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
	(void)signal(SIGCHLD, SIG_IGN);
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
