#include "net/crowd.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int
by_pair(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a & ~MIPO_CROWD_BARE;
	uint64_t y = *(const uint64_t *)b & ~MIPO_CROWD_BARE;

	return (x > y) - (x < y);
}

static bool
is_crowd(const struct mipo_crowd *crowd, uint32_t ports)
{
	return crowd->open >= MIPO_CROWD_LEAST &&
	    (uint64_t)crowd->open * MIPO_CROWD_PARTS >=
	    (uint64_t)ports * (MIPO_CROWD_PARTS - 1);
}

/* The run of one host's pairs that begins at i; *ret_crowd counts it. */
static size_t
count_run(const uint64_t *sorted, size_t n, size_t i, uint32_t ports,
    struct mipo_crowd *ret_crowd)
{
	struct mipo_crowd crowd = {
	    .host = (sorted[i] & ~MIPO_CROWD_BARE) / ports};

	for (; i < n && (sorted[i] & ~MIPO_CROWD_BARE) / ports == crowd.host;
	     i++) {
		crowd.open++;
		crowd.bare += (sorted[i] & MIPO_CROWD_BARE) != 0;
	}
	*ret_crowd = crowd;
	return i;
}

int
mipo_crowds_find(const uint64_t *pairs, size_t n, uint32_t ports,
    struct mipo_crowd **ret_crowds, size_t *ret_n, struct mipo_err *err)
{
	uint64_t *sorted = mipo_calloc(n, sizeof(*sorted), err);
	void *crowds = NULL;
	struct mipo_crowd crowd;
	size_t cap = 0, found = 0;
	int r = -1;

	if (sorted == NULL)
		return -1;
	if (n > 0)
		memcpy(sorted, pairs, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_pair);
	for (size_t i = 0; i < n;) {
		i = count_run(sorted, n, i, ports, &crowd);
		if (!is_crowd(&crowd, ports))
			continue;
		if (mipo_grow(&crowds, &cap, found + 1, sizeof(crowd), err) !=
		    0)
			goto out;
		((struct mipo_crowd *)crowds)[found++] = crowd;
	}
	*ret_crowds = crowds;
	*ret_n = found;
	crowds = NULL;
	r = 0;
out:
	free(crowds);
	free(sorted);
	return r;
}

struct mipo_crowd *
mipo_crowds_at(struct mipo_crowd *crowds, size_t n, uint64_t host)
{
	size_t low = 0;

	while (low < n) {
		size_t mid = low + (n - low) / 2;

		if (crowds[mid].host == host)
			return &crowds[mid];
		if (crowds[mid].host < host)
			low = mid + 1;
		else
			n = mid;
	}
	return NULL;
}
