#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "bin/mipo/mipo.h"

static bool
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(path, X_OK) == 0;
}

/* DIR/mipo-NAME, if it is a program. */
static char *
in_dir(const char *dir, size_t len, const char *name, struct mipo_err *err)
{
	struct mipo_buf path;
	const char *s;
	char *found = NULL;

	mipo_buf_init(&path, 4096);
	mipo_buf_put(&path, dir, len);
	mipo_buf_putf(&path, "/mipo-%s", name);
	s = mipo_buf_str(&path, NULL);
	if (s != NULL && is_program(s))
		found = mipo_strdup(s, err);
	mipo_buf_release(&path);
	return found;
}

static char *
beside(const char *name, struct mipo_err *err)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return NULL;
	return in_dir(self, (size_t)(slash - self), name, err);
}

/* Relative entries of PATH are left out: they mean what the caller's cd did. */
static char *
in_path(const char *name, struct mipo_err *err)
{
	const char *p = getenv("PATH");
	char *found = NULL;

	while (p != NULL && *p != '\0' && found == NULL) {
		size_t len = strcspn(p, ":");

		if (len > 0 && *p == '/')
			found = in_dir(p, len, name, err);
		p += len + (p[len] == ':');
	}
	return found;
}

int
find_program(const char *name, char **ret_path, struct mipo_err *err)
{
	char *path = NULL;

	if (strchr(name, '/') == NULL && *name != '\0') {
		path = beside(name, err);
		if (path == NULL)
			path = in_dir(LIBEXECDIR, strlen(LIBEXECDIR), name,
			    err);
		if (path == NULL)
			path = in_path(name, err);
	}
	if (path == NULL)
		return mipo_err_set(err, MIPO_E_NOTFOUND,
		    "there is no program mipo-%s", name);
	*ret_path = path;
	return 0;
}
