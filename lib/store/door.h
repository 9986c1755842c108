/*
 * The one door: every change of state and its signed log entry commit in
 * one transaction, through here, with an actor and a scope. Derived tables
 * are written by the appliers of lib/store/apply*.c, one row a record
 * type, which rebuild uses too.
 */
#ifndef MIPO_STORE_DOOR_H
#define MIPO_STORE_DOOR_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_rec;
struct mipo_state;

/* Who acts: found from the process, never believed from $USER. */
struct mipo_actor {
	char kind[8];	    /* person, rule, system */
	char id[64];	    /* uid:1000 */
	char known_by[12]; /* loginuid, sudo-env, none ... */
};

/* The actor of this process; kind "system" where nothing says who. */
void mipo_actor_find(struct mipo_actor *ret_actor);

/* What a commit was given. */
struct mipo_committed {
	uint64_t first, last; /* seq of the first record and of the seal */
	uint64_t size;	      /* entries in the log */
	uint8_t root[32];
};

struct mipo_door;

/*
 * Takes the writer's lock (waits wait_ms, then E_BUSY) and begins. scope
 * says what is done ("store.record", "alarm.ack", "audit.append").
 */
int mipo_door_open(struct mipo_state *state, const struct mipo_actor *actor,
    const char *scope, uint64_t wait_ms, struct mipo_door **ret_door,
    struct mipo_err *err);

/*
 * Adds one record as a log entry (kind is its type) and applies it to the
 * derived tables. rec stays the caller's. ret_seq may be NULL.
 */
int mipo_door_add(struct mipo_door *door, const struct mipo_rec *rec,
    uint64_t *ret_seq, struct mipo_err *err);

/*
 * Seals, signs, commits. Frees the door either way. A door with nothing
 * added commits nothing. ret_committed may be NULL; it is filled also with
 * E_STANDS, where the commit stands and only the old key was not destroyed.
 */
int mipo_door_commit(struct mipo_door *door,
    struct mipo_committed *ret_committed, struct mipo_err *err);

/* Rolls back and frees; NULL is nothing. */
void mipo_door_abandon(struct mipo_door *door);

#endif
