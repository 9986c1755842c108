#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "trust/nodes.h"
#include "trust/tile.h"

/* A log of 11 leaves; it completes 5 + 2 + 1 nodes above them. */
#define LEAVES 11
#define ROWS   8

struct row {
	int64_t last, level;
	uint8_t hash[MIPO_HASH_LEN];
	size_t len;
};

static struct mipo_tiles tiles;
static struct mipo_nodes nodes;

static void
add_leaf(uint64_t i)
{
	uint8_t leaf[MIPO_HASH_LEN];

	mipo_hash(&i, sizeof(i), leaf);
	(void)mipo_tiles_add(&tiles, leaf, NULL, NULL);
}

/* The rows that the log must have, in their order. */
static size_t
make_rows(struct row rows[ROWS + 2])
{
	size_t n = 0;

	mipo_tiles_init(&tiles);
	for (uint64_t i = 0; i < LEAVES; i++) {
		add_leaf(i);
		for (int l = 1; (i + 1) % (UINT64_C(1) << l) == 0; l++) {
			rows[n].last = (int64_t)i;
			rows[n].level = l;
			rows[n].len = MIPO_HASH_LEN;
			memcpy(rows[n++].hash, tiles.made[l], MIPO_HASH_LEN);
		}
	}
	return n;
}

/* Feeds them as verify does: each once its leaf is in. */
static void
feed(const struct row *rows, size_t n)
{
	size_t at = 0;

	mipo_tiles_init(&tiles);
	mipo_nodes_init(&nodes, &tiles);
	for (int64_t i = -1; i < LEAVES; i++) {
		if (i >= 0) {
			mipo_nodes_leaf(&nodes);
			add_leaf((uint64_t)i);
		}
		for (; at < n && (rows[at].last <= i || i == LEAVES - 1); at++)
			mipo_nodes_row(&nodes, rows[at].last, rows[at].level,
			    rows[at].hash, rows[at].len);
	}
	mipo_nodes_leaf(&nodes);
}

static void
ck_counts(uint64_t missing, uint64_t wrong, uint64_t spare)
{
	ck_assert_uint_eq(nodes.missing, missing);
	ck_assert_uint_eq(nodes.wrong, wrong);
	ck_assert_uint_eq(nodes.spare, spare);
	ck_assert_int_eq(nodes.first[0] != '\0', missing + wrong + spare > 0);
}

START_TEST(whole)
{
	struct row rows[ROWS + 2];
	size_t n = make_rows(rows);

	ck_assert_uint_eq(n, ROWS);
	feed(rows, n);
	ck_counts(0, 0, 0);
	ck_assert_uint_eq(nodes.rows, ROWS);
}
END_TEST

START_TEST(each_missing)
{
	struct row rows[ROWS + 2], less[ROWS + 2];
	size_t n = make_rows(rows);

	for (size_t i = 0; i < n; i++) {
		char want[80];

		memcpy(less, rows, sizeof(rows));
		memmove(&less[i], &less[i + 1], (n - i - 1) * sizeof(*less));
		feed(less, n - 1);
		ck_counts(1, 0, 0);
		(void)snprintf(want, sizeof(want),
		    "the Merkle node of level %d that ends with entry %d is "
		    "missing", (int)rows[i].level, (int)rows[i].last);
		ck_assert_str_eq(nodes.first, want);
	}
	feed(rows, 0);
	ck_counts(ROWS, 0, 0);
}
END_TEST

START_TEST(each_wrong)
{
	struct row rows[ROWS + 2];
	size_t n = make_rows(rows);

	for (size_t i = 0; i < n; i++) {
		rows[i].hash[31] ^= 1;
		feed(rows, n);
		ck_counts(0, 1, 0);
		rows[i].hash[31] ^= 1;
		rows[i].len--;
		feed(rows, n);
		ck_counts(0, 1, 0);
		rows[i].len++;
	}
}
END_TEST

/* Rows that no log of this size has, where the order puts them. */
START_TEST(spare)
{
	static const struct {
		int64_t last, level;
		size_t at;
	} spares[] = {{-1, 1, 0}, {1, 2, 1}, {3, 1, 2}, {2, 1, 1}, {7, 4, 7},
	    {10, 1, ROWS}, {11, 1, ROWS}, {INT64_MAX, 1, ROWS},
	    {1, INT64_MAX, 1}, {INT64_MIN, INT64_MIN, 0}};
	struct row rows[ROWS + 2], more[ROWS + 2];
	size_t n = make_rows(rows);

	for (size_t i = 0; i < sizeof(spares) / sizeof(*spares); i++) {
		size_t at = spares[i].at;

		memcpy(more, rows, sizeof(rows));
		memmove(&more[at + 1], &more[at], (n - at) * sizeof(*more));
		more[at] = rows[0];
		more[at].last = spares[i].last;
		more[at].level = spares[i].level;
		feed(more, n + 1);
		ck_assert_uint_ge(nodes.spare + nodes.wrong, 1);
		ck_assert_ptr_nonnull(strstr(nodes.first, "Merkle node"));
	}
	/* the same row twice */
	memcpy(more, rows, sizeof(rows));
	more[n] = rows[n - 1];
	feed(more, n + 1);
	ck_counts(0, 0, 1);
}
END_TEST

UNIT_MAIN("nodes", whole, each_missing, each_wrong, spare);
