/* What the subcommands of mipo-audit that use a state share. */
#ifndef MIPO_AUDIT_COMMON_H
#define MIPO_AUDIT_COMMON_H

#include <stddef.h>

#include "bin/common.h"

struct mipo_genesis;

extern const struct mipo_sub audit_append, audit_log, audit_checkpoint,
    audit_export, audit_keys;

/* The log's first entry. */
int audit_genesis(struct mipo_state *state, struct mipo_genesis *ret_genesis,
    struct mipo_err *err);

#endif
