#include "unit.h"

#include <stdint.h>
#include <string.h>

#include "net/frame.h"

static struct mipo_err err;

static const struct mipo_frame_from ether4 = {
    true, {2, 0, 0, 0, 0, 1}, {4, {198, 18, 0, 1}}, 0};
static const struct mipo_frame_from raw4 = {
    .addr = {4, {198, 18, 0, 1}}, 0};
static const struct mipo_frame_from ether6 = {true, {2, 0, 0, 0, 0, 1},
    {6, {0x20, 1, 0xd, 0xb8, [15] = 1}}, 0};
static const struct mipo_frame_from raw6 = {
    .addr = {6, {0x20, 1, 0xd, 0xb8, [15] = 1}}};

/* RFC 1071 the slow way: big-endian words, carries added in each step. */
static uint16_t
checksum(const uint8_t *p, size_t len, uint32_t sum)
{
	for (size_t i = 0; i < len; i++) {
		sum += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)~sum;
}

/* Whether TCP or ICMPv6 behind this IP header has a right checksum. */
static bool
l4_holds(const uint8_t *ip, size_t len)
{
	const bool six = ip[0] >> 4 == 6;
	const size_t header = six ? 40 : 20, addrs = six ? 32 : 8;
	const uint8_t proto = six ? ip[6] : ip[9];
	uint8_t pseudo[36];

	memcpy(pseudo, ip + (six ? 8 : 12), addrs);
	pseudo[addrs] = 0;
	pseudo[addrs + 1] = proto;
	pseudo[addrs + 2] = 0;
	pseudo[addrs + 3] = (uint8_t)(len - header);
	return checksum(ip + header, len - header,
		   (uint16_t)~checksum(pseudo, addrs + 4, 0)) == 0;
}

static void
check_probe(const struct mipo_frame *frame, uint8_t *bytes, uint64_t seed)
{
	uint8_t mac[6] = {2, 0, 0, 0, 0, (uint8_t)seed};
	struct mipo_addr dst = {.family = frame->family};
	struct mipo_probe probe = {.dst = &dst,
	    .mac = mac,
	    .seq = (uint32_t)(seed * 0x9e3779b97f4a7c15U >> 32),
	    .sport = (uint16_t)(61000 + seed % 256),
	    .dport = (uint16_t)(seed * 7919)};
	const uint8_t *ip = bytes + frame->ip;

	for (size_t i = 0; i < mipo_addr_size(&dst); i++)
		dst.b[i] = (uint8_t)(seed * 31 >> i);
	(void)mipo_frame_patch(frame, &probe, bytes);
	ck_assert(l4_holds(ip, frame->len - frame->ip));
	if (frame->family == 4) {
		ck_assert_uint_eq(checksum(ip, 20, 0), 0);
		ck_assert_mem_eq(ip + 16, dst.b, 4);
	} else {
		ck_assert_mem_eq(ip + 24, dst.b, 16);
	}
	if (frame->ether)
		ck_assert_mem_eq(bytes, mac, 6);
	ck_assert_uint_eq(
	    (unsigned)(bytes[frame->l4] << 8 | bytes[frame->l4 + 1]),
	    probe.sport);
	ck_assert_uint_eq(
	    (unsigned)(bytes[frame->l4 + 2] << 8 | bytes[frame->l4 + 3]),
	    probe.dport);
}

/* The same frame, with the tag between addresses and type. */
START_TEST(tag_goes_behind_the_addresses)
{
	static const struct mipo_frame_from *const froms[] = {
	    &ether4, &ether6};
	static const uint8_t tag[4] = {0x81, 0, 0x0f, 0xfe};

	for (int i = 0; i < 4; i++) {
		struct mipo_frame_from from = *froms[i % 2];
		const struct mipo_addr target = from.addr;
		uint8_t plain[MIPO_FRAME_MAX], tagged[MIPO_FRAME_MAX];
		struct mipo_frame a, b;
		size_t len, more;

		ck_ok((i < 2 ? mipo_frame_syn : mipo_frame_udp)(
		    &from, &a, &err));
		ck_ok(mipo_frame_who_has(&from, &target, plain, &len, &err));
		from.vlan = 4094;
		ck_ok((i < 2 ? mipo_frame_syn : mipo_frame_udp)(
		    &from, &b, &err));
		ck_ok(mipo_frame_who_has(&from, &target, tagged, &more, &err));
		ck_assert_uint_eq(b.len, a.len + 4);
		ck_assert_uint_eq(b.room, a.room + 4);
		ck_assert_uint_eq(b.ip, a.ip + 4);
		ck_assert_uint_eq(b.l4, a.l4 + 4);
		ck_assert_uint_eq(b.l4_sum, a.l4_sum);
		ck_assert_mem_eq(b.bytes, a.bytes, 12);
		ck_assert_mem_eq(b.bytes + 12, tag, 4);
		ck_assert_mem_eq(b.bytes + 16, a.bytes + 12, a.len - 12);
		ck_assert_uint_eq(more, len + 4);
		ck_assert_mem_eq(tagged, plain, 12);
		ck_assert_mem_eq(tagged + 12, tag, 4);
		ck_assert_mem_eq(tagged + 16, plain + 12, len - 12);
		ck_assert_uint_eq(mipo_frame_len(i >= 2, a.family, true),
		    b.len);
	}
}
END_TEST

