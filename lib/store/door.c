#include "store/door.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/rec.h"
#include "data/schema.h"
#include "store/actor.h"
#include "store/apply.h"
#include "store/db.h"
#include "store/door-in.h"
#include "store/inside.h"
#include "store/schema.h"
#include "store/state.h"
#include "trust/key.h"
#include "trust/slots.h"

static int
take_keys(struct mipo_door *door, uint64_t wait_ms, struct mipo_err *err)
{
	const char *path = mipo_state_path(door->state);
	char *slots = NULL, *log = NULL;
	int r = -1;

	if (mipo_state_join(path, "keys/ratchet", &slots, err) == 0 &&
	    mipo_state_join(path, "keys/log.key", &log, err) == 0 &&
	    mipo_file_check_plain(slots, err) == 0 &&
	    mipo_file_check_plain(log, err) == 0 &&
	    mipo_slots_open(slots, wait_ms, &door->slots, err) == 0)
		r = mipo_key_load(log, &door->log_key, err);
	free(slots);
	free(log);
	return r;
}

static struct mipo_who
who(const struct mipo_door *door)
{
	return (struct mipo_who){.kind = door->actor.kind,
	    .id = door->actor.id,
	    .known_by = door->actor.known_by,
	    .side = door->side};
}

/* The side object is stored with the first entry that names it. */
static int
put_side(struct mipo_door *door, struct mipo_err *err)
{
	struct mipo_buf body;
	uint8_t digest[32];
	struct mipo_q *q = NULL;
	int r;

	mipo_buf_init(&body, MIPO_REC_MAX_WRITE);
	r = mipo_actor_side(&door->actor, &body, digest, err);
	if (r == 0)
		r = mipo_q_new(door->db,
		    "INSERT INTO side(digest, body) VALUES(?1, ?2)", &q, err);
	if (r == 0) {
		mipo_text_hex(digest, sizeof(digest), door->side);
		mipo_q_blob(q, 1, digest, sizeof(digest));
		mipo_q_blob(q, 2, body.data, body.len);
		r = mipo_q_run(q, err);
	}
	mipo_q_done(q);
	mipo_buf_release(&body);
	return r;
}

void
mipo_door_put_node(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[MIPO_HASH_LEN])
{
	struct mipo_door *door = arg;

	if (level == 0 || door->bad.code != MIPO_E_NONE)
		return;
	mipo_q_int(door->node, 1, (int64_t)(((index + 1) << level) - 1));
	mipo_q_int(door->node, 2, level);
	mipo_q_blob(door->node, 3, hash, MIPO_HASH_LEN);
	(void)mipo_q_run(door->node, &door->bad);
}

int
mipo_door_put_entry(struct mipo_door *door, struct mipo_err *err)
{
	if (door->bad.code != MIPO_E_NONE) {
		*err = door->bad;
		return -1;
	}
	mipo_q_int(door->leaf, 1, (int64_t)door->chain.tree.size - 1);
	mipo_q_blob(door->leaf, 2, door->entry.data, door->entry.len);
	return mipo_q_run(door->leaf, err);
}

static int
found(struct mipo_door *door, const struct mipo_genesis *genesis,
    struct mipo_err *err)
{
	struct mipo_stamp stamp;
	struct mipo_who actor;

	if (put_side(door, err) != 0)
		return -1;
	mipo_stamp_now(&stamp);
	actor = who(door);
	if (mipo_chain_genesis(&door->chain, genesis, &stamp, &actor,
		mipo_door_put_node, door, &door->entry, err) != 0)
		return -1;
	return mipo_door_put_entry(door, err);
}

/* Another version's tables may have come since this process looked. */
static int
check_version(struct mipo_door *door, struct mipo_err *err)
{
	int64_t version;

	if (mipo_db_number(door->db, "PRAGMA user_version", 0, &version,
		err) != 0)
		return -1;
	if (version == MIPO_DERIVED_VERSION)
		return 0;
	return mipo_err_set(err, MIPO_E_USAGE,
	    "another version of mipo has made the index of %s anew since "
	    "this one opened it: nothing is written into it",
	    mipo_state_path(door->state));
}

