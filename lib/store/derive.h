/* Running the appliers over a stored log. */
#ifndef MIPO_STORE_DERIVE_H
#define MIPO_STORE_DERIVE_H

struct mipo_db;
struct mipo_err;
struct mipo_rebuilt;
struct mipo_state;

/*
 * Reads state's log and writes the derived tables of into, which are there
 * and empty. The caller holds a snapshot or the write transaction.
 */
int mipo_derive(struct mipo_state *state, struct mipo_db *into,
    struct mipo_rebuilt *ret_done, struct mipo_err *err);

#endif
