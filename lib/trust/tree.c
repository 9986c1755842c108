#include "trust/tree.h"

#include <string.h>

#include "base/err.h"

void
mipo_leaf_hash(const void *entry, size_t len, uint8_t ret_hash[MIPO_HASH_LEN])
{
	const struct mipo_hash_part parts[] = {{"\0", 1}, {entry, len}};

	mipo_hash_parts(parts, 2, ret_hash);
}

void
mipo_node_hash(const uint8_t left[MIPO_HASH_LEN],
    const uint8_t right[MIPO_HASH_LEN], uint8_t ret_hash[MIPO_HASH_LEN])
{
	uint8_t both[1 + 2 * MIPO_HASH_LEN];

	both[0] = 1;
	memcpy(both + 1, left, MIPO_HASH_LEN);
	memcpy(both + 1 + MIPO_HASH_LEN, right, MIPO_HASH_LEN);
	mipo_hash(both, sizeof(both), ret_hash);
}

void
mipo_tree_init(struct mipo_tree *tree)
{
	memset(tree, 0, sizeof(*tree));
}

void
mipo_tree_append(struct mipo_tree *tree, const uint8_t leaf[MIPO_HASH_LEN],
    mipo_tree_put put, void *arg)
{
	uint64_t index = tree->size;
	uint8_t hash[MIPO_HASH_LEN];
	unsigned level = 0;

	memcpy(hash, leaf, sizeof(hash));
	if (put != NULL)
		put(arg, 0, index, hash);
	for (; index & 1; level++) {
		index >>= 1;
		mipo_node_hash(tree->edge[level], hash, hash);
		if (put != NULL)
			put(arg, level + 1, index, hash);
	}
	memcpy(tree->edge[level], hash, sizeof(hash));
	tree->size++;
}

void
mipo_tree_root(
    const struct mipo_tree *tree, uint8_t ret_root[MIPO_HASH_LEN])
{
	uint64_t size = tree->size;
	unsigned level = 0;

	if (size == 0) {
		mipo_hash("", 0, ret_root);
		return;
	}
	while ((size >> level & 1) == 0)
		level++;
	memcpy(ret_root, tree->edge[level], MIPO_HASH_LEN);
	for (level++; level < 63 && size >> level != 0; level++)
		if (size >> level & 1)
			mipo_node_hash(tree->edge[level], ret_root, ret_root);
}

int
mipo_tree_resume(struct mipo_tree *ret_tree, uint64_t size,
    mipo_tree_get get, void *arg, struct mipo_err *err)
{
	struct mipo_tree tree;

	mipo_tree_init(&tree);
	tree.size = size;
	for (unsigned level = 0; level < 63; level++)
		if (size >> level & 1 &&
		    get(arg, level, (size >> level) - 1, tree.edge[level],
			err) != 0)
			return -1;
	*ret_tree = tree;
	return 0;
}

/* Where proofs come from and go to. */
struct prover {
	mipo_tree_get get;
	void *arg;
	struct mipo_proof *proof;
	struct mipo_err *err;
};

/* The exponent of the largest power of two below n (n > 1). */
static unsigned
split_of(uint64_t n)
{
	return 63 - (unsigned)__builtin_clzll(n - 1);
}

/*
 * The root over n entries from lo, which here is always a multiple of the
 * next power of two that is not below n.
 */
static int
range_root(struct prover *prover, uint64_t lo, uint64_t n,
    uint8_t ret_hash[MIPO_HASH_LEN])
{
	uint8_t right[MIPO_HASH_LEN];
	unsigned level;
	uint64_t k;

	if ((n & (n - 1)) == 0) {
		level = (unsigned)__builtin_ctzll(n);
		return prover->get(
		    prover->arg, level, lo >> level, ret_hash, prover->err);
	}
	k = UINT64_C(1) << split_of(n);
	if (range_root(prover, lo, k, ret_hash) != 0 ||
	    range_root(prover, lo + k, n - k, right) != 0)
		return -1;
	mipo_node_hash(ret_hash, right, ret_hash);
	return 0;
}

static int
add_root(struct prover *prover, uint64_t lo, uint64_t n)
{
	struct mipo_proof *proof = prover->proof;

	if (proof->n == MIPO_PROOF_MAX)
		return mipo_err_set(
		    prover->err, MIPO_E_INTERNAL, "a proof too long");
	return range_root(prover, lo, n, proof->hash[proof->n++]);
}

/* PATH of RFC 6962, 2.1.1. */
static int
path(struct prover *prover, uint64_t index, uint64_t lo, uint64_t n)
{
	uint64_t k;

	if (n == 1)
		return 0;
	k = UINT64_C(1) << split_of(n);
	if (index < k)
		return path(prover, index, lo, k) != 0
		    ? -1
		    : add_root(prover, lo + k, n - k);
	return path(prover, index - k, lo + k, n - k) != 0
	    ? -1
	    : add_root(prover, lo, k);
}

