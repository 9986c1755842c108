#include "unit.h"

#include <pcap/dlt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/decode.h"

/* A packet in the making. */
struct packet {
	uint8_t b[256];
	size_t len;
	size_t lost; /* bytes that were there and not captured */
	const uint8_t *mac;
	bool has_ip4;
	size_t ip4; /* where that header is */
};

static const uint8_t us4[] = {198, 18, 0, 1}, them4[] = {198, 18, 0, 2},
		     router4[] = {198, 18, 0, 254};
static const uint8_t us6[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
static const uint8_t them6[16] = {0x20, 1, 0xd, 0xb8, [15] = 2};

static void
put(struct packet *p, const void *bytes, size_t n)
{
	ck_assert_uint_le(p->len + n, sizeof(p->b));
	memcpy(p->b + p->len, bytes, n);
	p->len += n;
}

static void
put_ether(struct packet *p, uint8_t high, uint8_t low)
{
	const uint8_t head[14] = {[12] = high, [13] = low};

	put(p, head, sizeof(head));
}

static void
put_ip4(struct packet *p, const uint8_t *src, const uint8_t *dst,
    uint8_t proto, size_t payload)
{
	const uint8_t head[12] = {0x45, 0, 0, (uint8_t)(20 + payload), 0, 0,
	    0x40, 0, 57, proto, 0, 0};

	if (!p->has_ip4)
		p->ip4 = p->len;
	p->has_ip4 = true;
	put(p, head, sizeof(head));
	put(p, src, 4);
	put(p, dst, 4);
}

static void
put_ip6(struct packet *p, const uint8_t *src, const uint8_t *dst,
    uint8_t proto, uint8_t hops, size_t payload)
{
	const uint8_t head[8] = {
	    0x60, 0, 0, 0, 0, (uint8_t)payload, proto, hops};

	put(p, head, sizeof(head));
	put(p, src, 16);
	put(p, dst, 16);
}

/* From port 80 to port 61007, acknowledging 0x01020304. */
static void
put_tcp(struct packet *p, uint8_t flags)
{
	const uint8_t head[20] = {0, 80, 0xee, 0x4f, 9, 9, 9, 9, 1, 2, 3, 4,
	    0x50, flags, 0xfa, 0xf0, 0, 0, 0, 0};

	put(p, head, sizeof(head));
}

/* The first eight bytes of our probe to port 80. */
static void
put_probe(struct packet *p)
{
	const uint8_t head[8] = {0xee, 0x4f, 0, 80, 1, 2, 3, 4};

	put(p, head, sizeof(head));
}

/* The checksum of the IPv4 header, whatever became of it. */
static void
seal(struct packet *p)
{
	uint8_t *ip = p->b + p->ip4;
	uint32_t sum = 0;

	ip[10] = ip[11] = 0;
	for (size_t i = 0; i < (ip[0] & 15) * 4U; i += 2)
		sum += (uint32_t)(ip[i] << 8 | ip[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	ip[10] = (uint8_t)(sum >> 8);
	ip[11] = (uint8_t)sum;
}

static struct mipo_reply
decode_unsealed(int type, const struct packet *p)
{
	struct mipo_packet packet = {.link_type = type,
	    .mac = p->mac,
	    .caplen = p->len,
	    .len = p->len + p->lost};
	struct mipo_reply reply;
	/* On the heap and exact, so that a read behind it is found. */
	uint8_t *copy = malloc(p->len == 0 ? 1 : p->len);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, p->b, p->len);
	packet.bytes = copy;
	mipo_decode(&packet, &reply);
	free(copy);
	return reply;
}

static struct mipo_reply
decode(int type, const struct packet *p)
{
	struct packet sealed = *p;

	if (p->has_ip4)
		seal(&sealed);
	return decode_unsealed(type, &sealed);
}

static void
check_tcp(const struct mipo_reply *reply, enum mipo_reply_kind kind)
{
	ck_assert_int_eq(reply->kind, kind);
	ck_assert_uint_eq(reply->us_port, 61007);
	ck_assert_uint_eq(reply->target_port, 80);
	ck_assert_uint_eq(reply->seq, 0x01020303);
	ck_assert_uint_eq(reply->window, 0xfaf0);
	ck_assert(reply->bare);
	ck_assert_uint_eq(reply->ttl, 57);
}

/* No shorter piece of it may be taken for an answer, sent so or captured. */
static void
check_cuts(int type, const struct packet *whole)
{
	struct packet cut = *whole;

	while (cut.len-- > 0) {
		ck_assert_int_eq(
		    decode(type, &cut).kind, MIPO_REPLY_NONE);
		cut.lost = whole->len - cut.len;
		ck_assert_int_eq(
		    decode(type, &cut).kind, MIPO_REPLY_NONE);
		cut.lost = 0;
	}
}

START_TEST(tcp_over_ip4)
{
	struct packet p = {.len = 0};
	struct mipo_reply reply;

	put_ether(&p, 8, 0);
	put_ip4(&p, them4, us4, 6, 20);
	put_tcp(&p, 0x12);
	reply = decode(DLT_EN10MB, &p);
	check_tcp(&reply, MIPO_REPLY_SYN_ACK);
	ck_assert_mem_eq(reply.target.b, them4, 4);
	ck_assert_mem_eq(reply.us.b, us4, 4);
	check_cuts(DLT_EN10MB, &p);
	p.b[14 + 20 + 13] = 0x14;
	reply = decode(DLT_EN10MB, &p);
	check_tcp(&reply, MIPO_REPLY_RST);
}
END_TEST

/* Behind a tag; one that is for priority alone is none. */
START_TEST(tagged_frames)
{
	static const uint16_t tags[] = {17, 0, 0xe011, 4094};
	struct packet p = {.len = 0};

	put_ether(&p, 0x81, 0);
	put(&p, "\0\x11\x08\0", 4);
	put_ip4(&p, them4, us4, 6, 20);
	put_tcp(&p, 0x12);
	check_cuts(DLT_EN10MB, &p);
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		struct mipo_reply reply;

		p.b[14] = (uint8_t)(tags[i] >> 8);
		p.b[15] = (uint8_t)tags[i];
		reply = decode(DLT_EN10MB, &p);
		check_tcp(&reply, MIPO_REPLY_SYN_ACK);
		ck_assert_uint_eq(reply.vlan, tags[i] & 0xfff);
	}
	p.b[16] = 0x81; /* a tag within a tag is not ours */
	ck_assert_int_eq(decode(DLT_EN10MB, &p).kind, MIPO_REPLY_NONE);
}
END_TEST

/* Flags that answer no SYN of ours; a header that is none; fragments. */
START_TEST(tcp_that_is_no_answer)
{
	static const uint8_t flags[] = {0, 2, 4, 0x10, 0x11, 0x16};
	struct packet p = {.len = 0};

	put_ip4(&p, them4, us4, 6, 20);
	put_tcp(&p, 0x12);
	for (size_t i = 0; i < sizeof(flags); i++) {
		p.b[33] = flags[i];
		ck_assert_int_eq(
		    decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	}
	p.b[33] = 0x12;
	p.b[32] = 0x40;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.b[32] = 0x50;
	p.b[7] = 1;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.b[7] = 0;
	p.b[0] = 0x44;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.b[0] = 0x45;
	p.b[3] = 39;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.b[3] = 40;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_SYN_ACK);
}
END_TEST

/* RFC 1122, 3.2.1 and 4.2.3: what no host would take. */
START_TEST(malformed_packets)
{
	static const struct {
		size_t at;
		uint8_t byte, right;
	} bends[] = {{3, 41, 40}, {2, 1, 0}, {3, 0, 40}, {3, 19, 40},
	    {6, 0x20, 0x40}, {6, 0x60, 0x40}, {7, 1, 0}, {32, 0x60, 0x50},
	    {32, 0xf0, 0x50}};
	struct packet p = {.len = 0};

	put_ip4(&p, them4, us4, 6, 20);
	put_tcp(&p, 0x12);
	for (size_t i = 0; i < sizeof(bends) / sizeof(*bends); i++) {
		ck_assert_int_eq(
		    decode(DLT_RAW, &p).kind, MIPO_REPLY_SYN_ACK);
		p.b[bends[i].at] = bends[i].byte;
		ck_assert_int_eq(
		    decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
		p.b[bends[i].at] = bends[i].right;
	}
	seal(&p);
	for (size_t i = 0; i < 12; i++) {
		p.b[i] ^= 4;
		ck_assert_int_eq(
		    decode_unsealed(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
		p.b[i] ^= 4;
	}
	ck_assert_int_eq(
	    decode_unsealed(DLT_RAW, &p).kind, MIPO_REPLY_SYN_ACK);
	/* What was not captured was there: options of TCP, and data. */
	p.b[3] = 60;
	p.b[32] = 0xa0;
	p.lost = 20;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_SYN_ACK);
	p.lost = 19;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
}
END_TEST

START_TEST(malformed_ip6)
{
	struct packet p = {.len = 0};

	put_ip6(&p, them6, us6, 6, 57, 20);
	put_tcp(&p, 0x12);
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_SYN_ACK);
	p.b[5] = 21;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.lost = 1;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_SYN_ACK);
	p.b[5] = 0; /* a jumbogram, or nothing */
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.b[5] = 20;
	p.b[40 + 12] = 0x60;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
}
END_TEST

/* RFC 8200, 4: from the first header on, by their kinds. */
START_TEST(behind_other_headers)
{
	static const struct {
		uint8_t n, kinds[5], third; /* of each, which is a length */
		uint8_t second;
		bool holds;
	} rows[] = {{1, {0}, 0, 0, true}, {1, {60}, 0, 0, true},
	    {1, {44}, 0, 0, true}, {3, {0, 60, 44}, 0, 0, true},
	    {2, {60, 0}, 0, 0, false}, {1, {43}, 0, 0, false},
	    {4, {60, 60, 60, 60}, 0, 0, false}, {1, {60}, 0, 1, false},
	    {1, {0}, 0, 255, false}, {1, {44}, 1, 0, false},
	    {1, {44}, 8, 0, false}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct packet p = {.len = 0};
		const size_t n = rows[i].n;

		put_ip6(&p, them6, us6, rows[i].kinds[0], 57, n * 8 + 20);
		for (size_t j = 0; j < n; j++) {
			const uint8_t head[8] = {
			    j + 1 < n ? rows[i].kinds[j + 1] : 6,
			    rows[i].second, 0, rows[i].third};

			put(&p, head, sizeof(head));
		}
		put_tcp(&p, 0x12);
		if (rows[i].holds) {
			struct mipo_reply reply = decode(DLT_RAW, &p);

			check_tcp(&reply, MIPO_REPLY_SYN_ACK);
			check_cuts(DLT_RAW, &p);
		} else {
			ck_assert_int_eq(
			    decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
		}
	}
}
END_TEST

/* A link may show us what another host on it is sent. */
START_TEST(frames_to_others)
{
	static const uint8_t mac[] = {2, 0, 0, 0, 0, 1};
	static const struct {
		uint8_t to[6];
		bool tcp, arp;
	} rows[] = {{{2, 0, 0, 0, 0, 1}, true, true},
	    {{2, 0, 0, 0, 0, 9}, false, false}, {{0}, false, false},
	    {{255, 255, 255, 255, 255, 255}, false, true},
	    {{0x33, 0x33, 0, 0, 0, 1}, false, true}};
	const uint8_t arp[28] = {0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 2, 198,
	    18, 0, 2, 2, 0, 0, 0, 0, 1, 198, 18, 0, 1};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct packet p = {.mac = mac}, q = {.mac = mac};

		put_ether(&p, 8, 0);
		put_ip4(&p, them4, us4, 6, 20);
		put_tcp(&p, 0x12);
		put_ether(&q, 8, 6);
		put(&q, arp, sizeof(arp));
		memcpy(p.b, rows[i].to, 6);
		memcpy(q.b, rows[i].to, 6);
		ck_assert_int_eq(decode(DLT_EN10MB, &p).kind,
		    rows[i].tcp ? MIPO_REPLY_SYN_ACK : MIPO_REPLY_NONE);
		ck_assert_int_eq(decode(DLT_EN10MB, &q).kind,
		    rows[i].arp ? MIPO_REPLY_NEIGHBOR : MIPO_REPLY_NONE);
	}
}
END_TEST

/* Ethernet pads short frames: what lies behind the packet is no part of it. */
START_TEST(padding_is_not_read)
{
	struct packet p = {.len = 0};
	const uint8_t zero[20] = {0};

	put_ether(&p, 8, 0);
	put_ip4(&p, them4, us4, 6, 0);
	put_tcp(&p, 0x12);
	put(&p, zero, sizeof(zero));
	ck_assert_int_eq(decode(DLT_EN10MB, &p).kind, MIPO_REPLY_NONE);
}
END_TEST

/*
 * What libpcap hands over: of tun and WireGuard RAW, of ppp LINUX_SLL or RAW.
 * What is not read must be known as such.
 */
START_TEST(every_link_type)
{
	static const int others[] = {
	    DLT_IEEE802_11, DLT_PPP, DLT_IEEE802_11_RADIO, 9999, -1};
	static const struct {
		int type;
		uint8_t head[20];
		size_t len;
	} links[] = {{DLT_RAW, {0}, 0}, {DLT_IPV6, {0}, 0},
	    {DLT_NULL, {10, 0, 0, 0}, 4}, {DLT_LOOP, {0, 0, 0, 10}, 4},
	    {DLT_LINUX_SLL, {[14] = 0x86, [15] = 0xdd}, 16},
	    {DLT_LINUX_SLL2, {0x86, 0xdd}, 20},
	    {DLT_EN10MB, {[12] = 0x86, [13] = 0xdd}, 14}};
	struct mipo_reply reply;

	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		struct packet p = {.len = 0};

		put(&p, links[i].head, links[i].len);
		put_ip6(&p, them6, us6, 6, 57, 20);
		put_tcp(&p, 0x14);
		reply = decode(links[i].type, &p);
		check_tcp(&reply, MIPO_REPLY_RST);
		ck_assert_mem_eq(reply.target.b, them6, 16);
		check_cuts(links[i].type, &p);
		ck_assert(mipo_decode_knows(links[i].type));
		for (size_t j = 0; j < sizeof(others) / sizeof(*others); j++) {
			ck_assert_int_eq(
			    decode(others[j], &p).kind, MIPO_REPLY_NONE);
			ck_assert(!mipo_decode_knows(others[j]));
		}
	}
}
END_TEST

