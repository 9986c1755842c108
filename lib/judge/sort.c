#include "judge/sort.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool
in_order(const uint8_t *key, size_t n, size_t width)
{
	for (size_t i = 1; i < n; i++, key += width)
		if (memcmp(key, key + width, width) > 0)
			return false;
	return true;
}

/*
 * One stable pass over byte number at. The width is a constant where the
 * caller knows it, so that the copy becomes a load and a store.
 */
static inline void
scatter(const uint8_t *from, uint8_t *to, size_t n, size_t width, size_t at,
    size_t *slot)
{
	for (size_t i = 0; i < n; i++, from += width)
		memcpy(to + slot[from[at]]++ * width, from, width);
}

static void
pass(const uint8_t *from, uint8_t *to, size_t n, size_t width, size_t at,
    size_t *slot)
{
	switch (width) {
	case 8:
		scatter(from, to, n, 8, at, slot);
		break;
	case 20:
		scatter(from, to, n, 20, at, slot);
		break;
	default:
		scatter(from, to, n, width, at, slot);
		break;
	}
}

/* Where each value of byte at begins; false when all keys share one. */
static bool
count(const uint8_t *key, size_t n, size_t width, size_t at, size_t *slot)
{
	size_t sum = 0, here;

	memset(slot, 0, 256 * sizeof(*slot));
	for (size_t i = 0; i < n; i++)
		slot[key[i * width + at]]++;
	if (slot[key[at]] == n)
		return false;
	for (size_t i = 0; i < 256; i++) {
		here = slot[i];
		slot[i] = sum;
		sum += here;
	}
	return true;
}

int
mipo_sort_keys(void *keys, size_t n, size_t width, struct mipo_err *err)
{
	uint8_t *from = keys, *to, *swap, *spare;
	size_t slot[256];

	if (n < 2 || in_order(keys, n, width))
		return 0;
	spare = mipo_reallocarray(NULL, n, width, err);
	if (spare == NULL)
		return -1;
	to = spare;
	for (size_t at = width; at-- > 0;) {
		if (!count(from, n, width, at, slot))
			continue;
		pass(from, to, n, width, at, slot);
		swap = from;
		from = to;
		to = swap;
	}
	if (from != keys)
		memcpy(keys, from, n * width);
	free(spare);
	return 0;
}
