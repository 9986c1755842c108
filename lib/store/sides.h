/*
 * The salted side objects held against the entries that name them. One
 * that is gone was forgotten, which is legal; one that has other bytes
 * than its digest says, or that no entry names, is not ours.
 */
#ifndef MIPO_STORE_SIDES_H
#define MIPO_STORE_SIDES_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_sides;
struct mipo_state;

struct mipo_sidefacts {
	uint64_t rows;
	uint64_t wrong;	    /* of them, by their digest */
	char first_wrong[65]; /* the digest, as far as it can be one */
	uint64_t named, forgotten; /* by commits; of them, those gone */
	uint64_t spare;		   /* rows beyond those that are named */
};

/* Reads in the snapshot that its caller has begun; end it after _free. */
int mipo_sides_new(struct mipo_state *state, struct mipo_sides **ret_sides,
    struct mipo_err *err);
void mipo_sides_free(struct mipo_sides *sides); /* NULL is nothing */

/* An entry's bytes, in their order. One without its form is passed over. */
int mipo_sides_entry(struct mipo_sides *sides, const void *body, size_t len,
    struct mipo_err *err);

/* After the last entry: reads all rows. */
int mipo_sides_finish(struct mipo_sides *sides,
    struct mipo_sidefacts *ret_facts, struct mipo_err *err);

#endif
