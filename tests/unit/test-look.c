#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/rec.h"
#include "data/schema.h"
#include "trust/hash.h"
#include "trust/key.h"
#include "trust/look.h"
#include "trust/receipt.h"

#define SCAN  "00112233445566778899aabbccddeeff"
#define OTHER "ffeeddccbbaa99887766554433221100"
#define TS    "2026-11-22T10:00:00.000Z"
#define HEX64 SCAN OTHER

static const char start[] =
    "{\"config_sha256\":\"" HEX64 "\",\"exclusions\":[],\"key\":\"none\","
    "\"method\":\"connect\",\"network\":\"lab\",\"planned\":2,"
    "\"ports\":\"22,80\",\"proto\":\"tcp\",\"scan\":\"" SCAN "\","
    "\"scope_sha256\":\"" HEX64 "\",\"seed\":\"0123456789abcdef\","
    "\"silent_as\":\"\",\"states\":[\"open\",\"closed\"],"
    "\"targets\":[\"198.18.0.1\"],\"tool\":\"mipo-scan 0.1.0\",\"ts\":\"" TS
    "\",\"type\":\"scan.start\",\"v\":1,\"vantage\":\"here\"}";

#define OBS(scan)                                                       \
	"{\"ip\":\"198.18.0.1\",\"port\":22,\"proto\":\"tcp\","         \
	"\"reason\":\"connected\",\"scan\":\"" scan                     \
	"\",\"state\":\"open\",\"ts\":\"" TS "\",\"type\":\"obs\",\"v\":1}"

static struct mipo_look *look;
static enum mipo_look_kind kind;
static struct mipo_obs obs;

static int
feed(const char *line, struct mipo_err *err)
{
	return mipo_look_feed(
	    look, line, strlen(line), &kind, &obs, err);
}

static void
anew(void)
{
	struct mipo_err err = {0};

	mipo_look_free(look);
	look = mipo_look_new(&err);
	ck_assert_ptr_nonnull(look);
	ck_ok(feed(start, &err));
	ck_assert_int_eq(kind, MIPO_LOOK_START);
}

/* A receipt over what the look has been fed so far. */
static struct mipo_rec *
receipt(int64_t records)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_start("scan.end", &err), *sub;
	const struct mipo_type *type = mipo_type_find("scan.end");
	uint8_t digest[32];

	ck_assert_ptr_nonnull(type);
	mipo_look_digest(look, digest);
	/* all that the table of types requires, in its plainest form */
	for (const struct mipo_field *f = type->fields; f->name != NULL; f++) {
		switch (f->ftype) {
		case MIPO_F_INT:
			mipo_rec_put_int(rec, f->name, f->min);
			break;
		case MIPO_F_TIME:
			mipo_rec_put_str(rec, f->name, TS);
			break;
		case MIPO_F_BOOL:
			mipo_rec_put_bool(rec, f->name, false);
			break;
		case MIPO_F_STRS:
		case MIPO_F_INTS:
		case MIPO_F_PAIRS:
		case MIPO_F_OBJS:
			mipo_rec_put_list(rec, f->name);
			break;
		default:
			break;
		}
	}
	mipo_rec_put_str(rec, "scan", SCAN);
	mipo_rec_put_str(rec, "verdict", "complete");
	mipo_rec_put_int(rec, "records", records);
	mipo_rec_put_hex(rec, "stream_sha256", digest, 32);
	mipo_rec_put_hex(rec, "state_sha256", digest, 32);
	sub = mipo_rec_new(&err);
	for (const char *const *s =
		 (const char *const[]){"open", "closed", "filtered",
		     "open_filtered", "unreachable", NULL};
	     *s != NULL; s++)
		mipo_rec_put_int(sub, *s, 0);
	mipo_rec_put_rec_take(rec, "counts", sub);
	sub = mipo_rec_new(&err);
	mipo_rec_put_str(sub, "id", "test");
	mipo_rec_put_str(sub, "key", "00");
	mipo_rec_put_rec_take(rec, "permutation", sub);
	sub = mipo_rec_new(&err);
	mipo_rec_put_int(sub, "pass", 0);
	mipo_rec_add_pair(sub, "intervals", 0, 1 << 30);
	mipo_rec_put_int(sub, "probes", 0);
	mipo_rec_add_rec_take(rec, "passes", sub);
	mipo_rec_del(rec, "origin");
	mipo_rec_del(rec, "shard");
	mipo_rec_del(rec, "shards");
	ck_ok(mipo_receipt_sign(rec, NULL, &err));
	ck_ok(mipo_rec_check(rec, &err));
	return rec;
}

