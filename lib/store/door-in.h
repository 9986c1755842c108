/* The inside of the door, for door*.c and init. */
#ifndef MIPO_STORE_DOOR_IN_H
#define MIPO_STORE_DOOR_IN_H

#include <stdbool.h>

#include "base/buf.h"
#include "store/door.h"
#include "trust/chain.h"

struct mipo_db;
struct mipo_key;
struct mipo_pub;
struct mipo_q;
struct mipo_sheet;
struct mipo_slots;

struct mipo_door {
	struct mipo_state *state;
	struct mipo_db *db;
	struct mipo_slots *slots;
	struct mipo_key *log_key;
	struct mipo_chain chain;
	struct mipo_actor actor;
	char side[65];		/* digest of its side object */
	struct mipo_buf entry;	/* the entry at hand */
	struct mipo_q *leaf, *node;
	uint64_t first;		/* seq of the first record */
	bool began;		/* the transaction is open */
	bool failed;		/* only abandon may follow */
	struct mipo_err bad;	/* of the nodes' callback */
};

/*
 * Locks, begins and brings the key slots in step. genesis, where not NULL,
 * becomes entry 0 of an empty log; NULL resumes the log that is there.
 */
int mipo_door_enter(struct mipo_state *state, const struct mipo_actor *actor,
    const struct mipo_genesis *genesis, uint64_t wait_ms,
    struct mipo_door **ret_door, struct mipo_err *err);

/*
 * The log's head as the database has it. E_TAMPERED where its ends, the
 * Merkle nodes beside them or the newest checkpoint, which log_key (NULL:
 * the key that genesis names) must have signed, do not fit together; the
 * entries in between are not read.
 */
int mipo_door_head(struct mipo_db *db, const struct mipo_pub *log_key,
    struct mipo_chain *ret_chain, struct mipo_err *err);

/* As mipo_door_add, for a scan.end whose sheet is ready. */
int mipo_door_add_look(struct mipo_door *door, const struct mipo_rec *end,
    struct mipo_sheet *sheet, uint64_t *ret_seq, struct mipo_err *err);

/* Stores the entry's bytes as the chain's newest. */
int mipo_door_put_entry(struct mipo_door *door, struct mipo_err *err);

/* The chain's callback: keeps the nodes above the leaves. arg: the door. */
void mipo_door_put_node(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[MIPO_HASH_LEN]);

#endif
