#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "data/canon.h"
#include "data/obs.h"
#include "data/rec.h"

/* The canonical bytes of rec as a string inside buf. */
static const char *
canon(const struct mipo_rec *rec, struct mipo_buf *buf)
{
	struct mipo_err err = {0};

	mipo_buf_clear(buf);
	ck_ok(mipo_rec_canon(rec, buf, &err));
	return mipo_buf_str(buf, &err);
}

START_TEST(rec_canonical_form)
{
	/* What is given, and what is hashed (RFC 8785). */
	static const char *const rows[][2] = {{"{}", "{}"},
	    {" { \"b\" : 1 , \"a\" : [ ] } ", "{\"a\":[],\"b\":1}"},
	    {"{\"a_b\":1,\"a0\":2,\"ab\":3,\"a\":4}",
		"{\"a\":4,\"a0\":2,\"a_b\":1,\"ab\":3}"},
	    {"{\"a\":\"\\u00e9\\ud83d\\ude00\\/\"}",
		"{\"a\":\"\xc3\xa9\xf0\x9f\x98\x80/\"}"},
	    {"{\"a\":\"\\u0001\\u0008\\u0009\\u000a\\u000B\\u000c\\u000d"
	     "\\u001F\\u0022\\u005c\\u007f\"}",
		"{\"a\":\"\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\"
		"\x7f\"}"},
	    {"{\"a\":-0}", "{\"a\":0}"},
	    {"{\"a\":[true,false,null,-9007199254740991]}",
		"{\"a\":[true,false,null,-9007199254740991]}"},
	    {"{\"a\":{\"z\":{},\"y\":[[1,2],[]]}}",
		"{\"a\":{\"y\":[[1,2],[]],\"z\":{}}}"}};
	struct mipo_err err = {0};
	struct mipo_rec *rec;
	struct mipo_buf buf;

	mipo_buf_init(&buf, 1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *in = rows[i][0], *out = rows[i][1];

		ck_ok(mipo_rec_parse(in, strlen(in), &rec, &err));
		ck_assert_str_eq(canon(rec, &buf), out);
		ck_assert(mipo_rec_is_canon(out, strlen(out)));
		ck_assert(mipo_rec_is_canon(in, strlen(in)) ==
		    (strcmp(in, out) == 0));
		mipo_rec_free(rec);
	}
	mipo_buf_release(&buf);
}
END_TEST

START_TEST(rec_refuses)
{
	static const char *const bad[] = {"", "{", "[]", "1", "null", "\"a\"",
	    "{}x", "{} {}", "{\"a\":1,}", "{a:1}", "{\"a\":1,\"a\":1}",
	    "{\"b\":{\"a\":1,\"a\":2}}", "{\"A\":1}", "{\"\":1}",
	    "{\"_a\":1}", "{\"0\":1}", "{\"a-b\":1}", "{\"b\":[{\"A\":1}]}",
	    "{\"a.b\":1}", "{\"\\u00e9\":1}", "{\"a\\u0000\":1}",
	    "{\"a\":1.0}", "{\"a\":1e2}", "{\"a\":[1.5]}", "{\"a\":01}",
	    "{\"a\":+1}", "{\"a\":9007199254740992}",
	    "{\"a\":-9007199254740992}", "{\"a\":99999999999999999999}",
	    "{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud800\"}",
	    "{\"a\":\"\xc0\x80\"}", "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}",
	    "{\"a\":tru}", "{\"a\":NaN}", "\xef\xbb\xbf{}",
	    "{\"a\":[[[[[[[[1]]]]]]]]}",
	    "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}"
	    "}}}",
	    "{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaa\":1}",
	    NULL};
	struct mipo_rec *rec = NULL;
	struct mipo_err err = {0};

	for (const char *const *s = bad; *s != NULL; s++) {
		ck_assert_msg(
		    mipo_rec_parse(*s, strlen(*s), &rec, &err) == -1 &&
			err.code == MIPO_E_INPUT,
		    "taken: %s", *s);
		mipo_err_clear(&err);
		ck_assert(!mipo_rec_is_canon(*s, strlen(*s)));
	}
	ck_assert_int_eq(mipo_rec_parse("{\"a\":\"\0\"}", 9, &rec, &err), -1);
	ck_assert_int_eq(mipo_rec_parse("{}\0", 3, &rec, &err), -1);
	ck_assert_ptr_null(rec);
}
END_TEST

