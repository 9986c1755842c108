#include "net/decode.h"

#include <endian.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <pcap/dlt.h>
#include <stdbool.h>
#include <string.h>

#include "net/decode-part.h"

#define SYN 0x02
#define RST 0x04
#define ACK 0x10

#define ICMP6_ECHO 129
#define ICMP6_NA 136
#define OPT_TARGET_MAC 2
#define SOLICITED 0x40

/* Of a packet to us, with its ports at p. */
static void
put_ends(struct mipo_reply *reply, enum mipo_proto proto,
    const struct mipo_ip *ip, const uint8_t *p)
{
	reply->proto = (uint8_t)proto;
	reply->echo = false;
	reply->target = ip->src;
	reply->us = ip->dst;
	reply->target_port = mipo_be16(p);
	reply->us_port = mipo_be16(p + 2);
	reply->ttl = ip->ttl;
}

static void
read_tcp(struct mipo_bytes *b, const struct mipo_ip *ip,
    struct mipo_reply *reply)
{
	const uint8_t *p = mipo_bytes_take(b, 20);

	if (p == NULL || p[12] >> 4 < 5 || (p[12] >> 4) * 4U > ip->len)
		return;
	if ((p[13] & (SYN | RST | ACK)) == (SYN | ACK))
		reply->kind = MIPO_REPLY_SYN_ACK;
	else if ((p[13] & (SYN | RST | ACK)) == (RST | ACK))
		reply->kind = MIPO_REPLY_RST;
	else
		return;
	put_ends(reply, MIPO_TCP, ip, p);
	reply->seq = mipo_be32(p + 8) - 1;
	reply->window = mipo_be16(p + 14);
	reply->bare = p[12] >> 4 == 5;
}

static void
read_udp(struct mipo_bytes *b, const struct mipo_ip *ip,
    struct mipo_reply *reply)
{
	const uint8_t *p = mipo_bytes_take(b, 8);
	size_t len;

	/* One that is longer than its packet is discarded, or fragmented. */
	if (p == NULL || mipo_be16(p + 4) < 8 ||
	    (mipo_be16(p + 4) > ip->len && !ip->part))
		return;
	len = mipo_be16(p + 4) - 8U;
	reply->kind = MIPO_REPLY_UDP;
	put_ends(reply, MIPO_UDP, ip, p);
	reply->payload = b->p;
	reply->payload_len = b->len < len ? b->len : len;
}

/* Behind type, code and checksum, which b begins with. */
static void
read_echo(struct mipo_bytes *b, const struct mipo_ip *ip,
    struct mipo_reply *reply)
{
	const uint8_t *p = mipo_bytes_take(b, 8);

	if (p == NULL || p[1] != 0)
		return;
	reply->kind = MIPO_REPLY_ECHO;
	put_ends(reply, MIPO_ICMP, ip, p + 4);
	reply->echo = true;
	/* Numbers lie the same way there and back. */
	reply->us_port = mipo_be16(p + 4);
	reply->target_port = mipo_be16(p + 6);
	reply->payload = b->p;
	reply->payload_len = b->len;
}

/* The quoted packet of an error: an IP header and eight bytes suffice. */
static void
read_quote(struct mipo_bytes *b, const struct mipo_ip *ip,
    struct mipo_reply *reply)
{
	const uint8_t *p;
	struct mipo_ip quoted;

	if (!mipo_ip_take_quoted(b, &quoted))
		return;
	p = mipo_bytes_take(b, 8);
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
	reply->us_port = mipo_be16(p + (reply->echo ? 4 : 0));
	reply->target_port = mipo_be16(p + (reply->echo ? 6 : 2));
	reply->seq = reply->echo ? mipo_be16(p + 2) : mipo_be32(p + 4);
	reply->ttl = ip->ttl;
}

static void
read_icmp4(struct mipo_bytes *b, const struct mipo_ip *ip,
    struct mipo_reply *reply)
{
	const uint8_t *p;

	if (b->len > 0 && b->p[0] == 0) {
		read_echo(b, ip, reply);
		return;
	}
	p = mipo_bytes_take(b, 8);
	/* Unreachable, time exceeded, parameter problem (RFC 792). */
	if (p == NULL || (p[0] != 3 && p[0] != 11 && p[0] != 12))
		return;
	reply->icmp_type = p[0];
	reply->icmp_code = p[1];
	read_quote(b, ip, reply);
}

/*
 * RFC 4861, 7.1.2: only from the link itself; code 0; one host's address, and
 * told to all by nobody who was asked. Who tells it has one (RFC 4291, 2.5.2),
 * and does not tell it in fragments (RFC 6980).
 */
static bool
is_advertisement(
    const struct mipo_ip *ip, const uint8_t *head, const uint8_t *target)
{
	static const uint8_t none[16];

	return !ip->behind && ip->ttl == 255 && head[1] == 0 &&
	    target[0] != 0xff &&
	    (ip->dst.b[0] != 0xff || (head[4] & SOLICITED) == 0) &&
	    ip->src.b[0] != 0xff && memcmp(ip->src.b, none, 16) != 0;
}

