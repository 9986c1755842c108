/* Which configurations the state has seen (config.version entries). */
#ifndef MIPO_STORE_CONFIG_H
#define MIPO_STORE_CONFIG_H

#include <stdbool.h>

struct mipo_err;
struct mipo_state;

/*
 * Whether a config.version of that digest (64 hex digits) is in the log,
 * and whether one of them was approved.
 */
int mipo_config_known(struct mipo_state *state, const char *sha256,
    bool *ret_known, bool *ret_approved, struct mipo_err *err);

#endif
