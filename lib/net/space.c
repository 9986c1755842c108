#include "net/space.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/ports.h"
#include "data/target.h"

#define MAX_PAIRS ((UINT64_C(1) << 53) - 1)
#define NEAR_BITS 14
#define FEW	  8 /* segments that are found as fast without */

static int
take_ports(struct mipo_space *space, const struct mipo_ports *ports,
    struct mipo_err *err)
{
	size_t n = mipo_ports_count(ports);

	space->ports = mipo_calloc(n, sizeof(*space->ports), err);
	space->port_index =
	    mipo_calloc(65536, sizeof(*space->port_index), err);
	if (space->ports == NULL || space->port_index == NULL)
		return -1;
	memset(space->port_index, 0xff, 65536 * sizeof(*space->port_index));
	for (size_t i = 0; i < n; i++) {
		space->ports[i] = mipo_ports_at(ports, i);
		space->port_index[space->ports[i]] = (int32_t)i;
	}
	space->n_ports = (uint32_t)n;
	space->ports_inv = n == 0 ? 0 : 1.0 / (double)n;
	return 0;
}

int
mipo_space_add(struct mipo_space *space, const struct mipo_addr *first,
    uint64_t count, uint32_t hop, struct mipo_err *err)
{
	struct mipo_segment *segment;

	if (mipo_grow((void **)&space->segments, &space->cap_segments,
		space->n_segments + 1, sizeof(*space->segments), err) != 0)
		return -1;
	segment = &space->segments[space->n_segments];
	segment->index = 0;
	if (space->n_segments > 0)
		segment->index = segment[-1].index + segment[-1].count;
	segment->count = count;
	segment->first = *first;
	segment->hop = hop;
	space->n_segments++;
	return 0;
}

static int
take_targets(struct mipo_space *space, const struct mipo_targets *targets,
    struct mipo_err *err)
{
	size_t n;
	const struct mipo_range *range = mipo_targets_ranges(targets, &n);

	for (size_t i = 0; i < n; i++) {
		uint64_t last =
		    mipo_addr_distance(&range[i].first, &range[i].last);

		if (mipo_space_add(space, &range[i].first, last + 1, 0, err) !=
		    0)
			return -1;
	}
	space->addresses = mipo_targets_count(targets);
	return 0;
}

/* near[k]: the segment of address k << near_shift, for k up to the last. */
int
mipo_space_index(struct mipo_space *space, struct mipo_err *err)
{
	const struct mipo_segment *segment = space->segments;
	uint32_t *near;
	uint64_t at;

	free(space->near);
	space->near = NULL;
	space->near_shift = 0;
	if (space->n_segments <= FEW || space->n_segments > UINT32_MAX)
		return 0;
	near = mipo_calloc(((size_t)1 << NEAR_BITS) + 1, sizeof(*near), err);
	if (near == NULL)
		return -1;
	while ((space->addresses - 1) >> space->near_shift >> NEAR_BITS != 0)
		space->near_shift++;
	for (uint64_t k = 0; k <= (uint64_t)1 << NEAR_BITS; k++) {
		at = k << space->near_shift;
		at = at < space->addresses ? at : space->addresses - 1;
		while (segment->index + segment->count <= at)
			segment++;
		near[k] = (uint32_t)(segment - space->segments);
	}
	space->near = near;
	return 0;
}

int
mipo_space_new(const struct mipo_targets *targets,
    const struct mipo_ports *ports, struct mipo_space **ret_space,
    struct mipo_err *err)
{
	struct mipo_space *space = mipo_calloc(1, sizeof(*space), err);

	if (space == NULL)
		return -1;
	if (take_ports(space, ports, err) != 0 ||
	    take_targets(space, targets, err) != 0 ||
	    mipo_space_index(space, err) != 0)
		goto fail;
	if (space->n_ports > 0 &&
	    space->addresses > MAX_PAIRS / space->n_ports) {
		mipo_err_set(err, MIPO_E_USAGE,
		    "more than 2^53 - 1 pairs of address and port");
		goto fail;
	}
	space->pairs = space->addresses * space->n_ports;
	*ret_space = space;
	return 0;
fail:
	mipo_space_free(space);
	return -1;
}

void
mipo_space_free(struct mipo_space *space)
{
	if (space == NULL)
		return;
	free(space->segments);
	free(space->ports);
	free(space->port_index);
	free(space->near);
	free(space);
}

/* addr + n; the caller knows that it stays in the family. */
static void
advance(struct mipo_addr *addr, uint64_t n)
{
	uint64_t high, low;
	uint32_t v4;

	if (addr->family == 4) {
		memcpy(&v4, addr->b, 4);
		v4 = htobe32(be32toh(v4) + (uint32_t)n);
		memcpy(addr->b, &v4, 4);
		return;
	}
	memcpy(&high, addr->b, 8);
	memcpy(&low, addr->b + 8, 8);
	low = be64toh(low) + n;
	if (low < n)
		high = htobe64(be64toh(high) + 1);
	low = htobe64(low);
	memcpy(addr->b, &high, 8);
	memcpy(addr->b + 8, &low, 8);
}

/* The segment that holds the address of that index. */
static const struct mipo_segment *
segment_of(const struct mipo_space *space, uint64_t index)
{
	size_t lo = 0, hi = space->n_segments;

	if (space->near != NULL) {
		lo = space->near[index >> space->near_shift];
		hi = space->near[(index >> space->near_shift) + 1] + 1UL;
	}
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (space->segments[mid].index <= index)
			lo = mid;
		else
			hi = mid;
	}
	return &space->segments[lo];
}

void
mipo_space_at(const struct mipo_space *space, uint64_t pair,
    struct mipo_spot *ret_spot)
{
	const uint64_t n = space->n_ports;
	uint64_t index = (uint64_t)((double)pair * space->ports_inv);

	if (index * n > pair)
		index--;
	else if (pair - index * n >= n)
		index++;
	ret_spot->port = space->ports[pair - index * n];
	ret_spot->segment = segment_of(space, index);
	ret_spot->offset = index - ret_spot->segment->index;
	ret_spot->addr = ret_spot->segment->first;
	advance(&ret_spot->addr, ret_spot->offset);
}

bool
mipo_space_find_addr(const struct mipo_space *space,
    const struct mipo_addr *addr, struct mipo_spot *ret_spot)
{
	size_t lo = 0, hi = space->n_segments;
	const struct mipo_segment *segment;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (mipo_addr_cmp(&space->segments[mid].first, addr) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0)
		return false;
	segment = &space->segments[lo - 1];
	if (segment->first.family != addr->family)
		return false;
	ret_spot->offset = mipo_addr_distance(&segment->first, addr);
	if (ret_spot->offset >= segment->count)
		return false;
	ret_spot->segment = segment;
	ret_spot->addr = *addr;
	ret_spot->port = 0;
	return true;
}

bool
mipo_space_find(const struct mipo_space *space, const struct mipo_addr *addr,
    uint16_t port, struct mipo_spot *ret_spot, uint64_t *ret_pair)
{
	int32_t at = space->port_index[port];

	if (at < 0 || !mipo_space_find_addr(space, addr, ret_spot))
		return false;
	ret_spot->port = port;
	*ret_pair = (ret_spot->segment->index + ret_spot->offset) *
	    space->n_ports + (uint64_t)at;
	return true;
}