/* Probe after probe, tagged, in one slot: the same checksums. */
START_TEST(tagged_probes_are_whole)
{
	const struct mipo_frame_from *const froms[] = {&ether4, &ether6};
	struct mipo_frame frame;
	uint8_t bytes[MIPO_FRAME_MAX];

	for (size_t i = 0; i < 2; i++) {
		struct mipo_frame_from from = *froms[i];

		from.vlan = 17;
		ck_ok(mipo_frame_syn(&from, &frame, &err));
		memcpy(bytes, frame.bytes, sizeof(bytes));
		for (uint64_t seed = 0; seed < 100; seed++)
			check_probe(&frame, bytes, seed * 2654435761U);
		ck_assert_mem_eq(bytes + 12, "\x81\0\0\x11", 4);
	}
}
END_TEST

/* As on the wire: what zmap counts too. */
START_TEST(bits_are_those_on_the_wire)
{
	struct mipo_frame frame;

	for (int udp = 0; udp < 2; udp++)
		for (int six = 0; six < 2; six++) {
			const struct mipo_frame_from *from =
			    six ? &ether6 : &ether4;

			ck_ok((udp ? mipo_frame_udp : mipo_frame_syn)(
			    from, &frame, &err));
			ck_assert_uint_eq(
			    mipo_frame_len(udp, six ? 6 : 4, false),
			    frame.len);
		}
	ck_assert_uint_eq(mipo_frame_bits(66), 720);
	ck_assert_uint_eq(mipo_frame_bits(42), 672);
	ck_assert_uint_eq(mipo_frame_bits(60), 672);
	ck_assert_uint_eq(mipo_frame_bits(61), 680);
}
END_TEST

/* Probe after probe in one slot: each is whole, whatever was there before. */
START_TEST(checksums_follow_from_the_template)
{
	const struct mipo_frame_from *const froms[] = {
	    &ether4, &raw4, &ether6, &raw6};
	struct mipo_frame frame;
	uint8_t bytes[MIPO_FRAME_MAX];

	for (size_t i = 0; i < 4; i++) {
		ck_ok(mipo_frame_syn(froms[i], &frame, &err));
		memcpy(bytes, frame.bytes, sizeof(bytes));
		for (uint64_t seed = 0; seed < 500; seed++)
			check_probe(&frame, bytes, seed * seed * 2654435761U);
	}
}
END_TEST

START_TEST(syn_is_what_a_desktop_sends)
{
	static const uint8_t want[66] = {2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 1,
	    8, 0, 0x45, 0, 0, 52, 0, 0, 0x40, 0, 64, 6, 0, 0, 198, 18, 0, 1,
	    198, 18, 0, 2, 0xee, 0x48, 0, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0x80,
	    2, 0xff, 0xff, 0, 0, 0, 0, 2, 4, 5, 0xb4, 1, 3, 3, 8, 1, 1, 4, 2};
	const struct mipo_addr dst = {4, {198, 18, 0, 2}};
	const uint8_t mac[6] = {2, 0, 0, 0, 0, 9};
	struct mipo_probe probe = {
	    .dst = &dst, .mac = mac, .sport = 61000, .dport = 80};
	struct mipo_frame frame;
	uint8_t bytes[MIPO_FRAME_MAX];

	ck_ok(mipo_frame_syn(&ether4, &frame, &err));
	ck_assert_uint_eq(frame.len, sizeof(want));
	memcpy(bytes, frame.bytes, sizeof(bytes));
	(void)mipo_frame_patch(&frame, &probe, bytes);
	memset(bytes + 24, 0, 2); /* the checksums have a test of their own */
	memset(bytes + 50, 0, 2);
	ck_assert_mem_eq(bytes, want, sizeof(want));
	ck_ok(mipo_frame_syn(&raw6, &frame, &err));
	ck_assert_uint_eq(frame.len, 72);
	ck_assert_uint_eq(frame.bytes[7], 64);
}
END_TEST

START_TEST(arp_request)
{
	static const uint8_t want[42] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1,
	    198, 18, 0, 1, 0, 0, 0, 0, 0, 0, 198, 18, 0, 2};
	const struct mipo_addr target = {4, {198, 18, 0, 2}};
	uint8_t bytes[MIPO_FRAME_MAX];
	size_t len;

	ck_ok(mipo_frame_who_has(&ether4, &target, bytes, &len, &err));
	ck_assert_uint_eq(len, sizeof(want));
	ck_assert_mem_eq(bytes, want, sizeof(want));
}
END_TEST

START_TEST(neighbour_solicitation)
{
	static const uint8_t group[16] = {0xff, 2, [11] = 1, [12] = 0xff,
	    [13] = 0xa, [14] = 0xb, [15] = 0xc};
	const struct mipo_addr target = {
	    6, {0x20, 1, 0xd, 0xb8, [13] = 0xa, [14] = 0xb, [15] = 0xc}};
	static const uint8_t mac[6] = {0x33, 0x33, 0xff, 0xa, 0xb, 0xc};
	uint8_t bytes[MIPO_FRAME_MAX];
	size_t len;

	ck_ok(mipo_frame_who_has(&ether6, &target, bytes, &len, &err));
	ck_assert_uint_eq(len, 14 + 40 + 24 + 8);
	ck_assert_mem_eq(bytes, mac, 6);
	ck_assert_uint_eq(bytes[14 + 7], 255);
	ck_assert_mem_eq(bytes + 14 + 24, group, 16);
	ck_assert_uint_eq(bytes[54], 135);
	ck_assert_mem_eq(bytes + 62, target.b, 16);
	ck_assert_mem_eq(bytes + 80, ether6.mac, 6);
	ck_assert(l4_holds(bytes + 14, len - 14));
}
END_TEST

UNIT_MAIN("frame", bits_are_those_on_the_wire,
    tag_goes_behind_the_addresses, tagged_probes_are_whole,
    checksums_follow_from_the_template,
    syn_is_what_a_desktop_sends, arp_request, neighbour_solicitation);
