#include "net/intervals.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
mipo_intervals_release(struct mipo_intervals *intervals)
{
	free(intervals->items);
	memset(intervals, 0, sizeof(*intervals));
}

int
mipo_intervals_add(struct mipo_intervals *intervals, uint64_t first,
    uint64_t end, struct mipo_err *err)
{
	struct mipo_interval *items;
	size_t i = 0, j;

	if (first >= end)
		return 0;
	if (mipo_grow((void **)&intervals->items, &intervals->cap,
		intervals->n + 1, sizeof(*intervals->items), err) != 0)
		return -1;
	items = intervals->items;
	while (i < intervals->n && items[i].end < first)
		i++;
	/* Those from i on, up to j, touch it and become one with it. */
	for (j = i; j < intervals->n && items[j].first <= end; j++) {
		if (items[j].first < first)
			first = items[j].first;
		if (items[j].end > end)
			end = items[j].end;
	}
	memmove(&items[i + 1], &items[j], (intervals->n - j) * sizeof(*items));
	intervals->n = intervals->n - (j - i) + 1;
	items[i].first = first;
	items[i].end = end;
	return 0;
}

/* The first that ends behind index, or n. */
static size_t
find(const struct mipo_intervals *intervals, uint64_t index)
{
	size_t lo = 0, hi = intervals->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (intervals->items[mid].end <= index)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
mipo_intervals_has(const struct mipo_intervals *intervals, uint64_t index)
{
	size_t i = find(intervals, index);

	return i < intervals->n && intervals->items[i].first <= index;
}

int
mipo_intervals_without(const struct mipo_intervals *intervals,
    const struct mipo_intervals *others, struct mipo_intervals *ret_left,
    struct mipo_err *err)
{
	for (size_t i = 0; i < intervals->n; i++) {
		uint64_t at = intervals->items[i].first;
		const uint64_t end = intervals->items[i].end;

		for (size_t j = find(others, at);
		     j < others->n && others->items[j].first < end; j++) {
			if (mipo_intervals_add(ret_left, at,
				others->items[j].first, err) != 0)
				return -1;
			at = others->items[j].end;
		}
		if (mipo_intervals_add(ret_left, at, end, err) != 0)
			return -1;
	}
	return 0;
}

uint64_t
mipo_intervals_count(const struct mipo_intervals *intervals)
{
	uint64_t n = 0;

	for (size_t i = 0; i < intervals->n; i++)
		n += intervals->items[i].end - intervals->items[i].first;
	return n;
}