/* The link-layer address among the options of an advertisement. */
static void
read_advertisement(struct mipo_bytes *b, const struct mipo_ip *ip,
    const uint8_t *head, struct mipo_reply *reply)
{
	const uint8_t *target = mipo_bytes_take(b, 16), *option;

	if (target == NULL || !is_advertisement(ip, head, target))
		return;
	while ((option = mipo_bytes_take(b, 8)) != NULL) {
		if (option[0] == OPT_TARGET_MAC && option[1] == 1) {
			reply->kind = MIPO_REPLY_NEIGHBOR;
			mipo_bytes_addr(&reply->target, 6, target);
			memcpy(reply->mac, option + 2, 6);
			return;
		}
		if (option[1] == 0 ||
		    mipo_bytes_take(b, (size_t)(option[1] - 1) * 8) == NULL)
			return;
	}
}

static void
read_icmp6(struct mipo_bytes *b, const struct mipo_ip *ip,
    struct mipo_reply *reply)
{
	const uint8_t *p;

	if (b->len > 0 && b->p[0] == ICMP6_ECHO) {
		read_echo(b, ip, reply);
		return;
	}
	p = mipo_bytes_take(b, 8);
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
read_ip(struct mipo_bytes *b, struct mipo_reply *reply)
{
	struct mipo_ip ip;

	if (!mipo_ip_take(b, &ip))
		return;
	if (ip.proto == IPPROTO_UDP)
		read_udp(b, &ip, reply);
	else if (ip.part)
		return; /* what else answers us is short, and comes whole */
	else if (ip.proto == IPPROTO_TCP)
		read_tcp(b, &ip, reply);
	else if (ip.proto == IPPROTO_ICMP && ip.src.family == 4)
		read_icmp4(b, &ip, reply);
	else if (ip.proto == IPPROTO_ICMPV6 && ip.src.family == 6)
		read_icmp6(b, &ip, reply);
}

/* RFC 826 for IPv4 over ethernet. */
static void
read_arp(struct mipo_bytes *b, struct mipo_reply *reply)
{
	static const uint8_t want[8] = {0, ARPHRD_ETHER, 8, 0, 6, 4, 0,
	    ARPOP_REPLY};
	const uint8_t *p = mipo_bytes_take(b, 28);

	if (p == NULL || memcmp(p, want, sizeof(want)) != 0)
		return;
	reply->kind = MIPO_REPLY_NEIGHBOR;
	memcpy(reply->mac, p + 8, 6);
	mipo_bytes_addr(&reply->target, 4, p + 14);
}

static void
read_ethertype(struct mipo_bytes *b, uint16_t type, struct mipo_reply *reply)
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
    struct mipo_bytes *b, const uint8_t *header, struct mipo_reply *reply)
{
	uint16_t type = mipo_be16(header);
	const uint8_t *tag;

	if (type != ETHERTYPE_VLAN)
		return type;
	tag = mipo_bytes_take(b, 4);
	if (tag == NULL)
		return 0;
	reply->vlan = mipo_be16(tag) & 0xfff;
	return mipo_be16(tag + 2);
}

/*
 * On ethernet: for us, or for all that listen, as only neighbours answer. A
 * host does not take other frames, though it may be shown them.
 */
static bool
is_for_us(const struct mipo_packet *packet, const struct mipo_reply *reply)
{
	if (packet->link_type != DLT_EN10MB || packet->mac == NULL)
		return true;
	return memcmp(packet->bytes, packet->mac, 6) == 0 ||
	    (reply->kind == MIPO_REPLY_NEIGHBOR && (packet->bytes[0] & 1) != 0);
}

/*
 * RFC 1812, 3.3.2: nobody is at a broadcast or multicast address, nor at that
 * of zeros. Ours may be true: interfaces that share one (ipvlan) have it so.
 */
static bool
is_station(const uint8_t mac[6])
{
	static const uint8_t none[6];

	return (mac[0] & 1) == 0 && memcmp(mac, none, sizeof(none)) != 0;
}

void
mipo_decode(const struct mipo_packet *packet, struct mipo_reply *ret_reply)
{
	const struct framing *framing = framing_of(packet->link_type);
	struct mipo_bytes b = {packet->bytes, packet->caplen, packet->len};
	const uint8_t *header;

	ret_reply->kind = MIPO_REPLY_NONE;
	ret_reply->vlan = 0;
	if (framing == NULL ||
	    (header = mipo_bytes_take(&b, framing->len)) == NULL)
		return;
	if (framing->at < 0)
		read_ip(&b, ret_reply);
	else
		read_ethertype(&b,
		    take_ethertype(&b, header + framing->at, ret_reply),
		    ret_reply);
	if (!is_for_us(packet, ret_reply) ||
	    (ret_reply->kind == MIPO_REPLY_NEIGHBOR &&
		!is_station(ret_reply->mac)))
		ret_reply->kind = MIPO_REPLY_NONE;
}
