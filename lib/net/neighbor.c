#include "net/neighbor.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/netlink.h"
#include "net/route.h"
#include "net/space.h"

/* Read and written as a whole where senders may look at it. */
struct entry {
	alignas(8) uint8_t mac[6];
	uint8_t state : 2;
	uint8_t pass : 6;
	uint8_t pending : 7; /* echoes that were not answered so far */
	uint8_t fixed : 1;   /* somebody entered it by hand: it stays */
};

#define PENDING_MAX 127
#define PATIENCE 10 /* calls for an echo that an answer is waited for */

/* Entries in a row: the addresses of a segment, or one gateway. */
struct group {
	struct mipo_addr first;
	uint64_t count, base;
	size_t path;
};

struct mipo_neighbors {
	const struct mipo_routes *routes;
	struct group *groups; /* in order of first; then the gateways */
	size_t n_groups, cap_groups;
	size_t n_direct; /* groups that are segments */
	struct entry *entries;
	uint64_t n, missing;
	unsigned rounds, pass;
	bool fixing; /* what is learnt now is permanent */
	struct mipo_neighbor_tally tallies[MIPO_MAX_PATHS];
	uint64_t turns[MIPO_MAX_PATHS]; /* entries to begin to look at */
	unsigned waited[MIPO_MAX_PATHS]; /* calls without an echo, in a row */
};

static int
add_group(struct mipo_neighbors *neighbors, const struct mipo_addr *first,
    uint64_t count, size_t path, uint64_t *ret_base, struct mipo_err *err)
{
	struct group *group;

	if (neighbors->n + count > MIPO_MAX_NEIGHBORS)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "more than %llu on-link addresses: split the scan",
		    (unsigned long long)MIPO_MAX_NEIGHBORS);
	if (mipo_grow((void **)&neighbors->groups, &neighbors->cap_groups,
		neighbors->n_groups + 1, sizeof(*group), err) != 0)
		return -1;
	group = &neighbors->groups[neighbors->n_groups++];
	group->first = *first;
	group->count = count;
	group->base = neighbors->n;
	group->path = path;
	*ret_base = neighbors->n;
	neighbors->n += count;
	return 0;
}

static int
add_groups(struct mipo_neighbors *neighbors, struct mipo_space *space,
    struct mipo_routes *routes, struct mipo_err *err)
{
	for (size_t i = 0; i < space->n_segments; i++) {
		struct mipo_segment *segment = &space->segments[i];
		const struct mipo_hop *hop =
		    mipo_routes_direct(routes, segment);

		if (hop != NULL &&
		    add_group(neighbors, &segment->first, segment->count,
			hop->path, &segment->neighbor, err) != 0)
			return -1;
	}
	neighbors->n_direct = neighbors->n_groups;
	for (size_t i = 0; i < routes->n_hops; i++) {
		struct mipo_hop *hop = &routes->hops[i];

		if (hop->sys == 0 && hop->ask && !hop->direct &&
		    add_group(neighbors, &hop->gateway, 1, hop->path,
			&hop->neighbor, err) != 0)
			return -1;
	}
	return 0;
}

static int
take_permanent(struct mipo_neighbors *neighbors, struct mipo_err *err)
{
	struct mipo_neighbor *known = NULL;
	struct mipo_netlink *netlink;
	size_t n = 0;
	int r;

	if (mipo_netlink_open(&netlink, err) != 0)
		return -1;
	r = mipo_netlink_neighbors(netlink, &known, &n, err);
	neighbors->fixing = true;
	for (size_t i = 0; i < n; i++)
		(void)mipo_neighbors_learn(neighbors, known[i].ifindex,
		    &known[i].addr, known[i].mac);
	neighbors->fixing = false;
	free(known);
	mipo_netlink_free(netlink);
	return r;
}

int
mipo_neighbors_new(struct mipo_space *space, struct mipo_routes *routes,
    struct mipo_neighbors **ret_neighbors, struct mipo_err *err)
{
	struct mipo_neighbors *neighbors =
	    mipo_calloc(1, sizeof(*neighbors), err);

	if (neighbors == NULL)
		return -1;
	neighbors->routes = routes;
	if (add_groups(neighbors, space, routes, err) != 0)
		goto fail;
	neighbors->missing = neighbors->n;
	neighbors->entries = mipo_calloc(
	    (size_t)neighbors->n, sizeof(*neighbors->entries), err);
	if (neighbors->entries == NULL ||
	    (neighbors->n > 0 && take_permanent(neighbors, err) != 0))
		goto fail;
	*ret_neighbors = neighbors;
	return 0;
fail:
	mipo_neighbors_free(neighbors);
	return -1;
}

void
mipo_neighbors_free(struct mipo_neighbors *neighbors)
{
	if (neighbors == NULL)
		return;
	free(neighbors->groups);
	free(neighbors->entries);
	free(neighbors);
}

uint64_t
mipo_neighbors_count(const struct mipo_neighbors *neighbors)
{
	return neighbors->n;
}

uint64_t
mipo_neighbors_missing(const struct mipo_neighbors *neighbors)
{
	return neighbors->missing;
}

enum mipo_neighbor_state
mipo_neighbors_state(const struct mipo_neighbors *neighbors, uint64_t entry)
{
	return neighbors->entries[entry].state;
}

bool
mipo_neighbors_heard(const struct mipo_neighbors *neighbors, uint64_t entry)
{
	return neighbors->entries[entry].state == MIPO_NEIGHBOR_FOUND &&
	    !neighbors->entries[entry].fixed;
}

const uint8_t *
mipo_neighbors_mac(const struct mipo_neighbors *neighbors, uint64_t entry)
{
	return neighbors->entries[entry].mac;
}

