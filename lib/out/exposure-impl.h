/* Between exposure.c and exposure-view.c only. */
#ifndef MIPO_OUT_EXPOSURE_IMPL_H
#define MIPO_OUT_EXPOSURE_IMPL_H

#include <stddef.h>

#include "out/exposure.h"

struct mipo_exposure {
	struct mipo_xlook **looks; /* in the order in which they came */
	size_t n_looks, cap_looks;
	struct mipo_xlook *passing; /* began, and did not end yet */
	struct mipo_xview *views;
	size_t n_views;
};

/* By address, then port. */
int mipo_xpair_cmp(const void *a, const void *b);

/* Sorts, drops copies; how many are left. */
size_t mipo_xpair_sort(struct mipo_xpair *pairs, size_t n);

#endif
