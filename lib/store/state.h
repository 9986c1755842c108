/*
 * The state: $MIPO_STATE with mipo.db, objects/ and keys/ (design, section
 * 5). Readers work on one snapshot; the only way to write is door.h.
 */
#ifndef MIPO_STORE_STATE_H
#define MIPO_STORE_STATE_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_err;
struct mipo_rec;
struct mipo_state;

/*
 * Where the state is: dir if not NULL (--state or MIPO_STATE), else
 * /var/lib/mipo for uid 0 or system, else $XDG_STATE_HOME/mipo. When that
 * one is missing and the other exists (E_USAGE), or none exists
 * (E_NOTFOUND): an error that names the path and what to do. *ret_path:
 * caller's, free().
 */
int mipo_state_find(
    const char *dir, bool system, char **ret_path, struct mipo_err *err);

/* The same place, whether a state is there or not (for init). */
int mipo_state_where(
    const char *dir, bool system, char **ret_path, struct mipo_err *err);

/* Opens what mipo_state_find found. Checks application id and schema. */
int mipo_state_open(const char *path, bool write,
    struct mipo_state **ret_state, struct mipo_err *err);

/*
 * For reading alone, also where the schema is not ours: ret_bent (zeroed)
 * gets what is not, E_TAMPERED. What is read may then fail in any way;
 * E_TAMPERED as the result: nothing can be read.
 */
int mipo_state_open_bent(const char *path, struct mipo_state **ret_state,
    struct mipo_err *ret_bent, struct mipo_err *err);
void mipo_state_close(struct mipo_state *state);
const char *mipo_state_path(const struct mipo_state *state);

/* One snapshot for several reads; nests not. */
int mipo_state_read_begin(struct mipo_state *state, struct mipo_err *err);
void mipo_state_read_end(struct mipo_state *state);

/*
 * How many entries the log has, in the snapshot or behind the door that is
 * open: while it stays the same, so does all that was read.
 */
int mipo_state_entries(struct mipo_state *state, uint64_t *ret_entries,
    struct mipo_err *err);

#endif
