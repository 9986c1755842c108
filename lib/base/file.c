#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"

struct mipo_file {
	char *path;
	char *temp;
	int fd;
};

static int
read_fd(int fd, const char *path, struct mipo_buf *buf, struct mipo_err *err)
{
	for (;;) {
		size_t room = buf->max - buf->len;
		size_t want = room < 65536 ? room + 1 : 65536;
		char chunk[65536];
		ssize_t n = read(fd, chunk, want > 65536 ? 65536 : want);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return mipo_err_sys(err, errno, "%s", path);
		if (n == 0)
			break;
		mipo_buf_put(buf, chunk, (size_t)n);
		explicit_bzero(chunk, (size_t)n); /* it may be a secret */
		if (buf->failed)
			break;
	}
	if (mipo_buf_ok(buf, err) != 0)
		return mipo_err_prefix(err, "%s", path);
	return 0;
}

static int
check_secret(const struct stat *st, const char *path, struct mipo_err *err)
{
	if (!S_ISREG(st->st_mode))
		return mipo_err_set(err, MIPO_E_PERM,
		    "%s: a secret must be a file, and this is none", path);
	if ((st->st_mode & 077) != 0 ||
	    (st->st_uid != 0 && st->st_uid != geteuid()))
		return mipo_err_set(err, MIPO_E_PERM,
		    "%s: a secret must be a file of mode 0600 that belongs "
		    "to you or root (it is %04o, uid %u): chmod 600 it", path,
		    (unsigned)st->st_mode & 07777, (unsigned)st->st_uid);
	return 0;
}

static int
read_path(const char *path, struct mipo_buf *buf, bool secret,
    struct stat *ret_st, struct mipo_err *err)
{
	/* A secret is a file: what is none is told, not waited for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY |
		(secret ? O_NONBLOCK : 0));
	struct stat st;
	int r = 0;

	if (fd < 0) {
		mipo_err_sys(err, errno, "%s", path);
		if (errno == ENOENT && err != NULL)
			err->code = MIPO_E_NOTFOUND;
		return -1;
	}
	if (fstat(fd, &st) != 0)
		r = mipo_err_sys(err, errno, "%s", path);
	if (r == 0 && secret)
		r = check_secret(&st, path, err);
	if (r == 0)
		r = read_fd(fd, path, buf, err);
	if (r == 0 && ret_st != NULL)
		*ret_st = st;
	(void)close(fd);
	return r;
}

int
mipo_file_read(const char *path, struct mipo_buf *buf, struct mipo_err *err)
{
	return read_path(path, buf, false, NULL, err);
}

int
mipo_file_read_stat(const char *path, struct mipo_buf *buf,
    struct stat *ret_st, struct mipo_err *err)
{
	return read_path(path, buf, false, ret_st, err);
}

int
mipo_file_read_secret(
    const char *path, struct mipo_buf *buf, struct mipo_err *err)
{
	return read_path(path, buf, true, NULL, err);
}

static int
not_plain(const char *path, mode_t mode, struct mipo_err *err)
{
	return mipo_err_set(err, MIPO_E_TAMPERED, "%s: it is %s, no file",
	    path,
	    S_ISLNK(mode)	? "a symbolic link"
		: S_ISDIR(mode)	? "a directory"
		: S_ISFIFO(mode) ? "a FIFO"
				 : "something else");
}

/* What errno says of path, where it is not there in a way of its own. */
static int
fail(const char *path, struct mipo_err *err)
{
	int sys = errno;

	mipo_err_sys(err, sys, "%s", path);
	if (sys == ENOENT && err != NULL)
		err->code = MIPO_E_NOTFOUND;
	return -1;
}

int
mipo_file_check_plain(const char *path, struct mipo_err *err)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return fail(path, err);
	return S_ISREG(st.st_mode) ? 0 : not_plain(path, st.st_mode, err);
}