static int
feed_take(struct mipo_rec *rec, struct mipo_err *err)
{
	struct mipo_buf buf;
	int r;

	mipo_buf_init(&buf, MIPO_REC_MAX_READ);
	ck_assert_int_eq(mipo_rec_canon(rec, &buf, NULL), 0);
	r = mipo_look_feed(look, buf.data, buf.len, &kind, &obs, err);
	mipo_buf_release(&buf);
	mipo_rec_free(rec);
	return r;
}

START_TEST(whole_stream)
{
	struct mipo_err err = {0};
	uint8_t digest[32], want[32];
	struct mipo_hash *hash = mipo_hash_new(&err);
	static const char odd[] =
	    "{\"ts\":\"" TS "\",\"type\":\"note.odd\",\"v\":1}";

	anew();
	ck_assert_str_eq(mipo_look_verdict(look), "interrupted");
	ck_ok(feed(OBS(SCAN), &err));
	ck_assert_int_eq(kind, MIPO_LOOK_OBS);
	ck_assert_uint_eq(obs.port, 22);
	ck_ok(feed(odd, &err));
	ck_assert_int_eq(kind, MIPO_LOOK_OTHER);
	mipo_hash_add(hash, start, strlen(start));
	mipo_hash_add(hash, "\n" OBS(SCAN) "\n", strlen(OBS(SCAN)) + 2);
	mipo_hash_add(hash, odd, strlen(odd));
	mipo_hash_add(hash, "\n", 1);
	mipo_hash_final(hash, want);
	ck_ok(feed_take(receipt(3), &err));
	ck_assert_int_eq(kind, MIPO_LOOK_END);
	ck_assert_str_eq(mipo_look_verdict(look), "complete");
	mipo_look_digest(look, digest);
	ck_assert_mem_eq(digest, want, 32);
	ck_assert_uint_eq(mipo_look_bytes(look),
	    strlen(start) + strlen(OBS(SCAN)) + strlen(odd) + 3);
	ck_assert_ptr_nonnull(mipo_look_start(look));
	ck_assert_ptr_nonnull(mipo_look_end(look));
	ck_fails(feed(OBS(SCAN), &err), MIPO_E_INPUT);
	mipo_hash_free(hash);
}
END_TEST

/* The same observation with its keys in another order and with blanks. */
START_TEST(odd_forms)
{
	struct mipo_err err = {0};
	static const char odd[] =
	    "{ \"v\": 1, \"type\": \"obs\", \"ts\": \"" TS "\", \"scan\": \""
	    SCAN "\", \"ip\": \"198.18.0.1\", \"port\": 22, \"proto\": "
	    "\"tcp\", \"state\": \"open\", \"reason\": \"connected\" }";

	anew();
	ck_ok(feed(odd, &err));
	ck_assert_int_eq(kind, MIPO_LOOK_OBS);
	ck_assert_uint_eq(obs.port, 22);
	ck_ok(feed_take(receipt(2), &err));
}
END_TEST

