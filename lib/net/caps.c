#include "net/caps.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/caps-part.h"

/* Which of the segment's networks the address at offset is in. */
static uint64_t
net_in(const struct mipo_segment *segment, uint64_t offset)
{
	uint64_t low;

	if (segment->first.family == 4)
		return (segment->first.b[3] + offset) >> 8;
	memcpy(&low, segment->first.b + 8, sizeof(low));
	return offset > UINT64_MAX - be64toh(low);
}

/* Addresses from offset to the end of its network; 0: 2^64. */
static uint64_t
left_of_net(const struct mipo_segment *segment, uint64_t offset)
{
	uint64_t low;

	if (segment->first.family == 4)
		return 256 - ((segment->first.b[3] + offset) & 255);
	memcpy(&low, segment->first.b + 8, sizeof(low));
	return -(be64toh(low) + offset);
}

static unsigned
net_bits(const struct mipo_addr *addr)
{
	return addr->family == 4 ? 24 : 64;
}

/* Whether segment begins in the network that the one before it ends in. */
static bool
goes_on(const struct mipo_segment *segment)
{
	struct mipo_addr before = segment[-1].first, a, b, last;

	if (before.family != segment->first.family)
		return false;
	(void)mipo_addr_add(&before, segment[-1].count - 1);
	mipo_addr_network(&before, net_bits(&before), &a, &last);
	mipo_addr_network(
	    &segment->first, net_bits(&before), &b, &last);
	return mipo_addr_cmp(&a, &b) == 0;
}

static void
number_nets(struct mipo_caps *caps)
{
	const struct mipo_space *space = caps->space;
	uint64_t n = 0;

	for (size_t i = 0; i < space->n_segments; i++) {
		const struct mipo_segment *segment = &space->segments[i];

		if (i > 0 && goes_on(segment))
			n--;
		caps->nets[i] = n;
		n += net_in(segment, segment->count - 1) + 1;
	}
	caps->n_nets = n;
	while (n >> caps->shift > MIPO_CAP_SLOTS)
		caps->shift++;
	caps->n_slots = (size_t)((n >> caps->shift) + 1);
}

static bool
is_loopback(const struct mipo_addr *addr)
{
	static const struct mipo_addr one = {6, {[15] = 1}};

	return addr->family == 4 ? addr->b[0] == 127
				 : mipo_addr_cmp(addr, &one) == 0;
}

/* The row of an interface, made where it is new. */
static int
link_of(struct mipo_caps *caps, const struct mipo_wire_end *end)
{
	size_t i = 0;

	while (i < caps->n_links &&
	    strcmp(caps->parts[i].cap.name, end->ifname) != 0)
		i++;
	if (i == caps->n_links) {
		memcpy(caps->parts[i].cap.name, end->ifname,
		    sizeof(end->ifname));
		caps->n_links++;
	}
	return (int)i;
}

/*
 * Pairs by network, of so many ports; run: of the network so far that is
 * numbered net.
 */
static void
add_segment(struct mipo_caps *caps, size_t i, uint64_t ports, uint64_t *net,
    uint64_t *run)
{
	const struct mipo_segment *segment = &caps->space->segments[i];
	uint64_t n, number;

	for (uint64_t at = 0; at < segment->count; at += n) {
		number = caps->nets[i] + net_in(segment, at);
		n = left_of_net(segment, at);
		if (n == 0 || n > segment->count - at)
			n = segment->count - at;
		if (number != *net)
			*run = 0;
		*net = number;
		*run += n * ports;
		if (*run > caps->dense)
			caps->dense = *run;
		caps->slots[number >> caps->shift].pairs += n * ports;
	}
}

/*
 * What goes to one sort of ports of a segment. Nothing is sent where no
 * route is; returns the ports that have a cap.
 */
static uint64_t
add_sort(struct mipo_caps *caps, size_t i, size_t sort, uint64_t ports,
    const struct mipo_routes *routes)
{
	const struct mipo_segment *segment = &caps->space->segments[i];
	const struct mipo_hop *hop =
	    routes == NULL ? NULL : &routes->hops[segment->hop + sort];
	int *link = &caps->links[i * caps->n_sorts + sort];

	*link = -1;
	if (hop != NULL && hop->sys != 0)
		return 0;
	caps->all.pairs += segment->count * ports;
	if (hop == NULL ? is_loopback(&segment->first)
			: routes->paths[hop->path].end.loopback)
		return 0;
	if (hop == NULL)
		return ports;
	*link = link_of(caps, &routes->paths[hop->path].end);
	caps->parts[*link].pairs += segment->count * ports;
	return ports;
}

