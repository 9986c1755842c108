/* Inside of the verifier, for the logcheck*.c files alone. */
#ifndef MIPO_TRUST_LOGCHECK_IMPL_H
#define MIPO_TRUST_LOGCHECK_IMPL_H

#include <pthread.h>

#include "base/err.h"
#include "trust/logcheck-batch.h"
#include "trust/logcheck.h"
#include "trust/nodes.h"

#define NO_SEQ UINT64_MAX

/* An entry that the one after it does not confirm; who lies is open. */
struct suspect {
	bool open;
	uint64_t seq, prefix;	      /* of the earlier entry */
	bool tiled;		      /* the earlier has its tile's hash */
	uint64_t next, next_prefix;   /* of the later one */
	uint8_t alt[MIPO_HASH_LEN];   /* the later's leaf with prev mended */
	struct mipo_tree tree;	      /* before the later one */
};

/* What the order step carries from entry to entry. */
struct order {
	struct mipo_tiles tiles;
	struct mipo_nodes nodes;
	uint8_t made[MIPO_TILE_LEVELS][MIPO_TILE_WIDTH * MIPO_HASH_LEN];
	uint64_t next_seq;
	uint8_t prev[MIPO_HASH_LEN];
	bool prev_good, prev_tiled; /* it was read; its tile agrees */
	struct suspect suspect;
	struct mipo_stamp stamp; /* of the entry before */
	char actor[1024];	 /* likewise */
	size_t actor_len;
	uint64_t commit, commit_before; /* where this and the last began */
	uint64_t unsealed, unsealed_seq; /* how many, and the first's seq */
	uint64_t n; /* of the next seal */
	bool chained; /* ratchet is known */
	struct mipo_pub ratchet;
	struct mipo_vkey vkey;
	bool has_vkey;
	struct mipo_pub *scanners; /* registered so far */
	size_t n_scanners, cap_scanners;
	bool has_note; /* whose root is note_root */
	uint8_t note_root[MIPO_HASH_LEN];
};

struct mipo_logcheck {
	struct mipo_logcheck_opts opts;
	struct order order;
	struct mipo_logfacts facts;
	uint64_t prefix[MIPO_FAULT_N]; /* before each fault's entry */

	pthread_mutex_t mutex; /* for all below, and facts.fault */
	pthread_cond_t ready, turn, idle;
	struct batch *queue, **queue_end, *idle_list, *filling;
	uint64_t submitted, turn_no, done;
	bool stop;
	struct mipo_err err; /* memory ran out in a step */
	pthread_t *threads;
	size_t n_threads;
};

/* Records a fault; the first of a check, by seq, keeps its text. */
void mipo_logcheck_fault(struct mipo_logcheck *check,
    enum mipo_logfault fault, uint64_t seq, uint64_t prefix,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/*
 * Whether err is a lack of memory, which must never pass for a fault; it
 * is kept, and ends the check.
 */
bool mipo_logcheck_broke(
    struct mipo_logcheck *check, const struct mipo_err *err);

/* The steps. */
void mipo_logcheck_read(struct batch *batch);
void mipo_logcheck_order(struct mipo_logcheck *check, struct batch *batch);
void mipo_logcheck_sign(struct mipo_logcheck *check, struct batch *batch);

/* Parts of the order step: by kind of item, and of entry. */
void mipo_logcheck_order_note(struct mipo_logcheck *check,
    struct batch *batch, const struct item *item);
void mipo_logcheck_order_tile(
    struct mipo_logcheck *check, const struct item *item);
void mipo_logcheck_order_kind(struct mipo_logcheck *check,
    struct batch *batch, const struct item *item, uint64_t seq);

/* The last entry, which none after it confirms. */
void mipo_logcheck_settle_last(struct mipo_logcheck *check);

/* What is open when the last batch has been through. */
void mipo_logcheck_end(struct mipo_logcheck *check);

#endif
