/* What the files of the store know about a state beyond state.h. */
#ifndef MIPO_STORE_INSIDE_H
#define MIPO_STORE_INSIDE_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_db;
struct mipo_err;
struct mipo_scan_row;
struct mipo_state;

/* The database: for the log's tables, whatever the derived ones are. */
struct mipo_db *mipo_state_db(struct mipo_state *state);

/* The database for its derived tables; an error while they are outdated. */
int mipo_state_derived(
    struct mipo_state *state, struct mipo_db **ret_db, struct mipo_err *err);

/* The derived tables are (not) of this version. */
void mipo_state_set_current(struct mipo_state *state, bool current);
bool mipo_state_is_current(const struct mipo_state *state);

/* Whether it was opened for writing. */
bool mipo_state_is_writer(const struct mipo_state *state);

/*
 * A commit failed half-way: what the disk has is not known, so this handle
 * must write no more.
 */
void mipo_state_break(struct mipo_state *state);
bool mipo_state_is_broken(const struct mipo_state *state);

/*
 * The look that log entry seq recorded, superseded or not. E_TAMPERED where
 * the index, which named it, lacks it.
 */
int mipo_scan_at(struct mipo_state *state, uint64_t seq,
    struct mipo_scan_row *ret_row, struct mipo_err *err);

/* "PATH/name" below the state: caller's, free(). */
int mipo_state_join(const char *path, const char *name, char **ret_path,
    struct mipo_err *err);

#endif
