#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

START_TEST(err_first_wins)
{
	struct mipo_err err = {0};

	mipo_err_set(&err, MIPO_E_INPUT, "one %d", 1);
	mipo_err_set(&err, MIPO_E_IO, "two");
	ck_assert_str_eq(err.text, "one 1");
	mipo_err_prefix(&err, "line %d", 7);
	ck_assert_str_eq(err.text, "line 7: one 1");
	ck_assert_int_eq(mipo_err_exit(&err), 2);
	mipo_err_clear(&err);
	mipo_err_set(&err, MIPO_E_INPUT, "a\033[31mb\n");
	ck_assert_str_eq(err.text, "a?[31mb?");
}
END_TEST

START_TEST(buf_holds_its_bound)
{
	struct mipo_err err = {0};
	struct mipo_buf buf;

	mipo_buf_init(&buf, 10);
	mipo_buf_puts(&buf, "12345");
	mipo_buf_put_i64(&buf, -42);
	mipo_buf_puts(&buf, "xyz");
	ck_assert_uint_eq(buf.len, 8);
	mipo_buf_puts(&buf, "after the failure nothing");
	ck_fails(mipo_buf_ok(&buf, &err), MIPO_E_INPUT);
	mipo_buf_release(&buf);
}
END_TEST

START_TEST(text_numbers)
{
	struct mipo_err err = {0};
	uint64_t n = 7;
	const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "01", "1x",
	    "18446744073709551616", "65536", NULL};

	for (const char *const *s = bad; *s != NULL; s++)
		ck_fails(mipo_text_u64(*s, 0, 65535, &n, &err), MIPO_E_USAGE);
	ck_assert_uint_eq(n, 7);
	ck_ok(mipo_text_u64("65535", 0, 65535, &n, &err));
	ck_assert_uint_eq(n, 65535);
	ck_ok(mipo_text_duration("15m", &n, &err));
	ck_assert_uint_eq(n, 900000);
	ck_fails(mipo_text_duration("1w", &n, &err), MIPO_E_USAGE);
	ck_ok(mipo_text_size("256M", &n, &err));
	ck_assert_uint_eq(n, 256U << 20);
}
END_TEST

START_TEST(text_times)
{
	struct mipo_err err = {0};
	char s[MIPO_TIME_LEN];
	int64_t ms = 0;
	const char *const bad[] = {"2026-11-22T10:00:00",
	    "2026-02-30T00:00:00Z",
	    "2026-11-22 10:00:00Z", "2026-11-22T10:00:00.Z",
	    "2026-11-22T24:61:00Z", "1969-12-31T23:59:59Z", NULL};

	ck_ok(mipo_text_untime("2026-11-22T10:00:00.123Z", &ms, &err));
	mipo_text_time(ms, s);
	ck_assert_str_eq(s, "2026-11-22T10:00:00.123Z");
	ck_ok(mipo_text_untime("2026-11-22T12:00:00+02:00", &ms, &err));
	mipo_text_time(ms, s);
	ck_assert_str_eq(s, "2026-11-22T10:00:00.000Z");
	for (const char *const *b = bad; *b != NULL; b++)
		ck_fails(mipo_text_untime(*b, &ms, &err), MIPO_E_INPUT);
}
END_TEST

START_TEST(text_shows_hostile_bytes)
{
	struct mipo_buf buf;
	const char hostile[] = "a\033]0;x\007\xe2\x80\xae\xff\xc2\x9bz";

	mipo_buf_init(&buf, 200);
	mipo_text_show(&buf, hostile, sizeof(hostile) - 1);
	ck_assert_str_eq(mipo_buf_str(&buf, NULL),
	    "a\\x1b]0;x\\x07\\u202e\\xff\\u009bz");
	mipo_buf_release(&buf);
	ck_assert(mipo_text_is_utf8("\xf0\x9f\x98\x80", 4));
	ck_assert(!mipo_text_is_utf8("\xed\xa0\x80", 3));
	ck_assert(!mipo_text_is_utf8("\xc0\x80", 2));
}
END_TEST

START_TEST(text_nearest)
{
	const char *const names[] = {"ports", "rate", "retries", NULL};

	ck_assert_str_eq(mipo_text_nearest("port", names), "ports");
	ck_assert_str_eq(mipo_text_nearest("retires", names), "retries");
	ck_assert_ptr_null(mipo_text_nearest("exclude", names));
}
END_TEST

START_TEST(file_whole_or_nothing)
{
	struct mipo_err err = {0};
	char dir[64], path[80], secret[80];
	struct mipo_buf buf;
	struct mipo_file *file;

	(void)snprintf(dir, sizeof(dir), "%s/base", unit_dir);
	ck_assert_int_eq(mkdir(dir, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/a", dir);
	(void)snprintf(secret, sizeof(secret), "%s/s", dir);
	mipo_buf_init(&buf, 100);
	ck_ok(mipo_file_begin(path, 0644, &file, &err));
	ck_ok(mipo_file_write_all(mipo_file_fd(file), "half", 4, &err));
	mipo_file_abandon(file);
	ck_fails(mipo_file_read(path, &buf, &err), MIPO_E_NOTFOUND);
	ck_ok(mipo_file_put(path, 0644, 1, "whole", 5, &err));
	ck_fails(mipo_file_put(path, 0644, 1, "other", 5, &err), MIPO_E_IO);
	ck_ok(mipo_file_read(path, &buf, &err));
	ck_assert_mem_eq(buf.data, "whole", 5);
	ck_fails(mipo_file_read_secret(path, &buf, &err), MIPO_E_PERM);
	ck_ok(mipo_file_put(secret, 0600, 1, "s", 1, &err));
	ck_ok(mipo_file_read_secret(secret, &buf, &err));
	mipo_buf_release(&buf);
	(void)unlink(path);
	(void)unlink(secret);
	ck_assert_int_eq(rmdir(dir), 0); /* nothing temporary was left */
}
END_TEST

START_TEST(mem_fails_on_request)
{
	struct mipo_err err = {0};

	mipo_mem_fail_at(2);
	free(mipo_calloc(1, 1, &err));
	ck_assert_ptr_null(mipo_strdup("x", &err));
	ck_assert_int_eq(err.code, MIPO_E_NOMEM);
	mipo_mem_fail_at(0);
	ck_assert_ptr_null(mipo_reallocarray(NULL, (size_t)-1, 16, &err));
}
END_TEST

UNIT_MAIN("base", err_first_wins, buf_holds_its_bound, text_numbers,
    text_times, text_shows_hostile_bytes, text_nearest, file_whole_or_nothing,
    mem_fails_on_request);
