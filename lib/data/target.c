#include "data/target.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

#define TARGETS_MAX (UINT64_C(1) << 48)

struct mipo_targets {
	struct mipo_range *ranges;
	size_t n, cap;
	uint64_t *starts; /* index of each range's first address */
	size_t starts_cap;
	uint64_t count; /* an upper bound while not sorted */
	bool sorted; /* ascending, disjoint, not adjacent; starts hold */
};

struct mipo_targets *
mipo_targets_new(struct mipo_err *err)
{
	struct mipo_targets *targets = mipo_calloc(1, sizeof(*targets), err);

	if (targets != NULL)
		targets->sorted = true;
	return targets;
}

void
mipo_targets_free(struct mipo_targets *targets)
{
	if (targets == NULL)
		return;
	free(targets->ranges);
	free(targets->starts);
	free(targets);
}

/* Room for n ranges and their starts, so that sorting needs no memory. */
static int
reserve(struct mipo_targets *targets, size_t n, struct mipo_err *err)
{
	void *ranges = targets->ranges, *starts = targets->starts;
	int r;

	r = mipo_grow(
	    &ranges, &targets->cap, n, sizeof(*targets->ranges), err);
	targets->ranges = ranges;
	if (r != 0)
		return -1;
	r = mipo_grow(&starts, &targets->starts_cap, n,
	    sizeof(*targets->starts), err);
	targets->starts = starts;
	return r;
}

static int
by_first(const void *a, const void *b)
{
	const struct mipo_range *x = a, *y = b;

	return mipo_addr_cmp(&x->first, &y->first);
}

/* Whether b, which does not begin before a, overlaps or continues it. */
static bool
touches(const struct mipo_range *a, const struct mipo_range *b)
{
	struct mipo_addr next = a->last;

	if (mipo_addr_cmp(&b->first, &a->last) <= 0)
		return true;
	return mipo_addr_add(&next, 1) &&
	    mipo_addr_cmp(&next, &b->first) == 0;
}

static uint64_t
size_of(const struct mipo_range *range)
{
	uint64_t n = mipo_addr_distance(&range->first, &range->last);

	return n >= TARGETS_MAX ? TARGETS_MAX + 1 : n + 1;
}

static void
sort(struct mipo_targets *targets)
{
	struct mipo_range *r = targets->ranges;
	size_t kept = 0;

	if (targets->sorted)
		return;
	qsort(r, targets->n, sizeof(*r), by_first);
	for (size_t i = 1; i < targets->n; i++) {
		if (!touches(&r[kept], &r[i]))
			r[++kept] = r[i];
		else if (mipo_addr_cmp(&r[i].last, &r[kept].last) > 0)
			r[kept].last = r[i].last;
	}
	targets->n = targets->n == 0 ? 0 : kept + 1;
	targets->count = 0;
	for (size_t i = 0; i < targets->n; i++) {
		targets->starts[i] = targets->count;
		targets->count += size_of(&r[i]);
	}
	targets->sorted = true;
}

/* Sorting changes the form of a set and not what it holds. */
static const struct mipo_targets *
sorted(const struct mipo_targets *targets)
{
	sort((struct mipo_targets *)(uintptr_t)targets);
	return targets;
}

/* Appends; a list that comes in order stays sorted at no cost. */
static void
append(struct mipo_targets *targets, const struct mipo_range *range)
{
	size_t n = targets->n;

	if (n > 0 && targets->sorted &&
	    (mipo_addr_cmp(&targets->ranges[n - 1].last, &range->first) >=
		    0 ||
		touches(&targets->ranges[n - 1], range)))
		targets->sorted = false;
	targets->ranges[n] = *range;
	targets->starts[n] = targets->count;
	targets->count += size_of(range);
	targets->n = n + 1;
}

static int
too_many(struct mipo_err *err)
{
	return mipo_err_set(err, MIPO_E_USAGE,
	    "more than 2^48 addresses, too many for any scan");
}

int
mipo_targets_add_range(struct mipo_targets *targets,
    const struct mipo_range *range, struct mipo_err *err)
{
	struct mipo_range rest = *range;
	uint64_t size = size_of(range), at;

	if (size > TARGETS_MAX)
		return too_many(err);
	if (targets->count + size > TARGETS_MAX)
		sort(targets);
	if (targets->count + size > TARGETS_MAX) {
		/* Perhaps all of it is there already. */
		if (mipo_targets_find(targets, &rest.first, &at) &&
		    mipo_targets_find(targets, &rest.last, &size) &&
		    size - at == mipo_addr_distance(&rest.first, &rest.last))
			return 0;
		return too_many(err);
	}
	if (reserve(targets, targets->n + 1, err) != 0)
		return -1;
	append(targets, range);
	return 0;
}

