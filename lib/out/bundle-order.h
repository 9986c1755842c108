/* Which member of a bundle may come next: one order, and no other. */
#ifndef MIPO_OUT_BUNDLE_ORDER_H
#define MIPO_OUT_BUNDLE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/tile.h"

enum mipo_bundle_part {
	MIPO_PART_WRONG, /* nothing of that name belongs here */
	MIPO_PART_CHECKPOINT,
	MIPO_PART_README,
	MIPO_PART_TILE, /* of level 0 */
	MIPO_PART_ENTRIES,
	MIPO_PART_UPPER, /* a tile of level 1 or more */
	MIPO_PART_OBJECT,
	MIPO_PART_MANIFEST,
	MIPO_PART_MINISIG
};

/* Zero it. */
struct mipo_bundle_order {
	int phase;
	uint64_t groups; /* tiles of level 0 so far */
	bool closed;	 /* the partial tiles are fixed */
	struct mipo_tile_id queue[MIPO_TILE_LEVELS + 1];
	unsigned n, at; /* of queue: these must come now */
};

/* What path is here; *ret_id is filled for tiles and entries. */
enum mipo_bundle_part mipo_bundle_order_next(struct mipo_bundle_order *order,
    const char *path, struct mipo_tile_id *ret_id);

/* Whether all has come. */
bool mipo_bundle_order_done(const struct mipo_bundle_order *order);

#endif
