#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "data/obs.h"
#include "data/rec.h"
#include "data/schema.h"

/* A small generator of our own: the same run everywhere. */
static uint64_t seed = 88172645463325252;

static uint64_t
next(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return below == 0 ? seed : seed % below;
}

static int32_t
maybe(int32_t min, uint64_t range)
{
	return next(3) == 0 ? -1 : min + (int32_t)next(range);
}

static void
any_addr(struct mipo_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	addr->family = next(2) ? 4 : 6;
	for (size_t i = 0; i < mipo_addr_size(addr); i++)
		addr->b[i] = next(2) ? 0 : (uint8_t)next(256);
}

static void
any_obs(struct mipo_obs *obs)
{
	memset(obs, 0, sizeof(*obs));
	obs->ts_ms = (int64_t)next(253402300800000);
	for (int i = 0; i < 32; i++)
		obs->scan[i] = "0123456789abcdef"[next(16)];
	any_addr(&obs->ip);
	obs->port = (uint16_t)(1 + next(65535));
	obs->state = (uint8_t)(1 + next(MIPO_STATE_N - 1));
	obs->reason = (uint8_t)(1 + next(MIPO_REASON_N - 1));
	obs->proto = (uint8_t)next(MIPO_PROTO_N);
	obs->ttl = (int16_t)maybe(0, 256);
	obs->rtt_us = maybe(1, INT32_MAX);
	obs->window = maybe(0, 65536);
	obs->pass = (int16_t)maybe(0, 32768);
	obs->icmp_type = (int16_t)maybe(0, 256);
	obs->icmp_code = (int16_t)maybe(0, 256);
	obs->has_responder = next(2) != 0;
	if (obs->has_responder)
		any_addr(&obs->responder);
}

static void
same(const struct mipo_obs *a, const struct mipo_obs *b)
{
	ck_assert_int_eq(a->ts_ms, b->ts_ms);
	ck_assert_str_eq(a->scan, b->scan);
	ck_assert_int_eq(mipo_addr_cmp(&a->ip, &b->ip), 0);
	ck_assert_uint_eq(a->port, b->port);
	ck_assert_uint_eq(a->state, b->state);
	ck_assert_uint_eq(a->reason, b->reason);
	ck_assert_int_eq(a->ttl, b->ttl);
	ck_assert_int_eq(a->rtt_us, b->rtt_us);
	ck_assert_int_eq(a->window, b->window);
	ck_assert_int_eq(a->proto, b->proto);
	ck_assert_int_eq(a->pass, b->pass);
	ck_assert_int_eq(a->icmp_type, b->icmp_type);
	ck_assert_int_eq(a->icmp_code, b->icmp_code);
	ck_assert_int_eq(a->has_responder, b->has_responder);
	if (a->has_responder)
		ck_assert_int_eq(
		    mipo_addr_cmp(&a->responder, &b->responder), 0);
}

static void
put_if(struct mipo_rec *rec, const char *key, int64_t n)
{
	if (n >= 0)
		mipo_rec_put_int(rec, key, n);
}

/* The same observation by the general emitter. */
static void
emit_slowly(struct mipo_buf *buf, const struct mipo_obs *obs)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_start("obs", &err);
	char s[MIPO_ADDR_LEN];

	mipo_rec_put_time(rec, "ts", obs->ts_ms);
	mipo_rec_put_str(rec, "scan", obs->scan);
	(void)mipo_addr_format(&obs->ip, s);
	mipo_rec_put_str(rec, "ip", s);
	mipo_rec_put_str(rec, "proto", mipo_proto_name(obs->proto));
	mipo_rec_put_int(rec, "port", obs->port);
	mipo_rec_put_str(rec, "state", mipo_pstate_name(obs->state));
	mipo_rec_put_str(rec, "reason", mipo_reason_name(obs->reason));
	put_if(rec, "ttl", obs->ttl);
	put_if(rec, "rtt_us", obs->rtt_us);
	put_if(rec, "window", obs->window);
	put_if(rec, "pass", obs->pass);
	put_if(rec, "icmp_type", obs->icmp_type);
	put_if(rec, "icmp_code", obs->icmp_code);
	if (obs->has_responder) {
		(void)mipo_addr_format(&obs->responder, s);
		mipo_rec_put_str(rec, "responder", s);
	}
	ck_ok(mipo_rec_check(rec, &err));
	ck_ok(mipo_rec_canon(rec, buf, &err));
	mipo_rec_free(rec);
}

