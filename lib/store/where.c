#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/inside.h"
#include "store/state.h"

#define SYSTEM_STATE "/var/lib/mipo"

int
mipo_state_join(const char *path, const char *name, char **ret_path,
    struct mipo_err *err)
{
	struct mipo_buf buf;
	const char *s;

	mipo_buf_init(&buf, 8192);
	mipo_buf_putf(&buf, "%s/%s", path, name);
	s = mipo_buf_str(&buf, err);
	if (s == NULL) {
		mipo_buf_release(&buf);
		return -1;
	}
	*ret_path = buf.data; /* handed over */
	return 0;
}

/* The XDG rule: a relative value counts as unset. */
static int
user_state(char **ret_path, struct mipo_err *err)
{
	const char *base = getenv("XDG_STATE_HOME");

	if (base != NULL && *base == '/')
		return mipo_state_join(base, "mipo", ret_path, err);
	base = getenv("HOME");
	if (base == NULL || *base != '/')
		return mipo_err_set(err, MIPO_E_USAGE,
		    "no state: neither --state, MIPO_STATE nor HOME is set");
	return mipo_state_join(base, ".local/state/mipo", ret_path, err);
}

static int
default_state(bool system, char **ret_path, struct mipo_err *err)
{
	if (!system)
		return user_state(ret_path, err);
	*ret_path = mipo_strdup(SYSTEM_STATE, err);
	return *ret_path == NULL ? -1 : 0;
}

static const char *
chosen(const char *dir, bool system)
{
	const char *env = getenv("MIPO_STATE");

	if (dir != NULL || system)
		return dir;
	return env != NULL && *env != '\0' ? env : NULL;
}

int
mipo_state_where(const char *dir, bool system, char **ret_path,
    struct mipo_err *err)
{
	dir = chosen(dir, system);
	if (dir == NULL)
		return default_state(
		    system || geteuid() == 0, ret_path, err);
	*ret_path = mipo_strdup(dir, err);
	return *ret_path == NULL ? -1 : 0;
}

/* Whether a state is there; one that we may not look into counts. */
static bool
is_state(const char *path)
{
	char *file = NULL;
	struct stat st;
	bool yes;

	if (mipo_state_join(path, "mipo.db", &file, NULL) != 0)
		return false;
	yes = stat(file, &st) == 0 || errno == EACCES;
	free(file);
	return yes;
}

/* No state at path: name the other one where that is there. */
static int
explain_missing(const char *path, bool was_chosen, struct mipo_err *err)
{
	bool system = strcmp(path, SYSTEM_STATE) == 0;
	char *other = NULL;

	if (!was_chosen && default_state(!system, &other, NULL) == 0 &&
	    is_state(other))
		mipo_err_set(err, MIPO_E_USAGE,
		    "no state at %s, but there is one at %s: say %s", path,
		    other, system ? "--state" : "--system or --state");
	free(other);
	return mipo_err_set(err, MIPO_E_NOTFOUND,
	    "no state at %s: mipo-store init makes one", path);
}

int
mipo_state_find(const char *dir, bool system, char **ret_path,
    struct mipo_err *err)
{
	char *path = NULL;

	if (mipo_state_where(dir, system, &path, err) != 0)
		return -1;
	if (!is_state(path)) {
		explain_missing(path, chosen(dir, system) != NULL, err);
		free(path);
		return -1;
	}
	*ret_path = path;
	return 0;
}