START_TEST(rec_at_its_limits)
{
	static const char deep[] = "{\"a\":[[[[[[[1]]]]]]]}"; /* 8 */
	struct mipo_err err = {0};
	struct mipo_rec *rec;
	struct mipo_buf buf;

	ck_assert(mipo_rec_is_canon(deep, strlen(deep)));
	ck_ok(mipo_rec_parse(deep, strlen(deep), &rec, &err));
	mipo_rec_free(rec);
	for (int n = MIPO_REC_MAX_KEYS; n <= MIPO_REC_MAX_KEYS + 1; n++) {
		bool good = n == MIPO_REC_MAX_KEYS;

		mipo_buf_init(&buf, MIPO_REC_MAX_READ);
		for (int i = 0; i < n; i++)
			mipo_buf_putf(&buf, "%c\"k%06d\":%d", i ? ',' : '{', i,
			    i);
		mipo_buf_putc(&buf, '}');
		ck_assert(mipo_rec_is_canon(buf.data, buf.len) == good);
		ck_assert_int_eq(
		    mipo_rec_parse(buf.data, buf.len, &rec, &err),
		    good ? 0 : -1);
		if (good)
			mipo_rec_free(rec);
		mipo_buf_release(&buf);
	}
}
END_TEST

START_TEST(rec_write_and_read)
{
	static const char want[] =
	    "{\"b\":true,\"h\":\"00ff\",\"i\":-7,\"l\":[1,\"x\",[3,9],"
	    "{\"k\":\"v\"}],\"o\":{\"k\":{\"n\":5}},\"s\":\"t\",\"t\":"
	    "\"1970-01-01T00:00:01.500Z\",\"z\":[]}";
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_new(&err), *sub, *in, *copy;
	struct mipo_buf buf;
	const char *key = NULL;
	int64_t n = 0;
	bool b = false;

	mipo_buf_init(&buf, 1000);
	mipo_rec_put_str(rec, "s", "old");
	mipo_rec_put_str(rec, "s", "t");
	mipo_rec_put_int(rec, "i", -7);
	mipo_rec_put_bool(rec, "b", true);
	mipo_rec_put_hex(rec, "h", "\x00\xff", 2);
	mipo_rec_put_time(rec, "t", 1500);
	mipo_rec_put_list(rec, "z");
	mipo_rec_add_int(rec, "l", 1);
	mipo_rec_add_str(rec, "l", "x");
	mipo_rec_add_pair(rec, "l", 3, 9);
	sub = mipo_rec_new(&err);
	mipo_rec_put_str(sub, "k", "v");
	mipo_rec_add_rec_take(rec, "l", sub);
	sub = mipo_rec_new(&err);
	in = mipo_rec_new(&err);
	mipo_rec_put_int(in, "n", 5);
	mipo_rec_put_rec_take(sub, "k", in);
	mipo_rec_put_rec_take(rec, "o", sub);
	mipo_rec_put_int(rec, "gone", 1);
	mipo_rec_del(rec, "gone");
	ck_ok(mipo_rec_ok(rec, &err));
	ck_assert_str_eq(canon(rec, &buf), want);

	ck_assert_str_eq(mipo_rec_str(rec, "l.3.k"), "v");
	ck_assert(mipo_rec_int(rec, "l.2.1", &n) && n == 9);
	ck_assert(mipo_rec_int(rec, "o.k.n", &n) && n == 5);
	ck_assert(mipo_rec_bool(rec, "b", &b) && b);
	ck_assert_uint_eq(mipo_rec_len(rec, "l"), 4);
	ck_assert_int_eq(mipo_rec_kind(rec, "l.2"), MIPO_K_LIST);
	ck_assert_int_eq(mipo_rec_kind(rec, "o.k"), MIPO_K_OBJ);
	ck_assert_int_eq(mipo_rec_kind(rec, "o.k.x"), MIPO_K_NONE);
	ck_assert(!mipo_rec_has(rec, "l.4") && !mipo_rec_has(rec, "l.03"));
	ck_assert(!mipo_rec_has(rec, "s.x") && !mipo_rec_has(rec, ""));
	ck_assert(!mipo_rec_int(rec, "s", &n) && n == 5);
	ck_assert_ptr_null(mipo_rec_str(rec, "i"));
	ck_ok(mipo_rec_sub(rec, "o", &sub, &err));
	ck_assert_str_eq(canon(sub, &buf), "{\"k\":{\"n\":5}}");
	mipo_rec_free(sub);
	ck_fails(mipo_rec_sub(rec, "s", &sub, &err), MIPO_E_INPUT);
	copy = mipo_rec_dup(rec, &err);
	mipo_rec_free(rec);
	ck_assert_str_eq(canon(copy, &buf), want);
	mipo_buf_clear(&buf);
	while ((key = mipo_rec_next_key(copy, key)) != NULL)
		mipo_buf_puts(&buf, key);
	ck_assert_str_eq(mipo_buf_str(&buf, &err), "bhilostz");
	mipo_rec_free(copy);
	mipo_buf_release(&buf);
}
END_TEST

