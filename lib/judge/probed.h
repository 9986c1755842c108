/*
 * Which pairs of its scope a look that broke off had probed, by the index
 * intervals in its receipt. A pair that was not probed is not covered.
 */
#ifndef MIPO_JUDGE_PROBED_H
#define MIPO_JUDGE_PROBED_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_err;
struct mipo_probed;
struct mipo_rec;

/*
 * From scan.end of a look of so many pairs. *ret_probed is NULL when the
 * receipt cannot tell: no passes in it, a list that was cut, an order that
 * is not known here.
 */
int mipo_probed_new(const struct mipo_rec *end, uint64_t pairs,
    struct mipo_probed **ret_probed, struct mipo_err *err);
void mipo_probed_free(struct mipo_probed *probed);

/* Whether the kernel took a probe for the pair of that number. */
bool mipo_probed_has(const struct mipo_probed *probed, uint64_t pair);

#endif