START_TEST(refused)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec;

	mipo_look_free(look);
	look = mipo_look_new(&err);
	ck_fails(feed(OBS(SCAN), &err), MIPO_E_INPUT); /* no start */
	ck_fails(feed("{\"type\":\"note.x\"}", &err), MIPO_E_INPUT);
	ck_fails(feed("{\"a\":1}", &err), MIPO_E_INPUT);
	ck_fails(feed("hello", &err), MIPO_E_INPUT);
	anew();
	ck_fails(feed(start, &err), MIPO_E_INPUT); /* a second one */
	ck_fails(feed(OBS(OTHER), &err), MIPO_E_INPUT);
	ck_ok(feed(OBS(SCAN), &err));
	ck_fails(feed_take(receipt(1), &err), MIPO_E_TAMPERED);
	ck_fails(feed_take(receipt(3), &err), MIPO_E_TAMPERED);
	rec = receipt(2);
	mipo_rec_put_str(rec, "stream_sha256", HEX64);
	ck_fails(feed_take(rec, &err), MIPO_E_TAMPERED);
	rec = receipt(2);
	mipo_rec_put_str(rec, "scan", OTHER);
	ck_fails(feed_take(rec, &err), MIPO_E_INPUT);
	rec = receipt(2);
	mipo_rec_del(rec, "verdict");
	ck_fails(feed_take(rec, &err), MIPO_E_INPUT);
	ck_assert_ptr_null(mipo_look_end(look));
	/* none of these counted */
	ck_ok(feed_take(receipt(2), &err));
}
END_TEST

#define SERVICE(scan, result)                                           \
	"{\"ip\":\"198.18.0.1\",\"port\":22,\"proto\":\"tcp\","         \
	"\"result\":\"" result "\",\"scan\":\"" scan "\",\"ts\":\"" TS      \
	"\",\"type\":\"service\",\"v\":1}"

/* What listens is no observation, and of this scan or refused. */
START_TEST(services)
{
	struct mipo_err err = {0};

	anew();
	ck_ok(feed(OBS(SCAN), &err));
	ck_fails(feed(SERVICE(OTHER, "silent"), &err), MIPO_E_INPUT);
	ck_fails(feed(SERVICE(SCAN, "what"), &err), MIPO_E_INPUT);
	ck_ok(feed(SERVICE(SCAN, "silent"), &err));
	ck_assert_int_eq(kind, MIPO_LOOK_OTHER);
	ck_ok(feed_take(receipt(3), &err));
}
END_TEST

static enum mipo_receipt_state
check(const struct mipo_rec *rec, const struct mipo_pub *pub)
{
	struct mipo_err err = {0};
	enum mipo_receipt_state state;

	ck_ok(mipo_receipt_check(rec, pub, &state, &err));
	return state;
}

#define SCOPE(scan, more)                                               \
	"{\"scan\":\"" scan "\"," more "\"ts\":\"" TS                    \
	"\",\"type\":\"scan.scope\",\"v\":1}"

/* A start that announces scopes, and none of them yet. */
static void
anew_with(const char *scopes)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec;

	mipo_look_free(look);
	look = mipo_look_new(&err);
	ck_ok(mipo_rec_parse(start, strlen(start), &rec, &err));
	mipo_rec_put_int(rec, "scopes", strtol(scopes, NULL, 10));
	ck_ok(feed_take(rec, &err));
	ck_assert_int_eq(kind, MIPO_LOOK_SCOPE);
}

