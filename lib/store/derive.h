/* Running the appliers over a stored log. */
#ifndef MIPO_STORE_DERIVE_H
#define MIPO_STORE_DERIVE_H

#include <stdbool.h>

struct mipo_db;
struct mipo_err;
struct mipo_rebuilt;
struct mipo_state;

/* Told of an entry, or an object that it names, that cannot be used. */
struct mipo_derive_lost {
	void (*say)(void *arg, const char *text);
	void *arg;
	bool any;
};

/*
 * Reads state's log and writes the derived tables of into, which are there
 * and empty. The caller holds a snapshot or the write transaction. lost:
 * goes on after what cannot be used, and leaves its rows out; NULL: ends.
 */
int mipo_derive(struct mipo_state *state, struct mipo_db *into,
    struct mipo_derive_lost *lost, struct mipo_rebuilt *ret_done,
    struct mipo_err *err);

#endif
