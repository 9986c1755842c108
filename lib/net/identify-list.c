/* Which pairs are asked, and in which order. */
#include <stdlib.h>

#include "base/mem.h"
#include "net/connects.h"
#include "net/identify-impl.h"

#define PER_HOST  128 /* connections to one host at once */
#define PER_CROWD 8   /* pairs of a host where everything is open */
#define AHEAD	  64  /* how far to look for a host that has room */
#define LIST_MAX  (1U << 22)

void
mipo_identify_add(struct mipo_scanner *scan, uint64_t pair, bool bare)
{
	struct mipo_identify *id = scan->identify;
	void *list;

	if (id == NULL)
		return;
	list = id->list;
	id->total++;
	if (id->n == LIST_MAX ||
	    mipo_grow(&list, &id->cap, id->n + 1, sizeof(*id->list), NULL) !=
		0)
		return;
	id->list = list;
	id->list[id->n++] = pair | (bare ? MIPO_CROWD_BARE : 0);
}

static uint64_t
host_of(const struct mipo_scanner *scan, uint64_t pair)
{
	return pair / scan->space->n_ports;
}

static unsigned
under_way(const struct mipo_scanner *scan, uint64_t host)
{
	const struct mipo_connects *c = scan->identify->connects;
	unsigned n = 0;

	for (uint32_t i = c->oldest; i != MIPO_CONNECTS_NONE;
	     i = c->slots[i].newer)
		n += host_of(scan, c->slots[i].pair) == host;
	return n;
}

void
mipo_identify_thin_out(struct mipo_scanner *scan)
{
	struct mipo_identify *id = scan->identify;
	struct mipo_crowd *crowd;
	size_t kept = 0;

	for (size_t i = 0; i < id->n; i++) {
		crowd = mipo_crowds_at(id->crowds, id->n_crowds,
		    host_of(scan, MIPO_IDENTIFY_PAIR(id->list[i])));
		if (crowd == NULL || crowd->asked++ < PER_CROWD)
			id->list[kept++] = id->list[i];
	}
	id->thinned = id->n - kept;
	id->n = kept;
}

bool
mipo_identify_choose(struct mipo_scanner *scan)
{
	struct mipo_identify *id = scan->identify;

	for (size_t i = id->next; i < id->n && i < id->next + AHEAD; i++) {
		uint64_t item = id->list[i];

		if (under_way(scan, host_of(scan, MIPO_IDENTIFY_PAIR(item))) >=
		    PER_HOST)
			continue;
		id->list[i] = id->list[id->next];
		id->list[id->next] = item;
		return true;
	}
	return false;
}