static int
begin(struct mipo_door *door, const struct mipo_genesis *genesis,
    uint64_t wait_ms, struct mipo_err *err)
{
	if (mipo_db_begin_write(door->db, wait_ms, err) != 0)
		return -1;
	door->began = true;
	if (check_version(door, err) != 0 ||
	    mipo_q_new(door->db, "INSERT INTO leaf(seq, body) VALUES(?1, ?2)",
		&door->leaf, err) != 0 ||
	    mipo_q_new(door->db,
		"INSERT INTO node(last, level, hash) VALUES(?1, ?2, ?3)",
		&door->node, err) != 0)
		return -1;
	if (genesis != NULL) {
		if (found(door, genesis, err) != 0)
			return -1;
	} else if (mipo_door_head(door->db, mipo_key_pub(door->log_key),
		       &door->chain, err) != 0)
		return -1;
	door->first = genesis != NULL ? 0 : door->chain.tree.size;
	return mipo_slots_settle(
	    door->slots, door->chain.n, &door->chain.ratchet, err);
}

int
mipo_door_enter(struct mipo_state *state, const struct mipo_actor *actor,
    const struct mipo_genesis *genesis, uint64_t wait_ms,
    struct mipo_door **ret_door, struct mipo_err *err)
{
	struct mipo_door *door = mipo_calloc(1, sizeof(*door), err);

	if (door == NULL)
		return -1;
	door->state = state;
	door->actor = *actor;
	mipo_buf_init(&door->entry, MIPO_ENTRY_MAX);
	if (mipo_state_derived(state, &door->db, err) != 0 ||
	    take_keys(door, wait_ms, err) != 0 ||
	    begin(door, genesis, wait_ms, err) != 0) {
		mipo_door_abandon(door);
		return -1;
	}
	*ret_door = door;
	return 0;
}

/* "store.record": two words of lower-case letters and a dot between. */
static bool
is_scope(const char *scope)
{
	size_t a = strspn(scope, "abcdefghijklmnopqrstuvwxyz");
	size_t b = scope[a] == '.'
	    ? strspn(scope + a + 1, "abcdefghijklmnopqrstuvwxyz-")
	    : 0;

	return a > 0 && b > 0 && scope[a + 1 + b] == '\0';
}

int
mipo_door_open(struct mipo_state *state, const struct mipo_actor *actor,
    const char *scope, uint64_t wait_ms, struct mipo_door **ret_door,
    struct mipo_err *err)
{
	if (!is_scope(scope))
		return mipo_err_set(
		    err, MIPO_E_INTERNAL, "%s: no such scope", scope);
	if (!mipo_state_is_writer(state) || mipo_state_is_broken(state))
		return mipo_err_set(err, MIPO_E_INTERNAL,
		    "%s: this handle may not write", scope);
	return mipo_door_enter(state, actor, NULL, wait_ms, ret_door, err);
}

static int
add(struct mipo_door *door, const struct mipo_rec *rec,
    struct mipo_sheet *sheet, struct mipo_err *err)
{
	struct mipo_apply apply = {.state = door->state,
	    .db = door->db,
	    .seq = door->chain.tree.size,
	    .sheet = sheet};
	struct mipo_stamp stamp;
	struct mipo_who actor;

	if (mipo_rec_check(rec, err) != 0)
		return -1;
	if (door->side[0] == '\0' && put_side(door, err) != 0)
		return -1;
	mipo_stamp_now(&stamp);
	apply.time_ms = stamp.time_ms;
	actor = who(door);
	mipo_buf_clear(&door->entry);
	if (mipo_chain_add(&door->chain, rec, &stamp, &actor,
		mipo_door_put_node, door, &door->entry, err) != 0 ||
	    mipo_door_put_entry(door, err) != 0)
		return -1;
	return mipo_apply(&apply, mipo_rec_str(rec, "type"), rec, err);
}

int
mipo_door_add_look(struct mipo_door *door, const struct mipo_rec *end,
    struct mipo_sheet *sheet, uint64_t *ret_seq, struct mipo_err *err)
{
	uint64_t seq = door->chain.tree.size;

	if (door->failed)
		return mipo_err_set(err, MIPO_E_INTERNAL,
		    "an earlier record of this commit failed");
	if (add(door, end, sheet, err) != 0) {
		door->failed = true;
		return -1;
	}
	if (ret_seq != NULL)
		*ret_seq = seq;
	return 0;
}

int
mipo_door_add(struct mipo_door *door, const struct mipo_rec *rec,
    uint64_t *ret_seq, struct mipo_err *err)
{
	return mipo_door_add_look(door, rec, NULL, ret_seq, err);
}