START_TEST(rec_bad_writes_stick)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec, *sub;
	struct mipo_buf buf;

	mipo_buf_init(&buf, 1000);
	mipo_buf_puts(&buf, "x");
	for (int i = 0; i < 9; i++) {
		rec = mipo_rec_new(&err);
		sub = mipo_rec_new(&err);
		switch (i) {
		case 0:
			mipo_rec_put_str(rec, "a", "\xff");
			break;
		case 1:
			mipo_rec_put_int(rec, "a", MIPO_INT_MAX + 1);
			break;
		case 2:
			mipo_rec_put_int(rec, "A", 1);
			break;
		case 3:
			mipo_rec_add_pair(rec, "a", 0, INT64_MIN);
			break;
		case 4:
			mipo_rec_put_str(rec, "a", NULL);
			break;
		case 5:
			mipo_rec_put_int(rec, "a", 1);
			mipo_rec_add_int(rec, "a", 1);
			break;
		case 6:
			mipo_rec_put_int(sub, "B", 1);
			mipo_rec_put_rec_take(rec, "a", sub);
			sub = NULL;
			break;
		case 7:
			mipo_rec_put_time(rec, "a", -1);
			break;
		default:
			mipo_rec_put_rec_take(rec, "a", NULL);
			ck_fails(mipo_rec_ok(rec, &err), MIPO_E_NOMEM);
			mipo_rec_put_str(rec, "A", "later");
			mipo_rec_free(sub);
			mipo_rec_free(rec);
			continue;
		}
		mipo_rec_put_str(rec, "later", "good");
		ck_fails(mipo_rec_canon(rec, &buf, &err), MIPO_E_INPUT);
		mipo_rec_free(sub);
		mipo_rec_free(rec);
	}
	ck_assert_uint_eq(buf.len, 1);
	ck_fails(mipo_rec_ok(NULL, &err), MIPO_E_NOMEM);
	mipo_rec_put_str(NULL, "a", "b");
	mipo_buf_release(&buf);
}
END_TEST

