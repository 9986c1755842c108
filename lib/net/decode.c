#include "net/decode.h"

#include <endian.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <pcap/dlt.h>
#include <stdbool.h>
#include <string.h>

#define SYN 0x02
#define RST 0x04
#define ACK 0x10

#define ICMP6_ECHO 129
#define ICMP6_NA 136
#define OPT_TARGET_MAC 2

/* Bytes that are left. Nothing is read but through take(). */
struct bytes {
	const uint8_t *p;
	size_t len;
};

/* The next n bytes, or NULL where fewer are left (then none is used up). */
static const uint8_t *
take(struct bytes *b, size_t n)
{
	const uint8_t *p = b->p;

	if (b->len < n)
		return NULL;
	b->p += n;
	b->len -= n;
	return p;
}

static uint16_t
be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

static void
put_addr(struct mipo_addr *addr, uint8_t family, const uint8_t *p)
{
	memset(addr, 0, sizeof(*addr));
	addr->family = family;
	memcpy(addr->b, p, family == 4 ? 4 : 16);
}

/* An IP header; b is left at the bytes behind it, cut to its length. */
struct ip {
	struct mipo_addr src, dst;
	uint8_t proto, ttl;
	uint32_t mark; /* identification, flow label */
};

static bool
take_ip4(struct bytes *b, struct ip *ip)
{
	const uint8_t *p = take(b, 20);
	size_t header, total;

	if (p == NULL || p[0] >> 4 != 4)
		return false;
	header = (size_t)(p[0] & 15) * 4;
	total = be16(p + 2);
	/* A fragment that is not the first has no header of the next layer. */
	if (header < 20 || (be16(p + 6) & 0x1fff) != 0 ||
	    take(b, header - 20) == NULL)
		return false;
	/* Zero: segmentation was left to the card. */
	if (total != 0 && total < header)
		return false;
	if (total != 0 && b->len > total - header)
		b->len = total - header;
	ip->proto = p[9];
	ip->ttl = p[8];
	ip->mark = be16(p + 4);
	put_addr(&ip->src, 4, p + 12);
	put_addr(&ip->dst, 4, p + 16);
	return true;
}

static bool
take_ip6(struct bytes *b, struct ip *ip)
{
	const uint8_t *p = take(b, 40);

	if (p == NULL || p[0] >> 4 != 6)
		return false;
	if (b->len > be16(p + 4))
		b->len = be16(p + 4);
	ip->proto = p[6];
	ip->ttl = p[7];
	ip->mark = be32(p) & 0xfffff;
	put_addr(&ip->src, 6, p + 8);
	put_addr(&ip->dst, 6, p + 24);
	return true;
}

static bool
take_ip(struct bytes *b, struct ip *ip)
{
	if (b->len == 0)
		return false;
	return b->p[0] >> 4 == 6 ? take_ip6(b, ip) : take_ip4(b, ip);
}

/* Of a packet to us, with its ports at p. */
static void
put_ends(struct mipo_reply *reply, enum mipo_proto proto,
    const struct ip *ip, const uint8_t *p)
{
	reply->proto = (uint8_t)proto;
	reply->echo = false;
	reply->target = ip->src;
	reply->us = ip->dst;
	reply->target_port = be16(p);
	reply->us_port = be16(p + 2);
	reply->ttl = ip->ttl;
}

static void
read_tcp(struct bytes *b, const struct ip *ip, struct mipo_reply *reply)
{
	const uint8_t *p = take(b, 20);

	if (p == NULL || p[12] >> 4 < 5)
		return;
	if ((p[13] & (SYN | RST | ACK)) == (SYN | ACK))
		reply->kind = MIPO_REPLY_SYN_ACK;
	else if ((p[13] & (SYN | RST | ACK)) == (RST | ACK))
		reply->kind = MIPO_REPLY_RST;
	else
		return;
	put_ends(reply, MIPO_TCP, ip, p);
	reply->seq = be32(p + 8) - 1;
	reply->window = be16(p + 14);
	reply->bare = p[12] >> 4 == 5;
}

