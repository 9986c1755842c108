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

int
mipo_intervals_add(struct mipo_intervals *intervals, uint64_t first,
    uint64_t end, struct mipo_err *err)
{
	struct mipo_interval *items;
	size_t i, j;

	if (first >= end)
		return 0;
	if (mipo_grow((void **)&intervals->items, &intervals->cap,
		intervals->n + 1, sizeof(*intervals->items), err) != 0)
		return -1;
	items = intervals->items;
	i = first == 0 ? 0 : find(intervals, first - 1);
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

int
mipo_intervals_append(struct mipo_intervals *list, uint64_t first,
    uint64_t end, struct mipo_err *err)
{
	if (first >= end)
		return 0;
	if (list->n > 0 && list->items[list->n - 1].end == first) {
		list->items[list->n - 1].end = end;
		return 0;
	}
	if (mipo_grow((void **)&list->items, &list->cap, list->n + 1,
		sizeof(*list->items), err) != 0)
		return -1;
	list->items[list->n++] = (struct mipo_interval){first, end};
	return 0;
}

static int
by_first(const void *a, const void *b)
{
	const struct mipo_interval *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

void
mipo_intervals_order(struct mipo_intervals *list)
{
	struct mipo_interval *items = list->items;
	size_t n = 0;

	if (list->n == 0)
		return;
	qsort(items, list->n, sizeof(*items), by_first);
	for (size_t i = 1; i < list->n; i++)
		if (items[i].first > items[n].end)
			items[++n] = items[i];
		else if (items[i].end > items[n].end)
			items[n].end = items[i].end;
	list->n = n + 1;
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
