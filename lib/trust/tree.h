/*
 * The Merkle tree of RFC 6962, section 2.1 (SHA-256): appending with the
 * right edge alone, roots, inclusion and consistency proofs, and their
 * checks. Level 0 are leaf hashes; node (level, index) is the root of the
 * perfect subtree over entries index * 2^level and the 2^level - 1 after.
 */
#ifndef MIPO_TRUST_TREE_H
#define MIPO_TRUST_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/hash.h"

struct mipo_buf;
struct mipo_err;

/* A plain value: copy it to be able to go back. */
struct mipo_tree {
	uint64_t size;			 /* entries */
	uint8_t edge[63][MIPO_HASH_LEN]; /* [i] counts where bit i of size is */
};

/* Most hashes that a proof here has. */
#define MIPO_PROOF_MAX 63

/* SHA-256(0 || entry) and SHA-256(1 || left || right). */
void mipo_leaf_hash(
    const void *entry, size_t len, uint8_t ret_hash[MIPO_HASH_LEN]);
void mipo_node_hash(const uint8_t left[MIPO_HASH_LEN],
    const uint8_t right[MIPO_HASH_LEN], uint8_t ret_hash[MIPO_HASH_LEN]);

/* The empty tree. */
void mipo_tree_init(struct mipo_tree *tree);

/* Told of each node that a leaf completes, the leaf itself first. */
typedef void (*mipo_tree_put)(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[MIPO_HASH_LEN]);

/* Adds a leaf's hash. put may be NULL. */
void mipo_tree_append(struct mipo_tree *tree,
    const uint8_t leaf[MIPO_HASH_LEN], mipo_tree_put put, void *arg);

/* The root; SHA-256 of nothing for the empty tree. */
void mipo_tree_root(
    const struct mipo_tree *tree, uint8_t ret_root[MIPO_HASH_LEN]);

/* Finds a complete node; 0 or -1 with an error. */
typedef int (*mipo_tree_get)(void *arg, unsigned level, uint64_t index,
    uint8_t ret_hash[MIPO_HASH_LEN], struct mipo_err *err);

/* The tree of size entries, its edge read through get. */
int mipo_tree_resume(struct mipo_tree *ret_tree, uint64_t size,
    mipo_tree_get get, void *arg, struct mipo_err *err);

/* A proof: n hashes, the leaf's sibling first. */
struct mipo_proof {
	size_t n;
	uint8_t hash[MIPO_PROOF_MAX][MIPO_HASH_LEN];
};

/* That entry index is in the tree of size entries (index < size). */
int mipo_tree_prove(uint64_t index, uint64_t size, mipo_tree_get get,
    void *arg, struct mipo_proof *ret_proof, struct mipo_err *err);

/* That the tree of old entries is a prefix of that of size entries. */
int mipo_tree_prove_prefix(uint64_t old, uint64_t size, mipo_tree_get get,
    void *arg, struct mipo_proof *ret_proof, struct mipo_err *err);

/* The checks of RFC 9162, 2.1.3.2 and 2.1.4.2. old may be 0 (no hashes). */
bool mipo_tree_check(uint64_t index, uint64_t size,
    const uint8_t leaf[MIPO_HASH_LEN], const struct mipo_proof *proof,
    const uint8_t root[MIPO_HASH_LEN]);
bool mipo_tree_check_prefix(uint64_t old, uint64_t size,
    const uint8_t old_root[MIPO_HASH_LEN],
    const uint8_t root[MIPO_HASH_LEN], const struct mipo_proof *proof);

#endif