/* Any change of one byte of canonical text: both readers must agree. */
START_TEST(rec_canon_walk_equals_emitter)
{
	static const char text[] =
	    "{\"a\":[0,-1,9007199254740991,true,null],\"b\":{\"c\":\"x\\n"
	    "\\u001f\xc3\xa9\\\\\"},\"d0_\":\"\"}";
	char copy[sizeof(text)];
	struct mipo_err err = {0};
	struct mipo_rec *rec;
	struct mipo_buf buf;
	size_t len = strlen(text), same = 0;

	mipo_buf_init(&buf, 1000);
	ck_assert(mipo_rec_is_canon(text, len));
	for (size_t i = 0; i < len * 256; i++) {
		bool good;

		memcpy(copy, text, sizeof(text));
		copy[i / 256] = (char)(i % 256);
		mipo_err_clear(&err);
		mipo_buf_clear(&buf);
		good = mipo_rec_parse(copy, len, &rec, &err) == 0;
		if (good) {
			ck_ok(mipo_rec_canon(rec, &buf, &err));
			mipo_rec_free(rec);
			good = buf.len == len &&
			    memcmp(buf.data, copy, len) == 0;
		}
		ck_assert_msg(mipo_rec_is_canon(copy, len) == good,
		    "byte %zu as %02zx", i / 256, i % 256);
		same += good;
	}
	ck_assert_uint_gt(same, len);
	for (size_t i = 0; i < len; i++)
		ck_assert(!mipo_rec_is_canon(text, i));
	mipo_buf_release(&buf);
}
END_TEST

/* A byte that may not stand in text, at each place of a long one. */
START_TEST(rec_canon_sees_each_byte_of_long_text)
{
	char line[64] = "{\"a\":\"0123456789012345678901234567890123456789\"}";
	size_t len = strlen(line);

	ck_assert(mipo_rec_is_canon(line, len));
	for (size_t i = 6; i < 46; i++) {
		char keep = line[i];

		for (int c = 0; c < 256; c++) {
			line[i] = (char)c;
			ck_assert_msg(mipo_rec_is_canon(line, len) ==
				(c >= 0x20 && c < 0x80 && c != '"' &&
				    c != '\\'),
			    "byte %zu as %02x", i, (unsigned)c);
		}
		line[i] = keep;
	}
}
END_TEST

START_TEST(rec_line_type)
{
	static const char a[] =
	    "{\"n\":{\"type\":\"x\"},\"type\":\"scan.end\"}";
	static const char b[] = "{\"type\": \"obs\"}", c[] = "{\"type\":1}";
	static const char d[] = "{\"a\":\"\\\"type\\\":\"}";
	const char *type;
	size_t len;

	ck_assert(mipo_line_type(a, strlen(a), &type, &len));
	ck_assert_uint_eq(len, 8);
	ck_assert_mem_eq(type, "scan.end", 8);
	ck_assert(!mipo_line_type(b, strlen(b), &type, &len));
	ck_assert(!mipo_line_type(c, strlen(c), &type, &len));
	ck_assert(!mipo_line_type(d, strlen(d), &type, &len));
	ck_assert(mipo_canon_find(a, strlen(a), "n", &type, &len));
	ck_assert_uint_eq(len, 12);
}
END_TEST

START_TEST(rec_start_has_what_all_have)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_start("note.a", &err);
	int64_t v = 0;

	ck_assert(mipo_rec_int(rec, "v", &v) && v == 1);
	ck_assert_str_eq(mipo_rec_str(rec, "type"), "note.a");
	ck_assert_uint_eq(strlen(mipo_rec_str(rec, "ts")), 24);
	mipo_rec_free(rec);
	ck_assert_ptr_null(mipo_rec_start("\xff", &err));
}
END_TEST

UNIT_MAIN("rec", rec_canonical_form, rec_refuses, rec_at_its_limits,
    rec_write_and_read, rec_bad_writes_stick,
    rec_canon_walk_equals_emitter, rec_canon_sees_each_byte_of_long_text,
    rec_line_type,
    rec_start_has_what_all_have);