/* The group that an entry is of. */
static const struct group *
group_of(const struct mipo_neighbors *neighbors, uint64_t entry)
{
	size_t lo = 0, hi = neighbors->n_groups;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (neighbors->groups[mid].base <= entry)
			lo = mid;
		else
			hi = mid;
	}
	return &neighbors->groups[lo];
}

bool
mipo_neighbors_next(const struct mipo_neighbors *neighbors, uint64_t *entry,
    struct mipo_addr *ret_addr, size_t *ret_path)
{
	const struct group *group;
	uint64_t i = *entry;

	while (i < neighbors->n &&
	    neighbors->entries[i].state == MIPO_NEIGHBOR_FOUND)
		i++;
	if (i >= neighbors->n)
		return false;
	group = group_of(neighbors, i);
	*ret_addr = group->first;
	(void)mipo_addr_add(ret_addr, i - group->base);
	*ret_path = group->path;
	*entry = i;
	return true;
}

bool
mipo_neighbors_get(const struct mipo_neighbors *neighbors, uint64_t entry,
    uint8_t ret_mac[6])
{
	struct entry now;

	__atomic_load(&neighbors->entries[entry], &now, __ATOMIC_ACQUIRE);
	memcpy(ret_mac, now.mac, sizeof(now.mac));
	return now.state == MIPO_NEIGHBOR_FOUND;
}

void
mipo_neighbors_asked(struct mipo_neighbors *neighbors, uint64_t entry)
{
	if (neighbors->entries[entry].state == MIPO_NEIGHBOR_UNASKED)
		neighbors->entries[entry].state = MIPO_NEIGHBOR_ASKED;
}

void
mipo_neighbors_round(struct mipo_neighbors *neighbors, unsigned pass)
{
	neighbors->rounds++;
	neighbors->pass = pass;
}

unsigned
mipo_neighbors_rounds(const struct mipo_neighbors *neighbors)
{
	return neighbors->rounds;
}

unsigned
mipo_neighbors_pass(const struct mipo_neighbors *neighbors, uint64_t entry)
{
	return neighbors->entries[entry].pass;
}

void
mipo_neighbors_set_pass(
    struct mipo_neighbors *neighbors, uint64_t entry, unsigned pass)
{
	neighbors->entries[entry].pass = pass & 0x3f;
}

const struct mipo_neighbor_tally *
mipo_neighbors_tally(const struct mipo_neighbors *neighbors, size_t path)
{
	return &neighbors->tallies[path];
}

bool
mipo_neighbors_echo(struct mipo_neighbors *neighbors, size_t path,
    struct mipo_addr *ret_addr, uint64_t *ret_entry)
{
	/* One that is slow is not asked before it has answered. */
	const bool patient = neighbors->waited[path] < PATIENCE;

	for (uint64_t i = 0; i < neighbors->n; i++) {
		uint64_t n = (neighbors->turns[path] + i) % neighbors->n;
		struct entry *entry = &neighbors->entries[n];
		const struct group *group;

		if (entry->state != MIPO_NEIGHBOR_FOUND ||
		    (patient && entry->pending > 0))
			continue;
		group = group_of(neighbors, n);
		if (group->path != path)
			continue;
		*ret_addr = group->first;
		(void)mipo_addr_add(ret_addr, n - group->base);
		*ret_entry = n;
		if (entry->pending < PENDING_MAX)
			entry->pending++;
		neighbors->tallies[path].echoes++;
		neighbors->turns[path] = n + 1;
		neighbors->waited[path] = 0;
		return true;
	}
	neighbors->waited[path]++;
	return false;
}

/* The entry answered; who was known before the first round did not. */
static void
count_answer(
    struct mipo_neighbors *neighbors, struct entry *entry, size_t path)
{
	struct mipo_neighbor_tally *tally = &neighbors->tallies[path];

	if (entry->state != MIPO_NEIGHBOR_FOUND) {
		neighbors->missing--;
		entry->pass = neighbors->pass & 0x3f;
		tally->first += neighbors->rounds == 1;
		tally->late += neighbors->rounds > 1;
	}
	if (entry->pending > 0) {
		entry->pending--;
		tally->heard++;
	}
}

/* Enters mac where addr is in group and was asked for on the interface. */
static bool
learn_in(struct mipo_neighbors *neighbors, const struct group *group,
    unsigned ifindex, const struct mipo_addr *addr, const uint8_t mac[6])
{
	struct entry *entry, now;
	uint64_t offset;

	if (group->first.family != addr->family ||
	    mipo_addr_cmp(&group->first, addr) > 0 ||
	    neighbors->routes->paths[group->path].end.ifindex != ifindex)
		return false;
	offset = mipo_addr_distance(&group->first, addr);
	if (offset >= group->count)
		return false;
	entry = &neighbors->entries[group->base + offset];
	now = *entry;
	count_answer(neighbors, &now, group->path);
	now.state = MIPO_NEIGHBOR_FOUND;
	if (!now.fixed)
		memcpy(now.mac, mac, sizeof(now.mac));
	now.fixed |= neighbors->fixing;
	__atomic_store(entry, &now, __ATOMIC_RELEASE);
	return true;
}

bool
mipo_neighbors_learn(struct mipo_neighbors *neighbors, unsigned ifindex,
    const struct mipo_addr *addr, const uint8_t mac[6])
{
	size_t lo = 0, hi = neighbors->n_direct;
	bool known = false;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (mipo_addr_cmp(&neighbors->groups[mid].first, addr) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo > 0)
		known = learn_in(
		    neighbors, &neighbors->groups[lo - 1], ifindex, addr, mac);
	for (size_t i = neighbors->n_direct; i < neighbors->n_groups; i++)
		known |= learn_in(
		    neighbors, &neighbors->groups[i], ifindex, addr, mac);
	return known;
}
