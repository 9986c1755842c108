/*
 * Tiles and entry bundles of C2SP tlog-tiles: "tile/L/N[.p/W]" holds W (256
 * when full) hashes of level 8 * L, "tile/entries/N[.p/W]" the same entries
 * as (16-bit big-endian length || bytes)*.
 */
#ifndef MIPO_TRUST_TILE_H
#define MIPO_TRUST_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/tree.h"

struct mipo_buf;

#define MIPO_TILE_WIDTH	  256
#define MIPO_TILE_LEVELS  8
#define MIPO_TILE_ENTRIES (-1) /* the level of entry bundles */
#define MIPO_TILE_PATH	  64   /* longest path and a NUL */

/* Which tile. width 1..256. */
struct mipo_tile_id {
	int level; /* 0..7, or MIPO_TILE_ENTRIES */
	uint64_t n;
	unsigned width;
};

/* "tile/0/x001/234.p/5" */
void mipo_tile_path(
    const struct mipo_tile_id *id, char ret_path[MIPO_TILE_PATH]);

/* False for what mipo_tile_path would not have made. */
bool mipo_tile_parse(const char *path, struct mipo_tile_id *ret_id);

/* Appends one entry to an entry bundle. */
void mipo_tile_put(struct mipo_buf *buf, const void *entry, size_t len);

/*
 * The entry at *at, which moves behind it: 1, or 0 at the end, or -1 when
 * the bytes are cut.
 */
int mipo_tile_next(const uint8_t *bytes, size_t len, size_t *at,
    const uint8_t **ret_entry, size_t *ret_len);

/* A log's tree, and its tiles while it grows: one open tile a level. */
struct mipo_tiles {
	struct mipo_tree tree;
	uint8_t open[MIPO_TILE_LEVELS][MIPO_TILE_WIDTH][MIPO_HASH_LEN];
	uint8_t made[64][MIPO_HASH_LEN]; /* [level]: by the newest leaf */
};

/* Gets each tile that is whole (or, from mipo_tiles_end, begun). */
typedef int (*mipo_tiles_put)(void *arg, const struct mipo_tile_id *id,
    const uint8_t *hashes);

/* Of the empty log. */
void mipo_tiles_init(struct mipo_tiles *tiles);

/*
 * Adds a leaf's hash; put (may be NULL) gets the tiles that it completes,
 * lowest level first. A non-zero answer of put is returned.
 */
int mipo_tiles_add(struct mipo_tiles *tiles,
    const uint8_t leaf[MIPO_HASH_LEN], mipo_tiles_put put, void *arg);

/* The partial tiles, lowest level first. */
int mipo_tiles_end(
    const struct mipo_tiles *tiles, mipo_tiles_put put, void *arg);

#endif
