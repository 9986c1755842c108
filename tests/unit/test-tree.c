#include "unit.h"

#include <string.h>

#include "base/text.h"
#include "trust/tile.h"
#include "trust/tree.h"

#define MOST 300

static uint8_t nodes[10][MOST][MIPO_HASH_LEN];

static void
keep(void *arg, unsigned level, uint64_t index, const uint8_t hash[32])
{
	(void)arg;
	memcpy(nodes[level][index], hash, 32);
}

static int
fetch(void *arg, unsigned level, uint64_t index, uint8_t ret_hash[32],
    struct mipo_err *err)
{
	const uint64_t *size = arg;

	(void)err;
	/* only whole subtrees may be asked for */
	ck_assert_uint_le((index + 1) << level, *size);
	memcpy(ret_hash, nodes[level][index], 32);
	return 0;
}

/* RFC 6962, 2.1, straight from the text. */
static void
naive(uint64_t lo, uint64_t n, uint8_t ret_hash[32])
{
	uint8_t left[32], right[32], entry = 0;
	uint64_t k = 1;

	if (n == 0) {
		mipo_hash("", 0, ret_hash);
		return;
	}
	if (n == 1) {
		entry = (uint8_t)lo;
		mipo_leaf_hash(&entry, 1, ret_hash);
		return;
	}
	while (k * 2 < n)
		k *= 2;
	naive(lo, k, left);
	naive(lo + k, n - k, right);
	mipo_node_hash(left, right, ret_hash);
}

static void
grow(struct mipo_tree *tree, uint64_t size)
{
	uint8_t leaf[32], entry;

	mipo_tree_init(tree);
	while (tree->size < size) {
		entry = (uint8_t)tree->size;
		mipo_leaf_hash(&entry, 1, leaf);
		mipo_tree_append(tree, leaf, keep, NULL);
	}
}

