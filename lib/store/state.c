#include "store/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/rebuild.h"
#include "store/schema.h"

#define SYSTEM_STATE "/var/lib/mipo"

struct mipo_state {
	char *path;
	struct mipo_db *db;
	bool write, current, broken;
};

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
		mipo_err_set(err, MIPO_E_NOTFOUND,
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

static int
open_db(struct mipo_state *state, struct mipo_err *err)
{
	char *file = NULL;
	int r;

	if (mipo_state_join(state->path, "mipo.db", &file, err) != 0)
		return -1;
	r = mipo_db_open(file, state->write ? MIPO_DB_WRITE : MIPO_DB_READ,
	    &state->db, err);
	if (r == 0 &&
	    mipo_schema_check(state->db, &state->current, err) != 0)
		r = mipo_err_prefix(err, "%s", file);
	free(file);
	return r;
}

int
mipo_state_open(const char *path, bool write, struct mipo_state **ret_state,
    struct mipo_err *err)
{
	struct mipo_state *state = mipo_calloc(1, sizeof(*state), err);

	if (state == NULL)
		return -1;
	state->write = write;
	state->path = mipo_strdup(path, err);
	if (state->path == NULL || open_db(state, err) != 0)
		goto fail;
	if (write && !state->current && mipo_rebuild(state, NULL, err) != 0)
		goto fail;
	*ret_state = state;
	return 0;
fail:
	mipo_state_close(state);
	return -1;
}

void
mipo_state_close(struct mipo_state *state)
{
	if (state == NULL)
		return;
	mipo_db_close(state->db);
	free(state->path);
	free(state);
}

const char *
mipo_state_path(const struct mipo_state *state)
{
	return state->path;
}

struct mipo_db *
mipo_state_db(struct mipo_state *state)
{
	return state->db;
}

int
mipo_state_derived(
    struct mipo_state *state, struct mipo_db **ret_db, struct mipo_err *err)
{
	if (!state->current)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "the index of %s is of another version: "
		    "mipo-store rebuild makes it anew", state->path);
	*ret_db = state->db;
	return 0;
}

void
mipo_state_set_current(struct mipo_state *state, bool current)
{
	state->current = current;
}

bool
mipo_state_is_current(const struct mipo_state *state)
{
	return state->current;
}

bool
mipo_state_is_writer(const struct mipo_state *state)
{
	return state->write;
}

void
mipo_state_break(struct mipo_state *state)
{
	state->broken = true;
}

bool
mipo_state_is_broken(const struct mipo_state *state)
{
	return state->broken;
}

int
mipo_state_read_begin(struct mipo_state *state, struct mipo_err *err)
{
	int64_t n;

	if (mipo_db_exec(state->db, "BEGIN", err) != 0)
		return -1;
	/* BEGIN alone takes no snapshot; the first read does. */
	if (mipo_db_number(state->db, "SELECT 1 FROM sqlite_schema", 0, &n,
		err) == 0)
		return 0;
	mipo_state_read_end(state);
	return -1;
}

void
mipo_state_read_end(struct mipo_state *state)
{
	(void)mipo_db_exec(state->db, "ROLLBACK", NULL);
}
