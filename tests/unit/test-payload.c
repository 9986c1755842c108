#include "unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/frame.h"
#include "net/payload.h"

static struct mipo_err err;

static unsigned
be16(const uint8_t *p)
{
	return (unsigned)(p[0] << 8 | p[1]);
}

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

static const struct mipo_payload *
row_of(const char *protocol)
{
	for (size_t i = 0; i < mipo_payload_n; i++)
		if (strcmp(mipo_payload_rows[i].protocol, protocol) == 0)
			return &mipo_payload_rows[i];
	ck_abort_msg("no row for %s", protocol);
	return NULL;
}

/* The field is in the payload, and free there. */
START_TEST(rows_are_sound)
{
	ck_assert_uint_eq(mipo_payload_rows[0].port, 0);
	for (size_t i = 0; i < mipo_payload_n; i++) {
		const struct mipo_payload *row = &mipo_payload_rows[i];

		ck_assert_uint_le(row->len, MIPO_PAYLOAD_MAX);
		ck_assert_uint_le(row->at + row->width, row->len);
		ck_assert_uint_le(row->width, row->hex ? 8 : 4);
		ck_assert_int_ge(row->reply_at, MIPO_ANYWHERE);
		if (i > 0)
			ck_assert_uint_ge(
			    row->port, mipo_payload_rows[i - 1].port);
		for (size_t j = 0; j < row->width; j++)
			ck_assert_uint_eq(
			    row->bytes[row->at + j], row->hex ? '0' : 0);
	}
}
END_TEST

/* BER (X.690): every length is that of what it holds, to the last byte. */
static size_t
walk_ber(const uint8_t *p, size_t len)
{
	size_t n;

	ck_assert_uint_ge(len, 2);
	ck_assert_uint_lt(p[1], 0x80);
	n = p[1];
	ck_assert_uint_le(n + 2, len);
	/* Constructed, or an octet string that holds such (RFC 3414). */
	if ((p[0] & 0x20) != 0 || (p[0] == 4 && n > 0 && p[2] == 0x30))
		for (size_t at = 0; at < n;)
			at += walk_ber(p + 2 + at, n - at);
	return n + 2;
}

START_TEST(ber_holds)
{
	static const struct {
		const char *protocol;
		int version; /* -1: none */
	} want[] = {{"SNMPv1", 0}, {"SNMPv2c", 1}, {"SNMPv3", 3},
	    {"LDAP", -1}};

	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		const struct mipo_payload *row = row_of(want[i].protocol);

		ck_assert_uint_eq(walk_ber(row->bytes, row->len), row->len);
		if (want[i].version >= 0)
			ck_assert_int_eq(row->bytes[4], want[i].version);
		/* An INTEGER of four bytes, positive whatever the field. */
		ck_assert_mem_eq(row->bytes + row->at - 3, "\2\4\x41", 3);
	}
}
END_TEST

/* One question behind a header of 12 bytes (RFC 1035, 4.1). */
START_TEST(questions_hold)
{
	static const struct {
		const char *protocol;
		unsigned type, class;
	} want[] = {{"DNS", 2, 1}, {"NetBIOS-NS", 0x21, 1},
	    {"mDNS", 12, 0x8001}};

	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		const struct mipo_payload *row = row_of(want[i].protocol);
		size_t at = 12;

		ck_assert_uint_eq(be16(row->bytes + 2), 0);
		ck_assert_uint_eq(be16(row->bytes + 4), 1);
		ck_assert_uint_eq(be32(row->bytes + 6), 0);
		ck_assert_uint_eq(be16(row->bytes + 10), 0);
		while (row->bytes[at] != 0) {
			at += row->bytes[at] + 1U;
			ck_assert_uint_lt(at, row->len);
		}
		ck_assert_uint_eq(at + 5, row->len);
		ck_assert_uint_eq(be16(row->bytes + at + 1), want[i].type);
		ck_assert_uint_eq(be16(row->bytes + at + 3), want[i].class);
	}
}
END_TEST

/* Payloads of IKE follow each other to the end, as their lengths say. */
static void
walk_ike(const uint8_t *p, size_t len, const uint8_t *kinds, size_t n)
{
	uint8_t next = p[16];
	size_t at = 28;

	ck_assert_uint_eq(be32(p + 24), len);
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_le(at + 4, len);
		ck_assert_uint_eq(next, kinds[i]);
		next = p[at];
		if (i == 0) /* one proposal, alone in the SA */
			ck_assert_uint_eq(
			    be16(p + at + (n == 1 ? 14 : 6)) +
				(n == 1 ? 12U : 4U), be16(p + at + 2));
		at += be16(p + at + 2);
	}
	ck_assert_uint_eq(next, 0);
	ck_assert_uint_eq(at, len);
}

