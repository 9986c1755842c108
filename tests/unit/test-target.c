#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "data/rec.h"
#include "data/target.h"

/* The set of blank-separated tokens. */
static struct mipo_targets *
set(const char *tokens)
{
	struct mipo_err err = {0};
	struct mipo_targets *targets = mipo_targets_new(&err);
	char copy[512], *save = NULL;

	(void)snprintf(copy, sizeof(copy), "%s", tokens);
	for (char *t = strtok_r(copy, " ", &save); t != NULL;
	     t = strtok_r(NULL, " ", &save))
		ck_ok(mipo_targets_add(targets, t, NULL, &err));
	return targets;
}

/* Its canonical list, joined by blanks. */
static const char *
list(const struct mipo_targets *targets, struct mipo_buf *buf)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_new(&err);
	char path[32];

	mipo_buf_clear(buf);
	ck_ok(mipo_targets_put(targets, rec, "targets", &err));
	for (size_t i = 0; i < mipo_rec_len(rec, "targets"); i++) {
		(void)snprintf(path, sizeof(path), "targets.%zu", i);
		mipo_buf_puts(buf, i > 0 ? " " : "");
		mipo_buf_puts(buf, mipo_rec_str(rec, path));
	}
	mipo_rec_free(rec);
	return mipo_buf_str(buf, &err);
}

START_TEST(target_canonical_lists)
{
	static const char *const rows[][2] = {{"", ""},
	    {"10.0.0.1", "10.0.0.1"}, {"10.0.0.0/31", "10.0.0.0/31"},
	    {"10.0.0.1-9", "10.0.0.1 10.0.0.2/31 10.0.0.4/30 10.0.0.8/31"},
	    {"10.0.0.1-10.0.0.9",
		"10.0.0.1 10.0.0.2/31 10.0.0.4/30 10.0.0.8/31"},
	    {"10.0.0.128/25 10.0.0.0/25 10.0.0.7", "10.0.0.0/24"},
	    {"2001:db8::/127 10.0.0.1 9.9.9.9",
		"9.9.9.9 10.0.0.1 2001:db8::/127"},
	    {"0.0.0.0/0", "0.0.0.0/0"},
	    {"0.0.0.0-255.255.255.254",
		"0.0.0.0/1 128.0.0.0/2 192.0.0.0/3 224.0.0.0/4 240.0.0.0/5 "
		"248.0.0.0/6 252.0.0.0/7 254.0.0.0/8 255.0.0.0/9 "
		"255.128.0.0/10 255.192.0.0/11 255.224.0.0/12 "
		"255.240.0.0/13 255.248.0.0/14 255.252.0.0/15 "
		"255.254.0.0/16 255.255.0.0/17 255.255.128.0/18 "
		"255.255.192.0/19 255.255.224.0/20 255.255.240.0/21 "
		"255.255.248.0/22 255.255.252.0/23 255.255.254.0/24 "
		"255.255.255.0/25 255.255.255.128/26 255.255.255.192/27 "
		"255.255.255.224/28 255.255.255.240/29 255.255.255.248/30 "
		"255.255.255.252/31 255.255.255.254"},
	    {"255.255.255.255 ::", "255.255.255.255 ::"},
	    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124"},
	    {"2001:db8::1-2001:db8::4",
		"2001:db8::1 2001:db8::2/127 2001:db8::4"}};
	struct mipo_targets *targets;
	struct mipo_buf buf;

	mipo_buf_init(&buf, 10000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		targets = set(rows[i][0]);
		ck_assert_str_eq(list(targets, &buf), rows[i][1]);
		mipo_targets_free(targets);
	}
	mipo_buf_release(&buf);
}
END_TEST

