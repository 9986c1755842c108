#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "data/line.h"
#include "data/rec.h"

/* All lines joined by '|'. */
static void
drain(struct mipo_lines *lines, struct mipo_buf *buf)
{
	struct mipo_err err = {0};
	const char *line;
	size_t len;
	int r;

	while ((r = mipo_lines_next(lines, &line, &len, &err)) == 1) {
		mipo_buf_put(buf, line, len);
		mipo_buf_putc(buf, '|');
	}
	ck_assert_int_eq(r, 0);
}

START_TEST(lines_from_memory)
{
	static const struct {
		const char *text, *joined;
		bool cut;
	} rows[] = {{"", "", false}, {"\n", "|", false},
	    {"a\nbc\n", "a|bc|", false}, {"a\n\nbc", "a||", true},
	    {"abc", "", true}};
	struct mipo_err err = {0};
	struct mipo_lines *lines;
	struct mipo_buf buf;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		mipo_buf_init(&buf, 100);
		lines = mipo_lines_new_mem(
		    rows[i].text, strlen(rows[i].text), "mem", &err);
		drain(lines, &buf);
		ck_assert_str_eq(
		    mipo_buf_str(&buf, &err), rows[i].joined);
		ck_assert(mipo_lines_cut(lines) == rows[i].cut);
		mipo_lines_free(lines);
		mipo_buf_release(&buf);
	}
}
END_TEST

START_TEST(lines_name_where_they_failed)
{
	struct mipo_err err = {0};
	struct mipo_lines *lines =
	    mipo_lines_new_mem("a\nb\n", 4, "in.ndjson", &err);
	const char *line;
	size_t len;

	ck_assert_int_eq(mipo_lines_next(lines, &line, &len, &err), 1);
	ck_assert_int_eq(mipo_lines_next(lines, &line, &len, &err), 1);
	ck_assert_uint_eq(mipo_lines_number(lines), 2);
	mipo_err_set(&err, MIPO_E_INPUT, "bad");
	ck_assert_int_eq(mipo_lines_fail(lines, &err), -1);
	ck_assert_str_eq(err.text, "in.ndjson:2: bad");
	mipo_lines_free(lines);
}
END_TEST

/* Hands out the alphabet in pieces of 1, 2, 3... bytes, LF every 7. */
struct source {
	size_t at, total;
	bool done;
};

static ptrdiff_t
fill(void *arg, char *p, size_t cap, struct mipo_err *err)
{
	struct source *src = arg;
	size_t n = src->at % 5000 + 1;

	if (src->total == SIZE_MAX)
		return mipo_err_set(err, MIPO_E_TAMPERED, "digest");
	for (size_t i = 0; i < n && i < cap; i++) {
		if (src->at == src->total)
			return (ptrdiff_t)i;
		p[i] = src->at % 7 == 6 ? '\n' : (char)('a' + src->at % 26);
		src->at++;
	}
	return (ptrdiff_t)(n < cap ? n : cap);
}

static void
done(void *arg)
{
	((struct source *)arg)->done = true;
}

START_TEST(lines_in_odd_pieces)
{
	struct mipo_err err = {0};
	struct source src = {.total = 700000};
	struct mipo_lines *lines =
	    mipo_lines_new_fill(fill, done, &src, "src", &err);
	size_t at = 0, len;
	const char *line;

	while (mipo_lines_next(lines, &line, &len, &err) == 1) {
		ck_assert(!mipo_lines_cut(lines)); /* more may come */
		ck_assert_uint_eq(len, 6);
		for (size_t i = 0; i < len; i++)
			ck_assert_int_eq(line[i], 'a' + (int)(at + i) % 26);
		at += 7;
	}
	ck_assert_uint_eq(at, 700000);
	ck_assert(!mipo_lines_cut(lines));
	mipo_lines_free(lines);
	ck_assert(src.done);
	src.total = SIZE_MAX;
	lines = mipo_lines_new_fill(fill, NULL, &src, "src", &err);
	ck_fails(mipo_lines_next(lines, &line, &len, &err), MIPO_E_TAMPERED);
	mipo_lines_free(lines);
}
END_TEST

