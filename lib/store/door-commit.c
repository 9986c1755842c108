#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "store/db.h"
#include "store/door-in.h"
#include "store/inside.h"
#include "trust/slots.h"

static void
close_door(struct mipo_door *door)
{
	if (door->began)
		(void)mipo_db_exec(door->db, "ROLLBACK", NULL);
	mipo_slots_close(door->slots);
	mipo_key_free(door->log_key);
	mipo_buf_release(&door->entry);
	free(door);
}

void
mipo_door_abandon(struct mipo_door *door)
{
	if (door == NULL)
		return;
	mipo_q_done(door->leaf);
	mipo_q_done(door->node);
	close_door(door);
}

static int
put_note(struct mipo_door *door, struct mipo_err *err)
{
	struct mipo_buf note;
	struct mipo_q *q = NULL;
	int r;

	mipo_buf_init(&note, MIPO_NOTE_MAX);
	r = mipo_chain_checkpoint(&door->chain, door->log_key, &note, err);
	if (r == 0)
		r = mipo_q_new(door->db,
		    "INSERT INTO note(size, body) VALUES(?1, ?2)", &q, err);
	if (r == 0) {
		mipo_q_int(q, 1, (int64_t)door->chain.tree.size);
		mipo_q_blob(q, 2, note.data, note.len);
		r = mipo_q_run(q, err);
	}
	mipo_q_done(q);
	mipo_buf_release(&note);
	return r;
}

/* One seal and one checkpoint a commit; the next key is on disk before. */
static int
seal(struct mipo_door *door, struct mipo_err *err)
{
	const struct mipo_pub *next;

	if (mipo_slots_prepare(door->slots, &next, err) != 0)
		return -1;
	mipo_buf_clear(&door->entry);
	if (mipo_chain_seal(&door->chain, mipo_slots_key(door->slots), next,
		mipo_door_put_node, door, &door->entry, err) != 0 ||
	    mipo_door_put_entry(door, err) != 0)
		return -1;
	return put_note(door, err);
}

/*
 * After a failed COMMIT the disk may hold either: both keys stay, and the
 * next one to open the door finds out. After a failed finish the commit
 * stands, and only the wiping of the old key is left to the next one.
 */
static int
commit(struct mipo_door *door, bool *ret_stands, struct mipo_err *err)
{
	if (mipo_db_exec(door->db, "COMMIT", err) != 0) {
		mipo_state_break(door->state);
		return mipo_err_prefix(err, "commit");
	}
	door->began = false;
	*ret_stands = true;
	if (mipo_slots_finish(door->slots, err) != 0) {
		mipo_state_break(door->state);
		if (err != NULL)
			err->code = MIPO_E_STANDS;
		return mipo_err_prefix(err,
		    "the change is recorded, but not the end of its key");
	}
	return 0;
}

int
mipo_door_commit(struct mipo_door *door, struct mipo_committed *ret_committed,
    struct mipo_err *err)
{
	struct mipo_committed done = {.first = door->first};
	bool stands = false;
	int r = 0;

	if (door->failed)
		r = mipo_err_set(err, MIPO_E_INTERNAL,
		    "a record of this commit failed");
	else if (door->chain.unsealed > 0) {
		r = seal(door, err);
		if (r != 0) {
			(void)mipo_db_exec(door->db, "ROLLBACK", NULL);
			door->began = false;
			(void)mipo_slots_drop(door->slots, NULL);
		}
	}
	mipo_q_done(door->leaf);
	mipo_q_done(door->node);
	if (r == 0 && door->chain.unsealed == 0 &&
	    door->chain.tree.size > door->first)
		r = commit(door, &stands, err);
	done.size = door->chain.tree.size;
	done.last = done.size - 1;
	mipo_tree_root(&door->chain.tree, done.root);
	close_door(door);
	if ((r == 0 || stands) && ret_committed != NULL)
		*ret_committed = done;
	return r;
}