/* RFC 792: the IP header and 64 bits of what was sent. */
START_TEST(icmp_with_eight_quoted_bytes)
{
	const uint8_t head[8] = {3, 13};
	struct packet p = {.len = 0};
	struct mipo_reply reply;

	put_ip4(&p, router4, us4, 1, 8 + 20 + 8);
	put(&p, head, sizeof(head));
	put_ip4(&p, us4, them4, 6, 32);
	put_probe(&p);
	reply = decode(DLT_RAW, &p);
	ck_assert_int_eq(reply.kind, MIPO_REPLY_ICMP);
	ck_assert_uint_eq(reply.icmp_type, 3);
	ck_assert_uint_eq(reply.icmp_code, 13);
	ck_assert_uint_eq(reply.seq, 0x01020304);
	ck_assert_uint_eq(reply.us_port, 61007);
	ck_assert_uint_eq(reply.target_port, 80);
	ck_assert_mem_eq(reply.from.b, router4, 4);
	ck_assert_mem_eq(reply.target.b, them4, 4);
	check_cuts(DLT_RAW, &p);
	p.b[28 + 15] = 9; /* quoted as if another had sent it */
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.b[28 + 15] = 1;
	p.b[28 + 9] = 132; /* SCTP */
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.b[28 + 9] = 17;
	p.b[28 + 4] = 0xab;
	reply = decode(DLT_RAW, &p);
	ck_assert_int_eq(reply.kind, MIPO_REPLY_ICMP);
	ck_assert_int_eq(reply.proto, MIPO_UDP);
	ck_assert_uint_eq(reply.mark, 0xab00);
	p.b[28 + 9] = 6;
	ck_assert_int_eq(decode(DLT_RAW, &p).proto, MIPO_TCP);
	p.b[20] = 0; /* an echo reply */
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
}
END_TEST