/* A line of exactly the bound passes, one byte more is refused. */
START_TEST(lines_hold_their_bound)
{
	struct mipo_err err = {0};
	size_t len, max = MIPO_REC_MAX_READ;
	char *text = malloc(max + 2), path[64];
	struct mipo_lines *lines;
	const char *line;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/line", unit_dir);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	memset(text, 'x', max + 2);
	text[max] = '\n';
	ck_assert_int_eq(write(fd, text, max + 1), (ssize_t)max + 1);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	lines = mipo_lines_new(fd, path, &err);
	ck_assert_int_eq(mipo_lines_next(lines, &line, &len, &err), 1);
	ck_assert_uint_eq(len, max);
	mipo_lines_free(lines);
	text[max] = 'x';
	text[max + 1] = '\n';
	ck_assert_int_eq(pwrite(fd, text, max + 2, 0), (ssize_t)max + 2);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	lines = mipo_lines_new(fd, path, &err);
	ck_fails(mipo_lines_next(lines, &line, &len, &err), MIPO_E_INPUT);
	mipo_lines_free(lines);
	lines = mipo_lines_new_mem(text, max + 2, "mem", &err);
	ck_fails(mipo_lines_next(lines, &line, &len, &err), MIPO_E_INPUT);
	mipo_lines_free(lines);
	(void)close(fd);
	(void)unlink(path);
	free(text);
}
END_TEST

static void
append(void *arg, const void *p, size_t len)
{
	mipo_buf_put(arg, p, len);
}

START_TEST(out_writes_what_the_tap_saw)
{
	struct mipo_err err = {0};
	char path[64], *big = calloc(1, 200000);
	struct mipo_buf seen, got;
	struct mipo_out *out;
	struct mipo_rec *rec = mipo_rec_new(&err);
	int fd;

	(void)snprintf(path, sizeof(path), "%s/out", unit_dir);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	out = mipo_out_new(fd, path, &err);
	mipo_buf_init(&seen, 1 << 20);
	mipo_buf_init(&got, 1 << 20);
	mipo_out_tap(out, append, &seen);
	memset(big, 'x', 200000);
	mipo_out_line(out, "one", 3);
	mipo_out_put(out, big, 200000);
	mipo_rec_put_int(rec, "a", 1);
	mipo_out_rec(out, rec);
	for (int i = 0; i < 3000; i++)
		mipo_out_line(out, big, (size_t)i % 60);
	ck_ok(mipo_out_flush(out, &err));
	got.len = (size_t)lseek(fd, 0, SEEK_CUR);
	ck_assert_uint_eq(got.len, seen.len);
	got.len = 0;
	ck_assert_ptr_nonnull(mipo_buf_reserve(&got, seen.len));
	ck_assert_int_eq(
	    pread(fd, got.data, seen.len, 0), (ssize_t)seen.len);
	ck_assert_mem_eq(got.data, seen.data, seen.len);
	ck_assert_mem_eq(seen.data + 200004, "{\"a\":1}\n", 8);
	mipo_rec_free(rec);
	mipo_out_free(out);
	mipo_buf_release(&seen);
	mipo_buf_release(&got);
	(void)close(fd);
	(void)unlink(path);
	free(big);
}
END_TEST

START_TEST(out_errors_stick)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_new(&err);
	struct mipo_out *out;
	char *big = calloc(1, 65536);
	int fds[2];

	(void)signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(fds), 0);
	(void)close(fds[0]);
	out = mipo_out_new(fds[1], "stdout", &err);
	mipo_out_line(out, "a", 1);
	ck_assert_int_eq(mipo_out_flush(out, &err), -1);
	ck_assert_int_eq(err.sys, EPIPE);
	ck_assert_int_eq(err.code, MIPO_E_IO);
	mipo_err_clear(&err);
	ck_fails(mipo_out_flush(out, &err), MIPO_E_IO);
	mipo_out_free(out);
	(void)close(fds[1]);
	memset(big, 'y', 65535);
	mipo_rec_put_str(rec, "a", big); /* a line over 64 KiB */
	out = mipo_out_new(STDERR_FILENO, "x", &err);
	mipo_out_rec(out, rec);
	ck_fails(mipo_out_flush(out, &err), MIPO_E_INPUT);
	mipo_out_free(out);
	mipo_rec_free(rec);
	free(big);
}
END_TEST

UNIT_MAIN("line", lines_from_memory, lines_name_where_they_failed,
    lines_in_odd_pieces, lines_hold_their_bound,
    out_writes_what_the_tap_saw, out_errors_stick);