/* Every number at its least (i = 0) or at its most. */
static void
edge_obs(struct mipo_obs *obs, int i)
{
	any_obs(obs);
	obs->ts_ms = i == 0 ? 0 : 253402300799999;
	obs->port = i == 0 ? 1 : 65535;
	obs->ttl = obs->icmp_type = obs->icmp_code = i == 0 ? 0 : 255;
	obs->rtt_us = i == 0 ? 1 : INT32_MAX;
	obs->window = i == 0 ? 0 : 65535;
	obs->pass = i == 0 ? 0 : INT16_MAX;
}

START_TEST(obs_both_emitters_agree)
{
	struct mipo_err err = {0};
	struct mipo_buf fast, slow;
	struct mipo_obs obs, back;
	struct mipo_rec *rec;

	mipo_buf_init(&fast, 65536);
	mipo_buf_init(&slow, 65536);
	for (int i = 0; i < 20000; i++) {
		if (i < 2)
			edge_obs(&obs, i);
		else
			any_obs(&obs);
		mipo_buf_clear(&fast);
		mipo_buf_clear(&slow);
		mipo_obs_emit(&fast, &obs);
		emit_slowly(&slow, &obs);
		ck_assert_str_eq(
		    mipo_buf_str(&fast, &err), mipo_buf_str(&slow, &err));
		ck_assert_int_eq(
		    mipo_obs_parse_fast(fast.data, fast.len, &back), 1);
		same(&obs, &back);
		ck_ok(mipo_rec_parse(fast.data, fast.len, &rec, &err));
		ck_ok(mipo_obs_from_rec(rec, &back, &err));
		same(&obs, &back);
		mipo_rec_free(rec);
	}
	mipo_buf_release(&fast);
	mipo_buf_release(&slow);
}
END_TEST

/*
 * Whatever the fast reader takes, the general one reads as the same, and
 * it is canonical. The line is mutilated in one or two places.
 */
START_TEST(obs_both_readers_agree)
{
	struct mipo_err err = {0};
	struct mipo_buf buf;
	struct mipo_obs obs, fast, slow;
	struct mipo_rec *rec;
	unsigned taken = 0, left = 0;
	static const char bytes[] = "0123456789abcdef:.\",{}-|TZ +\\x";

	mipo_buf_init(&buf, 65536);
	for (int i = 0; i < 200000; i++) {
		any_obs(&obs);
		mipo_buf_clear(&buf);
		mipo_obs_emit(&buf, &obs);
		for (uint64_t n = next(2); n < 2; n++)
			buf.data[next(buf.len)] =
			    bytes[next(sizeof(bytes) - 1)];
		if (next(4) == 0)
			buf.len -= 1 + next(buf.len / 4);
		if (mipo_obs_parse_fast(buf.data, buf.len, &fast) != 1) {
			left++;
			continue;
		}
		taken++;
		ck_assert(mipo_rec_is_canon(buf.data, buf.len));
		ck_ok(mipo_rec_parse(buf.data, buf.len, &rec, &err));
		ck_ok(mipo_obs_from_rec(rec, &slow, &err));
		same(&fast, &slow);
		mipo_rec_free(rec);
	}
	ck_assert_uint_gt(taken, 10000);
	ck_assert_uint_gt(left, 10000);
	mipo_buf_release(&buf);
}
END_TEST

#define HEAD "{\"ip\":\"192.0.2.1\",\"port\":22,\"proto\":\"tcp\","
#define ID "\"scan\":\"00112233445566778899aabbccddeeff\","
#define TAIL "\"type\":\"obs\",\"v\":1}"

