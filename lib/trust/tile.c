#include "trust/tile.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

void
mipo_tile_path(const struct mipo_tile_id *id, char ret_path[MIPO_TILE_PATH])
{
	char groups[40]; /* "x018/x446/.../615": 33 of a 64-bit number */
	size_t at = sizeof(groups) - 1;
	uint64_t n = id->n;
	char part[10] = "";

	groups[at] = '\0';
	for (bool last = true; last || n != 0; last = false) {
		if (!last)
			groups[--at] = '/';
		for (int i = 0; i < 3; i++, n /= 10)
			groups[--at] = (char)('0' + n % 10);
		if (!last)
			groups[--at] = 'x';
	}
	if (id->width < MIPO_TILE_WIDTH)
		(void)snprintf(part, sizeof(part), ".p/%u", id->width % 256);
	if (id->level == MIPO_TILE_ENTRIES)
		(void)snprintf(ret_path, MIPO_TILE_PATH, "tile/entries/%s%s",
		    groups + at, part);
	else
		(void)snprintf(ret_path, MIPO_TILE_PATH, "tile/%d/%s%s",
		    id->level, groups + at, part);
}

/* Digits at *p, at most three; -1 where there are none. */
static int
digits(const char **p)
{
	int n = -1;

	for (int i = 0; i < 3 && **p >= '0' && **p <= '9'; i++, (*p)++)
		n = (n < 0 ? 0 : n * 10) + (**p - '0');
	return n;
}

static bool
parse_number(const char **p, uint64_t *ret_n)
{
	uint64_t n = 0;

	for (;;) {
		bool more = **p == 'x';
		int group;

		*p += more;
		group = digits(p);
		if (group < 0 || n > UINT64_MAX / 1000 - 1)
			return false;
		n = n * 1000 + (unsigned)group;
		if (!more)
			break;
		if (*(*p)++ != '/')
			return false;
	}
	*ret_n = n;
	return true;
}

bool
mipo_tile_parse(const char *path, struct mipo_tile_id *ret_id)
{
	struct mipo_tile_id id = {.width = MIPO_TILE_WIDTH};
	char again[MIPO_TILE_PATH];
	const char *p = path;

	if (strncmp(p, "tile/", 5) != 0)
		return false;
	p += 5;
	if (strncmp(p, "entries/", 8) == 0) {
		id.level = MIPO_TILE_ENTRIES;
		p += 8;
	} else {
		id.level = digits(&p);
		if (id.level < 0 || id.level >= MIPO_TILE_LEVELS ||
		    *p++ != '/')
			return false;
	}
	if (!parse_number(&p, &id.n))
		return false;
	if (strncmp(p, ".p/", 3) == 0) {
		p += 3;
		id.width = (unsigned)digits(&p);
		if (id.width < 1 || id.width >= MIPO_TILE_WIDTH)
			return false;
	}
	mipo_tile_path(&id, again); /* one tile has one path */
	if (strcmp(path, again) != 0)
		return false;
	*ret_id = id;
	return true;
}

void
mipo_tile_put(struct mipo_buf *buf, const void *entry, size_t len)
{
	mipo_buf_putc(buf, (char)(len >> 8));
	mipo_buf_putc(buf, (char)(len & 255));
	mipo_buf_put(buf, entry, len);
}

int
mipo_tile_next(const uint8_t *bytes, size_t len, size_t *at,
    const uint8_t **ret_entry, size_t *ret_len)
{
	size_t left = len - *at, n;

	if (left == 0)
		return 0;
	if (left < 2)
		return -1;
	n = (size_t)bytes[*at] << 8 | bytes[*at + 1];
	if (left - 2 < n)
		return -1;
	*ret_entry = bytes + *at + 2;
	*ret_len = n;
	*at += 2 + n;
	return 1;
}

void
mipo_tiles_init(struct mipo_tiles *tiles)
{
	mipo_tree_init(&tiles->tree);
}

/* Every node once; and every eighth level of the tree is a row of tiles. */
static void
keep(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[MIPO_HASH_LEN])
{
	struct mipo_tiles *tiles = arg;

	memcpy(tiles->made[level], hash, MIPO_HASH_LEN);
	if (level % 8 == 0 && level / 8 < MIPO_TILE_LEVELS)
		memcpy(tiles->open[level / 8][index & 255], hash,
		    MIPO_HASH_LEN);
}

int
mipo_tiles_add(struct mipo_tiles *tiles, const uint8_t leaf[MIPO_HASH_LEN],
    mipo_tiles_put put, void *arg)
{
	uint64_t size;

	mipo_tree_append(&tiles->tree, leaf, keep, tiles);
	size = tiles->tree.size;
	for (int level = 0; level < MIPO_TILE_LEVELS && put != NULL; level++) {
		struct mipo_tile_id id = {level, 0, MIPO_TILE_WIDTH};
		int r;

		if ((size & 255) != 0)
			break;
		size >>= 8;
		id.n = size - 1;
		r = put(arg, &id, tiles->open[level][0]);
		if (r != 0)
			return r;
	}
	return 0;
}

int
mipo_tiles_end(const struct mipo_tiles *tiles, mipo_tiles_put put, void *arg)
{
	uint64_t size = tiles->tree.size;

	for (int level = 0; level < MIPO_TILE_LEVELS; level++, size >>= 8) {
		struct mipo_tile_id id = {
		    level, size >> 8, (unsigned)(size & 255)};
		int r;

		if (id.width == 0)
			continue;
		r = put(arg, &id, tiles->open[level][0]);
		if (r != 0)
			return r;
	}
	return 0;
}
