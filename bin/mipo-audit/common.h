/* What the subcommands of mipo-audit that use a state share. */
#ifndef MIPO_AUDIT_COMMON_H
#define MIPO_AUDIT_COMMON_H

#include <stdbool.h>
#include <stddef.h>

#include "kit/cli.h"

struct mipo_err;
struct mipo_genesis;
struct mipo_out;
struct mipo_rec;
struct mipo_state;

extern const struct mipo_sub audit_append, audit_log, audit_checkpoint,
    audit_export, audit_keys;

/*
 * Opens the state that the options name; NULL after saying why, with the
 * exit status in *ret_status.
 */
struct mipo_state *audit_open(
    const struct mipo_common *common, bool write, int *ret_status);

/* Says err; the exit status. What does not hold is 6: verify gives 1. */
int audit_fail(const struct mipo_err *err, const char *doing);

/* Whether a table is wanted, not records. */
bool audit_table(const struct mipo_common *common);

/* The log's first entry. */
int audit_genesis(struct mipo_state *state, struct mipo_genesis *ret_genesis,
    struct mipo_err *err);

/* One record as a line through out; frees rec. */
int audit_put_take(
    struct mipo_out *out, struct mipo_rec *rec, struct mipo_err *err);

#endif
