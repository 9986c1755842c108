#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "data/addr.h"

START_TEST(addr_text_both_ways)
{
	/* What is given, and its RFC 5952 form. */
	static const char *const rows[][2] = {{"0.0.0.0", "0.0.0.0"},
	    {"255.255.255.255", "255.255.255.255"},
	    {"198.18.0.1", "198.18.0.1"}, {"::", "::"}, {"::1", "::1"},
	    {"1::", "1::"}, {"2001:DB8::1", "2001:db8::1"},
	    {"2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
	    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
	    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
	    {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
	    {"::ffff:c000:201", "::ffff:192.0.2.1"},
	    {"::192.0.2.1", "::c000:201"}, {"0:0:0:0:0:0:0:0", "::"},
	    {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
	    {"0:0:3:4:5:6:7:8", "::3:4:5:6:7:8"}};
	struct mipo_err err = {0};
	struct mipo_addr addr, again;
	char s[MIPO_ADDR_LEN];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ck_ok(mipo_addr_parse(rows[i][0], &addr, &err));
		ck_assert_uint_eq(
		    mipo_addr_format(&addr, s), strlen(rows[i][1]));
		ck_assert_str_eq(s, rows[i][1]);
		ck_ok(mipo_addr_parse(s, &again, &err));
		ck_assert_int_eq(mipo_addr_cmp(&addr, &again), 0);
	}
}
END_TEST

START_TEST(addr_refuses)
{
	static const char *const bad[] = {"", ".", "1", "1.2.3", "1.2.3.4.",
	    "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1.2.3.1000",
	    " 1.2.3.4", "1.2.3.4 ", "1..2.3", ":", ":::", "1:2", "g::",
	    "12345::", "fe80::1%lo", "1:2:3:4:5:6:7:8:9", "::1.2.3", "-1.2.3.4",
	    "1.2.3.-4", "+1.2.3.4", "0x1.2.3.4", "1.2.3.4/24", NULL};
	struct mipo_err err = {0};
	struct mipo_addr addr = {.family = 9};

	for (const char *const *s = bad; *s != NULL; s++)
		ck_fails(mipo_addr_parse(*s, &addr, &err), MIPO_E_USAGE);
	ck_assert_int_eq(mipo_addr_parse_n("::1\0", 4, &addr), -1);
	ck_assert_int_eq(mipo_addr_parse_n("1.2.3.4x", 7, &addr), 0);
	ck_assert_int_eq(addr.b[3], 4);
}
END_TEST

static struct mipo_addr
of(const char *s)
{
	struct mipo_addr addr;

	ck_assert_int_eq(mipo_addr_parse(s, &addr, NULL), 0);
	return addr;
}

START_TEST(addr_order_and_sum)
{
	struct mipo_addr a = of("10.0.0.255"), b = of("10.0.1.4"), c = a;

	ck_assert_int_lt(mipo_addr_cmp(&a, &b), 0);
	ck_assert_uint_eq(mipo_addr_distance(&a, &b), 5);
	ck_assert(mipo_addr_add(&c, 5));
	ck_assert_int_eq(mipo_addr_cmp(&c, &b), 0);
	c = of("255.255.255.255");
	ck_assert(!mipo_addr_add(&c, 1));
	ck_assert_int_eq(c.b[0], 255);
	b = of("::");
	ck_assert_int_gt(mipo_addr_cmp(&b, &c), 0);
	a = of("2001:db8::ffff:ffff:ffff:ffff");
	b = of("2001:db8:0:1::");
	ck_assert_uint_eq(mipo_addr_distance(&a, &b), 1);
	ck_assert(mipo_addr_add(&a, 1));
	ck_assert_int_eq(mipo_addr_cmp(&a, &b), 0);
	a = of("::");
	ck_assert_uint_eq(mipo_addr_distance(&a, &b), UINT64_MAX);
	b = of("::ffff:ffff:ffff:ffff");
	ck_assert_uint_eq(mipo_addr_distance(&a, &b), UINT64_MAX);
	ck_assert(!mipo_addr_add(
	    &(struct mipo_addr){.family = 4, .b = {0}}, UINT64_C(1) << 32));
}
END_TEST

START_TEST(addr_networks)
{
	struct mipo_err err = {0};
	struct mipo_addr first, last;
	static const char *const bad[] = {"10.0.0.0", "10.0.0.0/",
	    "10.0.0.0/33", "10.0.0.0/08", "/8", "::/129", "10.0.0/8", NULL};

	ck_ok(mipo_addr_parse_cidr("0.0.0.0/0", &first, &last, &err));
	ck_assert_uint_eq(mipo_addr_distance(&first, &last), UINT32_MAX);
	ck_ok(mipo_addr_parse_cidr("10.0.0.4/30", &first, &last, &err));
	ck_assert_uint_eq(last.b[3], 7);
	ck_ok(mipo_addr_parse_cidr("10.0.0.4/32", &first, &last, &err));
	ck_assert_int_eq(mipo_addr_cmp(&first, &last), 0);
	ck_ok(mipo_addr_parse_cidr("2001:db8::/97", &first, &last, &err));
	ck_assert_uint_eq(
	    mipo_addr_distance(&first, &last), (UINT32_C(1) << 31) - 1);
	for (const char *const *s = bad; *s != NULL; s++)
		ck_fails(mipo_addr_parse_cidr(*s, &first, &last, &err),
		    MIPO_E_USAGE);
	mipo_addr_parse_cidr("10.1.2.3/20", &first, &last, &err);
	ck_assert_str_eq(err.text,
	    "\"10.1.2.3/20\" has host bits set: the network is "
	    "10.1.0.0/20");
}
END_TEST

UNIT_MAIN("addr", addr_text_both_ways, addr_refuses, addr_order_and_sum,
    addr_networks);
