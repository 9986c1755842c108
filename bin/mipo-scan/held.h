/* Rows of the table that wait until it is known what their ports are. */
#ifndef MIPO_SCAN_HELD_H
#define MIPO_SCAN_HELD_H

#include <stdbool.h>
#include <stddef.h>

#include "data/obs.h"

struct mipo_err;
struct mipo_rec;

struct held_row {
	struct mipo_obs obs;
	bool shown;
};

/* Zero it before first use. */
struct held {
	struct held_row *rows;
	size_t n, cap;
	bool sorted;
};

typedef void held_put(
    void *arg, const struct mipo_obs *obs, const struct mipo_rec *found);

int held_add(
    struct held *held, const struct mipo_obs *obs, struct mipo_err *err);
void held_release(struct held *held);

/* Shows the row of the address and port of found, a service record. */
void held_take(struct held *held, const struct mipo_rec *found,
    held_put *put, void *arg);

/* Shows all others. */
void held_rest(struct held *held, held_put *put, void *arg);

#endif