START_TEST(target_refuses_by_name)
{
	static const char *const bad[] = {"", "10.0.0.300", "10.0.0", "1",
	    "10.0.0.1-300", "10.0.0.1-", "-10.0.0.1", "10.0.0.9-10.0.0.1",
	    "10.0.0.9-8", "10.0.0.1-::1", "::2-::1", "10.0.0.1/24",
	    "10.0.0.0/33", "10.0.0.0/", "fe80::1%eth0", "db1..example",
	    "-a.example", "a-.example", "db1.example/24", "a b", ".", "a/b",
	    "2001:db8::g", "[::1]", "10.0.0.1:80", "1.2.3.4.5", "host.1",
	    "10.0.0.1-10.0.0.300", "2001:db8::1-9", NULL};
	static const char *const names[] = {"db1.example", "localhost",
	    "db1.example.", "a", "x_y", "3com.example", "1.2.3.4.example",
	    "10.0.0.1-static.example", "xn--bcher-kva.example", "fe80",
	    NULL};
	struct mipo_err err = {0};
	struct mipo_targets *targets = set("10.0.0.1");
	bool name;

	for (const char *const *s = bad; *s != NULL; s++) {
		name = true;
		ck_assert_msg(mipo_targets_add(
				  targets, *s, &name, &err) == -1 &&
			err.code == MIPO_E_USAGE && name,
		    "\"%s\": %s", *s, err.text);
		ck_assert_msg(strstr(err.text, *s) != NULL, "%s", err.text);
		mipo_err_clear(&err);
	}
	for (const char *const *s = names; *s != NULL; s++) {
		name = false;
		ck_ok(mipo_targets_add(targets, *s, &name, &err));
		ck_assert_msg(name, "%s", *s);
		ck_fails(mipo_targets_add(targets, *s, NULL, &err),
		    MIPO_E_USAGE);
	}
	ck_ok(mipo_targets_add(targets, "10.0.0.2", &name, &err));
	ck_assert(!name);
	ck_assert_uint_eq(mipo_targets_count(targets), 2);
	mipo_targets_free(targets);
}
END_TEST

/* A range that no set could hold. */
START_TEST(target_within_wide_range)
{
	struct mipo_err err = {0};
	struct mipo_targets *targets = set("10.0.0.1 2001:db8::9 ffff::/120");
	struct mipo_targets *some = set("10.0.0.3");
	struct mipo_range range;
	struct mipo_buf buf;

	mipo_buf_init(&buf, 1000);
	ck_ok(mipo_target_parse("::-ffff::3", &range, NULL, &err));
	ck_ok(mipo_targets_add_within(some, targets, &range, &err));
	ck_assert_str_eq(list(some, &buf), "10.0.0.3 2001:db8::9 ffff::/126");
	mipo_buf_release(&buf);
	mipo_targets_free(some);
	mipo_targets_free(targets);
}
END_TEST

START_TEST(target_holds_its_bound)
{
	struct mipo_err err = {0};
	struct mipo_targets *targets = set("2001:db8::/81"), *other;

	mipo_targets_add(targets, "2001:db8::/64", NULL, &err);
	ck_assert_str_eq(err.text, "\"2001:db8::/64\": more than 2^48 "
				   "addresses, too many for any scan");
	mipo_err_clear(&err);
	ck_fails(mipo_targets_add(targets, "::/0", NULL, &err), MIPO_E_USAGE);
	ck_ok(mipo_targets_add(
	    targets, "2001:db8::8000:0:0/81", NULL, &err));
	ck_assert_uint_eq(mipo_targets_count(targets), UINT64_C(1) << 48);
	ck_ok(mipo_targets_add(targets, "2001:db8::7/128", NULL, &err));
	ck_fails(
	    mipo_targets_add(targets, "10.0.0.1", NULL, &err), MIPO_E_USAGE);
	other = set("10.0.0.0/8");
	ck_fails(mipo_targets_add_all(targets, other, &err), MIPO_E_USAGE);
	ck_assert_uint_eq(mipo_targets_count(targets), UINT64_C(1) << 48);
	mipo_targets_free(other);
	mipo_targets_free(targets);
}
END_TEST

