#include "store.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/line.h"
#include "store/object-lines.h"
#include "store/object.h"
#include "trust/hash.h"

/* Reads an object whole; its length, or -1. */
static long
read_all(struct mipo_state *state, const uint8_t digest[32],
    struct mipo_buf *buf, struct mipo_err *err)
{
	struct mipo_objget *get = NULL;
	const void *p;
	size_t len;
	int r;

	mipo_buf_clear(buf);
	if (mipo_objget_new(state, digest, &get, err) != 0)
		return -1;
	while ((r = mipo_objget_next(get, &p, &len, err)) > 0)
		mipo_buf_put(buf, p, len);
	mipo_objget_free(get);
	if (r == 0)
		r = mipo_buf_ok(buf, err);
	return r < 0 ? -1 : (long)buf->len;
}

static void
object_path(const struct place *place, const uint8_t digest[32], char *path,
    size_t size)
{
	char hex[65];

	mipo_text_hex(digest, 32, hex);
	(void)snprintf(
	    path, size, "%s/objects/%.2s/%s", place->state, hex, hex);
}

static int
files_in_objects(const struct place *place)
{
	char path[128];
	DIR *dir;
	int n = 0;

	(void)snprintf(path, sizeof(path), "%s/objects", place->state);
	dir = opendir(path);
	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n - 2;
}

START_TEST(round_trip)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	uint8_t digest[32], want[32];
	struct mipo_buf buf;
	char *big = malloc(3000000), path[256];
	struct stat st;
	static const size_t sizes[] = {0, 1, 65536, 262144, 262145, 3000000};

	place_init(&place);
	state = place_open(&place, true);
	mipo_buf_init(&buf, 4000000);
	mipo_random(big, 3000000);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		ck_ok(mipo_object_put(state, big, sizes[i], digest, &err));
		mipo_hash(big, sizes[i], want);
		ck_assert_mem_eq(digest, want, 32);
		ck_assert_int_eq(
		    read_all(state, digest, &buf, &err), (long)sizes[i]);
		ck_assert(sizes[i] == 0 ||
		    memcmp(buf.data, big, sizes[i]) == 0);
	}
	ck_ok(mipo_object_put(state, big, 1, digest, &err)); /* again */
	object_path(&place, digest, path, sizeof(path));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0440);
	memset(digest, 7, 32);
	ck_assert_int_eq(read_all(state, digest, &buf, &err), -1);
	ck_assert_int_eq(err.code, MIPO_E_TAMPERED);
	mipo_buf_release(&buf);
	free(big);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* Every flipped byte, and every cut, must be told. */
START_TEST(damage_is_told)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	uint8_t digest[32];
	struct mipo_buf buf, file, bad;
	char path[256];

	place_init(&place);
	state = place_open(&place, true);
	mipo_buf_init(&buf, 4000000);
	mipo_buf_init(&file, 4000000);
	mipo_buf_init(&bad, 4000000);
	ck_ok(mipo_object_put(state, "line one\nline two\nline one\n", 27,
	    digest, &err));
	object_path(&place, digest, path, sizeof(path));
	ck_ok(mipo_file_read(path, &file, &err));
	for (size_t i = 0; i < 2 * file.len; i++) {
		size_t at = i / 2;

		mipo_buf_clear(&bad);
		mipo_buf_put(&bad, file.data, i % 2 == 0 ? at : file.len);
		if (i % 2 == 1)
			bad.data[at] = (char)(bad.data[at] ^ 0x10);
		ck_assert_int_eq(unlink(path), 0);
		ck_ok(mipo_file_put(path, 0640, 0, bad.data, bad.len, &err));
		if (read_all(state, digest, &buf, &err) == 27)
			/* flags that say nothing about the content */
			ck_assert_mem_eq(
			    buf.data, "line one\nline two\nline one\n", 27);
		else
			ck_assert_int_eq(err.code, MIPO_E_TAMPERED);
		mipo_err_clear(&err);
	}
	mipo_buf_put(&file, "x", 1);
	ck_ok(mipo_file_put(path, 0640, 0, file.data, file.len, &err));
	ck_assert_int_eq(read_all(state, digest, &buf, &err), -1);
	ck_assert_int_eq(err.code, MIPO_E_TAMPERED);
	mipo_buf_release(&buf);
	mipo_buf_release(&file);
	mipo_buf_release(&bad);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

