/* The ratchet's key slots beside a state's log (verify-ratchet.c). */
#ifndef MIPO_AUDIT_VERIFY_STATE_H
#define MIPO_AUDIT_VERIFY_STATE_H

#include "base/err.h"
#include "trust/slots-seen.h"

struct mipo_state;
struct verify;

struct verify_ratchet {
	struct mipo_slots_seen seen;
	struct mipo_err why; /* why they could not be read */
};

/*
 * Reads the slots without their lock. Before the log's snapshot, so that a
 * log which is behind them was not overtaken meanwhile.
 */
int verify_ratchet_see(struct verify_ratchet *ret_ratchet, const char *path,
    struct mipo_err *err);

/*
 * The row about them, once the log was read. Where they do not fit, a
 * writer may have come between: slots and the log's last seal are read
 * again together, under the writers' lock. state: NULL: cannot be read.
 */
int verify_ratchet_judge(const struct verify_ratchet *ratchet,
    struct verify *run, const char *path, struct mipo_state *state,
    struct mipo_err *err);

#endif