static void
read_udp(struct bytes *b, const struct ip *ip, struct mipo_reply *reply)
{
	const uint8_t *p = take(b, 8);
	size_t len;

	if (p == NULL || be16(p + 4) < 8)
		return;
	len = be16(p + 4) - 8U;
	reply->kind = MIPO_REPLY_UDP;
	put_ends(reply, MIPO_UDP, ip, p);
	reply->payload = b->p;
	reply->payload_len = b->len < len ? b->len : len;
}

/* Behind type, code and checksum, which b begins with. */
static void
read_echo(struct bytes *b, const struct ip *ip, struct mipo_reply *reply)
{
	const uint8_t *p = take(b, 8);

	if (p == NULL || p[1] != 0)
		return;
	reply->kind = MIPO_REPLY_ECHO;
	put_ends(reply, MIPO_ICMP, ip, p + 4);
	reply->echo = true;
	/* Numbers lie the same way there and back. */
	reply->us_port = be16(p + 4);
	reply->target_port = be16(p + 6);
	reply->payload = b->p;
	reply->payload_len = b->len;
}

/* The quoted packet of an error: an IP header and eight bytes suffice. */
static void
read_quote(struct bytes *b, const struct ip *ip, struct mipo_reply *reply)
{
	const uint8_t *p;
	struct ip quoted;

	if (!take_ip(b, &quoted))
		return;
	p = take(b, 8);
	if (p == NULL || mipo_addr_cmp(&quoted.src, &ip->dst) != 0)
		return;
	reply->echo = quoted.src.family == 6
	    ? quoted.proto == IPPROTO_ICMPV6 && p[0] == 128
	    : quoted.proto == IPPROTO_ICMP && p[0] == 8;
	if (quoted.proto != IPPROTO_TCP && quoted.proto != IPPROTO_UDP &&
	    !reply->echo)
		return;
	reply->kind = MIPO_REPLY_ICMP;
	reply->proto = quoted.proto == IPPROTO_UDP ? MIPO_UDP : MIPO_TCP;
	reply->mark = quoted.mark;
	reply->from = ip->src;
	reply->us = quoted.src;
	reply->target = quoted.dst;
	reply->us_port = be16(p + (reply->echo ? 4 : 0));
	reply->target_port = be16(p + (reply->echo ? 6 : 2));
	reply->seq = reply->echo ? be16(p + 2) : be32(p + 4);
	reply->ttl = ip->ttl;
}

static void
read_icmp4(struct bytes *b, const struct ip *ip, struct mipo_reply *reply)
{
	const uint8_t *p;

	if (b->len > 0 && b->p[0] == 0) {
		read_echo(b, ip, reply);
		return;
	}
	p = take(b, 8);
	/* Unreachable, time exceeded, parameter problem (RFC 792). */
	if (p == NULL || (p[0] != 3 && p[0] != 11 && p[0] != 12))
		return;
	reply->icmp_type = p[0];
	reply->icmp_code = p[1];
	read_quote(b, ip, reply);
}

/* The link-layer address among the options of an advertisement. */
static void
read_advertisement(struct bytes *b, const struct ip *ip,
    const uint8_t *head, struct mipo_reply *reply)
{
	const uint8_t *target = take(b, 16), *option;

	/* RFC 4861, 7.1.2: only from the link itself; code 0. */
	if (target == NULL || ip->ttl != 255 || head[1] != 0)
		return;
	while ((option = take(b, 8)) != NULL) {
		if (option[0] == OPT_TARGET_MAC && option[1] == 1) {
			reply->kind = MIPO_REPLY_NEIGHBOR;
			put_addr(&reply->target, 6, target);
			memcpy(reply->mac, option + 2, 6);
			return;
		}
		if (option[1] == 0 ||
		    take(b, (size_t)(option[1] - 1) * 8) == NULL)
			return;
	}
}