START_TEST(lines_with_a_tail)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_lines *lines = NULL;
	uint8_t digest[32];
	char hex[65];
	const char *line;
	size_t len;

	place_init(&place);
	state = place_open(&place, true);
	ck_ok(mipo_object_put(state, "a\nbb\n", 5, digest, &err));
	mipo_text_hex(digest, 32, hex);
	ck_ok(mipo_object_lines(state, hex, "tail\n", 5, &lines, &err));
	ck_assert_int_eq(mipo_lines_next(lines, &line, &len, &err), 1);
	ck_assert_int_eq(mipo_lines_next(lines, &line, &len, &err), 1);
	ck_assert_mem_eq(line, "bb", 2);
	ck_assert_int_eq(mipo_lines_next(lines, &line, &len, &err), 1);
	ck_assert_mem_eq(line, "tail", 4);
	ck_assert_int_eq(mipo_lines_next(lines, &line, &len, &err), 0);
	mipo_lines_free(lines);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* All of a sudden written so many seconds ago. */
static void
age_objects(const struct place *place, time_t seconds)
{
	struct timespec times[2] = {{.tv_sec = time(NULL) - seconds}};
	char path[160];
	struct dirent *e;
	DIR *dir;

	times[1] = times[0];
	(void)snprintf(path, sizeof(path), "%s/objects", place->state);
	dir = opendir(path);
	ck_assert_ptr_nonnull(dir);
	while ((e = readdir(dir)) != NULL)
		if (e->d_name[0] == '.' && e->d_name[1] == 'n')
			ck_assert_int_eq(
			    utimensat(dirfd(dir), e->d_name, times, 0), 0);
	(void)closedir(dir);
}

/* As often as this, a sweep comes between a file and its lock. */
static int sweeps;

int
flock(int fd, int how)
{
	char link[64], path[512];
	ssize_t n;

	if (sweeps > 0) {
		sweeps--;
		(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, path, sizeof(path) - 1);
		ck_assert_int_gt(n, 0);
		path[n] = '\0';
		ck_assert_int_eq(unlink(path), 0);
	}
	return (int)syscall(SYS_flock, fd, how);
}

START_TEST(swept_before_it_is_locked)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_buf buf;
	uint8_t digest[32];

	place_init(&place);
	state = place_open(&place, true);
	mipo_buf_init(&buf, 100);
	sweeps = 3;
	ck_ok(mipo_object_put(state, "abc", 3, digest, &err));
	ck_assert_int_eq(sweeps, 0);
	ck_assert_int_eq(read_all(state, digest, &buf, &err), 3);
	sweeps = 1000;
	ck_fails(mipo_object_put(state, "abc", 3, digest, &err), MIPO_E_IO);
	ck_assert_int_gt(sweeps, 900);
	sweeps = 0;
	mipo_buf_release(&buf);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

/* Killed half-way: no object, and a later writer takes the rest away. */
START_TEST(killed_writer_leaves_nothing)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_objput *put = NULL, *other = NULL;
	pid_t pid;
	int status;

	place_init(&place);
	state = place_open(&place, true);
	ck_ok(mipo_objput_new(state, &other, &err)); /* one that lives */
	pid = fork();
	if (pid == 0) {
		if (mipo_objput_new(state, &put, &err) != 0 ||
		    mipo_objput_feed(put, "half", 4, &err) != 0)
			_exit(1);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(files_in_objects(&place), 2);
	age_objects(&place, 60); /* who made it may be about to lock it */
	ck_ok(mipo_objput_new(state, &put, &err));
	ck_assert_int_eq(files_in_objects(&place), 3);
	mipo_objput_free(put);
	age_objects(&place, 3600);
	ck_ok(mipo_objput_new(state, &put, &err));
	ck_assert_int_eq(files_in_objects(&place), 2);
	mipo_objput_free(put);
	ck_assert_int_eq(files_in_objects(&place), 1);
	mipo_objput_free(other);
	ck_assert_int_eq(files_in_objects(&place), 0);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

START_TEST(memory_may_be_out)
{
	struct mipo_err err = {0};
	struct place place;
	struct mipo_state *state;
	struct mipo_buf buf;
	uint8_t digest[32];
	unsigned long n;
	int r = -1;

	place_init(&place);
	state = place_open(&place, true);
	mipo_buf_init(&buf, 100);
	for (n = 1; r != 0 && n < 200; n++) {
		mipo_err_clear(&err);
		mipo_mem_fail_at(n);
		r = mipo_object_put(state, "abc", 3, digest, &err);
		if (r == 0 && read_all(state, digest, &buf, &err) != 3)
			r = -1;
		ck_assert(r == 0 || err.code == MIPO_E_NOMEM);
	}
	mipo_mem_fail_at(0);
	ck_assert_uint_gt(n, 5);
	ck_assert_int_eq(r, 0);
	mipo_buf_release(&buf);
	mipo_state_close(state);
	place_remove(&place);
}
END_TEST

UNIT_MAIN("store-object", round_trip, damage_is_told, lines_with_a_tail,
    swept_before_it_is_locked, killed_writer_leaves_nothing, memory_may_be_out);