/* From port 80 to port 61007: a datagram of five bytes, however padded. */
START_TEST(datagrams)
{
	const uint8_t udp[15] = {0, 80, 0xee, 0x4f, 0, 13, 0, 0, 'h', 'e',
	    'l', 'l', 'o', 9, 9};
	struct packet p = {.len = 0};
	struct mipo_reply reply;

	put_ip4(&p, them4, us4, 17, sizeof(udp));
	put(&p, udp, sizeof(udp));
	reply = decode(DLT_RAW, &p);
	ck_assert_int_eq(reply.kind, MIPO_REPLY_UDP);
	ck_assert_int_eq(reply.proto, MIPO_UDP);
	ck_assert_uint_eq(reply.us_port, 61007);
	ck_assert_uint_eq(reply.target_port, 80);
	ck_assert_uint_eq(reply.ttl, 57);
	ck_assert_uint_eq(reply.payload_len, 5);
	p.lost = 12;
	p.len = 31; /* captured in part */
	reply = decode(DLT_RAW, &p);
	ck_assert_int_eq(reply.kind, MIPO_REPLY_UDP);
	ck_assert_uint_eq(reply.payload_len, 3);
	p.lost = 16;
	p.len = 27;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.lost = 0;
	p.len = 43;
	p.b[25] = 7; /* shorter than its header */
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.b[25] = 16; /* longer than its packet */
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.b[6] = 0x60; /* which is the first fragment of more */
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_UDP);
	p.has_ip4 = false;
	p.len = 0;
	put_ip6(&p, them6, us6, 17, 57, sizeof(udp));
	put(&p, udp, sizeof(udp));
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_UDP);
}
END_TEST

