#include "store/object-path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/inside.h"
#include "store/object.h"
#include "store/state.h"

#define TEMP ".new-"

/* A maker has its lock a moment after its file; nobody sweeps before. */
#define SWEEP_AFTER_S (10 * 60)

/* Should a sweep come between all the same, another file is made. */
#define TEMP_TRIES 16

int
mipo_object_path(const char *dir, const uint8_t digest[32], char **ret_path,
    struct mipo_err *err)
{
	char hex[65], name[80];

	mipo_text_hex(digest, 32, hex);
	(void)snprintf(name, sizeof(name), "%.2s/%s", hex, hex);
	return mipo_state_join(dir, name, ret_path, err);
}

/* *ret_fd is -1 where a sweep took the file before it was locked. */
static int
try_temp(char *path, int *ret_fd, struct mipo_err *err)
{
	int fd = mkostemp(path, O_CLOEXEC);
	struct stat st;

	*ret_fd = -1;
	if (fd < 0)
		return mipo_err_sys(err, errno, "%s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0 &&
	    st.st_nlink > 0) {
		*ret_fd = fd;
		return 0;
	}
	(void)unlink(path);
	(void)close(fd);
	return 0;
}

int
mipo_object_temp(
    const char *dir, char **ret_path, int *ret_fd, struct mipo_err *err)
{
	char *path = NULL;
	int fd = -1, r = 0;

	for (int i = 0; r == 0 && fd < 0 && i < TEMP_TRIES; i++) {
		free(path);
		path = NULL;
		r = mipo_state_join(dir, TEMP "XXXXXX", &path, err);
		if (r == 0)
			r = try_temp(path, &fd, err);
	}
	if (r == 0 && fd < 0)
		r = mipo_err_set(err, MIPO_E_IO,
		    "%s: no temporary file stays", dir);
	if (r != 0) {
		free(path);
		return -1;
	}
	*ret_path = path;
	*ret_fd = fd;
	return 0;
}

/* By the clock of the files; one of the future is as good as old. */
static bool
is_old(const struct stat *st)
{
	int64_t now = mipo_clock_wall_ms() / 1000;

	return st->st_mtime > now || now - st->st_mtime > SWEEP_AFTER_S;
}

static void
sweep_one(int dir, const char *name)
{
	int fd = openat(dir, name,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && is_old(&st) &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0)
		(void)unlinkat(dir, name, 0);
	(void)close(fd);
}

void
mipo_object_sweep(const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *e;

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL)
		if (strncmp(e->d_name, TEMP, strlen(TEMP)) == 0)
			sweep_one(dirfd(d), e->d_name);
	(void)closedir(d);
}

static int
not_dot(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

/* One file of a directory that should hold objects. */
static int
tell(const char *dir, const char *prefix, const char *name,
    int (*each)(void *arg, const uint8_t *digest, const char *path),
    void *arg, int *ret_stop, struct mipo_err *err)
{
	uint8_t digest[32];
	char *path = NULL;
	bool named = strlen(prefix) == 2 && strncmp(prefix, name, 2) == 0 &&
	    mipo_text_unhex(name, digest, sizeof(digest), NULL) == 0;

	if (mipo_state_join(dir, name, &path, err) != 0)
		return -1;
	*ret_stop = each(arg, named ? digest : NULL, path);
	free(path);
	return 0;
}

typedef int each_fn(void *arg, const uint8_t *digest, const char *path);

/* A link to a directory is none. */
static bool
is_dir(const char *path, const char *name)
{
	char *below = NULL;
	struct stat st;
	bool yes;

	if (mipo_state_join(path, name, &below, NULL) != 0)
		return false;
	yes = lstat(below, &st) == 0 && S_ISDIR(st.st_mode);
	free(below);
	return yes;
}

/* Walks path in order of names; depth 0 is objects/ itself. */
static int
walk(const char *path, const char *prefix, int depth, each_fn *each,
    void *arg, int *ret_stop, struct mipo_err *err)
{
	struct dirent **names = NULL;
	int n = scandir(path, &names, not_dot, alphasort), r = 0;

	if (n < 0)
		return mipo_err_sys(err, errno, "%s", path);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		char *below = NULL;

		if (r == 0 && !*ret_stop && depth == 0 &&
		    strlen(name) == 2 && is_dir(path, name)) {
			r = mipo_state_join(path, name, &below, err);
			if (r == 0)
				r = walk(below, name, 1, each, arg, ret_stop,
				    err);
			free(below);
		} else if (r == 0 && !*ret_stop)
			r = tell(path, prefix, name, each, arg, ret_stop,
			    err);
		free(names[i]);
	}
	free(names);
	return r;
}

int
mipo_object_each(struct mipo_state *state, each_fn *each, void *arg,
    struct mipo_err *err)
{
	char *dir = NULL;
	int r, stop = 0;

	if (mipo_state_join(mipo_state_path(state), "objects", &dir, err) != 0)
		return -1;
	r = walk(dir, "", 0, each, arg, &stop, err);
	free(dir);
	return r;
}