/* The first range that does not end before addr. */
static size_t
reaching(const struct mipo_targets *targets, const struct mipo_addr *addr)
{
	const struct mipo_range *r = targets->ranges;
	size_t low = 0, high = targets->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (mipo_addr_cmp(&r[mid].last, addr) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int
mipo_targets_add_within(struct mipo_targets *targets,
    const struct mipo_targets *others, const struct mipo_range *range,
    struct mipo_err *err)
{
	const struct mipo_targets *from = sorted(others);

	for (size_t i = reaching(from, &range->first); i < from->n; i++) {
		struct mipo_range part = from->ranges[i];

		if (mipo_addr_cmp(&part.first, &range->last) > 0)
			break;
		if (mipo_addr_cmp(&part.first, &range->first) < 0)
			part.first = range->first;
		if (mipo_addr_cmp(&part.last, &range->last) > 0)
			part.last = range->last;
		if (mipo_targets_add_range(targets, &part, err) != 0)
			return -1;
	}
	return 0;
}

int
mipo_targets_add_all(struct mipo_targets *targets,
    const struct mipo_targets *other, struct mipo_err *err)
{
	const struct mipo_targets *from = sorted(other);
	size_t n = from->n;

	sort(targets);
	if (targets == other)
		return 0;
	if (targets->count + from->count > TARGETS_MAX)
		return too_many(err);
	if (reserve(targets, targets->n + n, err) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		append(targets, &from->ranges[i]);
	return 0;
}

/* addr - 1; addr is not zero. */
static struct mipo_addr
minus_one(struct mipo_addr addr)
{
	for (size_t i = mipo_addr_size(&addr); i-- > 0;)
		if (addr.b[i]-- != 0)
			break;
	return addr;
}

/* Appends to out what range keeps when the holes are cut out of it. */
static void
cut(struct mipo_targets *out, struct mipo_range range,
    const struct mipo_targets *holes, size_t *at)
{
	struct mipo_range piece;

	for (; *at < holes->n; (*at)++) {
		const struct mipo_range *hole = &holes->ranges[*at];

		if (mipo_addr_cmp(&hole->last, &range.first) < 0)
			continue;
		if (mipo_addr_cmp(&hole->first, &range.last) > 0)
			break;
		if (mipo_addr_cmp(&hole->first, &range.first) > 0) {
			piece.first = range.first;
			piece.last = minus_one(hole->first);
			append(out, &piece);
		}
		if (mipo_addr_cmp(&hole->last, &range.last) >= 0)
			return; /* this hole may reach into the next one */
		range.first = hole->last;
		(void)mipo_addr_add(&range.first, 1);
	}
	append(out, &range);
}

int
mipo_targets_exclude(struct mipo_targets *targets,
    const struct mipo_targets *other, struct mipo_err *err)
{
	const struct mipo_targets *holes = sorted(other);
	struct mipo_targets *out = mipo_targets_new(err), swap;
	size_t at = 0;

	sort(targets);
	if (out == NULL || reserve(out, targets->n + holes->n, err) != 0) {
		mipo_targets_free(out);
		return -1;
	}
	for (size_t i = 0; i < targets->n; i++)
		cut(out, targets->ranges[i], holes, &at);
	swap = *targets;
	*targets = *out;
	*out = swap;
	mipo_targets_free(out);
	return 0;
}

uint64_t
mipo_targets_count(const struct mipo_targets *targets)
{
	return sorted(targets)->count;
}

void
mipo_targets_at(const struct mipo_targets *targets, uint64_t i,
    struct mipo_addr *ret_addr)
{
	const uint64_t *starts = sorted(targets)->starts;
	size_t low = 0, high = targets->n; /* starts[low] <= i */

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (starts[mid] <= i)
			low = mid;
		else
			high = mid;
	}
	*ret_addr = targets->ranges[low].first;
	(void)mipo_addr_add(ret_addr, i - starts[low]);
}

bool
mipo_targets_find(const struct mipo_targets *targets,
    const struct mipo_addr *addr, uint64_t *ret_i)
{
	size_t at = reaching(sorted(targets), addr);
	const struct mipo_addr *first;

	if (at == targets->n)
		return false;
	first = &targets->ranges[at].first;
	if (mipo_addr_cmp(first, addr) > 0)
		return false;
	*ret_i = targets->starts[at] + mipo_addr_distance(first, addr);
	return true;
}

const struct mipo_range *
mipo_targets_ranges(const struct mipo_targets *targets, size_t *ret_n)
{
	*ret_n = sorted(targets)->n;
	return targets->ranges;
}

void
mipo_targets_digest(const struct mipo_targets *targets,
    void (*sink)(void *arg, const void *p, size_t len), void *arg)
{
	const struct mipo_range *r = sorted(targets)->ranges;

	for (size_t i = 0; i < targets->n; i++, r++) {
		size_t size = mipo_addr_size(&r->first);

		sink(arg, &r->first.family, 1);
		sink(arg, r->first.b, size);
		sink(arg, r->last.b, size);
	}
}