START_TEST(icmp6_error)
{
	const uint8_t head[8] = {1, 4};
	struct packet p = {.len = 0};
	struct mipo_reply reply;

	put_ip6(&p, them6, us6, 58, 60, 8 + 40 + 8);
	put(&p, head, sizeof(head));
	put_ip6(&p, us6, them6, 6, 64, 32);
	put_probe(&p);
	reply = decode(DLT_RAW, &p);
	ck_assert_int_eq(reply.kind, MIPO_REPLY_ICMP);
	ck_assert_uint_eq(reply.icmp_code, 4);
	ck_assert_uint_eq(reply.seq, 0x01020304);
	ck_assert_mem_eq(reply.target.b, them6, 16);
	check_cuts(DLT_RAW, &p);
	p.b[40] = 128;
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
}
END_TEST

/* RFC 1812, 3.3.2: no host has such an address. */
static const uint8_t nobody[][6] = {{0}, {255, 255, 255, 255, 255, 255},
    {0x33, 0x33, 0, 0, 0, 1}, {1, 0, 0x5e, 0, 0, 1}};

START_TEST(arp_reply)
{
	const uint8_t arp[28] = {0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 2, 198,
	    18, 0, 2, 2, 0, 0, 0, 0, 1, 198, 18, 0, 1};
	struct packet p = {.len = 0};
	struct mipo_reply reply;

	put_ether(&p, 8, 6);
	put(&p, arp, sizeof(arp));
	reply = decode(DLT_EN10MB, &p);
	ck_assert_int_eq(reply.kind, MIPO_REPLY_NEIGHBOR);
	ck_assert_mem_eq(reply.target.b, them4, 4);
	ck_assert_mem_eq(reply.mac, arp + 8, 6);
	check_cuts(DLT_EN10MB, &p);
	for (size_t i = 0; i < sizeof(nobody) / sizeof(*nobody); i++) {
		memcpy(p.b + 14 + 8, nobody[i], 6);
		ck_assert_int_eq(
		    decode(DLT_EN10MB, &p).kind, MIPO_REPLY_NONE);
	}
	memcpy(p.b + 14 + 8, arp + 8, 6);
	ck_assert_int_eq(
	    decode(DLT_EN10MB, &p).kind, MIPO_REPLY_NEIGHBOR);
	p.b[14 + 7] = 1; /* a request */
	ck_assert_int_eq(decode(DLT_EN10MB, &p).kind, MIPO_REPLY_NONE);
}
END_TEST