/* Three records make one start, and their lines are the stream's. */
START_TEST(scopes)
{
	struct mipo_err err = {0};
	const struct mipo_rec *whole;

	anew_with("3");
	ck_assert_uint_eq(mipo_look_missing(look), 3);
	ck_ok(feed(SCOPE(SCAN, "\"ports\":\"443,8000-8100\",\"targets\":"
			      "[\"198.18.0.2\",\"198.18.0.4/31\"],"), &err));
	ck_assert_int_eq(kind, MIPO_LOOK_SCOPE);
	ck_ok(feed(SCOPE(SCAN, "\"exclusions\":[\"198.18.0.4\"],"
		"\"names\":[{\"ips\":[\"198.18.0.2\"],\"name\":\"a\"}],"),
	    &err));
	ck_assert_int_eq(kind, MIPO_LOOK_SCOPE);
	ck_assert_str_eq(mipo_look_verdict(look), "interrupted");
	ck_ok(feed(SCOPE(SCAN, "\"targets\":[\"198.18.0.9\"],"), &err));
	ck_assert_int_eq(kind, MIPO_LOOK_START);
	ck_assert_uint_eq(mipo_look_missing(look), 0);
	whole = mipo_look_start(look);
	ck_assert_str_eq(mipo_rec_str(whole, "ports"), "22,80,443,8000-8100");
	ck_assert_uint_eq(mipo_rec_len(whole, "targets"), 4);
	ck_assert_str_eq(mipo_rec_str(whole, "targets.0"), "198.18.0.1");
	ck_assert_str_eq(mipo_rec_str(whole, "targets.3"), "198.18.0.9");
	ck_assert_str_eq(mipo_rec_str(whole, "exclusions.0"), "198.18.0.4");
	ck_assert_str_eq(mipo_rec_str(whole, "names.0.name"), "a");
	ck_assert(!mipo_rec_has(whole, "scopes"));
	ck_ok(feed(OBS(SCAN), &err));
	ck_fails(feed(SCOPE(SCAN, ""), &err), MIPO_E_INPUT);
	ck_fails(feed_take(receipt(2), &err), MIPO_E_TAMPERED);
	ck_ok(feed_take(receipt(5), &err));
	ck_assert_str_eq(mipo_look_verdict(look), "complete");
}
END_TEST

START_TEST(scopes_refused)
{
	struct mipo_err err = {0};
	static const char *const not_here[] = {OBS(SCAN), start,
	    "{\"ts\":\"" TS "\",\"type\":\"note.odd\",\"v\":1}",
	    SCOPE(OTHER, ""), SCOPE(SCAN, "\"targets\":\"198.18.0.2\","),
	    SCOPE(SCAN, "\"ports\":\"\",")};

	for (size_t i = 0; i < sizeof(not_here) / sizeof(*not_here); i++) {
		anew_with("2");
		ck_ok(feed(SCOPE(SCAN, ""), &err));
		ck_assert_int_eq(feed(not_here[i], &err), -1);
		ck_assert_int_eq(err.code, MIPO_E_INPUT);
		if (i < 3)
			ck_assert_ptr_nonnull(
			    strstr(err.text, "scan.scope 2 of 2"));
		mipo_err_clear(&err);
	}
	anew_with("2");
	ck_fails(feed_take(receipt(1), &err), MIPO_E_INPUT);
	ck_assert_ptr_null(mipo_look_end(look));
	anew();
	ck_fails(feed(SCOPE(SCAN, ""), &err), MIPO_E_INPUT);
	mipo_look_free(look);
	look = mipo_look_new(&err);
	ck_fails(feed(SCOPE(SCAN, ""), &err), MIPO_E_INPUT);
}
END_TEST

/* Ports have a bound of their own, and so has the whole. */
START_TEST(scopes_too_long)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec;
	struct mipo_buf text;
	unsigned n = 0;

	mipo_buf_init(&text, MIPO_REC_MAX_READ);
	while (text.len < MIPO_REC_MAX_READ / 4)
		mipo_buf_puts(&text, "65535,");
	rec = mipo_rec_start("scan.scope", &err);
	mipo_rec_put_str(rec, "scan", SCAN);
	mipo_rec_put_str(rec, "ports", mipo_buf_str(&text, &err));
	anew_with("4096");
	ck_fails(feed_take(rec, &err), MIPO_E_INPUT);
	mipo_buf_release(&text);

	mipo_buf_init(&text, MIPO_REC_MAX_READ);
	mipo_buf_puts(&text, "{\"scan\":\"" SCAN "\",\"targets\":[");
	while (text.len < MIPO_REC_MAX_READ - 100)
		mipo_buf_puts(&text, "\"198.18.0.1\",");
	mipo_buf_puts(&text, "\"198.18.0.2\"],\"ts\":\"" TS
			     "\",\"type\":\"scan.scope\",\"v\":1}");
	ck_ok(mipo_buf_ok(&text, &err));
	anew_with("4096");
	while (mipo_look_feed(look, text.data, text.len, &kind, &obs, &err) ==
	    0)
		ck_assert_uint_lt(++n, 70);
	ck_assert_uint_gt(n, 60);
	ck_assert_ptr_nonnull(strstr(err.text, "more than 64 MiB"));
	mipo_buf_release(&text);
}
END_TEST

