/* Sets of indices of a scan's order, as intervals of them. */
#ifndef MIPO_NET_INTERVALS_H
#define MIPO_NET_INTERVALS_H

#include <stdbool.h>
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

/*
 * The same for many that come in any order, in O(1): no set before
 * mipo_intervals_order made it one.
 */
int mipo_intervals_append(struct mipo_intervals *list, uint64_t first,
    uint64_t end, struct mipo_err *err);
void mipo_intervals_order(struct mipo_intervals *list);

/* Whether index is part of it. O(log n). */
bool mipo_intervals_has(
    const struct mipo_intervals *intervals, uint64_t index);

/* What of the set is not part of others; ret_left is empty before. */
int mipo_intervals_without(const struct mipo_intervals *intervals,
    const struct mipo_intervals *others, struct mipo_intervals *ret_left,
    struct mipo_err *err);

/* How many indices are in it. */
uint64_t mipo_intervals_count(const struct mipo_intervals *intervals);

#endif