/* Each day of a leap century and the next: 29 February only where it is. */
START_TEST(obs_days_exist)
{
	static const int last[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
	    31};
	struct mipo_err err = {0};
	struct mipo_obs obs;
	char text[256];
	int64_t day = 10957; /* 2000-01-01 */

	for (int y = 2000; y <= 2200; y++) {
		bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

		for (int d = 0; d < 12 * 32; d++) {
			int m = d / 32, most = last[m] + (m == 1 && leap);
			bool good = d % 32 >= 1 && d % 32 <= most;
			int len = snprintf(text, sizeof(text), HEAD
			    "\"reason\":\"rst\"," ID "\"state\":\"closed\","
			    "\"ts\":\"%d-%02d-%02dT00:00:00.000Z\"," TAIL,
			    y, m + 1, d % 32);

			ck_assert_int_eq(mipo_obs_parse_fast(
					     text, (size_t)len, &obs),
			    good);
			ck_assert_int_eq(mipo_obs_parse(
					     text, (size_t)len, &obs, &err),
			    good ? 0 : -1);
			mipo_err_clear(&err);
			if (good)
				ck_assert_int_eq(
				    obs.ts_ms, day++ * 86400000);
		}
	}
}
END_TEST

START_TEST(obs_general_reader_takes_what_is_not_canonical)
{
	static const char text[] = " " HEAD "\"reason\":\"syn-ack\"," ID
	    "\"state\":\"open\", \"new_key\":{\"x\":1},"
	    "\"ts\":\"2026-11-22T10:00:00.123456Z\"," TAIL;
	struct mipo_err err = {0};
	struct mipo_obs obs;

	ck_assert_int_eq(mipo_obs_parse_fast(text, strlen(text), &obs), 0);
	ck_ok(mipo_obs_parse(text, strlen(text), &obs, &err));
	ck_assert_int_eq(obs.port, 22);
	ck_assert_int_eq(obs.ts_ms % 1000, 123);
	ck_assert_int_eq(obs.ttl, -1);
	ck_assert_int_eq(obs.rtt_us, -1);
}
END_TEST

START_TEST(obs_refuses)
{
	static const char *const bad[] = {
	    HEAD "\"reason\":\"syn-ack\"," ID "\"state\":\"open\"," TAIL,
	    HEAD "\"reason\":\"guess\"," ID "\"state\":\"open\",\"ts\":"
	    "\"2026-11-22T10:00:00.000Z\"," TAIL,
	    HEAD "\"reason\":\"rst\"," ID "\"state\":\"maybe\",\"ts\":"
	    "\"2026-11-22T10:00:00.000Z\"," TAIL,
	    HEAD "\"reason\":\"rst\"," ID "\"state\":\"open\",\"ts\":"
	    "\"2026-02-30T10:00:00.000Z\"," TAIL,
	    HEAD "\"reason\":\"rst\"," ID "\"state\":\"open\",\"ts\":"
	    "\"2026-02-20T10:75:00.000Z\"," TAIL,
	    HEAD "\"reason\":\"rst\"," ID "\"state\":\"open\",\"ts\":"
	    "\"2026-02-20T10:00:00.000+00:00\"," TAIL,
	    HEAD "\"reason\":\"rst\",\"rtt_us\":0," ID "\"state\":\"open\","
	    "\"ts\":\"2026-02-20T10:00:00.000Z\"," TAIL,
	    "{\"ts\":\"2026-02-20T10:00:00.000Z\"," TAIL, "{}", "", NULL};
	struct mipo_err err = {0};
	struct mipo_obs obs;

	for (const char *const *s = bad; *s != NULL; s++)
		ck_fails(mipo_obs_parse(*s, strlen(*s), &obs, &err),
		    MIPO_E_INPUT);
}
END_TEST

START_TEST(obs_names)
{
	for (unsigned i = 1; i < MIPO_STATE_N; i++) {
		const char *s = mipo_pstate_name((enum mipo_pstate)i);

		ck_assert_uint_eq(mipo_pstate_find(s, strlen(s)), i);
		ck_assert_uint_eq(mipo_pstate_find(s, strlen(s) - 1), 0);
	}
	for (unsigned i = 1; i < MIPO_REASON_N; i++) {
		const char *s = mipo_reason_name((enum mipo_reason)i);

		ck_assert_uint_eq(mipo_reason_find(s, strlen(s)), i);
	}
	ck_assert_uint_eq(mipo_pstate_find("open\0x", 6), 0);
	ck_assert_ptr_null(mipo_pstate_name((enum mipo_pstate)0));
	ck_assert_ptr_null(mipo_pstate_name((enum mipo_pstate)77));
}
END_TEST

UNIT_MAIN("obs", obs_both_emitters_agree, obs_both_readers_agree,
    obs_days_exist,
    obs_general_reader_takes_what_is_not_canonical, obs_refuses,
    obs_names);
