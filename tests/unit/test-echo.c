/*
 * Echo requests: their bytes hold, and are known again in a reply and in
 * what an error quotes, whole or cut anywhere.
 */
#include "unit.h"

#include <pcap/dlt.h>
#include <stdint.h>
#include <string.h>

#include "net/decode.h"
#include "net/frame.h"

static struct mipo_err err;

static const struct mipo_frame_from froms[] = {
    {.addr = {4, {198, 18, 0, 1}}},
    {.addr = {6, {0x20, 1, 0xd, 0xb8, [15] = 1}}}};
static const struct mipo_addr targets[] = {{4, {198, 18, 1, 77}},
    {6, {0x20, 1, 0xd, 0xb8, [7] = 9, [15] = 0xfe}}};

/* RFC 1071 the slow way. */
static uint32_t
sum(const uint8_t *p, size_t len, uint32_t n)
{
	for (size_t i = 0; i < len; i++) {
		n += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
		n = (n & 0xffff) + (n >> 16);
	}
	return n;
}

static void
put_sum(uint8_t *ip)
{
	uint32_t n;

	ip[10] = ip[11] = 0;
	n = sum(ip, 20, 0);
	ip[10] = (uint8_t)(~n >> 8);
	ip[11] = (uint8_t)~n;
}

static void
read_raw(const uint8_t *p, size_t caplen, size_t len,
    struct mipo_reply *ret_reply)
{
	const struct mipo_packet packet = {.link_type = DLT_RAW,
	    .bytes = p,
	    .caplen = caplen,
	    .len = len};

	mipo_decode(&packet, ret_reply);
}

static size_t
make(int k, uint8_t bytes[MIPO_FRAME_MAX], struct mipo_frame *frame)
{
	struct mipo_probe probe = {.dst = &targets[k],
	    .seq = 0xdeadbeef,
	    .sport = 61003,
	    .dport = 0x1234};

	ck_ok(mipo_frame_echo(&froms[k], frame, &err));
	memcpy(bytes, frame->bytes, frame->len);
	return mipo_frame_patch(frame, &probe, bytes);
}

START_TEST(bytes_hold)
{
	uint8_t bytes[MIPO_FRAME_MAX];
	struct mipo_frame frame;

	for (int k = 0; k < 2; k++) {
		size_t len = make(k, bytes, &frame), header = k ? 40 : 20;
		uint8_t pseudo[36] = {[33] = 0};
		uint32_t n = 0;

		ck_assert_uint_eq(len, header + 16);
		ck_assert_uint_eq(bytes[header], k ? 128 : 8);
		if (k == 0) {
			ck_assert_uint_eq(sum(bytes, 20, 0), 0xffff);
			ck_assert_uint_eq(bytes[3], len);
			ck_assert_uint_eq(bytes[9], 1);
		} else {
			memcpy(pseudo, bytes + 8, 32);
			pseudo[33] = 16;
			pseudo[35] = 58;
			n = sum(pseudo, 36, 0);
			ck_assert_uint_eq(bytes[5], 16);
			ck_assert_uint_eq(bytes[6], 58);
		}
		ck_assert_uint_eq(sum(bytes + header, 16, n), 0xffff);
	}
}
END_TEST

/* The request turned round: from the target to us, as its reply. */
static size_t
reply_to(int k, uint8_t bytes[MIPO_FRAME_MAX])
{
	struct mipo_frame frame;
	size_t len = make(k, bytes, &frame), at = k ? 8 : 12, n = k ? 16 : 4;
	uint8_t addr[16];

	memcpy(addr, bytes + at, n);
	memcpy(bytes + at, bytes + at + n, n);
	memcpy(bytes + at + n, addr, n);
	bytes[k ? 40 : 20] = k ? 129 : 0;
	return len;
}

START_TEST(replies_are_known)
{
	static const uint8_t number[] = {
	    0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0xbe, 0xef};
	uint8_t bytes[MIPO_FRAME_MAX];
	struct mipo_reply reply;

	for (int k = 0; k < 2; k++) {
		size_t len = reply_to(k, bytes);

		read_raw(bytes, len, len, &reply);
		ck_assert_int_eq(reply.kind, MIPO_REPLY_ECHO);
		ck_assert(reply.echo);
		ck_assert_uint_eq(reply.us_port, 61003);
		ck_assert_uint_eq(reply.target_port, 0x1234);
		ck_assert_int_eq(
		    mipo_addr_cmp(&reply.target, &targets[k]), 0);
		ck_assert_int_eq(
		    mipo_addr_cmp(&reply.us, &froms[k].addr), 0);
		ck_assert_uint_eq(reply.payload_len, 8);
		ck_assert_mem_eq(reply.payload, number, 8);
		for (size_t cut = 0; cut < len; cut++) {
			read_raw(bytes, cut, len, &reply);
			ck_assert(reply.kind == MIPO_REPLY_NONE ||
			    reply.payload_len < 8);
		}
		bytes[k ? 41 : 21] = 1; /* a code that no reply has */
		read_raw(bytes, len, len, &reply);
		ck_assert_int_eq(reply.kind, MIPO_REPLY_NONE);
		bytes[k ? 40 : 20] = k ? 128 : 8; /* a request */
		bytes[k ? 41 : 21] = 0;
		read_raw(bytes, len, len, &reply);
		ck_assert_int_eq(reply.kind, MIPO_REPLY_NONE);
	}
}
END_TEST

START_TEST(quotes_are_known)
{
	uint8_t bytes[2 * MIPO_FRAME_MAX], quoted[MIPO_FRAME_MAX];
	struct mipo_reply reply;
	struct mipo_frame frame;

	for (int k = 0; k < 2; k++) {
		size_t header = k ? 40 : 20, least = 2 * header + 16;
		size_t len = reply_to(k, bytes);

		(void)make(k, quoted, &frame);
		memset(bytes + header, 0, 8);
		bytes[header] = k ? 1 : 3;
		memcpy(bytes + header + 8, quoted, len);
		if (k) {
			bytes[5] = (uint8_t)(len + 8);
		} else {
			bytes[3] = (uint8_t)(len + header + 8);
			put_sum(bytes);
		}
		read_raw(bytes, least, least + 8, &reply);
		ck_assert_int_eq(reply.kind, MIPO_REPLY_ICMP);
		ck_assert(reply.echo);
		ck_assert_uint_eq(reply.us_port, 61003);
		ck_assert_uint_eq(reply.target_port, 0x1234);
		ck_assert_uint_eq(reply.seq,
		    (uint32_t)quoted[header + 2] << 8 | quoted[header + 3]);
		ck_assert_int_eq(
		    mipo_addr_cmp(&reply.target, &targets[k]), 0);
		for (size_t cut = 0; cut < least; cut++) {
			read_raw(bytes, cut, least + 8, &reply);
			ck_assert_int_eq(reply.kind, MIPO_REPLY_NONE);
		}
		bytes[2 * header + 8] = k ? 129 : 0; /* of a reply of ours */
		read_raw(bytes, least, least + 8, &reply);
		ck_assert_int_eq(reply.kind, MIPO_REPLY_NONE);
	}
}
END_TEST

UNIT_MAIN("echo", bytes_hold, replies_are_known, quotes_are_known);