/* The example of RFC 6962's reference: eight entries, known roots. */
START_TEST(known_roots)
{
	static const char *const entries[] = {"", "00", "10", "2021", "3031",
	    "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
	static const char *const roots[] = {"6e340b9cffb37a98", NULL,
	    "aeb6bcfe274b70a1", NULL, NULL, NULL, "ddb89be403809e32",
	    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
	struct mipo_err err = {0};
	struct mipo_tree tree;
	uint8_t bytes[16], hash[32];
	char hex[65];

	mipo_tree_init(&tree);
	mipo_tree_root(&tree, hash);
	mipo_text_hex(hash, 32, hex);
	ck_assert_str_eq(hex,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (size_t i = 0; i < 8; i++) {
		size_t len = strlen(entries[i]) / 2;

		ck_ok(mipo_text_unhex(entries[i], bytes, len, &err));
		mipo_leaf_hash(bytes, len, hash);
		mipo_tree_append(&tree, hash, NULL, NULL);
		mipo_tree_root(&tree, hash);
		mipo_text_hex(hash, 32, hex);
		if (roots[i] != NULL)
			ck_assert_mem_eq(hex, roots[i], strlen(roots[i]));
	}
}
END_TEST

START_TEST(roots_as_defined)
{
	struct mipo_err err = {0};
	struct mipo_tree tree, again;
	uint8_t root[32], want[32];

	for (uint64_t n = 0; n <= 260; n += n < 70 ? 1 : 19) {
		grow(&tree, n);
		mipo_tree_root(&tree, root);
		naive(0, n, want);
		ck_assert_mem_eq(root, want, 32);
		ck_ok(mipo_tree_resume(&again, n, fetch, &n, &err));
		mipo_tree_root(&again, root);
		ck_assert_mem_eq(root, want, 32);
	}
}
END_TEST

/* Every single bit that is wrong, and every wrong place, must show. */
static void
ck_only_this(uint64_t index, uint64_t size, const uint8_t leaf[32],
    struct mipo_proof *proof, uint8_t root[32])
{
	ck_assert(mipo_tree_check(index, size, leaf, proof, root));
	ck_assert(!mipo_tree_check(index + 1, size, leaf, proof, root));
	ck_assert(!mipo_tree_check(size, size, leaf, proof, root));
	ck_assert(!mipo_tree_check(index, size * 2, leaf, proof, root));
	root[7] ^= 1;
	ck_assert(!mipo_tree_check(index, size, leaf, proof, root));
	root[7] ^= 1;
	for (size_t i = 0; i < proof->n; i++) {
		proof->hash[i][i % 32] ^= 0x80;
		ck_assert(!mipo_tree_check(index, size, leaf, proof, root));
		proof->hash[i][i % 32] ^= 0x80;
	}
	proof->n++;
	ck_assert(!mipo_tree_check(index, size, leaf, proof, root));
	proof->n -= 2;
	if (size > 1)
		ck_assert(!mipo_tree_check(index, size, leaf, proof, root));
	proof->n++;
}

START_TEST(inclusion)
{
	struct mipo_err err = {0};
	struct mipo_proof proof;
	struct mipo_tree tree;
	uint8_t root[32];

	for (uint64_t size = 1; size <= 65; size++) {
		grow(&tree, size);
		mipo_tree_root(&tree, root);
		for (uint64_t i = 0; i < size; i++) {
			ck_ok(mipo_tree_prove(
			    i, size, fetch, &size, &proof, &err));
			ck_only_this(i, size, nodes[0][i], &proof, root);
		}
		ck_fails(mipo_tree_prove(
			     size, size, fetch, &size, &proof, &err),
		    MIPO_E_USAGE);
	}
}
END_TEST

static void
ck_prefix(uint64_t old, uint64_t size, uint8_t old_root[32],
    uint8_t root[32], struct mipo_proof *proof)
{
	ck_assert(
	    mipo_tree_check_prefix(old, size, old_root, root, proof));
	root[0] ^= 1;
	ck_assert(old == 0 ||
	    !mipo_tree_check_prefix(old, size, old_root, root, proof));
	root[0] ^= 1;
	old_root[31] ^= 1;
	ck_assert(
	    !mipo_tree_check_prefix(old, size, old_root, root, proof));
	old_root[31] ^= 1;
	ck_assert(old + 1 > size ||
	    !mipo_tree_check_prefix(old + 1, size, old_root, root, proof));
	proof->n++;
	ck_assert(
	    !mipo_tree_check_prefix(old, size, old_root, root, proof));
	proof->n--;
	if (proof->n == 0)
		return;
	proof->hash[proof->n - 1][3] ^= 2;
	ck_assert(
	    !mipo_tree_check_prefix(old, size, old_root, root, proof));
	proof->n--;
	ck_assert(
	    !mipo_tree_check_prefix(old, size, old_root, root, proof));
}

START_TEST(consistency)
{
	struct mipo_err err = {0};
	struct mipo_proof proof;
	struct mipo_tree tree;
	uint8_t root[32], old_root[32];

	for (uint64_t size = 1; size <= 65; size++) {
		grow(&tree, size);
		mipo_tree_root(&tree, root);
		for (uint64_t old = 0; old <= size; old++) {
			naive(0, old, old_root);
			ck_ok(mipo_tree_prove_prefix(
			    old, size, fetch, &size, &proof, &err));
			ck_prefix(old, size, old_root, root, &proof);
		}
		ck_fails(mipo_tree_prove_prefix(size + 1, size, fetch, &size,
			     &proof, &err),
		    MIPO_E_USAGE);
	}
}
END_TEST

START_TEST(tile_paths)
{
	static const struct {
		struct mipo_tile_id id;
		const char *path;
	} good[] = {
	    {{0, 1234067, 256}, "tile/0/x001/x234/067"},
	    {{0, 0, 256}, "tile/0/000"},
	    {{1, 1, 17}, "tile/1/001.p/17"},
	    {{7, 1000, 1}, "tile/7/x001/000.p/1"},
	    {{MIPO_TILE_ENTRIES, 273, 112}, "tile/entries/273.p/112"},
	    {{0, UINT64_MAX / 1000 - 1, 255},
		"tile/0/x018/x446/x744/x073/x709/550.p/255"},
	};
	static const char *const bad[] = {"tile/0/1", "tile/0/0000",
	    "tile/0/x001", "tile/0/x000/001", "tile/8/000", "tile/00/000",
	    "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
	    "tile/0/000/", "tile/entries/", "tile//000", "tile/0/001/x001",
	    "tile/0/x999/x999/x999/x999/x999/x999/x999/999", "", NULL};
	char path[MIPO_TILE_PATH];
	struct mipo_tile_id id;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		mipo_tile_path(&good[i].id, path);
		ck_assert_str_eq(path, good[i].path);
		ck_assert(mipo_tile_parse(path, &id));
		ck_assert_int_eq(id.level, good[i].id.level);
		ck_assert_uint_eq(id.n, good[i].id.n);
		ck_assert_uint_eq(id.width, good[i].id.width);
	}
	for (const char *const *s = bad; *s != NULL; s++)
		ck_assert_msg(!mipo_tile_parse(*s, &id), "%s", *s);
}
END_TEST

/* How many tiles of each level, and the width of the last one. */
struct count {
	uint64_t tiles[MIPO_TILE_LEVELS];
	unsigned width[MIPO_TILE_LEVELS];
	uint8_t sum[32];
};

static int
count_tile(void *arg, const struct mipo_tile_id *id, const uint8_t *hashes)
{
	struct count *count = arg;

	ck_assert_uint_eq(id->n, count->tiles[id->level]);
	count->tiles[id->level]++;
	count->width[id->level] = id->width;
	mipo_hash(hashes, (size_t)id->width * 32, count->sum);
	return 0;
}

/* Size 70000: 273 full + 112, 1 full + 17, 1 (C2SP's arithmetic). */
START_TEST(tiles_of_a_log)
{
	static struct mipo_tiles tiles;
	struct count count = {0};
	uint8_t leaf[32];
	uint8_t root[32];

	mipo_tiles_init(&tiles);
	for (uint32_t i = 0; i < 70000; i++) {
		mipo_leaf_hash(&i, sizeof(i), leaf);
		ck_assert_int_eq(
		    mipo_tiles_add(&tiles, leaf, count_tile, &count), 0);
		if (i == 65535)
			mipo_tree_root(&tiles.tree, root);
	}
	ck_assert_int_eq(mipo_tiles_end(&tiles, count_tile, &count), 0);
	ck_assert_uint_eq(count.tiles[0], 274);
	ck_assert_uint_eq(count.width[0], 112);
	ck_assert_uint_eq(count.tiles[1], 2);
	ck_assert_uint_eq(count.width[1], 17);
	ck_assert_uint_eq(count.tiles[2], 1);
	ck_assert_uint_eq(count.width[2], 1);
	ck_assert_uint_eq(count.tiles[3], 0);
	/* the one hash of level 2 is the root of the first 65536 */
	mipo_hash(root, 32, root);
	ck_assert_mem_eq(root, count.sum, 32);
}
END_TEST

START_TEST(entry_bundles)
{
	static const uint8_t cut[][4] = {{0}, {0, 1}, {0, 2, 'x'}};
	static const size_t len[] = {1, 2, 3};
	const uint8_t bundle[] = {0, 1, 'a', 0, 0, 0, 2, 'b', 'c'};
	const uint8_t *entry;
	size_t at = 0, n;

	ck_assert_int_eq(mipo_tile_next(bundle, 9, &at, &entry, &n), 1);
	ck_assert(n == 1 && *entry == 'a');
	ck_assert_int_eq(mipo_tile_next(bundle, 9, &at, &entry, &n), 1);
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(mipo_tile_next(bundle, 9, &at, &entry, &n), 1);
	ck_assert(n == 2 && entry[1] == 'c');
	ck_assert_int_eq(mipo_tile_next(bundle, 9, &at, &entry, &n), 0);
	for (size_t i = 0; i < 3; i++) {
		at = 0;
		ck_assert_int_eq(
		    mipo_tile_next(cut[i], len[i], &at, &entry, &n), -1);
	}
}
END_TEST

UNIT_MAIN("tree", known_roots, roots_as_defined, inclusion, consistency,
    tile_paths, tiles_of_a_log, entry_bundles);