/* SUBPROOF of RFC 6962, 2.1.2; known: the verifier has this root. */
static int
subproof(
    struct prover *prover, uint64_t old, uint64_t lo, uint64_t n, bool known)
{
	uint64_t k;

	if (old == n)
		return known ? 0 : add_root(prover, lo, n);
	k = UINT64_C(1) << split_of(n);
	if (old <= k)
		return subproof(prover, old, lo, k, known) != 0
		    ? -1
		    : add_root(prover, lo + k, n - k);
	return subproof(prover, old - k, lo + k, n - k, false) != 0
	    ? -1
	    : add_root(prover, lo, k);
}

int
mipo_tree_prove(uint64_t index, uint64_t size, mipo_tree_get get, void *arg,
    struct mipo_proof *ret_proof, struct mipo_err *err)
{
	struct mipo_proof proof = {0};
	struct prover prover = {get, arg, &proof, err};

	if (index >= size)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "there is no entry %llu in a log of %llu",
		    (unsigned long long)index, (unsigned long long)size);
	if (path(&prover, index, 0, size) != 0)
		return -1;
	*ret_proof = proof;
	return 0;
}

int
mipo_tree_prove_prefix(uint64_t old, uint64_t size, mipo_tree_get get,
    void *arg, struct mipo_proof *ret_proof, struct mipo_err *err)
{
	struct mipo_proof proof = {0};
	struct prover prover = {get, arg, &proof, err};

	if (old > size)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "a log of %llu entries has no prefix of %llu",
		    (unsigned long long)size, (unsigned long long)old);
	if (old > 0 && subproof(&prover, old, 0, size, true) != 0)
		return -1;
	*ret_proof = proof;
	return 0;
}

/* Both indices one level up, and on while the left one is a left child. */
static void
climb(uint64_t *fn, uint64_t *sn)
{
	while ((*fn & 1) == 0 && *fn != 0) {
		*fn >>= 1;
		*sn >>= 1;
	}
}

bool
mipo_tree_check(uint64_t index, uint64_t size,
    const uint8_t leaf[MIPO_HASH_LEN], const struct mipo_proof *proof,
    const uint8_t root[MIPO_HASH_LEN])
{
	uint64_t fn = index, sn = size - 1;
	uint8_t r[MIPO_HASH_LEN];

	if (index >= size)
		return false;
	memcpy(r, leaf, sizeof(r));
	for (size_t i = 0; i < proof->n; i++) {
		const uint8_t *p = proof->hash[i];

		if (sn == 0)
			return false;
		if (fn & 1 || fn == sn) {
			mipo_node_hash(p, r, r);
			climb(&fn, &sn);
		} else {
			mipo_node_hash(r, p, r);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && memcmp(r, root, sizeof(r)) == 0;
}

/* The cases that need no hashes at all: true when *ret_answer is final. */
static bool
check_prefix_simple(uint64_t old, uint64_t size, const uint8_t *old_root,
    const uint8_t *root, size_t n, bool *ret_answer)
{
	uint8_t empty[MIPO_HASH_LEN];

	*ret_answer = false;
	if (old > size)
		return true;
	if (old == size) {
		*ret_answer =
		    n == 0 && memcmp(old_root, root, MIPO_HASH_LEN) == 0;
		return true;
	}
	if (old == 0) {
		mipo_hash("", 0, empty);
		*ret_answer =
		    n == 0 && memcmp(old_root, empty, sizeof(empty)) == 0;
		return true;
	}
	return n == 0;
}

bool
mipo_tree_check_prefix(uint64_t old, uint64_t size,
    const uint8_t old_root[MIPO_HASH_LEN],
    const uint8_t root[MIPO_HASH_LEN], const struct mipo_proof *proof)
{
	uint64_t fn = old - 1, sn = size - 1;
	uint8_t fr[MIPO_HASH_LEN], sr[MIPO_HASH_LEN];
	size_t i = 0;
	bool answer;

	if (check_prefix_simple(
		old, size, old_root, root, proof->n, &answer))
		return answer;
	for (; fn & 1; fn >>= 1)
		sn >>= 1;
	memcpy(fr, fn == 0 ? old_root : proof->hash[i++], sizeof(fr));
	memcpy(sr, fr, sizeof(sr));
	for (; i < proof->n; i++) {
		const uint8_t *c = proof->hash[i];

		if (sn == 0)
			return false;
		if (fn & 1 || fn == sn) {
			mipo_node_hash(c, fr, fr);
			mipo_node_hash(c, sr, sr);
			climb(&fn, &sn);
		} else {
			mipo_node_hash(sr, c, sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && memcmp(fr, old_root, sizeof(fr)) == 0 &&
	    memcmp(sr, root, sizeof(sr)) == 0;
}