START_TEST(ike_holds)
{
	static const uint8_t two[] = {33, 34, 40}, one[] = {1};
	const struct mipo_payload *ike2 = row_of("IKEv2");
	const struct mipo_payload *ike1 = row_of("IKEv1"), *nat = NULL;

	for (size_t i = 0; i < mipo_payload_n; i++)
		if (mipo_payload_rows[i].port == 4500)
			nat = &mipo_payload_rows[i];
	ck_assert_ptr_nonnull(nat);
	walk_ike(ike2->bytes, ike2->len, two, 3);
	ck_assert_uint_eq(ike2->bytes[17], 0x20);
	ck_assert_uint_eq(ike2->bytes[18], 34);
	/* The key exchange: group 14, 256 bytes (RFC 3526, 3). */
	ck_assert_uint_eq(be16(ike2->bytes + 28 + 48 + 2), 8 + 256);
	ck_assert_uint_eq(be16(ike2->bytes + 28 + 48 + 4), 14);
	ck_assert_uint_eq(be32(nat->bytes), 0);
	walk_ike(nat->bytes + 4, nat->len - 4U, two, 3);
	walk_ike(ike1->bytes, ike1->len, one, 1);
	ck_assert_uint_eq(ike1->bytes[17], 0x10);
}
END_TEST

static bool
has(const struct mipo_payload *row, const char *text)
{
	return memmem(row->bytes, row->len, text, strlen(text)) != NULL;
}

START_TEST(others_hold)
{
	const struct mipo_payload *rpc = row_of("RPC port mapper");
	const struct mipo_payload *quic = row_of("QUIC");
	const struct mipo_payload *sip = row_of("SIP");
	const struct mipo_payload *ntp = row_of("NTP");
	const struct mipo_payload *stun = row_of("STUN");
	const struct mipo_payload *coap = row_of("CoAP");

	ck_assert_uint_eq(rpc->len, 40);
	ck_assert_uint_eq(be32(rpc->bytes + 4), 0); /* a call */
	ck_assert_uint_eq(be32(rpc->bytes + 8), 2);
	ck_assert_uint_eq(be32(rpc->bytes + 12), 100000);
	ck_assert_uint_eq(be32(row_of("NFS")->bytes + 12), 100003);
	ck_assert_uint_eq(ntp->len, 48);
	ck_assert_uint_eq(ntp->bytes[0] & 7, 3); /* client */
	ck_assert_uint_ge(quic->len, 1200);
	ck_assert_uint_eq(quic->bytes[0] & 0xc0, 0xc0);
	ck_assert_uint_eq(be32(quic->bytes + 1) & 0x0f0f0f0f, 0x0a0a0a0a);
	ck_assert_uint_eq(quic->bytes[5], 8);
	ck_assert_uint_eq(quic->bytes[14], 8);
	ck_assert_uint_eq(be32(stun->bytes + 4), 0x2112a442);
	ck_assert_uint_eq(be16(stun->bytes + 2) + 20U, stun->len);
	ck_assert_uint_eq(coap->bytes[0], 0x40); /* version 1, no token */
	ck_assert_mem_eq(sip->bytes + sip->at - 7, "z9hG4bK", 7);
	ck_assert(has(sip, "\r\nContent-Length: 0\r\n\r\n"));
	ck_assert(has(row_of("SSDP"), "MAN: \"ssdp:discover\"\r\n"));
	ck_assert(has(row_of("memcached"), "version\r\n"));
	ck_assert(row_of("TFTP")->moves && has(row_of("TFTP"), "octet"));
}
END_TEST

