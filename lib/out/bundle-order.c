#include "out/bundle-order.h"

#include <string.h>

enum phase {
	AT_CHECKPOINT,
	AT_README,
	AT_TILES,
	AT_OBJECTS, /* or the manifest */
	AT_MINISIG,
	AT_END
};

static void
push(struct mipo_bundle_order *order, int level, uint64_t n, unsigned width)
{
	order->queue[order->n++] = (struct mipo_tile_id){level, n, width};
}

/* The tiles of level 1 and more that size entries begin but do not fill. */
static void
push_partial(struct mipo_bundle_order *order, uint64_t size)
{
	order->closed = true;
	for (int level = 1; level < MIPO_TILE_LEVELS; level++) {
		uint64_t n = size >> 8 * level;

		if ((n & 255) != 0)
			push(order, level, n >> 8, (unsigned)(n & 255));
	}
}

/* A tile of level 0 came: its entries must, and what it completes. */
static void
push_after(struct mipo_bundle_order *order, const struct mipo_tile_id *id)
{
	uint64_t groups = ++order->groups;

	order->n = order->at = 0;
	push(order, MIPO_TILE_ENTRIES, id->n, id->width);
	if (id->width < MIPO_TILE_WIDTH) {
		push_partial(order, id->n * 256 + id->width);
		return;
	}
	for (int level = 1; level < MIPO_TILE_LEVELS; level++) {
		if ((groups & 255) != 0)
			break;
		groups >>= 8;
		push(order, level, groups - 1, MIPO_TILE_WIDTH);
	}
}

static bool
same(const struct mipo_tile_id *a, const struct mipo_tile_id *b)
{
	return a->level == b->level && a->n == b->n && a->width == b->width;
}

static enum mipo_bundle_part
next_tile(struct mipo_bundle_order *order, const struct mipo_tile_id *id)
{
	if (order->at == order->n && !order->closed && id->level > 0) {
		order->n = order->at = 0;
		push_partial(order, order->groups * 256);
	}
	if (order->at < order->n) {
		if (!same(&order->queue[order->at], id))
			return MIPO_PART_WRONG;
		order->at++;
		return id->level == MIPO_TILE_ENTRIES ? MIPO_PART_ENTRIES
						      : MIPO_PART_UPPER;
	}
	if (order->closed || id->level != 0 || id->n != order->groups)
		return MIPO_PART_WRONG;
	push_after(order, id);
	return MIPO_PART_TILE;
}

/* Whether the log's part is whole, so that something else may follow. */
static bool
end_tiles(struct mipo_bundle_order *order)
{
	if (order->at == order->n && !order->closed) {
		order->n = order->at = 0;
		push_partial(order, order->groups * 256);
	}
	return order->at == order->n;
}

static bool
is_object(const char *path)
{
	return strncmp(path, "objects/", 8) == 0 &&
	    strlen(path) == 8 + 2 * MIPO_HASH_LEN &&
	    strspn(path + 8, "0123456789abcdef") == 2 * MIPO_HASH_LEN;
}

static enum mipo_bundle_part
next_other(struct mipo_bundle_order *order, const char *path)
{
	bool object = is_object(path);
	bool manifest = strcmp(path, "MANIFEST") == 0;

	if (order->phase == AT_TILES && (object || manifest) &&
	    end_tiles(order))
		order->phase = AT_OBJECTS;
	if (order->phase == AT_OBJECTS && object)
		return MIPO_PART_OBJECT;
	if (order->phase == AT_OBJECTS && manifest) {
		order->phase = AT_MINISIG;
		return MIPO_PART_MANIFEST;
	}
	if (order->phase == AT_MINISIG &&
	    strcmp(path, "MANIFEST.minisig") == 0) {
		order->phase = AT_END;
		return MIPO_PART_MINISIG;
	}
	return MIPO_PART_WRONG;
}

enum mipo_bundle_part
mipo_bundle_order_next(struct mipo_bundle_order *order, const char *path,
    struct mipo_tile_id *ret_id)
{
	if (order->phase == AT_CHECKPOINT && strcmp(path, "checkpoint") == 0) {
		order->phase = AT_README;
		return MIPO_PART_CHECKPOINT;
	}
	if (order->phase == AT_README && strcmp(path, "README.txt") == 0) {
		order->phase = AT_TILES;
		return MIPO_PART_README;
	}
	if (mipo_tile_parse(path, ret_id))
		return order->phase == AT_TILES ? next_tile(order, ret_id)
						: MIPO_PART_WRONG;
	return next_other(order, path);
}

bool
mipo_bundle_order_done(const struct mipo_bundle_order *order)
{
	return order->phase == AT_END;
}
