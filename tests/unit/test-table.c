#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "kit/table.h"

static const char *const heads[] = {"NAME", ">COUNT", "TIME", NULL};

static const char *
printed(struct mipo_table *table, struct mipo_buf *buf)
{
	struct mipo_err err = {0};
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/table", unit_dir);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	mipo_buf_clear(buf);
	ck_ok(mipo_table_print(table, fd, &err));
	ck_ok(mipo_file_read(path, buf, &err));
	(void)close(fd);
	(void)unlink(path);
	return mipo_buf_str(buf, &err);
}

START_TEST(columns)
{
	struct mipo_err err = {0};
	struct mipo_table *table = mipo_table_new(heads, &err);
	struct mipo_buf buf;

	mipo_buf_init(&buf, 10000);
	ck_assert_str_eq(printed(table, &buf), "");
	mipo_table_text(table, "a\033[0m");
	mipo_table_u64(table, 0);
	mipo_table_time(table, 1790000000123);
	mipo_table_text(table, "\xc3\xa9");
	mipo_table_u64(table, 1234567);
	mipo_table_n(table, "xyz", 1);
	ck_assert_str_eq(printed(table, &buf),
	    "NAME        COUNT  TIME\n"
	    "a\\x1b[0m        0  2026-09-21T14:13:20Z\n"
	    "\xc3\xa9         1234567  x\n");
	mipo_buf_release(&buf);
	mipo_table_free(table);
	mipo_table_free(NULL);
}
END_TEST

START_TEST(memory_may_be_out)
{
	struct mipo_err err = {0};
	int r = -1;

	for (unsigned long n = 1; r != 0 && n < 20; n++) {
		struct mipo_table *table;

		mipo_err_clear(&err);
		mipo_mem_fail_at(n);
		table = mipo_table_new(heads, &err);
		for (int i = 0; table != NULL && i < 3; i++)
			mipo_table_text(table, "x");
		if (table != NULL)
			r = mipo_table_print(table, -1, &err);
		mipo_table_free(table);
		if (err.code == MIPO_E_IO)
			r = 0; /* descriptor -1: it came that far */
		else
			ck_assert_int_eq(err.code, MIPO_E_NOMEM);
	}
	mipo_mem_fail_at(0);
	ck_assert_int_eq(r, 0);
}
END_TEST

UNIT_MAIN("table", columns, memory_may_be_out);
