#include "net/frame.h"

#include <endian.h>
#include <string.h>

#include <libnet.h>

#include "base/err.h"
#include "net/payload.h"

#define TCP_LEN	 32 /* header and options */
#define UDP_LEN	 8
#define ETH_LEN	 14
#define TAG_LEN	 4
#define IP4_LEN	 20
#define IP6_LEN	 40
#define TTL	 64
#define NDP_OPT	 8

static const uint8_t broadcast[MIPO_MAC_LEN] = {
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
static const uint8_t nobody[MIPO_MAC_LEN];

uint32_t
mipo_frame_sum(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;
	uint16_t word;

	for (; len > 1; p += 2, len -= 2) {
		memcpy(&word, p, 2);
		sum += word;
	}
	if (len == 1) {
		word = 0;
		memcpy(&word, p, 1);
		sum += word;
	}
	return sum;
}

uint16_t
mipo_frame_fold(uint64_t sum)
{
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static libnet_t *
begin(struct mipo_err *err)
{
	char text[LIBNET_ERRBUF_SIZE] = "";
	libnet_t *net = libnet_init(LIBNET_NONE, NULL, text);

	if (net == NULL)
		mipo_err_set(err, MIPO_E_INTERNAL, "libnet: %s", text);
	return net;
}

/* What was built, as bytes; ends net. */
static int
finish(libnet_t *net, bool good, uint8_t ret_bytes[MIPO_FRAME_MAX],
    size_t *ret_len, struct mipo_err *err)
{
	uint8_t *packet = NULL;
	uint32_t len = 0;
	int r = -1;

	if (!good || libnet_pblock_coalesce(net, &packet, &len) != 1 ||
	    len > MIPO_FRAME_MAX) {
		mipo_err_set(err, MIPO_E_INTERNAL, "libnet: %s",
		    libnet_geterror(net));
		goto out;
	}
	memset(ret_bytes, 0, MIPO_FRAME_MAX);
	memcpy(ret_bytes, packet, len);
	*ret_len = len;
	r = 0;
out:
	if (packet != NULL)
		libnet_adv_free_packet(net, packet);
	libnet_destroy(net);
	return r;
}

static struct libnet_in6_addr
in6(const struct mipo_addr *addr)
{
	struct libnet_in6_addr out;

	memcpy(&out, addr->b, sizeof(out));
	return out;
}

static uint32_t
in4(const struct mipo_addr *addr)
{
	uint32_t out;

	memcpy(&out, addr->b, sizeof(out));
	return out;
}

/* The IP header in front of len bytes; the sums of IPv4 are set later. */
static bool
build_ip(libnet_t *net, const struct mipo_addr *src,
    const struct mipo_addr *dst, uint8_t proto, uint8_t ttl, uint16_t len)
{
	if (src->family == 6)
		return libnet_build_ipv6(0, 0, len, proto, ttl, in6(src),
			   in6(dst), NULL, 0, net, 0) >= 0;
	return libnet_build_ipv4((uint16_t)(IP4_LEN + len), 0, 0, IP_DF, ttl,
		   proto, 0, in4(src), in4(dst), NULL, 0, net, 0) >= 0;
}

/* The header of the link, where there is one. */
static bool
build_link(libnet_t *net, const struct mipo_frame_from *from,
    const uint8_t to[MIPO_MAC_LEN], uint16_t type)
{
	if (!from->ether)
		return true;
	if (from->vlan > 0)
		return libnet_build_802_1q(to, from->mac, ETHERTYPE_VLAN, 0,
			   0, from->vlan, type, NULL, 0, net, 0) >= 0;
	return libnet_build_ethernet(
		   to, from->mac, type, NULL, 0, net, 0) >= 0;
}

static bool
build_syn(libnet_t *net, const struct mipo_frame_from *from)
{
	/* MSS 1460; NOP, window scale 8; NOP, NOP, SACK permitted */
	static const uint8_t options[] = {
	    2, 4, 5, 0xb4, 1, 3, 3, 8, 1, 1, 4, 2};
	const struct mipo_addr none = {.family = from->addr.family};
	bool v6 = from->addr.family == 6;

	return libnet_build_tcp_options(
		   options, sizeof(options), net, 0) >= 0 &&
	    libnet_build_tcp(0, 0, 0, 0, TH_SYN, 65535, 0, 0, TCP_LEN, NULL,
		0, net, 0) >= 0 &&
	    build_ip(net, &from->addr, &none, IPPROTO_TCP, TTL, TCP_LEN) &&
	    build_link(
		net, from, nobody, v6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
}

static bool
build_udp(libnet_t *net, const struct mipo_frame_from *from)
{
	const struct mipo_addr none = {.family = from->addr.family};
	bool v6 = from->addr.family == 6;

	return libnet_build_udp(0, 0, UDP_LEN, 0, NULL, 0, net, 0) >= 0 &&
	    build_ip(net, &from->addr, &none, IPPROTO_UDP, TTL, UDP_LEN) &&
	    build_link(
		net, from, nobody, v6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
}

/*
 * Sums of all that no probe changes; checksum fields become zero, and of
 * UDP the lengths.
 */
static void
take_sums(struct mipo_frame *frame)
{
	const bool v6 = frame->family == 6;
	uint8_t *ip = frame->bytes + frame->ip;
	uint8_t *l4 = frame->bytes + frame->l4;
	const uint8_t pseudo[4] = {0, frame->udp ? IPPROTO_UDP : IPPROTO_TCP,
	    0, frame->udp ? 0 : TCP_LEN};

	memset(l4 + (frame->udp ? 4 : 16), 0, frame->udp ? 4 : 2);
	frame->l4_sum =
	    mipo_frame_sum(l4, frame->udp ? UDP_LEN : TCP_LEN) +
	    mipo_frame_sum(pseudo, 4);
	if (v6) {
		frame->l4_sum += mipo_frame_sum(ip + 8, 16);
		return;
	}
	if (frame->udp)
		memset(ip + 2, 0, 2);
	memset(ip + 4, 0, 2);
	memset(ip + 10, 0, 2);
	frame->ip_sum = mipo_frame_sum(ip, IP4_LEN);
	frame->l4_sum += mipo_frame_sum(ip + 12, 4);
}

static int
make_template(const struct mipo_frame_from *from, bool udp,
    struct mipo_frame *ret_frame, struct mipo_err *err)
{
	struct mipo_frame frame = {
	    .family = from->addr.family, .ether = from->ether, .udp = udp};
	libnet_t *net = begin(err);

	if (net == NULL ||
	    finish(net, udp ? build_udp(net, from) : build_syn(net, from),
		frame.bytes, &frame.len, err) != 0)
		return -1;
	frame.room = frame.len + (udp ? MIPO_PAYLOAD_MAX : 0);
	frame.ip = from->ether ? ETH_LEN + (from->vlan > 0 ? TAG_LEN : 0) : 0;
	frame.l4 = (uint16_t)(frame.ip +
	    (frame.family == 6 ? IP6_LEN : IP4_LEN));
	take_sums(&frame);
	*ret_frame = frame;
	return 0;
}

int
mipo_frame_syn(const struct mipo_frame_from *from,
    struct mipo_frame *ret_frame, struct mipo_err *err)
{
	return make_template(from, false, ret_frame, err);
}

int
mipo_frame_udp(const struct mipo_frame_from *from,
    struct mipo_frame *ret_frame, struct mipo_err *err)
{
	return make_template(from, true, ret_frame, err);
}

/* 32 bits as they lie, as a sum of two words; it may pass 16 bits. */
static uint64_t
halves(const uint8_t *p)
{
	uint32_t n;

	memcpy(&n, p, 4);
	return (uint64_t)(n & 0xffff) + (n >> 16);
}

/* Any identification does, as long as it has no pattern; 32 bits of it. */
static uint32_t
mix(const struct mipo_probe *probe)
{
	return probe->seq * 0x9e3779b1U;
}

/*
 * The IPv4 header, whose sum lacks len, a word as it lies; returns what the
 * destination adds to the next header's sum.
 */
static uint64_t
patch_ip4(const struct mipo_frame *frame, const struct mipo_probe *probe,
    uint8_t *ip, uint16_t len)
{
	uint64_t dst;
	uint16_t id = (uint16_t)(mix(probe) >> 16);

	/* For none the kernel puts one of its own; of UDP we know it again. */
	mipo_frame_put16(ip + 4, id == 0 && frame->udp ? 1 : id);
	memcpy(ip + 16, probe->dst->b, 4);
	dst = halves(ip + 16);
	memcpy(&id, ip + 4, 2);
	id = mipo_frame_fold(frame->ip_sum + dst + id + len);
	memcpy(ip + 10, &id, 2);
	return dst;
}

static uint64_t
patch_ip6(const struct mipo_probe *probe, uint8_t *ip)
{
	uint8_t *dst = ip + 24;

	memcpy(dst, probe->dst->b, 16);
	return halves(dst) + halves(dst + 4) + halves(dst + 8) +
	    halves(dst + 12);
}

/* The lengths, for len bytes of UDP; otherwise as above. */
static uint64_t
patch_udp_ip(const struct mipo_frame *frame, const struct mipo_probe *probe,
    uint8_t *ip, uint16_t len)
{
	uint32_t label = htobe32(UINT32_C(6) << 28 | mix(probe) >> 12);
	uint16_t total;

	if (frame->family == 6) {
		/* A flow label too comes back in quotes (RFC 6437, 3). */
		memcpy(ip, &label, 4);
		mipo_frame_put16(ip + 4, len);
		return patch_ip6(probe, ip);
	}
	mipo_frame_put16(ip + 2, (uint16_t)(IP4_LEN + len));
	memcpy(&total, ip + 2, 2);
	return patch_ip4(frame, probe, ip, total);
}

static size_t
patch_udp(const struct mipo_frame *frame, const struct mipo_probe *probe,
    uint8_t *bytes)
{
	uint8_t *udp = bytes + frame->l4;
	uint16_t len = (uint16_t)(UDP_LEN + probe->load->row->len), check;
	uint64_t sum = frame->l4_sum;

	sum += patch_udp_ip(frame, probe, bytes + frame->ip, len);
	sum += mipo_load_put(probe->load, probe->seq, udp + UDP_LEN);
	mipo_frame_put16(udp, probe->sport);
	mipo_frame_put16(udp + 2, probe->dport);
	mipo_frame_put16(udp + 4, len);
	memcpy(&check, udp + 4, 2);
	/* The length is summed twice, once as part of the pseudo header. */
	check = mipo_frame_fold(sum + halves(udp) + 2U * check);
	if (check == 0) /* that would mean: no checksum */
		check = 0xffff;
	memcpy(udp + 6, &check, 2);
	return frame->l4 + (size_t)len;
}

size_t
mipo_frame_patch(const struct mipo_frame *frame,
    const struct mipo_probe *probe, uint8_t *bytes)
{
	uint8_t *ip = bytes + frame->ip, *tcp = bytes + frame->l4;
	uint32_t seq = htobe32(probe->seq);
	uint64_t sum;
	uint16_t check;

	if (frame->ether)
		memcpy(bytes, probe->mac, MIPO_MAC_LEN);
	if (frame->udp)
		return patch_udp(frame, probe, bytes);
	if (frame->echo)
		return mipo_frame_patch_echo(frame, probe, bytes);
	sum = frame->family == 6 ? patch_ip6(probe, ip)
				 : patch_ip4(frame, probe, ip, 0);
	mipo_frame_put16(tcp, probe->sport);
	mipo_frame_put16(tcp + 2, probe->dport);
	memcpy(tcp + 4, &seq, 4);
	check = mipo_frame_fold(
	    frame->l4_sum + sum + halves(tcp) + halves(tcp + 4));
	memcpy(tcp + 16, &check, 2);
	return frame->len;
}

static bool
build_arp(libnet_t *net, const struct mipo_frame_from *from,
    const struct mipo_addr *target)
{
	return libnet_build_arp(ARPHRD_ETHER, ETHERTYPE_IP, MIPO_MAC_LEN, 4,
		   ARPOP_REQUEST, from->mac, from->addr.b, nobody, target->b,
		   NULL, 0, net, 0) >= 0 &&
	    build_link(net, from, broadcast, ETHERTYPE_ARP);
}

/* The solicited-node group of target (RFC 4291, 2.7.1) and its MAC. */
static void
group_of(const struct mipo_addr *target, struct mipo_addr *ret_group,
    uint8_t ret_mac[MIPO_MAC_LEN])
{
	static const uint8_t prefix[13] = {
	    0xff, 2, [11] = 1, [12] = 0xff};

	ret_group->family = 6;
	memcpy(ret_group->b, prefix, sizeof(prefix));
	memcpy(ret_group->b + 13, target->b + 13, 3);
	ret_mac[0] = ret_mac[1] = 0x33;
	memcpy(ret_mac + 2, ret_group->b + 12, 4);
}

static bool
build_solicitation(libnet_t *net, const struct mipo_frame_from *from,
    const struct mipo_addr *target)
{
	uint8_t option[NDP_OPT] = {1, 1}, mac[MIPO_MAC_LEN];
	struct mipo_addr group;

	memcpy(option + 2, from->mac, MIPO_MAC_LEN);
	group_of(target, &group, mac);
	return libnet_build_icmpv6_ndp_nsol(ND_NEIGHBOR_SOLICIT, 0, 0,
		   in6(target), option, sizeof(option), net, 0) >= 0 &&
	    build_ip(net, &from->addr, &group, IPPROTO_ICMPV6, 255,
		24 + NDP_OPT) &&
	    build_link(net, from, mac, ETHERTYPE_IPV6);
}

int
mipo_frame_who_has(const struct mipo_frame_from *from,
    const struct mipo_addr *target, uint8_t ret_bytes[MIPO_FRAME_MAX],
    size_t *ret_len, struct mipo_err *err)
{
	libnet_t *net = begin(err);
	bool good;

	if (net == NULL)
		return -1;
	good = target->family == 6 ? build_solicitation(net, from, target)
				   : build_arp(net, from, target);
	return finish(net, good, ret_bytes, ret_len, err);
}