START_TEST(receipts)
{
	struct mipo_err err = {0};
	struct mipo_key *key = mipo_key_new(&err), *other = mipo_key_new(&err);
	const struct mipo_pub *pub = mipo_key_pub(key);
	struct mipo_rec *rec;

	anew();
	rec = receipt(1);
	ck_assert_int_eq(check(rec, pub), MIPO_RECEIPT_UNSIGNED);
	mipo_rec_put_str(rec, "sig", "x"); /* unsigned, but with one */
	ck_assert_int_eq(check(rec, pub), MIPO_RECEIPT_BAD);
	ck_ok(mipo_receipt_sign(rec, key, &err));
	ck_assert_int_eq(check(rec, pub), MIPO_RECEIPT_GOOD);
	ck_assert_int_eq(check(rec, NULL), MIPO_RECEIPT_UNKNOWN);
	ck_assert_int_eq(
	    check(rec, mipo_key_pub(other)), MIPO_RECEIPT_UNKNOWN);
	mipo_rec_put_int(rec, "answered", 7);
	ck_assert_int_eq(check(rec, pub), MIPO_RECEIPT_BAD);
	ck_ok(mipo_receipt_sign(rec, key, &err)); /* signs anew */
	ck_assert_int_eq(check(rec, pub), MIPO_RECEIPT_GOOD);
	mipo_rec_put_str(rec, "extra", "field");
	ck_assert_int_eq(check(rec, pub), MIPO_RECEIPT_BAD);
	mipo_rec_del(rec, "extra");
	ck_assert_int_eq(check(rec, pub), MIPO_RECEIPT_GOOD);
	mipo_rec_del(rec, "sig");
	ck_assert_int_eq(check(rec, pub), MIPO_RECEIPT_BAD);
	mipo_rec_put_str(rec, "signed", "rsa");
	ck_assert_int_eq(check(rec, pub), MIPO_RECEIPT_BAD);
	mipo_rec_free(rec);
	mipo_key_free(key);
	mipo_key_free(other);
}
END_TEST

START_TEST(look_out_of_memory)
{
	struct mipo_err err = {0};
	unsigned long n = 0;
	char with[sizeof(start) + 16];
	int r = -1;

	(void)snprintf(with, sizeof(with), "{\"scopes\":1,%s", start + 1);
	while (r != 0 && n < 2000) {
		mipo_look_free(look);
		mipo_err_clear(&err);
		mipo_mem_fail_at(++n);
		look = mipo_look_new(&err);
		r = look == NULL ? -1 : feed(with, &err);
		if (r == 0)
			r = feed(SCOPE(SCAN, "\"ports\":\"443\","
				"\"targets\":[\"198.18.0.2\"],"), &err);
		if (r == 0)
			r = feed("{\"ts\":\"" TS
				 "\",\"type\":\"note.x\",\"v\":1}", &err);
		mipo_mem_fail_at(0);
		if (r != 0)
			ck_assert_msg(err.code == MIPO_E_NOMEM, "%lu: %s", n,
			    err.text);
	}
	ck_assert_int_eq(r, 0);
	ck_assert_uint_gt(n, 10);
}
END_TEST

UNIT_MAIN("look", whole_stream, odd_forms, refused, services, receipts,
    scopes, scopes_refused, scopes_too_long, look_out_of_memory);