static uint32_t
next(void)
{
	static uint64_t x = 88172645463325252;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (uint32_t)(x >> 32);
}

/*
 * Against a plain array of 512 flags: the last 256 IPv4 addresses, and the
 * first 256 IPv6 ones.
 */
static struct mipo_addr
nth(unsigned i)
{
	struct mipo_addr addr = {.family = i < 256 ? 4 : 6};

	memset(addr.b, 0xff, i < 256 ? 3 : 0);
	addr.b[i < 256 ? 3 : 15] = (uint8_t)i;
	return addr;
}

static void
put_random(struct mipo_targets *targets, bool *flags)
{
	struct mipo_err err = {0};
	struct mipo_range range;
	unsigned first = next() % 512;
	unsigned end = first + next() % (next() % 2 ? 4 : 60);

	if (first < 256 && end > 255)
		end = 255;
	if (end > 511)
		end = 511;
	for (unsigned i = first; i <= end; i++)
		flags[i] = true;
	range.first = nth(first);
	range.last = nth(end);
	ck_ok(mipo_targets_add_range(targets, &range, &err));
}

static void
compare(const struct mipo_targets *targets, const bool *flags)
{
	struct mipo_addr addr, got;
	uint64_t at = 0, i;

	for (unsigned k = 0; k < 512; k++) {
		addr = nth(k);
		ck_assert(
		    mipo_targets_find(targets, &addr, &i) == flags[k]);
		if (!flags[k])
			continue;
		ck_assert_uint_eq(i, at);
		mipo_targets_at(targets, at++, &got);
		ck_assert_int_eq(mipo_addr_cmp(&addr, &got), 0);
	}
	ck_assert_uint_eq(mipo_targets_count(targets), at);
}

/* What of a is in a range, in a set that has some of it already. */
static void
compare_within(const struct mipo_targets *a, const bool *fa)
{
	struct mipo_err err = {0};
	struct mipo_targets *some = mipo_targets_new(&err);
	bool flags[512] = {0};

	for (int round = 0; round < 3; round++) {
		unsigned first = next() % 512;
		unsigned last = first + next() % (512 - first);
		struct mipo_range range = {nth(first), nth(last)};

		if (first < 256 && last > 255)
			range.last = nth(last = 255);
		for (unsigned i = first; i <= last; i++)
			flags[i] |= fa[i];
		ck_ok(mipo_targets_add_within(some, a, &range, &err));
	}
	compare(some, flags);
	mipo_targets_free(some);
}

START_TEST(target_sets_equal_flags)
{
	struct mipo_err err = {0};
	struct mipo_targets *a, *b, *again;
	struct mipo_buf text, other;
	struct mipo_rec *rec;

	mipo_buf_init(&text, 100000);
	mipo_buf_init(&other, 100000);
	for (int round = 0; round < 400; round++) {
		bool fa[512] = {0}, fb[512] = {0};

		a = mipo_targets_new(&err);
		b = mipo_targets_new(&err);
		for (uint32_t n = next() % 20; n > 0; n--)
			put_random(a, fa);
		for (uint32_t n = next() % 20; n > 0; n--)
			put_random(b, fb);
		compare(a, fa);
		rec = mipo_rec_new(&err);
		again = mipo_targets_new(&err);
		ck_ok(mipo_targets_put(a, rec, "t", &err));
		ck_ok(mipo_targets_get(again, rec, "t", &err));
		compare(again, fa);
		(void)list(a, &text);
		ck_assert_str_eq(list(again, &other), text.data);
		mipo_rec_free(rec);
		if (round % 2) {
			ck_ok(mipo_targets_exclude(a, b, &err));
			for (int i = 0; i < 512; i++)
				fa[i] = fa[i] && !fb[i];
		} else {
			ck_ok(mipo_targets_add_all(a, b, &err));
			for (int i = 0; i < 512; i++)
				fa[i] = fa[i] || fb[i];
		}
		compare(a, fa);
		compare_within(a, fa);
		mipo_targets_free(again);
		mipo_targets_free(a);
		mipo_targets_free(b);
	}
	mipo_buf_release(&text);
	mipo_buf_release(&other);
}
END_TEST

