/*
 * The head of a log: all that the next entry depends on. A writer goes
 * genesis (once) or resume, then add ..., seal, checkpoint for each commit.
 * A plain value: copy it before a commit to be able to go back.
 */
#ifndef MIPO_TRUST_CHAIN_H
#define MIPO_TRUST_CHAIN_H

#include "trust/seal.h"
#include "trust/tree.h"

struct mipo_chain {
	char log[MIPO_LOGID_LEN];
	char origin[MIPO_ORIGIN_LEN];
	struct mipo_tree tree; /* its size is the next seq */
	uint8_t prev[MIPO_HASH_LEN];
	uint64_t n;		/* of the next seal */
	struct mipo_pub ratchet; /* must sign the next seal */
	uint64_t unsealed;	/* entries since the last seal */
	struct mipo_stamp stamp; /* of the last entry, for the seal */
	char actor[1024];	/* its actor object */
	size_t actor_len;
};

/* Entry 0, and a chain that stands behind it. Bytes are appended to buf. */
int mipo_chain_genesis(struct mipo_chain *chain,
    const struct mipo_genesis *genesis, const struct mipo_stamp *stamp,
    const struct mipo_who *who, mipo_tree_put put, void *arg,
    struct mipo_buf *buf, struct mipo_err *err);

/*
 * One record as entry (kind is its type). The entry's bytes are appended
 * to buf; put (may be NULL) is told of every tree node that became whole.
 * A kind "genesis" or "seal" is refused. On failure the chain is as before.
 */
int mipo_chain_add(struct mipo_chain *chain, const struct mipo_rec *rec,
    const struct mipo_stamp *stamp, const struct mipo_who *who,
    mipo_tree_put put, void *arg, struct mipo_buf *buf,
    struct mipo_err *err);

/*
 * The seal over all entries so far, signed by key, which must be the one
 * that the chain expects (E_TAMPERED); next signs the seal after.
 */
int mipo_chain_seal(struct mipo_chain *chain, const struct mipo_key *key,
    const struct mipo_pub *next, mipo_tree_put put, void *arg,
    struct mipo_buf *buf, struct mipo_err *err);

/* Appends the signed checkpoint of a chain whose last entry is a seal. */
int mipo_chain_checkpoint(const struct mipo_chain *chain,
    const struct mipo_key *log_key, struct mipo_buf *buf,
    struct mipo_err *err);

/*
 * The head of a stored log from its first and last entry and its tree
 * nodes. E_TAMPERED when the last is no seal, or is not of this log, or
 * does not stand at size - 1, or is not under the nodes. The caller
 * compares the tree's root with its newest checkpoint.
 */
int mipo_chain_resume(struct mipo_chain *ret_chain, uint64_t size,
    struct mipo_span first, struct mipo_span last, mipo_tree_get get,
    void *arg, struct mipo_err *err);

#endif
