#include "store/init-files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/init.h"
#include "store/inside.h"

int
mipo_init_check(const char *path, struct mipo_err *err)
{
	struct stat st;
	DIR *dir;
	int n = 0;

	if (lstat(path, &st) != 0)
		return errno == ENOENT
		    ? 0
		    : mipo_err_sys(err, errno, "%s", path);
	dir = S_ISDIR(st.st_mode) ? opendir(path) : NULL;
	while (dir != NULL && n < 3 && readdir(dir) != NULL)
		n++;
	if (dir != NULL)
		(void)closedir(dir);
	if (n == 2)
		return 0; /* . and .. */
	return mipo_err_set(err, MIPO_E_USAGE,
	    "%s is there already: a state is made in a new place", path);
}

static int
make_parents(const char *path, struct mipo_err *err)
{
	char *parent = mipo_strdup(path, err);
	char *slash;
	int r = 0;

	if (parent == NULL)
		return -1;
	slash = strrchr(parent, '/');
	if (slash != NULL && slash != parent) {
		*slash = '\0';
		r = mipo_file_mkdirs(parent, 0755, err);
	}
	free(parent);
	return r;
}

int
mipo_init_place(const char *path, char **ret_dir, struct mipo_err *err)
{
	struct mipo_buf buf;
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	if (mipo_init_check(path, err) != 0 || make_parents(path, err) != 0)
		return -1;
	mipo_buf_init(&buf, 8192);
	mipo_buf_put(&buf, path, len);
	mipo_buf_putf(&buf, ".%ld.new", (long)getpid());
	if (mipo_buf_str(&buf, err) == NULL)
		goto fail;
	if (mkdir(buf.data, 0700) != 0) {
		mipo_err_sys(err, errno, "%s", buf.data);
		goto fail;
	}
	*ret_dir = buf.data; /* handed over */
	return 0;
fail:
	mipo_buf_release(&buf);
	return -1;
}

/* Made with that mode, whatever the umask; the group's where there is one. */
static int
make_dir(const char *dir, const char *name, mode_t mode, const gid_t *group,
    struct mipo_err *err)
{
	char *path = NULL;
	int r = 0;

	if (mipo_state_join(dir, name, &path, err) != 0)
		return -1;
	if ((mkdir(path, 0700) != 0 && errno != EEXIST) ||
	    (group != NULL && chown(path, (uid_t)-1, *group) != 0) ||
	    chmod(path, group != NULL ? mode | S_ISGID : mode) != 0)
		r = mipo_err_sys(err, errno, "%s", path);
	free(path);
	return r;
}

/* Root may give files to any group, others to those that they are in. */
static bool
may_give(gid_t gid)
{
	gid_t groups[256];
	int n = getgroups(256, groups);

	if (geteuid() == 0 || getegid() == gid)
		return true;
	for (int i = 0; i < n; i++)
		if (groups[i] == gid)
			return true;
	return false;
}

int
mipo_init_dirs(const char *dir, bool *ret_group, struct mipo_err *err)
{
	const struct group *group = getgrnam("mipo");
	const gid_t *gid = NULL;

	if (group != NULL && may_give(group->gr_gid))
		gid = &group->gr_gid;
	if (make_dir(dir, ".", 0750, gid, err) != 0 ||
	    make_dir(dir, "objects", 0750, gid, err) != 0 ||
	    make_dir(dir, "keys", 0700, NULL, err) != 0)
		return -1;
	*ret_group = gid != NULL;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	(void)remove(path);
	return 0;
}

void
mipo_init_remove(const char *dir)
{
	(void)nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
