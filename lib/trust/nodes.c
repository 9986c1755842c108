#include "trust/nodes.h"

#include <stdio.h>
#include <string.h>

#include "trust/tile.h"

void
mipo_nodes_init(struct mipo_nodes *nodes, const struct mipo_tiles *tiles)
{
	*nodes = (struct mipo_nodes){.tiles = tiles, .next = 1};
}

static void
say(struct mipo_nodes *nodes, uint64_t *count, int64_t last, int64_t level,
    const char *what)
{
	++*count;
	if (nodes->first[0] == '\0')
		(void)snprintf(nodes->first, sizeof(nodes->first),
		    "the Merkle node of level %lld that ends with entry "
		    "%lld %s", (long long)level, (long long)last, what);
}

/* The highest node that the newest leaf completes: 0 for the leaf alone. */
static unsigned
top(const struct mipo_nodes *nodes)
{
	uint64_t size = nodes->tiles->tree.size;

	return size == 0 ? 0 : (unsigned)__builtin_ctzll(size);
}

/* All rows below level, which the newest leaf should have. */
static void
skip_to(struct mipo_nodes *nodes, unsigned level)
{
	int64_t last = (int64_t)nodes->tiles->tree.size - 1;

	for (; nodes->next < level; nodes->next++)
		say(nodes, &nodes->missing, last, nodes->next, "is missing");
}

void
mipo_nodes_row(struct mipo_nodes *nodes, int64_t last, int64_t level,
    const void *hash, size_t len)
{
	int64_t newest = (int64_t)nodes->tiles->tree.size - 1;

	nodes->rows++;
	if (newest < 0 || last != newest || level < nodes->next ||
	    level > top(nodes)) {
		say(nodes, &nodes->spare, last, level,
		    "is none of this tree's");
		return;
	}
	skip_to(nodes, (unsigned)level);
	if (len != MIPO_HASH_LEN ||
	    memcmp(hash, nodes->tiles->made[level], MIPO_HASH_LEN) != 0)
		say(nodes, &nodes->wrong, last, level,
		    "is not what the entries give");
	nodes->next++;
}

void
mipo_nodes_leaf(struct mipo_nodes *nodes)
{
	skip_to(nodes, top(nodes) + 1);
	nodes->next = 1;
}
