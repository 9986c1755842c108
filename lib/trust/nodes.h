/*
 * Stored Merkle nodes held against the leaves. A row is the root of the
 * perfect tree of 2^level entries that ends with entry last; a log of n
 * entries has exactly those rows of level 1 and more that its leaves
 * complete. Rows come in the order of (last, level), each when the leaf
 * last is in the tree; so nothing is kept but the right edge.
 */
#ifndef MIPO_TRUST_NODES_H
#define MIPO_TRUST_NODES_H

#include <stddef.h>
#include <stdint.h>

struct mipo_tiles;

struct mipo_nodes {
	const struct mipo_tiles *tiles; /* borrowed */
	unsigned next; /* level that the row at hand must have */
	uint64_t rows, missing, wrong, spare;
	char first[120]; /* what is said of the first that is not right */
};

/* For the tree in tiles, which stays empty until the rows before leaf 0. */
void mipo_nodes_init(
    struct mipo_nodes *nodes, const struct mipo_tiles *tiles);

/* A row as it is stored, whatever its numbers are. */
void mipo_nodes_row(struct mipo_nodes *nodes, int64_t last, int64_t level,
    const void *hash, size_t len);

/* No more rows come for the newest leaf: before each leaf, and at the end. */
void mipo_nodes_leaf(struct mipo_nodes *nodes);

#endif
