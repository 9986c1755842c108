/* What the subcommands of programs that use a state share. */
#ifndef MIPO_BIN_COMMON_H
#define MIPO_BIN_COMMON_H

#include <stdbool.h>

#include "kit/cli.h"

struct mipo_committed;
struct mipo_door;
struct mipo_err;
struct mipo_out;
struct mipo_rec;
struct mipo_state;

/*
 * Says err; the exit status. What does not hold is 6: status 1 is an
 * answer, and these commands were asked something else.
 */
int bin_fail(const struct mipo_err *err, const char *doing);

/*
 * The commit of door, which is freed. Where it stands and only its key could
 * not be destroyed, that is said, *ret_status is 5, and all else goes on.
 */
int bin_commit(struct mipo_door *door, struct mipo_committed *ret_committed,
    const char *doing, int *ret_status, struct mipo_err *err);

/* Whether a table is wanted, not records. */
bool bin_table(const struct mipo_common *common);

/* One record as a line through out; frees rec. */
int bin_put_take(
    struct mipo_out *out, struct mipo_rec *rec, struct mipo_err *err);

/*
 * Opens the state that the options name; NULL after saying why, with the
 * exit status in *ret_status.
 */
struct mipo_state *bin_open(
    const struct mipo_common *common, bool write, int *ret_status);

/*
 * Opens the state, runs use with opts, closes the state; the exit status:
 * what use put in *ret_status (0 unless it did), or that of its failure at
 * doing, which is said.
 */
int bin_with_state(const struct mipo_common *common, bool write,
    const char *doing,
    int (*use)(struct mipo_state *state, const void *opts, int *ret_status,
	struct mipo_err *err),
    const void *opts);

#endif