static void
add_segments(struct mipo_caps *caps, const struct mipo_routes *routes)
{
	uint64_t net = UINT64_MAX, run = 0, of_sort[MIPO_MAX_SORTS] = {0};

	for (uint32_t i = 0; i < caps->space->n_ports; i++)
		of_sort[caps->sorts == NULL
		    ? 0 : caps->sorts[caps->space->ports[i]]]++;
	for (size_t i = 0; i < caps->space->n_segments; i++) {
		uint64_t ports = 0;

		for (size_t k = 0; k < caps->n_sorts; k++)
			ports += add_sort(caps, i, k, of_sort[k], routes);
		if (ports > 0)
			add_segment(caps, i, ports, &net, &run);
	}
}

size_t
mipo_caps_slot(const struct mipo_caps *caps,
    const struct mipo_segment *segment, uint64_t offset)
{
	return (size_t)((caps->nets[segment - caps->space->segments] +
	    net_in(segment, offset)) >> caps->shift);
}

void
mipo_caps_name(const struct mipo_caps *caps, size_t slot, char *ret_name,
    size_t size)
{
	uint64_t net = (uint64_t)slot << caps->shift;
	size_t i = caps->space->n_segments - 1;
	struct mipo_addr addr, first, last;
	char text[MIPO_ADDR_LEN];

	while (i > 0 && caps->nets[i] > net)
		i--;
	addr = caps->space->segments[i].first;
	net -= caps->nets[i];
	mipo_addr_network(&addr, net_bits(&addr), &first, &last);
	if (addr.family == 4)
		(void)mipo_addr_add(&first, net << 8);
	else if (net > 0 && mipo_addr_add(&last, 1))
		first = last;
	(void)mipo_addr_format(&first, text);
	(void)snprintf(ret_name, size, "%s/%u", text, net_bits(&addr));
}

/* The row of the largest network, which comes behind the interfaces. */
static void
add_largest(struct mipo_caps *caps)
{
	struct mipo_cap_part *part = &caps->parts[caps->n_links];
	size_t slot = 0;

	caps->n_parts = caps->n_links;
	caps->largest = caps->dense;
	if (caps->dense == 0)
		return;
	for (size_t i = 1; i < caps->n_slots; i++)
		if (caps->slots[i].pairs > caps->slots[slot].pairs)
			slot = i;
	part->slot = slot;
	part->pairs = caps->dense;
	mipo_caps_name(
	    caps, slot, part->cap.name, sizeof(part->cap.name));
	caps->n_parts++;
}

/* The routes need not outlive us. */
static int
copy_sorts(struct mipo_caps *caps, const uint8_t *sorts, struct mipo_err *err)
{
	if (sorts == NULL)
		return 0;
	caps->sorts = mipo_calloc(65536, sizeof(*sorts), err);
	if (caps->sorts == NULL)
		return -1;
	memcpy(caps->sorts, sorts, 65536 * sizeof(*sorts));
	return 0;
}

int
mipo_caps_new(const struct mipo_space *space,
    const struct mipo_routes *routes, struct mipo_caps **ret_caps,
    struct mipo_err *err)
{
	struct mipo_caps *caps = mipo_calloc(1, sizeof(*caps), err);

	if (caps == NULL)
		return -1;
	caps->space = space;
	caps->usual = 1;
	caps->n_sorts = routes == NULL ? 1 : routes->n_sorts;
	caps->nets =
	    mipo_calloc(space->n_segments, sizeof(*caps->nets), err);
	caps->links =
	    mipo_calloc(space->n_segments * caps->n_sorts,
		sizeof(*caps->links), err);
	if (caps->nets == NULL || caps->links == NULL ||
	    (routes != NULL && copy_sorts(caps, routes->sorts, err) != 0))
		goto fail;
	number_nets(caps);
	caps->slots = mipo_calloc(caps->n_slots, sizeof(*caps->slots), err);
	if (caps->slots == NULL)
		goto fail;
	add_segments(caps, routes);
	add_largest(caps);
	*ret_caps = caps;
	return 0;
fail:
	mipo_caps_free(caps);
	return -1;
}

void
mipo_caps_free(struct mipo_caps *caps)
{
	if (caps == NULL)
		return;
	free(caps->nets);
	free(caps->links);
	free(caps->sorts);
	free(caps->slots);
	free(caps);
}