START_TEST(neighbour_advertisement)
{
	const uint8_t head[8] = {136, 0, 0, 0, 0x60};
	uint8_t options[16] = {14, 1, [8] = 2, [9] = 1, [10] = 2, [15] = 7};
	struct packet p = {.len = 0};
	struct mipo_reply reply;

	put_ip6(&p, them6, us6, 58, 255, 8 + 16 + 16);
	put(&p, head, sizeof(head));
	put(&p, them6, 16);
	put(&p, options, sizeof(options));
	reply = decode(DLT_RAW, &p);
	ck_assert_int_eq(reply.kind, MIPO_REPLY_NEIGHBOR);
	ck_assert_mem_eq(reply.target.b, them6, 16);
	ck_assert_mem_eq(reply.mac, options + 10, 6);
	check_cuts(DLT_RAW, &p);
	for (size_t i = 0; i < sizeof(nobody) / sizeof(*nobody); i++) {
		memcpy(p.b + 40 + 24 + 10, nobody[i], 6);
		ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	}
	memcpy(p.b + 40 + 24 + 10, options + 10, 6);
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NEIGHBOR);
	p.b[7] = 254; /* from beyond the link */
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
	p.b[7] = 255;
	p.b[40 + 24 + 1] = 0; /* an option without length would never end */
	ck_assert_int_eq(decode(DLT_RAW, &p).kind, MIPO_REPLY_NONE);
}
END_TEST

