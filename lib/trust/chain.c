#include "trust/chain.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "data/rec.h"

/* One entry's way into the chain. Nothing is changed where it fails. */
static int
add_entry(struct mipo_chain *chain, const struct mipo_entry_in *in,
    mipo_tree_put put, void *arg, struct mipo_buf *buf, struct mipo_err *err)
{
	size_t at = buf->len;

	if (in->actor_len > sizeof(chain->actor))
		return mipo_err_set(err, MIPO_E_USAGE, "an actor too long");
	if (chain->tree.size >= (uint64_t)MIPO_INT_MAX)
		return mipo_err_set(err, MIPO_E_INTERNAL, "the log is full");
	if (mipo_entry_build(in, buf, err) != 0)
		return -1;
	mipo_leaf_hash(buf->data + at, buf->len - at, chain->prev);
	mipo_tree_append(&chain->tree, chain->prev, put, arg);
	if (in->stamp != &chain->stamp)
		chain->stamp = *in->stamp;
	if (in->actor != chain->actor)
		memcpy(chain->actor, in->actor, in->actor_len);
	chain->actor_len = in->actor_len;
	chain->unsealed++;
	return 0;
}

/* The fields that the chain itself decides. */
static struct mipo_entry_in
entry_of(const struct mipo_chain *chain, const struct mipo_stamp *stamp,
    const char *kind, const struct mipo_buf *data)
{
	return (struct mipo_entry_in){
	    .log = chain->log,
	    .seq = chain->tree.size,
	    .prev = chain->prev,
	    .stamp = stamp,
	    .kind = kind,
	    .data = data->data,
	    .data_len = data->len,
	};
}

/* As add_entry, with who as the actor. */
static int
add_by(struct mipo_chain *chain, struct mipo_entry_in *in,
    const struct mipo_who *who, mipo_tree_put put, void *arg,
    struct mipo_buf *buf, struct mipo_err *err)
{
	struct mipo_buf actor;
	int r;

	mipo_buf_init(&actor, MIPO_ENTRY_MAX);
	r = mipo_who_put(who, &actor, err);
	if (r == 0) {
		in->actor = actor.data;
		in->actor_len = actor.len;
		r = add_entry(chain, in, put, arg, buf, err);
	}
	mipo_buf_release(&actor);
	return r;
}

int
mipo_chain_genesis(struct mipo_chain *chain,
    const struct mipo_genesis *genesis, const struct mipo_stamp *stamp,
    const struct mipo_who *who, mipo_tree_put put, void *arg,
    struct mipo_buf *buf, struct mipo_err *err)
{
	struct mipo_entry_in in;
	struct mipo_buf data;
	size_t at = buf->len;
	int r;

	memset(chain, 0, sizeof(*chain));
	memset(chain->log, '0', sizeof(chain->log) - 1);
	memcpy(chain->origin, genesis->origin, sizeof(chain->origin));
	chain->ratchet = genesis->ratchet;
	mipo_buf_init(&data, MIPO_ENTRY_MAX);
	r = mipo_genesis_put(genesis, &data, err);
	if (r == 0) {
		in = entry_of(chain, stamp, "genesis", &data);
		r = add_by(chain, &in, who, put, arg, buf, err);
	}
	mipo_buf_release(&data);
	if (r == 0)
		mipo_log_id(buf->data + at, buf->len - at, chain->log);
	return r;
}

/* The kinds that only the chain itself writes. */
static int
check_kind(const char *kind, struct mipo_err *err)
{
	if (kind == NULL)
		return mipo_err_set(
		    err, MIPO_E_USAGE, "a record without its type");
	if (strcmp(kind, "genesis") == 0 || strcmp(kind, "seal") == 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "nobody writes a %s by hand", kind);
	return 0;
}

int
mipo_chain_add(struct mipo_chain *chain, const struct mipo_rec *rec,
    const struct mipo_stamp *stamp, const struct mipo_who *who,
    mipo_tree_put put, void *arg, struct mipo_buf *buf, struct mipo_err *err)
{
	const char *kind = mipo_rec_str(rec, "type");
	struct mipo_entry_in in;
	struct mipo_buf data;
	int r;

	if (check_kind(kind, err) != 0)
		return -1;
	mipo_buf_init(&data, MIPO_ENTRY_MAX);
	r = mipo_rec_canon(rec, &data, err);
	if (r == 0) {
		in = entry_of(chain, stamp, kind, &data);
		r = add_by(chain, &in, who, put, arg, buf, err);
	}
	mipo_buf_release(&data);
	return r;
}

/* The seal entry itself: actor and stamp of the entry before it. */
static int
add_seal(struct mipo_chain *chain, struct mipo_seal *seal,
    const struct mipo_key *key, mipo_tree_put put, void *arg,
    struct mipo_buf *buf, struct mipo_err *err)
{
	struct mipo_entry_in in;
	struct mipo_buf data;
	int r;

