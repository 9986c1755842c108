/*
 * A receipt is held to its stream: what can be computed is, and a claim
 * that does not agree is refused, whoever signed it. E_TAMPERED names the
 * field, what it says and what is due.
 */
#ifndef MIPO_STORE_CLAIMS_H
#define MIPO_STORE_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_err;
struct mipo_rec;
struct mipo_sheet;

/*
 * The state digest is made again for at most so many pairs (600 MB to hash
 * when all are IPv6); of a larger look it is not checked.
 */
#define MIPO_CLAIMS_PAIRS (UINT64_C(1) << 25)

/* scan.start: scope_sha256 and planned, from targets, exclusions, ports. */
int mipo_claims_start(
    const struct mipo_sheet *sheet, struct mipo_err *err);

/*
 * scan.end against scan.start and the observations: planned, counts and
 * states, times within started and ts, and a verdict complete against the
 * facts beside it. The sheet is sorted.
 */
int mipo_claims_end(const struct mipo_sheet *sheet,
    const struct mipo_rec *end, struct mipo_err *err);

/*
 * state_sha256, where the stream determines the state of every pair: the
 * verdict is complete, and all that is not listed is silent_as. Made in a
 * thread of its own between start and finish; meanwhile the sheet may be
 * compared. finish also after a failed start.
 */
struct mipo_claims;
int mipo_claims_state_start(const struct mipo_sheet *sheet,
    const struct mipo_rec *end, struct mipo_claims **ret_claims,
    struct mipo_err *err);
int mipo_claims_state_finish(
    struct mipo_claims *claims, struct mipo_err *err);

#endif
