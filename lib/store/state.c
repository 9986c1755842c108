#include "store/state.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/rebuild.h"
#include "store/schema.h"

struct mipo_state {
	char *path;
	struct mipo_db *db;
	bool write, current, broken;
};

/* bent: where not NULL, gets an error about the schema that is ours to say. */
static int
open_db(struct mipo_state *state, struct mipo_err *bent, struct mipo_err *err)
{
	struct mipo_err why = {0};
	char *file = NULL;
	int r;

	if (mipo_state_join(state->path, "mipo.db", &file, err) != 0)
		return -1;
	r = mipo_db_open(file, state->write ? MIPO_DB_WRITE : MIPO_DB_READ,
	    &state->db, err);
	if (r == 0 &&
	    mipo_schema_check(state->db, &state->current, &why) != 0) {
		mipo_err_prefix(&why, "%s", file);
		if (bent == NULL || why.code != MIPO_E_TAMPERED ||
		    !mipo_schema_readable(state->db))
			r = mipo_err_set(err, why.code, "%s", why.text);
		else
			*bent = why;
	}
	free(file);
	return r;
}

static int
open_state(const char *path, bool write, struct mipo_state **ret_state,
    struct mipo_err *bent, struct mipo_err *err)
{
	struct mipo_state *state = mipo_calloc(1, sizeof(*state), err);

	if (state == NULL)
		return -1;
	state->write = write;
	state->path = mipo_strdup(path, err);
	if (state->path == NULL || open_db(state, bent, err) != 0)
		goto fail;
	if (write && !state->current && mipo_rebuild(state, NULL, err) != 0)
		goto fail;
	*ret_state = state;
	return 0;
fail:
	mipo_state_close(state);
	return -1;
}

int
mipo_state_open(const char *path, bool write, struct mipo_state **ret_state,
    struct mipo_err *err)
{
	return open_state(path, write, ret_state, NULL, err);
}

int
mipo_state_open_bent(const char *path, struct mipo_state **ret_state,
    struct mipo_err *ret_bent, struct mipo_err *err)
{
	return open_state(path, false, ret_state, ret_bent, err);
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

int
mipo_state_entries(
    struct mipo_state *state, uint64_t *ret_entries, struct mipo_err *err)
{
	int64_t n;

	if (mipo_db_number(state->db,
		"SELECT coalesce(max(seq)+1, 0) FROM leaf", 0, &n, err) != 0)
		return -1;
	*ret_entries = (uint64_t)n;
	return 0;
}
