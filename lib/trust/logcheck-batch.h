/* What the verifier hands from step to step; for logcheck*.c alone. */
#ifndef MIPO_TRUST_LOGCHECK_BATCH_H
#define MIPO_TRUST_LOGCHECK_BATCH_H

#include "trust/seal.h"
#include "trust/tile.h"

#define BATCH_ITEMS 512
#define BATCH_BYTES 262144 /* then a batch is full */

enum item_kind {
	ITEM_ENTRY,
	ITEM_NOTE,
	ITEM_TILE,
	ITEM_NODE
};

struct item {
	enum item_kind kind;
	const uint8_t *bytes;
	size_t len;
	bool expects; /* expected is set */
	uint8_t expected[MIPO_HASH_LEN];
	union {
		struct mipo_tile_id tile;
		struct {
			int64_t last, level;
		} node;
	};
	/* filled by the first step */
	bool good;
	uint8_t leaf[MIPO_HASH_LEN];
	union {
		struct mipo_entry entry;
		struct mipo_checkpoint cp;
	};
};

/* A signature that the last step checks. */
struct job {
	enum {
		JOB_SEAL,
		JOB_NOTE,
		JOB_RECEIPT
	} kind;
	const struct item *item;
	uint64_t seq, prefix;
	bool has_pub;
	struct mipo_pub pub;
	struct mipo_seal seal;
};

/*
 * Three steps a batch: read (any core), order (one batch after another),
 * sign (any core again).
 */
struct batch {
	struct batch *next; /* in a queue */
	uint64_t no;
	size_t n_items, n_jobs, n_bytes;
	struct item item[BATCH_ITEMS];
	struct job job[BATCH_ITEMS];
	uint8_t bytes[BATCH_BYTES + MIPO_NOTE_MAX + 1];
};

#endif
