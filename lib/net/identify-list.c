/* Which pairs are asked, and in which order. */
#include <stdlib.h>

#include "base/mem.h"
#include "net/connects.h"
#include "net/identify-impl.h"

#define PER_HOST  128 /* connections to one host at once */
#define PER_CROWD 8   /* pairs of a host where everything is open */
#define AHEAD	  64  /* how far to look for a host that has room */
#define NAMES	  16  /* of an address, by which a pair is asked */
#define LIST_MAX  (1U << 22)

void
mipo_identify_call(struct mipo_scanner *scan, struct mipo_names *names)
{
	if (scan->identify != NULL)
		scan->identify->names = names;
}

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

/* The ith of those that wait; the one behind the last is a free place. */
static struct mipo_seat *
waiting(struct mipo_identify *id, uint32_t i)
{
	return &id->waiting[(id->first_waiting + i) % id->connects->max];
}

/* Connections of the host, with those that will be. */
static unsigned
under_way(const struct mipo_scanner *scan, uint64_t host)
{
	const struct mipo_connects *c = scan->identify->connects;
	unsigned n = 0;

	for (uint32_t i = c->oldest; i != MIPO_CONNECTS_NONE;
	     i = c->slots[i].newer)
		n += host_of(scan, c->slots[i].pair) == host;
	for (uint32_t i = 0; i < scan->identify->n_waiting; i++)
		n += host_of(scan, MIPO_IDENTIFY_PAIR(
			 waiting(scan->identify, i)->item)) == host;
	return n;
}

void
mipo_identify_wait(struct mipo_identify *id, const struct mipo_seat *seat)
{
	*waiting(id, id->n_waiting++) = *seat;
}

bool
mipo_identify_resume(struct mipo_identify *id, struct mipo_seat *ret_seat)
{
	if (id->n_waiting == 0)
		return false;
	*ret_seat = *waiting(id, 0);
	id->first_waiting = (id->first_waiting + 1) % id->connects->max;
	id->n_waiting--;
	return true;
}

void
mipo_identify_leave(struct mipo_identify *id, const struct mipo_seat *seat)
{
	const struct mipo_name *name = seat->name;

	for (; name != NULL; name = mipo_names_next(id->names, name))
		id->unnamed++;
}

void
mipo_identify_leave_all(struct mipo_identify *id)
{
	const struct mipo_connects *c = id->connects;

	for (uint32_t i = c->oldest; i != MIPO_CONNECTS_NONE;
	     i = c->slots[i].newer)
		if (id->seats[i].nth > 0)
			mipo_identify_leave(id, &id->seats[i]);
}

void
mipo_identify_rename(struct mipo_identify *id, const struct mipo_seat *seat)
{
	struct mipo_seat next = *seat;

	if (!mipo_identify_is_named(seat))
		return;
	next.name = mipo_names_next(id->names, seat->name);
	if (next.name == NULL)
		return;
	next.nth++;
	mipo_talk_rename(&next.talk, next.name->text);
	if (next.nth < NAMES)
		mipo_identify_wait(id, &next);
	else
		mipo_identify_leave(id, &next);
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
