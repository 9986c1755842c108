/*
 * A difference as records: diff.start, change, diff.end. Change lines are
 * written without an allocation each; they are what rec.h would write.
 */
#ifndef MIPO_JUDGE_CHANGE_H
#define MIPO_JUDGE_CHANGE_H

#include <stdint.h>

struct mipo_buf;
struct mipo_change;
struct mipo_changes;
struct mipo_diff_sum;
struct mipo_err;
struct mipo_rec;
struct mipo_snap;

/* Open ports that a host's change lists; "more" counts what is left out. */
#define MIPO_CHANGE_PORTS 8000

/*
 * diff.start. old may be NULL: there is no look to compare with, old_scan
 * is all zeros and old_verdict "none". gate: a set of 1 << enum mipo_ckind.
 * Caller's; NULL on error.
 */
struct mipo_rec *mipo_diff_start(const struct mipo_snap *old,
    const struct mipo_snap *new, unsigned gate, struct mipo_err *err);

/* What all change lines share, made once. now: their ts, Unix ms. */
struct mipo_changes *mipo_changes_new(const struct mipo_snap *old,
    const struct mipo_snap *new, unsigned gate, int64_t now,
    struct mipo_err *err);
void mipo_changes_free(struct mipo_changes *changes);

/* Appends the canonical line, no LF. */
void mipo_changes_emit(const struct mipo_changes *changes,
    const struct mipo_change *change, struct mipo_buf *buf);

/* How many of the changes are gated. */
uint64_t mipo_diff_gated(const struct mipo_diff_sum *sum, unsigned gate);

/* diff.end; digest is that of all bytes before it. Caller's. */
struct mipo_rec *mipo_diff_end(const struct mipo_diff_sum *sum,
    unsigned gate, const uint8_t digest[32], struct mipo_err *err);

#endif
