/* What an end record says of its scan, held to what it says beside it. */
#ifndef MIPO_TRUST_VERDICT_H
#define MIPO_TRUST_VERDICT_H

#include <stdint.h>

struct mipo_err;
struct mipo_rec;

/*
 * 0, or -1 where no scan of so many pairs in scope ends so: it is one of a
 * shard that is none, the kernel took more probes than it was handed, or the
 * verdict is complete and something beside it says why it is not.
 */
int mipo_verdict_check(
    const struct mipo_rec *end, uint64_t pairs, struct mipo_err *err);

#endif
