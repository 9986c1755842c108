#include "crash.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What a write to a file replaced, until that file is synced. */
struct undo {
	dev_t dev;
	ino_t ino;
	int fd; /* a duplicate */
	off_t at, size;
	size_t len;
	char *old;
};

static struct {
	bool armed;
	enum crash_loss loss;
	unsigned long n, calls, syncs, fail_sync;
	struct undo undo[4096];
	size_t n_undo;
	ino_t synced[64];
	unsigned seed;
} crash;

/* Newest first, so that what was there in the end comes back. */
static void
lose(void)
{
	for (size_t i = crash.n_undo; i-- > 0;) {
		struct undo *u = &crash.undo[i];

		if (crash.loss == CRASH_TEAR && rand_r(&crash.seed) % 2 == 0)
			continue;
		if (u->len > 0)
			(void)syscall(
			    SYS_pwrite64, u->fd, u->old, u->len, u->at);
		(void)syscall(SYS_ftruncate, u->fd, u->size);
	}
}

/* Before each call: what comes after one comes before the next. */
static void
step(void)
{
	if (!crash.armed || ++crash.calls != crash.n)
		return;
	if (crash.loss != CRASH_KEEP)
		lose();
	_exit(CRASH_STATUS);
}

/* Before len bytes at at are written: keeps what is there. */
static void
remember(int fd, size_t len, off_t at)
{
	struct undo *u = &crash.undo[crash.n_undo];
	struct stat st;
	ssize_t n;

	if (!crash.armed || crash.loss == CRASH_KEEP ||
	    fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	if (crash.n_undo == sizeof(crash.undo) / sizeof(*crash.undo))
		abort();
	u->dev = st.st_dev;
	u->ino = st.st_ino;
	u->size = st.st_size;
	u->at = at >= 0 ? at : lseek(fd, 0, SEEK_CUR);
	u->fd = dup(fd);
	u->old = malloc(len + 1);
	if (u->fd < 0 || u->old == NULL)
		abort();
	n = pread(fd, u->old, len, u->at); /* -1: opened for writing alone */
	u->len = n > 0 ? (size_t)n : 0;
	crash.n_undo++;
}

static void
forget(int fd)
{
	struct stat st;
	size_t n = 0;

	if (fstat(fd, &st) != 0)
		return;
	for (size_t i = 0; i < crash.n_undo; i++) {
		struct undo *u = &crash.undo[i];

		if (u->dev == st.st_dev && u->ino == st.st_ino) {
			(void)close(u->fd);
			free(u->old);
		} else
			crash.undo[n++] = *u;
	}
	crash.n_undo = n;
}

void
crash_arm(unsigned long n, enum crash_loss loss)
{
	memset(&crash, 0, sizeof(crash));
	crash.armed = true;
	crash.n = n;
	crash.loss = loss;
	crash.seed = (unsigned)n;
}

void
crash_fail_sync(unsigned long n)
{
	crash_arm(0, CRASH_KEEP);
	crash.fail_sync = n;
}

unsigned long
crash_calls(void)
{
	return crash.calls;
}

bool
crash_synced(const char *path)
{
	struct stat st;

	for (size_t i = 0; stat(path, &st) == 0 && i < crash.syncs; i++)
		if (crash.synced[i % 64] == st.st_ino)
			return true;
	return false;
}

unsigned long
crash_syncs(void)
{
	return crash.syncs;
}

ssize_t
write(int fd, const void *p, size_t len)
{
	step();
	remember(fd, len, -1);
	return syscall(SYS_write, fd, p, len);
}

ssize_t
pwrite(int fd, const void *p, size_t len, off_t at)
{
	step();
	remember(fd, len, at);
	return syscall(SYS_pwrite64, fd, p, len, at);
}

ssize_t
pwrite64(int fd, const void *p, size_t len, off64_t at)
{
	return pwrite(fd, p, len, at);
}

static int
sync_call(long call, int fd)
{
	struct stat st;
	int r;

	step();
	if (fstat(fd, &st) == 0)
		crash.synced[crash.syncs % 64] = st.st_ino;
	if (++crash.syncs == crash.fail_sync) {
		errno = EIO;
		return -1;
	}
	r = (int)syscall(call, fd);
	forget(fd);
	return r;
}

int
fsync(int fd)
{
	return sync_call(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return sync_call(SYS_fdatasync, fd);
}

int
ftruncate(int fd, off_t size)
{
	step();
	return (int)syscall(SYS_ftruncate, fd, size);
}

int
ftruncate64(int fd, off64_t size)
{
	return ftruncate(fd, size);
}

int
rename(const char *from, const char *to)
{
	step();
	return (int)syscall(SYS_rename, from, to);
}

int
link(const char *from, const char *to)
{
	step();
	return (int)syscall(SYS_link, from, to);
}

int
unlink(const char *path)
{
	step();
	return (int)syscall(SYS_unlink, path);
}