/* A long list falls back to ranges, however many these are. */
START_TEST(target_lists_as_ranges)
{
	struct mipo_err err = {0};
	struct mipo_targets *targets = mipo_targets_new(&err), *back;
	struct mipo_rec *rec = mipo_rec_new(&err);
	struct mipo_range range;
	uint32_t net;

	for (net = 0; net < 1200; net++) { /* two networks each */
		range.first = nth(0);
		range.first.b[0] = 10;
		range.first.b[1] = (uint8_t)(net >> 8);
		range.first.b[2] = (uint8_t)net;
		range.first.b[3] = 1;
		range.last = range.first;
		range.last.b[3] = 4;
		ck_ok(mipo_targets_add_range(targets, &range, &err));
	}
	ck_ok(mipo_targets_put(targets, rec, "t", &err));
	ck_assert_uint_eq(mipo_rec_len(rec, "t"), 1200);
	ck_assert_str_eq(mipo_rec_str(rec, "t.0"), "10.0.0.1-10.0.0.4");
	back = mipo_targets_new(&err);
	ck_ok(mipo_targets_get(back, rec, "t", &err));
	ck_assert_uint_eq(mipo_targets_count(back), 4800);
	mipo_targets_free(back);
	for (; net < 4000; net++) {
		range.first.b[1] = range.last.b[1] = (uint8_t)(net >> 8);
		range.first.b[2] = range.last.b[2] = (uint8_t)net;
		ck_ok(mipo_targets_add_range(targets, &range, &err));
	}
	ck_ok(mipo_targets_put(targets, rec, "t", &err));
	ck_assert_uint_eq(mipo_rec_len(rec, "t"), 4000);
	mipo_rec_free(rec);
	mipo_targets_free(targets);
}
END_TEST

START_TEST(target_get_takes_all_or_none)
{
	struct mipo_err err = {0};
	struct mipo_targets *targets = set("10.0.0.1");
	struct mipo_rec *rec = mipo_rec_new(&err);

	ck_fails(mipo_targets_get(targets, rec, "t", &err), MIPO_E_INPUT);
	mipo_rec_add_str(rec, "t", "10.0.0.2");
	mipo_rec_add_str(rec, "t", "db1.example");
	ck_fails(mipo_targets_get(targets, rec, "t", &err), MIPO_E_USAGE);
	mipo_rec_put_list(rec, "t");
	mipo_rec_add_int(rec, "t", 7);
	ck_fails(mipo_targets_get(targets, rec, "t", &err), MIPO_E_INPUT);
	ck_assert_uint_eq(mipo_targets_count(targets), 1);
	mipo_rec_free(rec);
	mipo_targets_free(targets);
}
END_TEST

static void
append(void *arg, const void *p, size_t len)
{
	mipo_buf_put_hex(arg, p, len);
}

START_TEST(target_digest_is_of_the_set)
{
	struct mipo_err err = {0};
	struct mipo_targets *a = set("::1 10.0.0.0/30 10.0.0.4");
	struct mipo_buf buf;

	mipo_buf_init(&buf, 1000);
	mipo_targets_digest(a, append, &buf);
	ck_assert_str_eq(mipo_buf_str(&buf, &err),
	    "040a0000000a000004"
	    "0600000000000000000000000000000001"
	    "00000000000000000000000000000001");
	mipo_buf_release(&buf);
	mipo_targets_free(a);
}
END_TEST

UNIT_MAIN("target", target_canonical_lists, target_refuses_by_name,
    target_within_wide_range, target_holds_its_bound,
    target_sets_equal_flags,
    target_lists_as_ranges, target_get_takes_all_or_none,
    target_digest_is_of_the_set);