/* RFC 1071 over a pseudo header, the slow way; 0 where it holds. */
static uint16_t
check(const uint8_t *ip, const uint8_t *udp, size_t len)
{
	const bool six = ip[0] >> 4 == 6;
	uint32_t sum = 17 + (uint32_t)len;

	for (size_t i = 0; i < (six ? 32 : 8); i += 2)
		sum += be16(ip + (six ? 8 : 12) + i);
	for (size_t i = 0; i < len; i++)
		sum += i % 2 == 0 ? (uint32_t)udp[i] << 8 : udp[i];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* One probe in a slot that held another; sets bits of what was seen. */
static void
check_probe(const struct mipo_frame *frame, const struct mipo_load *load,
    uint32_t seed, uint8_t *bytes, bool *ones)
{
	struct mipo_addr dst = {.family = frame->family};
	struct mipo_probe probe = {.dst = &dst, .seq = seed * 2654435761U,
	    .sport = (uint16_t)(61000 + seed % 256),
	    .dport = load->row->port, .load = load};
	const uint8_t *ip = bytes + frame->ip, *udp = bytes + frame->l4;
	const size_t len = 8U + load->row->len;

	for (size_t i = 0; i < mipo_addr_size(&dst); i++)
		dst.b[i] = (uint8_t)(seed * 31 >> i);
	ck_assert_uint_eq(
	    mipo_frame_patch(frame, &probe, bytes), frame->l4 + len);
	ck_assert_uint_eq(be16(udp), probe.sport);
	ck_assert_uint_eq(be16(udp + 2), probe.dport);
	ck_assert_uint_eq(be16(udp + 4), len);
	ck_assert_uint_ne(be16(udp + 6), 0);
	*ones |= be16(udp + 6) == 0xffff;
	ck_assert_uint_eq(check(ip, udp, len), 0);
	if (frame->family == 6) {
		ck_assert_uint_eq(be16(ip + 4), len);
		ck_assert_uint_eq(ip[0], 0x60);
	} else {
		ck_assert_uint_eq(be16(ip + 2), 20 + len);
	}
	ck_assert(
	    load->row->reply_at != load->row->at ||
	    load->row->opcodes != 0 ||
	    mipo_load_answers(load, probe.seq, udp + 8, len - 8));
}

/* In one slot, long after short and back: lengths and sums are right. */
START_TEST(frames_hold)
{
	static const struct mipo_frame_from froms[] = {
	    {.addr = {4, {198, 18, 0, 1}}},
	    {.addr = {6, {0x20, 1, 0xd, 0xb8, [15] = 1}}}};
	struct mipo_payloads *all;
	struct mipo_frame frame;
	uint8_t bytes[MIPO_FRAME_UDP_MAX];
	bool ones = false;

	ck_ok(mipo_payloads_new(&all, &err));
	for (size_t i = 0; i < 2; i++) {
		ck_ok(mipo_frame_udp(&froms[i], &frame, &err));
		ck_assert_uint_le(frame.room + 14, MIPO_FRAME_UDP_MAX);
		memcpy(bytes, frame.bytes, frame.len);
		for (uint32_t seed = 0; seed < 20000; seed++)
			check_probe(&frame,
			    mipo_payloads_find(all,
				mipo_payload_rows[seed % mipo_payload_n].port,
				seed / 7),
			    seed, bytes, &ones);
		/* Until a sum of zero comes by, and goes as all ones. */
		ones = false;
		for (uint32_t seed = 20000; !ones; seed++) {
			ck_assert_uint_lt(seed, 2000000);
			check_probe(&frame, mipo_payloads_find(all, 53, 0),
			    seed, bytes, &ones);
		}
	}
	mipo_payloads_free(all);
}
END_TEST

START_TEST(answers_prove_themselves)
{
	struct mipo_payloads *all;
	const struct mipo_load *load;
	uint8_t p[MIPO_PAYLOAD_MAX];

	ck_ok(mipo_payloads_new(&all, &err));
	for (size_t i = 1; i < mipo_payload_n; i++) {
		const struct mipo_payload *row = &mipo_payload_rows[i];
		size_t at = row->reply_at < 0 ? 7 : (size_t)row->reply_at;

		for (unsigned pass = 0;; pass++) {
			load = mipo_payloads_find(all, row->port, pass);
			if (load->row == row)
				break;
			ck_assert_uint_lt(pass, 3);
		}
		if (row->opcodes != 0) {
			ck_assert(mipo_load_answers(
			    load, 7, (const uint8_t *)"\0\5", 2));
			ck_assert(!mipo_load_answers(
			    load, 7, (const uint8_t *)"\0\1", 2));
			ck_assert(!mipo_load_answers(
			    load, 7, (const uint8_t *)"\5\5", 2));
			ck_assert(!mipo_load_answers(
			    load, 7, (const uint8_t *)"\0\5", 1));
			continue;
		}
		if (row->width == 0) {
			ck_assert(mipo_load_answers(load, 7, p, 0));
			continue;
		}
		(void)mipo_load_put(load, 0x12345678, p);
		memmove(p + at, p + row->at, row->width);
		ck_assert(mipo_load_answers(
		    load, 0x12345678, p, at + row->width));
		ck_assert(!mipo_load_answers(
		    load, 0x12345678, p, at + row->width - 1U));
		p[at] ^= 1;
		ck_assert(!mipo_load_answers(
		    load, 0x12345678, p, at + row->width));
	}
	ck_assert_ptr_eq(
	    mipo_payloads_find(all, 1, 5)->row, &mipo_payload_rows[0]);
	ck_assert(mipo_payloads_vary(all, 161));
	ck_assert(!mipo_payloads_vary(all, 53));
	mipo_payloads_free(all);
}
END_TEST

UNIT_MAIN("payload", rows_are_sound, ber_holds, questions_hold, ike_holds,
    others_hold, frames_hold, answers_prove_themselves);
