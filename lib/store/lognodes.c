#include "store/lognodes.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"
#include "store/db.h"
#include "store/schema.h"
#include "trust/tree.h"

/* One walk over the entries, and what is done with each node. */
struct walk {
	struct mipo_q *q;  /* of node: asks for one, or writes one */
	bool asks;
	uint64_t n;	   /* nodes above the leaves */
	bool differs;	   /* one that was asked for is not so */
	struct mipo_err bad;
};

static void
ask(struct walk *walk, const uint8_t hash[MIPO_HASH_LEN])
{
	const void *have = NULL;
	size_t len = 0;
	int r = mipo_q_step(walk->q, &walk->bad);

	if (r > 0)
		have = mipo_q_col_blob(walk->q, 0, &len);
	if (len != MIPO_HASH_LEN || memcmp(have, hash, len) != 0)
		walk->differs = true;
	mipo_q_again(walk->q);
}

static void
put(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[MIPO_HASH_LEN])
{
	struct walk *walk = arg;

	if (level == 0 || walk->bad.code != MIPO_E_NONE)
		return;
	walk->n++;
	mipo_q_int(walk->q, 1, (int64_t)(((index + 1) << level) - 1));
	mipo_q_int(walk->q, 2, level);
	if (walk->asks) {
		ask(walk, hash);
		return;
	}
	mipo_q_blob(walk->q, 3, hash, MIPO_HASH_LEN);
	(void)mipo_q_run(walk->q, &walk->bad);
}

static int
walk_leaves(struct walk *walk, struct mipo_db *from, struct mipo_err *err)
{
	struct mipo_tree tree;
	struct mipo_q *q;
	int r = 0;

	mipo_tree_init(&tree);
	if (mipo_q_new(from, "SELECT seq, body FROM leaf ORDER BY seq", &q,
		err) != 0)
		return -1;
	while (walk->bad.code == MIPO_E_NONE &&
	    (r = mipo_q_step(q, err)) > 0) {
		uint8_t leaf[MIPO_HASH_LEN];
		size_t len;
		const void *body = mipo_q_col_blob(q, 1, &len);
		int64_t seq = mipo_q_col_int(q, 0);

		if (seq != (int64_t)tree.size) {
			r = mipo_err_set(err, MIPO_E_TAMPERED,
			    "the log has an entry %lld where %llu is due",
			    (long long)seq, (unsigned long long)tree.size);
			break;
		}
		mipo_leaf_hash(body, len, leaf);
		mipo_tree_append(&tree, leaf, put, walk);
	}
	mipo_q_done(q);
	if (walk->bad.code == MIPO_E_NONE)
		return r;
	*err = walk->bad;
	return -1;
}

static const char insert_sql[] =
    "INSERT INTO node(last, level, hash) VALUES(?1, ?2, ?3)";

int
mipo_lognodes_derive(
    struct mipo_db *from, struct mipo_db *into, struct mipo_err *err)
{
	struct walk walk = {.asks = false};
	int r;

	if (mipo_q_new(into, insert_sql, &walk.q, err) != 0)
		return -1;
	r = walk_leaves(&walk, from, err);
	mipo_q_done(walk.q);
	return r;
}

static int
is_right(struct mipo_db *db, bool *ret_right, struct mipo_err *err)
{
	struct walk walk = {.asks = true};
	int64_t n = 0;
	int r;

	if (mipo_q_new(db, "SELECT hash FROM node WHERE last=?1 AND "
		"level=?2", &walk.q, err) != 0)
		return -1;
	r = walk_leaves(&walk, db, err);
	mipo_q_done(walk.q);
	if (r == 0)
		r = mipo_db_number(
		    db, "SELECT count(*) FROM node", 0, &n, err);
	*ret_right = !walk.differs && (uint64_t)n == walk.n;
	return r;
}

int
mipo_lognodes_restore(
    struct mipo_db *db, bool *ret_restored, struct mipo_err *err)
{
	struct walk walk = {.asks = false};
	bool right;
	int r;

	if (is_right(db, &right, err) != 0)
		return -1;
	*ret_restored = !right;
	if (right)
		return 0;
	if (mipo_schema_guard_nodes(db, false, err) != 0 ||
	    mipo_db_exec(db, "DELETE FROM node", err) != 0 ||
	    mipo_q_new(db, insert_sql, &walk.q, err) != 0)
		return -1;
	r = walk_leaves(&walk, db, err);
	mipo_q_done(walk.q);
	return r != 0 ? -1 : mipo_schema_guard_nodes(db, true, err);
}
