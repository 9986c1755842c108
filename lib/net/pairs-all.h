/*
 * All pairs of a scan, however many: in segments, of which those that are
 * being looked at are at hand, and the others in a file without a name.
 */
#ifndef MIPO_NET_PAIRS_ALL_H
#define MIPO_NET_PAIRS_ALL_H

#include "net/pairs.h"

struct mipo_err;
struct mipo_space;

/*
 * All of n pairs untouched, the first segments at hand: as many as fit in
 * bytes, or one. The largest n is 2^40. What does not fit takes its room on
 * the disk at once, in $TMPDIR or else in /var/tmp.
 */
int mipo_pairs_init(struct mipo_pairs *pairs, uint64_t n, uint64_t segments,
    uint64_t bytes, struct mipo_err *err);
void mipo_pairs_release(struct mipo_pairs *pairs);

/*
 * The segments from first on are at hand, as many as fit, or all where all
 * do; no other thread may use the pairs meanwhile. -1 also where the file
 * failed before.
 */
int mipo_pairs_load(
    struct mipo_pairs *pairs, uint64_t first, struct mipo_err *err);

/* No pair changes any more: from now on counts are those of all. */
int mipo_pairs_sum(struct mipo_pairs *pairs, struct mipo_err *err);

/*
 * All pairs that are not untouched, ascending, until visit returns not 0.
 * Returns that; or -1 with err.
 */
int mipo_pairs_each(const struct mipo_pairs *pairs,
    int (*visit)(void *arg, uint64_t pair, unsigned value), void *arg,
    struct mipo_err *err);

/*
 * The receipt's state_sha256 (trust/digest.h) over the covered pairs;
 * silence is silent_as.
 */
int mipo_pairs_digest(const struct mipo_pairs *pairs,
    const struct mipo_space *space, enum mipo_proto proto,
    enum mipo_pstate silent_as, uint8_t ret_digest[32], struct mipo_err *err);

#endif