/* RFC 4861, 7.1.2 and 4.4. */
START_TEST(false_advertisements)
{
	static const uint8_t all[16] = {0xff, 2, [15] = 1}, none[16];
	static const struct {
		const uint8_t *src, *dst, *target;
		uint8_t flags;
		bool holds;
	} rows[] = {{them6, us6, them6, 0x60, true},
	    {none, us6, them6, 0x60, false}, {all, us6, them6, 0x60, false},
	    {them6, us6, all, 0x60, false}, {them6, all, them6, 0x60, false},
	    {them6, all, them6, 0x20, true}};
	const uint8_t option[8] = {2, 1, 2, 0, 0, 0, 0, 7};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const uint8_t head[8] = {136, 0, 0, 0, rows[i].flags};
		struct packet p = {.len = 0};

		put_ip6(&p, rows[i].src, rows[i].dst, 58, 255, 8 + 16 + 8);
		put(&p, head, sizeof(head));
		put(&p, rows[i].target, 16);
		put(&p, option, sizeof(option));
		ck_assert_int_eq(decode(DLT_RAW, &p).kind,
		    rows[i].holds ? MIPO_REPLY_NEIGHBOR : MIPO_REPLY_NONE);
	}
}
END_TEST

UNIT_MAIN("decode", tcp_over_ip4, tagged_frames, tcp_that_is_no_answer,
    malformed_packets, malformed_ip6, behind_other_headers, frames_to_others,
    padding_is_not_read,
    every_link_type, icmp_with_eight_quoted_bytes, datagrams, icmp6_error,
    arp_reply, neighbour_advertisement, false_advertisements);