int
mipo_file_write_all(int fd, const void *src, size_t len, struct mipo_err *err)
{
	const char *p = src;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return mipo_err_sys(err, errno, "write");
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static void
file_free(struct mipo_file *file)
{
	if (file->fd >= 0)
		(void)close(file->fd);
	free(file->path);
	free(file->temp);
	free(file);
}

int
mipo_file_begin(const char *path, mode_t mode, struct mipo_file **ret_file,
    struct mipo_err *err)
{
	struct mipo_file *file = mipo_calloc(1, sizeof(*file), err);
	struct mipo_buf temp;
	const char *name;

	if (file == NULL)
		return -1;
	file->fd = -1;
	mipo_buf_init(&temp, 4096);
	mipo_buf_putf(&temp, "%s.%ld.tmp", path, (long)getpid());
	name = mipo_buf_str(&temp, err);
	if (name != NULL)
		file->temp = mipo_strdup(name, err);
	mipo_buf_release(&temp);
	file->path = mipo_strdup(path, err);
	if (file->temp == NULL || file->path == NULL) {
		file_free(file);
		return -1;
	}
	(void)unlink(file->temp); /* ours alone: it bears our process id */
	file->fd = open(file->temp,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (file->fd < 0) {
		mipo_err_sys(err, errno, "%s", path);
		file_free(file);
		return -1;
	}
	*ret_file = file;
	return 0;
}

int
mipo_file_fd(const struct mipo_file *file)
{
	return file->fd;
}

int
mipo_file_sync_dir(const char *path, struct mipo_err *err)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? mipo_strdup(".", err)
				  : mipo_memdup(path,
					slash == path ? 1
						      : (size_t)(slash - path),
					err);
	int fd, r = 0;

	if (dir == NULL)
		return -1;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		r = mipo_err_sys(err, errno, "%s", dir);
	if (fd >= 0)
		(void)close(fd);
	free(dir);
	return r;
}

int
mipo_file_commit(struct mipo_file *file, int excl, struct mipo_err *err)
{
	int fd = file->fd;

	file->fd = -1;
	if (fsync(fd) != 0 && errno != EINVAL && errno != EROFS) {
		mipo_err_sys(err, errno, "%s", file->path);
		(void)close(fd);
		goto fail;
	}
	if (close(fd) != 0) {
		mipo_err_sys(err, errno, "%s", file->path);
		goto fail;
	}
	if ((excl ? link(file->temp, file->path)
		  : rename(file->temp, file->path)) != 0) {
		mipo_err_sys(err, errno, "%s", file->path);
		goto fail;
	}
	if (excl)
		(void)unlink(file->temp);
	if (mipo_file_sync_dir(file->path, err) != 0)
		goto fail;
	file_free(file);
	return 0;
fail:
	mipo_file_abandon(file);
	return -1;
}

void
mipo_file_abandon(struct mipo_file *file)
{
	if (file == NULL)
		return;
	(void)unlink(file->temp);
	file_free(file);
}

int
mipo_file_put(const char *path, mode_t mode, int excl, const void *p,
    size_t len, struct mipo_err *err)
{
	struct mipo_file *file;

	if (mipo_file_begin(path, mode, &file, err) != 0)
		return -1;
	if (mipo_file_write_all(file->fd, p, len, err) != 0) {
		mipo_err_prefix(err, "%s", path);
		mipo_file_abandon(file);
		return -1;
	}
	return mipo_file_commit(file, excl, err);
}

int
mipo_file_scratch(const char *dir, struct mipo_err *err)
{
	const char *given = getenv("TMPDIR");
	char path[PATH_MAX];
	int fd;

	if (given != NULL && *given == '/' && strlen(given) < PATH_MAX - 16)
		dir = given;
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	(void)snprintf(path, sizeof(path), "%s/mipo.XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return mipo_err_sys(err, errno, "%s", dir);
	(void)unlink(path);
	return fd;
}

/* Waits in short naps: a lock that can be waited for with a limit. */
int
mipo_file_lock(
    int fd, const char *path, uint64_t wait_ms, struct mipo_err *err)
{
	const struct timespec nap = {.tv_nsec = 2000000};
	uint64_t until = mipo_clock_mono_ns() + wait_ms * 1000000;

	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return mipo_err_sys(err, errno, "%s: lock", path);
		if (mipo_clock_mono_ns() >= until)
			return mipo_err_set(err, MIPO_E_BUSY,
			    "%s: another process is writing", path);
		(void)nanosleep(&nap, NULL);
	}
	return 0;
}

int
mipo_file_mkdirs(const char *path, mode_t mode, struct mipo_err *err)
{
	char *dir = mipo_strdup(path, err);
	int r = 0;

	if (dir == NULL)
		return -1;
	for (char *p = dir + 1; r == 0; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(dir, mode) != 0 && errno != EEXIST)
			r = mipo_err_sys(err, errno, "%s", dir);
		*p = c;
		if (c == '\0')
			break;
	}
	free(dir);
	return r;
}
