#include "unit.h"

#include <string.h>

#include "base/buf.h"
#include "out/csv.h"
#include "out/html.h"

static void
cell_is(const char *s, const char *want)
{
	struct mipo_err err = {0};
	struct mipo_buf buf;

	mipo_buf_init(&buf, 4096);
	mipo_csv_cell(&buf, s);
	ck_assert_str_eq(mipo_buf_str(&buf, &err), want);
	mipo_buf_release(&buf);
}

START_TEST(cells_follow_rfc_4180)
{
	cell_is(NULL, "");
	cell_is("", "");
	cell_is("198.18.0.1", "198.18.0.1");
	cell_is("2001:db8::1", "2001:db8::1");
	cell_is("two words", "\"two words\"");
	cell_is("a,b", "\"a,b\"");
	cell_is("a;b", "\"a;b\"");
	cell_is("say \"x\"", "\"say \"\"x\"\"\"");
}
END_TEST

START_TEST(cells_start_no_formula)
{
	cell_is("=1+1", "\"'=1+1\"");
	cell_is("+1", "\"'+1\"");
	cell_is("-1", "\"'-1\"");
	cell_is("-", "\"'-\"");
	cell_is("@SUM(A1)", "\"'@SUM(A1)\"");
	cell_is("  =cmd|'/c calc'!A0", "\"'  =cmd|'/c calc'!A0\"");
	cell_is("\"=1", "\"'\"\"=1\"");
	cell_is("'=1", "\"''=1\"");
	cell_is("\xef\xbc\x9d"
		"1",
	    "\"'\xef\xbc\x9d"
	    "1\"");
	cell_is("\t=1", "\"'\\x09=1\"");
	cell_is("\r=1", "\"'\\x0d=1\"");
	cell_is("a=1", "\"a=1\"");
}
END_TEST

START_TEST(cells_show_hostile_bytes)
{
	cell_is("a\nb", "\"a\\x0ab\"");
	cell_is("\033[31m", "\"\\x1b[31m\"");
	cell_is("\xe2\x80\xae"
		"x",
	    "\"\\u202ex\"");
}
END_TEST

START_TEST(rows_end_with_crlf)
{
	const char *const cells[] = {"a", NULL, "c,d"};
	struct mipo_err err = {0};
	struct mipo_buf buf;

	mipo_buf_init(&buf, 4096);
	mipo_csv_row(&buf, cells, 3);
	ck_assert_str_eq(mipo_buf_str(&buf, &err), "a,,\"c,d\"\r\n");
	mipo_buf_release(&buf);
	mipo_buf_init(&buf, 8);
	mipo_csv_cell(&buf, "far too long for this buffer");
	ck_fails(mipo_buf_ok(&buf, &err), MIPO_E_INPUT);
	mipo_buf_release(&buf);
}
END_TEST

START_TEST(html_escapes_everything)
{
	struct mipo_err err = {0};
	struct mipo_buf buf;

	mipo_buf_init(&buf, 4096);
	mipo_html_escape(&buf, "<a href=\"x\" b='y'>&amp;\033\xe2\x80\xae");
	ck_assert_str_eq(mipo_buf_str(&buf, &err),
	    "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;"
	    "\\x1b\\u202e");
	mipo_buf_release(&buf);
}
END_TEST

UNIT_MAIN("csv", cells_follow_rfc_4180, cells_start_no_formula,
    cells_show_hostile_bytes, rows_end_with_crlf, html_escapes_everything);
