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

uint64_t
mipo_intervals_count(const struct mipo_intervals *intervals)
{
	uint64_t n = 0;

	for (size_t i = 0; i < intervals->n; i++)
		n += intervals->items[i].end - intervals->items[i].first;
	return n;
}
