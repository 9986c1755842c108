#include "unit.h"

#include <string.h>

#include "base/buf.h"
#include "data/ports.h"

START_TEST(ports_canonical_text)
{
	static const char *const rows[][2] = {{"22", "22"},
	    {"443,22,80", "22,80,443"}, {"80-81,82", "80-82"},
	    {"8000-8100,22,80", "22,80,8000-8100"},
	    {"https,ssh,22", "22,443"}, {"1-65535", "1-65535"},
	    {"65535,1", "1,65535"}, {"80,80,80-80", "80"},
	    {"http-alt,1-2", "1-2,8080"}};
	struct mipo_err err = {0};
	struct mipo_ports *ports;
	struct mipo_buf buf;

	mipo_buf_init(&buf, 1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ports = mipo_ports_new(&err);
		ck_ok(mipo_ports_add(ports, rows[i][0], &err));
		mipo_buf_clear(&buf);
		mipo_ports_format(ports, &buf);
		ck_assert_str_eq(mipo_buf_str(&buf, &err), rows[i][1]);
		mipo_ports_free(ports);
	}
	mipo_buf_release(&buf);
}
END_TEST

START_TEST(ports_refuse_by_name)
{
	static const char *const bad[][2] = {{"", "\"\""}, {"0", "\"0\""},
	    {"65536", "\"65536\""}, {"22,", "\"\""}, {",22", "\"\""},
	    {"22,80-79", "\"80-79\""}, {"-", "\"-\""}, {"1-", "\"1-\""},
	    {"-80", "\"-80\""}, {"080", "\"080\""}, {" 22", "\" 22\""},
	    {"22 ", "\"22 \""}, {"1-2-3", "\"1-2-3\""},
	    {"100000-2", "\"100000-2\""}, {"22,htpps", "did you mean https?"},
	    {"+22", "\"+22\""}, {"22.5", "\"22.5\""}, {"HTTPS", "\"HTTPS\""},
	    {"nosuchservice", "\"nosuchservice\" is not a port"}};
	struct mipo_err err = {0};
	struct mipo_ports *ports = mipo_ports_new(&err);

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ck_assert_int_eq(
		    mipo_ports_add(ports, bad[i][0], &err), -1);
		ck_assert_int_eq(err.code, MIPO_E_USAGE);
		ck_assert_msg(strstr(err.text, bad[i][1]) != NULL, "%s: %s",
		    bad[i][0], err.text);
		mipo_err_clear(&err);
		ck_assert_uint_eq(mipo_ports_count(ports), 0);
	}
	mipo_ports_free(ports);
}
END_TEST

START_TEST(ports_index_both_ways)
{
	struct mipo_err err = {0};
	struct mipo_ports *ports = mipo_ports_new(&err);

	ck_ok(mipo_ports_add(ports, "22,1000-1999,65535", &err));
	ck_assert_uint_eq(mipo_ports_count(ports), 1002);
	for (size_t i = 0; i < 1002; i++) {
		uint16_t port = mipo_ports_at(ports, i);

		ck_assert(mipo_ports_has(ports, port));
		ck_assert_int_eq(mipo_ports_index(ports, port), (int)i);
	}
	ck_assert_int_eq(mipo_ports_at(ports, 1001), 65535);
	ck_assert_int_eq(mipo_ports_index(ports, 23), -1);
	ck_assert_int_eq(mipo_ports_index(ports, 0), -1);
	ck_assert(!mipo_ports_has(ports, 0));
	mipo_ports_free(ports);
}
END_TEST

START_TEST(ports_top_is_by_rank)
{
	struct mipo_err err = {0};
	struct mipo_ports *ports = mipo_ports_new(&err);
	const struct mipo_service *rows;
	size_t n;

	rows = mipo_service_table(MIPO_TCP, &n);
	ck_assert_uint_ge(n, 130);
	ck_ok(mipo_ports_add_top(ports, 3, &err));
	ck_assert_uint_eq(mipo_ports_count(ports), 3);
	for (size_t i = 0; i < n; i++)
		ck_assert(mipo_ports_has(ports, rows[i].port) ==
		    (rows[i].rank <= 3));
	ck_ok(mipo_ports_add_top(ports, n, &err));
	ck_assert_uint_eq(mipo_ports_count(ports), n);
	ck_fails(mipo_ports_add_top(ports, 0, &err), MIPO_E_USAGE);
	ck_fails(mipo_ports_add_top(ports, n + 1, &err), MIPO_E_USAGE);
	mipo_ports_free(ports);
}
END_TEST

START_TEST(catalog_rows_hold)
{
	size_t n, risky = 0;
	const struct mipo_service *rows = mipo_service_table(MIPO_TCP, &n);
	bool *seen = calloc(n + 1, sizeof(*seen));

	for (size_t i = 0; i < n; i++) {
		ck_assert(i == 0 || rows[i - 1].port < rows[i].port);
		ck_assert(rows[i].rank >= 1 && rows[i].rank <= n);
		ck_assert(!seen[rows[i].rank]);
		seen[rows[i].rank] = true;
		ck_assert_ptr_eq(mipo_service_of(MIPO_TCP, rows[i].port),
		    &rows[i]);
		ck_assert_ptr_eq(mipo_service_find(MIPO_TCP, rows[i].name),
		    &rows[i]);
		ck_assert_uint_gt(strlen(rows[i].reason), 20);
		risky += rows[i].risky;
	}
	ck_assert(risky > 0 && risky < n);
	ck_assert_ptr_null(mipo_service_of(MIPO_TCP, 65535));
	ck_assert(mipo_service_of(MIPO_TCP, 23)->risky &&
	    !mipo_service_of(MIPO_TCP, 443)->risky);
	free(seen);
}
END_TEST

START_TEST(udp_has_its_own)
{
	size_t n;
	const struct mipo_service *rows = mipo_service_table(MIPO_UDP, &n);
	struct mipo_ports *ports;
	struct mipo_err err = {0};

	for (size_t i = 0; i < n; i++) {
		ck_assert(i == 0 || rows[i - 1].port < rows[i].port);
		ck_assert_uint_eq(rows[i].rank, 0);
		ck_assert_ptr_eq(mipo_service_of(MIPO_UDP, rows[i].port),
		    &rows[i]);
		ck_assert_ptr_eq(mipo_service_find(MIPO_UDP, rows[i].name),
		    &rows[i]);
		ck_assert_uint_gt(strlen(rows[i].reason), 20);
	}
	ck_assert(mipo_service_of(MIPO_UDP, 161)->risky &&
	    !mipo_service_of(MIPO_UDP, 53)->risky);
	ck_assert_ptr_null(mipo_service_of(MIPO_UDP, 22));
	ports = mipo_ports_new(&err);
	ck_ok(mipo_ports_add_proto(ports, MIPO_UDP, "snmp,domain", &err));
	ck_assert(mipo_ports_has(ports, 161) && mipo_ports_has(ports, 53));
	ck_fails(mipo_ports_add_proto(ports, MIPO_UDP, "ssh", &err),
	    MIPO_E_USAGE);
	mipo_ports_free(ports);
}
END_TEST

UNIT_MAIN("ports", ports_canonical_text, ports_refuse_by_name,
    ports_index_both_ways, ports_top_is_by_rank, catalog_rows_hold,
    udp_has_its_own);
