#include "store/init.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "data/rec.h"
#include "store/db.h"
#include "store/door-in.h"
#include "store/init-files.h"
#include "store/inside.h"
#include "store/schema.h"
#include "store/state.h"
#include "trust/slots.h"

struct keys {
	struct mipo_key *log, *ratchet, *scanner;
};

static void
free_keys(struct keys *keys)
{
	mipo_key_free(keys->log);
	mipo_key_free(keys->ratchet);
	mipo_key_free(keys->scanner);
}

static int
save(const char *dir, const char *name, const struct mipo_key *key,
    const char *what, struct mipo_err *err)
{
	char *path = NULL;
	int r;

	if (mipo_state_join(dir, name, &path, err) != 0)
		return -1;
	r = what == NULL ? mipo_slots_create(path, key, err)
			 : mipo_key_save(key, path, what, err);
	free(path);
	return r;
}

static int
make_keys(const char *dir, struct keys *keys, struct mipo_err *err)
{
	keys->log = mipo_key_new(err);
	keys->ratchet = mipo_key_new(err);
	keys->scanner = mipo_key_new(err);
	if (keys->log == NULL || keys->ratchet == NULL ||
	    keys->scanner == NULL ||
	    save(dir, "keys/log.key", keys->log, "mipo log", err) != 0 ||
	    save(dir, "keys/ratchet", keys->ratchet, NULL, err) != 0)
		return -1;
	return save(
	    dir, "keys/scanner.key", keys->scanner, "mipo scanner", err);
}

static int
make_db(const char *dir, struct mipo_err *err)
{
	struct mipo_db *db = NULL;
	char *file = NULL;
	int r = -1;

	if (mipo_state_join(dir, "mipo.db", &file, err) == 0 &&
	    mipo_db_open(file, MIPO_DB_CREATE, &db, err) == 0 &&
	    mipo_db_exec(db, "BEGIN IMMEDIATE", err) == 0 &&
	    mipo_schema_create(db, err) == 0)
		r = mipo_db_exec(db, "COMMIT", err);
	mipo_db_close(db);
	free(file);
	return r;
}

static int
add_owner(struct mipo_door *door, const struct mipo_init *init,
    struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("access.owner", err);
	int r = -1;

	if (rec == NULL)
		return -1;
	mipo_rec_put_str(rec, "subject", init->actor->id);
	if (mipo_rec_ok(rec, err) == 0)
		r = mipo_door_add(door, rec, NULL, err);
	mipo_rec_free(rec);
	return r;
}

static int
add_scanner(struct mipo_door *door, const struct mipo_init *init,
    const struct mipo_pub *pub, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("access.scanner", err);
	struct mipo_buf b64;
	const char *text;
	int r = -1;

	mipo_buf_init(&b64, 64);
	mipo_b64(&b64, pub->pk, sizeof(pub->pk));
	text = mipo_buf_str(&b64, err);
	if (rec == NULL || text == NULL)
		goto out;
	mipo_rec_put_str(rec, "key", pub->id);
	mipo_rec_put_str(rec, "pub", text);
	mipo_rec_put_str(rec, "name", "local");
	if (init->network != NULL)
		mipo_rec_put_str(rec, "network", init->network);
	if (init->vantage != NULL)
		mipo_rec_put_str(rec, "vantage", init->vantage);
	if (mipo_rec_ok(rec, err) == 0)
		r = mipo_door_add(door, rec, NULL, err);
out:
	mipo_buf_release(&b64);
	mipo_rec_free(rec);
	return r;
}

/* Genesis, owner and scanner: the first commit. */
static int
first_commit(const char *dir, const struct mipo_init *init,
    const struct keys *keys, const struct mipo_genesis *genesis,
    struct mipo_err *err)
{
	struct mipo_state *state = NULL;
	struct mipo_door *door = NULL;
	int r = -1;

	if (mipo_state_open(dir, true, &state, err) != 0)
		return -1;
	if (mipo_door_enter(state, init->actor, genesis, 0, &door, err) != 0)
		goto out;
	if (add_owner(door, init, err) != 0 ||
	    add_scanner(door, init, mipo_key_pub(keys->scanner), err) != 0)
		mipo_door_abandon(door);
	else
		r = mipo_door_commit(door, NULL, err);
out:
	mipo_state_close(state);
	return r;
}

static int
tell(const struct mipo_genesis *genesis, const struct keys *keys,
    struct mipo_inited *ret_made, struct mipo_err *err)
{
	struct mipo_buf vkey;
	const char *text;
	int r = -1;

	mipo_buf_init(&vkey, sizeof(ret_made->vkey) - 1);
	mipo_vkey_format(&genesis->log_vkey, &vkey);
	text = mipo_buf_str(&vkey, err);
	if (text != NULL) {
		(void)snprintf(
		    ret_made->vkey, sizeof(ret_made->vkey), "%s", text);
		(void)snprintf(ret_made->origin, sizeof(ret_made->origin),
		    "%s", genesis->origin);
		(void)snprintf(ret_made->scanner, sizeof(ret_made->scanner),
		    "%s", mipo_key_pub(keys->scanner)->id);
		r = 0;
	}
	mipo_buf_release(&vkey);
	return r;
}

/* Everything, in the directory dir that is nobody's yet. */
static int
fill(const char *dir, const struct mipo_init *init,
    struct mipo_inited *ret_made, struct mipo_err *err)
{
	struct mipo_genesis genesis;
	struct keys keys = {NULL, NULL, NULL};
	int r = -1;

	if (mipo_init_dirs(dir, &ret_made->group, err) == 0 &&
	    make_keys(dir, &keys, err) == 0 &&
	    mipo_genesis_set(&genesis, init->org, mipo_key_pub(keys.log),
		mipo_key_pub(keys.ratchet), &init->recovery, err) == 0 &&
	    make_db(dir, err) == 0 &&
	    first_commit(dir, init, &keys, &genesis, err) == 0)
		r = tell(&genesis, &keys, ret_made, err);
	free_keys(&keys);
	return r;
}

static int
move_in(const char *dir, const char *path, struct mipo_err *err)
{
	char *file = NULL;
	int r = mipo_state_join(dir, "mipo.db", &file, err);

	if (r == 0)
		r = mipo_file_sync_dir(file, err);
	free(file);
	if (r != 0)
		return -1;
	/* rename replaces an empty directory, and no other. */
	if (rename(dir, path) != 0)
		return mipo_err_sys(err, errno, "%s", path);
	/* Both lie in one directory; path may end in a slash. */
	if (mipo_file_sync_dir(dir, err) == 0)
		return 0;
	(void)rename(path, dir);
	return -1;
}

int
mipo_init_state(const struct mipo_init *init, struct mipo_inited *ret_made,
    struct mipo_err *err)
{
	struct mipo_init full = *init;
	struct mipo_inited made = {.group = false};
	char *dir = NULL;
	int r;

	full.org = init->org == NULL ? "local" : init->org;
	if (mipo_init_place(init->path, &dir, err) != 0)
		return -1;
	r = fill(dir, &full, &made, err);
	if (r == 0)
		r = move_in(dir, init->path, err);
	if (r == 0) {
		*ret_made = made;
	} else {
		mipo_init_remove(dir);
		if (err != NULL && err->code == MIPO_E_STANDS) {
			err->code = MIPO_E_IO;
			mipo_err_prefix(err, "it is removed again");
		}
	}
	free(dir);
	return r;
}