	mipo_buf_init(&data, MIPO_ENTRY_MAX);
	r = mipo_seal_make(seal, chain->origin, key, &data, err);
	if (r == 0) {
		in = entry_of(chain, &chain->stamp, "seal", &data);
		in.actor = chain->actor;
		in.actor_len = chain->actor_len;
		r = add_entry(chain, &in, put, arg, buf, err);
	}
	mipo_buf_release(&data);
	return r;
}

int
mipo_chain_seal(struct mipo_chain *chain, const struct mipo_key *key,
    const struct mipo_pub *next, mipo_tree_put put, void *arg,
    struct mipo_buf *buf, struct mipo_err *err)
{
	struct mipo_seal seal = {.n = chain->n, .size = chain->tree.size};

	if (chain->unsealed == 0)
		return mipo_err_set(
		    err, MIPO_E_INTERNAL, "a commit without an entry");
	if (memcmp(mipo_key_pub(key)->pk, chain->ratchet.pk, MIPO_PK_LEN) !=
	    0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the log expects another ratchet key than %s",
		    mipo_key_pub(key)->id);
	seal.next = *next;
	mipo_tree_root(&chain->tree, seal.root);
	if (add_seal(chain, &seal, key, put, arg, buf, err) != 0)
		return -1;
	chain->n++;
	chain->ratchet = *next;
	chain->unsealed = 0;
	return 0;
}

int
mipo_chain_checkpoint(const struct mipo_chain *chain,
    const struct mipo_key *log_key, struct mipo_buf *buf,
    struct mipo_err *err)
{
	struct mipo_checkpoint cp = {.size = chain->tree.size};

	if (chain->unsealed != 0)
		return mipo_err_set(err, MIPO_E_INTERNAL,
		    "a checkpoint over entries that no seal covers");
	if (!mipo_origin_is_of(chain->origin, mipo_key_pub(log_key)))
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "log key %s is not the key of %s",
		    mipo_key_pub(log_key)->id, chain->origin);
	memcpy(cp.origin, chain->origin, sizeof(cp.origin));
	mipo_tree_root(&chain->tree, cp.root);
	return mipo_checkpoint_sign(&cp, log_key, buf, err);
}

/* Takes from the last entry what a next one needs. */
static int
take_last(struct mipo_chain *chain, struct mipo_span last,
    struct mipo_err *err)
{
	struct mipo_entry entry;
	struct mipo_seal seal;

	if (mipo_entry_parse(last.p, last.len, &entry, err) != 0 ||
	    !mipo_span_is(entry.kind, "seal") ||
	    mipo_seal_parse(entry.data, &seal, err) != 0 ||
	    entry.seq != chain->tree.size - 1 || seal.size != entry.seq ||
	    strcmp(entry.log, chain->log) != 0 ||
	    entry.actor.len > sizeof(chain->actor)) {
		mipo_err_clear(err);
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the last entry (%llu) is not the seal of this log",
		    (unsigned long long)chain->tree.size - 1);
	}
	chain->n = seal.n + 1;
	chain->ratchet = seal.next;
	chain->stamp = entry.stamp;
	memcpy(chain->actor, entry.actor.p, entry.actor.len);
	chain->actor_len = entry.actor.len;
	mipo_leaf_hash(last.p, last.len, chain->prev);
	return 0;
}

/* The last entry must be the leaf at the right edge of the tree. */
static int
check_edge(const struct mipo_chain *chain, mipo_tree_get get, void *arg,
    struct mipo_err *err)
{
	uint64_t index = chain->tree.size - 1;
	uint8_t hash[MIPO_HASH_LEN], left[MIPO_HASH_LEN];
	unsigned level = 0;

	memcpy(hash, chain->prev, sizeof(hash));
	for (; index & 1; level++, index >>= 1) {
		if (get(arg, level, index - 1, left, err) != 0)
			return -1;
		mipo_node_hash(left, hash, hash);
	}
	if (memcmp(hash, chain->tree.edge[level], sizeof(hash)) != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the last entry (%llu) is not the one in the log's tree",
		    (unsigned long long)chain->tree.size - 1);
	return 0;
}

int
mipo_chain_resume(struct mipo_chain *ret_chain, uint64_t size,
    struct mipo_span first, struct mipo_span last, mipo_tree_get get,
    void *arg, struct mipo_err *err)
{
	struct mipo_chain chain = {0};
	struct mipo_genesis genesis;

	if (mipo_genesis_parse(first.p, first.len, &genesis, err) != 0)
		return mipo_err_prefix(err, "entry 0");
	if (mipo_tree_resume(&chain.tree, size, get, arg, err) != 0)
		return -1;
	memcpy(chain.origin, genesis.origin, sizeof(chain.origin));
	mipo_log_id(first.p, first.len, chain.log);
	if (take_last(&chain, last, err) != 0 ||
	    check_edge(&chain, get, arg, err) != 0)
		return -1;
	*ret_chain = chain;
	return 0;
}
