#include <string.h>

#include "base/err.h"
#include "store/db.h"
#include "store/door-in.h"

/* Calls use with the body of entry seq while it is valid. */
static int
with_entry(struct mipo_db *db, uint64_t seq,
    int (*use)(void *arg, const void *body, size_t len, struct mipo_err *err),
    void *arg, struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	if (mipo_q_new(db, "SELECT body FROM leaf WHERE seq=?1", &q, err) != 0)
		return -1;
	mipo_q_int(q, 1, (int64_t)seq);
	r = mipo_q_step(q, err);
	if (r > 0) {
		size_t len;
		const void *body = mipo_q_col_blob(q, 0, &len);

		r = use(arg, body, len, err);
	} else if (r == 0)
		r = mipo_err_set(err, MIPO_E_TAMPERED,
		    "the log lacks entry %llu", (unsigned long long)seq);
	mipo_q_done(q);
	return r;
}

static int
use_leaf(void *arg, const void *body, size_t len, struct mipo_err *err)
{
	(void)err;
	mipo_leaf_hash(body, len, arg);
	return 0;
}

/* mipo_tree_get: leaves are hashed anew, what is above them is kept. */
static int
get_node(void *arg, unsigned level, uint64_t index,
    uint8_t ret_hash[MIPO_HASH_LEN], struct mipo_err *err)
{
	struct mipo_db *db = arg;
	struct mipo_q *q;
	const void *hash = NULL;
	size_t len = 0;
	int r;

	if (level == 0)
		return with_entry(db, index, use_leaf, ret_hash, err);
	if (mipo_q_new(db, "SELECT hash FROM node WHERE last=?1 AND level=?2",
		&q, err) != 0)
		return -1;
	mipo_q_int(q, 1, (int64_t)(((index + 1) << level) - 1));
	mipo_q_int(q, 2, level);
	r = mipo_q_step(q, err);
	if (r > 0)
		hash = mipo_q_col_blob(q, 0, &len);
	if (r >= 0 && len != MIPO_HASH_LEN)
		r = mipo_err_set(err, MIPO_E_TAMPERED,
		    "the log's tree lacks node %u/%llu", level,
		    (unsigned long long)index);
	if (r > 0)
		memcpy(ret_hash, hash, MIPO_HASH_LEN);
	mipo_q_done(q);
	return r < 0 ? -1 : 0;
}

struct resume {
	struct mipo_db *db;
	struct mipo_chain *chain;
	uint64_t size;
	struct mipo_span first;
};

static int
use_last(void *arg, const void *body, size_t len, struct mipo_err *err)
{
	struct resume *resume = arg;
	struct mipo_span last = {body, len};

	return mipo_chain_resume(resume->chain, resume->size, resume->first,
	    last, get_node, resume->db, err);
}

static int
use_first(void *arg, const void *body, size_t len, struct mipo_err *err)
{
	struct resume *resume = arg;

	resume->first = (struct mipo_span){body, len};
	return with_entry(resume->db, resume->size - 1, use_last, resume, err);
}

/* The newest checkpoint must speak of this very tree, by the log's key. */
static int
check_note(struct mipo_db *db, const struct mipo_chain *chain,
    const struct mipo_pub *log_key, struct mipo_err *err)
{
	struct mipo_checkpoint cp = {.size = 0};
	uint8_t root[MIPO_HASH_LEN];
	struct mipo_vkey vkey;
	struct mipo_q *q;
	int r;

	if (mipo_vkey_make(chain->origin, log_key, &vkey, err) != 0 ||
	    mipo_q_new(db, "SELECT body FROM note ORDER BY size DESC LIMIT 1",
		&q, err) != 0)
		return -1;
	r = mipo_q_step(q, err);
	if (r > 0) {
		size_t len;
		const char *note = mipo_q_col_blob(q, 0, &len);

		r = mipo_checkpoint_open(note, len, &vkey, &cp, err);
	}
	mipo_q_done(q);
	if (r < 0)
		return mipo_err_prefix(err, "the newest checkpoint");
	mipo_tree_root(&chain->tree, root);
	if (cp.size != chain->tree.size ||
	    memcmp(cp.root, root, sizeof(root)) != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the newest checkpoint is not that of the log's %llu "
		    "entries", (unsigned long long)chain->tree.size);
	return 0;
}

/* The first and the last row must be where a log begins and ends. */
static int
find_ends(struct mipo_db *db, uint64_t *ret_size, struct mipo_err *err)
{
	int64_t first, size;

	if (mipo_db_number(db, "SELECT coalesce(min(seq), -1) FROM leaf", 0,
		&first, err) != 0 ||
	    mipo_db_number(db, "SELECT coalesce(max(seq) + 1, 0) FROM leaf",
		0, &size, err) != 0)
		return -1;
	if (first != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    size == 0 ? "the log has no genesis"
			      : "the log's first entry has the number %lld",
		    (long long)first);
	*ret_size = (uint64_t)size;
	return 0;
}

/* with_entry: the key that genesis names. */
static int
take_key(void *arg, const void *body, size_t len, struct mipo_err *err)
{
	struct mipo_genesis genesis;
	struct mipo_pub *ret_key = arg;

	if (mipo_genesis_parse(body, len, &genesis, err) != 0)
		return mipo_err_prefix(err, "entry 0");
	*ret_key = genesis.log_vkey.pub;
	return 0;
}

int
mipo_door_head(struct mipo_db *db, const struct mipo_pub *log_key,
    struct mipo_chain *ret_chain, struct mipo_err *err)
{
	struct mipo_chain chain;
	struct resume resume = {.db = db, .chain = &chain};
	struct mipo_pub own;

	if (find_ends(db, &resume.size, err) != 0)
		return -1;
	if ((log_key == NULL &&
		with_entry(db, 0, take_key, &own, err) != 0) ||
	    with_entry(db, 0, use_first, &resume, err) != 0 ||
	    check_note(db, &chain, log_key != NULL ? log_key : &own, err) !=
		0)
		return mipo_err_stored(err);
	*ret_chain = chain;
	return 0;
}