static void
read_icmp6(struct bytes *b, const struct ip *ip, struct mipo_reply *reply)
{
	const uint8_t *p;

	if (b->len > 0 && b->p[0] == ICMP6_ECHO) {
		read_echo(b, ip, reply);
		return;
	}
	p = take(b, 8);
	if (p == NULL)
		return;
	if (p[0] == ICMP6_NA) {
		read_advertisement(b, ip, p, reply);
		return;
	}
	/* RFC 4443: 1 unreachable .. 4 parameter problem. */
	if (p[0] < 1 || p[0] > 4)
		return;
	reply->icmp_type = p[0];
	reply->icmp_code = p[1];
	read_quote(b, ip, reply);
}

static void
read_ip(struct bytes *b, struct mipo_reply *reply)
{
	struct ip ip;

	if (!take_ip(b, &ip))
		return;
	if (ip.proto == IPPROTO_TCP)
		read_tcp(b, &ip, reply);
	else if (ip.proto == IPPROTO_UDP)
		read_udp(b, &ip, reply);
	else if (ip.proto == IPPROTO_ICMP && ip.src.family == 4)
		read_icmp4(b, &ip, reply);
	else if (ip.proto == IPPROTO_ICMPV6 && ip.src.family == 6)
		read_icmp6(b, &ip, reply);
}

/* RFC 826 for IPv4 over ethernet. */
static void
read_arp(struct bytes *b, struct mipo_reply *reply)
{
	static const uint8_t want[8] = {0, ARPHRD_ETHER, 8, 0, 6, 4, 0,
	    ARPOP_REPLY};
	const uint8_t *p = take(b, 28);

	if (p == NULL || memcmp(p, want, sizeof(want)) != 0)
		return;
	reply->kind = MIPO_REPLY_NEIGHBOR;
	memcpy(reply->mac, p + 8, 6);
	put_addr(&reply->target, 4, p + 14);
}

static void
read_ethertype(struct bytes *b, uint16_t type, struct mipo_reply *reply)
{
	if (type == ETHERTYPE_ARP)
		read_arp(b, reply);
	else if (type == ETHERTYPE_IP || type == ETHERTYPE_IPV6)
		read_ip(b, reply);
}

/* What libpcap has in front of a packet, by its link type. */
static const struct framing {
	int link_type;
	uint8_t len;
	int8_t at; /* where the ethertype is; -1: an IP packet follows */
} framings[] = {{DLT_EN10MB, 14, 12}, {DLT_LINUX_SLL, 16, 14},
    {DLT_LINUX_SLL2, 20, 0}, {DLT_RAW, 0, -1}, {DLT_IPV4, 0, -1},
    {DLT_IPV6, 0, -1}, {DLT_NULL, 4, -1}, {DLT_LOOP, 4, -1}};

static const struct framing *
framing_of(int link_type)
{
	for (size_t i = 0; i < sizeof(framings) / sizeof(*framings); i++)
		if (framings[i].link_type == link_type)
			return &framings[i];
	return NULL;
}

bool
mipo_decode_knows(int link_type)
{
	return framing_of(link_type) != NULL;
}

/* The ethertype, behind a tag where there is one; 0: it is cut. */
static uint16_t
take_ethertype(
    struct bytes *b, const uint8_t *header, struct mipo_reply *reply)
{
	uint16_t type = be16(header);
	const uint8_t *tag;

	if (type != ETHERTYPE_VLAN)
		return type;
	tag = take(b, 4);
	if (tag == NULL)
		return 0;
	reply->vlan = be16(tag) & 0xfff;
	return be16(tag + 2);
}

void
mipo_decode(int link_type, const uint8_t *p, size_t caplen,
    struct mipo_reply *ret_reply)
{
	const struct framing *framing = framing_of(link_type);
	struct bytes b = {p, caplen};
	const uint8_t *header;

	ret_reply->kind = MIPO_REPLY_NONE;
	ret_reply->vlan = 0;
	if (framing == NULL || (header = take(&b, framing->len)) == NULL)
		return;
	if (framing->at < 0)
		read_ip(&b, ret_reply);
	else
		read_ethertype(&b,
		    take_ethertype(&b, header + framing->at, ret_reply),
		    ret_reply);
}
