/* What the subcommands of mipo-store share. */
#ifndef MIPO_STORE_BIN_H
#define MIPO_STORE_BIN_H

#include <stdbool.h>
#include <stddef.h>

#include "kit/cli.h"

struct mipo_err;
struct mipo_out;
struct mipo_rec;
struct mipo_state;

extern const struct mipo_sub store_init, store_record, store_scans,
    store_show, store_baseline, store_rebuild, store_check;

/*
 * Opens the state that the options name; NULL after saying why, with the
 * exit status in *ret_status.
 */
struct mipo_state *store_open(
    const struct mipo_common *common, bool write, int *ret_status);

/*
 * Says err; the exit status. What does not hold is 6 here: these commands
 * were asked something else.
 */
int store_fail(const struct mipo_err *err, const char *doing);

/* Whether a table is wanted, not records. */
bool store_table(const struct mipo_common *common);

/* One record as a line on stdout through out; frees rec. */
int store_put_take(
    struct mipo_out *out, struct mipo_rec *rec, struct mipo_err *err);

#endif
