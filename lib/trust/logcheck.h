/*
 * The verifier of a log, fed in order: entries as they are stored, with
 * what else claims to speak of them (tiles, checkpoints). It does not stop
 * at a fault: it names the first bad entry, and how long the log is good.
 * Signatures and digests are computed on all cores; memory stays the same
 * however long the log is (32 bytes a registered scanner key apart).
 */
#ifndef MIPO_TRUST_LOGCHECK_H
#define MIPO_TRUST_LOGCHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/seal.h"
#include "trust/tile.h"

struct mipo_err;
struct mipo_report;
struct mipo_logcheck;

/* A checkpoint that somebody outside remembers. */
struct mipo_anchor {
	struct mipo_checkpoint cp;
	enum {
		MIPO_ANCHOR_BEYOND = 0, /* the log is shorter */
		MIPO_ANCHOR_SAME,
		MIPO_ANCHOR_OTHER /* another root at that size */
	} found;
};

/* All pointers are borrowed until the end. */
struct mipo_logcheck_opts {
	const struct mipo_pub *key; /* pinned; NULL: what genesis says */
	unsigned threads;	    /* 0: all cores; 1: the caller's alone */
	const char *challenge; /* nonce that a record must carry, or NULL */
	struct mipo_anchor *anchors; /* found is filled */
	size_t n_anchors;
	bool nodes, tiles; /* stored Merkle nodes, tiles, are fed too */
	/* Told of each recorded scan's stream, one at a time, in order. */
	void (*scan)(void *arg, const uint8_t stream[MIPO_HASH_LEN]);
	void *arg;
};

/* The checks, in the order of the report. */
enum mipo_logfault {
	MIPO_FAULT_FORM,    /* exact fields, canonical bytes */
	MIPO_FAULT_GENESIS, /* entry 0 certifies itself */
	MIPO_FAULT_KEY,	    /* it is not the pinned; its own holds then */
	MIPO_FAULT_ORDER,   /* seq, prev, log id */
	MIPO_FAULT_SEAL,    /* seals: one a commit, chained, signed */
	MIPO_FAULT_TILE,    /* tiles say what the entries say */
	MIPO_FAULT_NODE,    /* so do stored Merkle nodes */
	MIPO_FAULT_CHECKPOINT,
	MIPO_FAULT_RECEIPT, /* scanners' signatures in scan.end */
	MIPO_FAULT_N
};

struct mipo_fault {
	uint64_t count;
	uint64_t seq; /* of the first; UINT64_MAX: no single entry */
	char text[320]; /* of the first */
};

/* What was seen. */
struct mipo_logfacts {
	uint64_t entries, seals, notes, tiles, nodes, timed;
	bool has_genesis;
	struct mipo_genesis genesis;
	char log[MIPO_LOGID_LEN];
	bool has_nodes, has_tiles; /* as opts said */
	bool chained;		 /* the key that must sign next is known */
	uint64_t next_n;	 /* number of the seal that it will sign */
	struct mipo_pub ratchet; /* that key */
	bool covered; /* a checkpoint covers the end */
	struct mipo_checkpoint last; /* that one */
	struct mipo_fault fault[MIPO_FAULT_N];
	uint64_t first_bad;   /* UINT64_MAX: none */
	uint64_t good_prefix; /* entries of whole commits before it */
	uint64_t scans, scans_good, scans_unsigned, scans_unknown;
	uint64_t jumps, first_jump; /* clock against clock, within a boot */
	int64_t jump_ms;	    /* of the first */
	int64_t first_ms, last_ms;  /* what the log says of its time */
	bool challenged;
	uint64_t challenge_seq;
};

int mipo_logcheck_new(const struct mipo_logcheck_opts *opts,
    struct mipo_logcheck **ret_check, struct mipo_err *err);
void mipo_logcheck_free(struct mipo_logcheck *check); /* NULL is nothing */

/*
 * The next entry; the bytes are copied. leaf: what a level 0 tile says its
 * leaf hash is, or NULL. Faults are kept, not returned: -1 is for memory.
 */
int mipo_logcheck_entry(struct mipo_logcheck *check, const void *bytes,
    size_t len, const uint8_t *leaf, struct mipo_err *err);

/* A signed checkpoint that must cover exactly the entries so far. */
int mipo_logcheck_note(struct mipo_logcheck *check, const void *note,
    size_t len, struct mipo_err *err);

/* A tile of level 1 or more, when the entries under it are in. */
int mipo_logcheck_tile(struct mipo_logcheck *check,
    const struct mipo_tile_id *id, const uint8_t *hashes,
    struct mipo_err *err);

/* A stored node (nodes.h), right after the entry at place last. */
int mipo_logcheck_node(struct mipo_logcheck *check, int64_t last,
    int64_t level, const void *hash, size_t len, struct mipo_err *err);

/* Ends the log, once; *ret_facts stays the check's. */
int mipo_logcheck_finish(struct mipo_logcheck *check,
    const struct mipo_logfacts **ret_facts, struct mipo_err *err);

/* The facts as rows. */
void mipo_logcheck_report(
    const struct mipo_logfacts *facts, struct mipo_report *report);

#endif
