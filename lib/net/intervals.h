/* Sets of indices of a scan's order, as intervals of them. */
#ifndef MIPO_NET_INTERVALS_H
#define MIPO_NET_INTERVALS_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;

/* From first on, up to and without end. */
struct mipo_interval {
	uint64_t first, end;
};

/* In order, apart from one another. All zero bytes are the empty set. */
struct mipo_intervals {
	struct mipo_interval *items;
	size_t n, cap;
};

void mipo_intervals_release(struct mipo_intervals *intervals);

/* Makes first .. end - 1 part of the set; some of them may be already. */
int mipo_intervals_add(struct mipo_intervals *intervals, uint64_t first,
    uint64_t end, struct mipo_err *err);

/* How many indices are in it. */
uint64_t mipo_intervals_count(const struct mipo_intervals *intervals);

#endif
