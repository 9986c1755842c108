#include "net/caps-part.h"

#define NET_PPS	  200	 /* to a network, at first */
#define LINK_PPS  10000	 /* through an interface */
#define FIRST_MIN 1000	 /* of all: what a small router stands */
#define LOCAL_PPS 200000 /* where all is this machine */
#define USUAL	  64	 /* answers that say what is usual */
#define DUE	  100	 /* that must be due before a lack says anything */
#define HALF	  0.5
#define MOSTLY	  0.8
#define TWICE	  2
#define IN_HAND	  512	 /* probes that were sent and not yet counted */
#define SLOW_MIN  100	 /* to a network, at least */

/* A moment: probes so far, and those whose answers must have come. */
struct now {
	uint64_t sent, settled, look;
	unsigned lag; /* looks between the two */
};

/* How many of n a second are all, where part of them is n a second. */
static uint64_t
scale(uint64_t n, uint64_t all, uint64_t part)
{
	if (part == 0)
		return UINT64_MAX;
	return (uint64_t)((double)n * (double)all / (double)part);
}

uint64_t
mipo_caps_first(const struct mipo_caps *caps)
{
	uint64_t pps = scale(NET_PPS, caps->all.pairs, caps->dense), more;

	if (caps->dense == 0)
		return LOCAL_PPS;
	for (size_t i = 0; i < caps->n_links; i++) {
		more = scale(
		    LINK_PPS, caps->all.pairs, caps->parts[i].pairs);
		pps = more < pps ? more : pps;
	}
	if (caps->n_links == 0 && pps > LINK_PPS)
		pps = LINK_PPS;
	return pps < FIRST_MIN ? FIRST_MIN : pps;
}

void
mipo_caps_answer(
    struct mipo_caps *caps, const struct mipo_spot *spot, bool tells)
{
	const size_t segment = (size_t)(spot->segment - caps->space->segments);
	const size_t sort = caps->sorts == NULL ? 0 : caps->sorts[spot->port];
	const int link = caps->links[segment * caps->n_sorts + sort];
	struct mipo_cap_slot *slot = &caps->slots[mipo_caps_slot(
	    caps, spot->segment, spot->offset)];

	slot->answered++;
	caps->all.answered++;
	slot->told += tells;
	caps->all.told += tells;
	if (link >= 0)
		caps->parts[link].answered++;
}

/* Pairs that the pass is for. */
static uint64_t
wanted(const struct mipo_caps *caps, uint64_t pairs, uint64_t answered)
{
	uint64_t n = pairs;

	if (caps->later)
		n = (uint64_t)((double)pairs * caps->covered);
	else
		answered = 0;
	return n > answered ? n - answered : 0;
}

static uint64_t
wanted_of(const struct mipo_caps *caps, const struct mipo_cap_part *part)
{
	size_t i = (size_t)(part - caps->parts);
	const struct mipo_cap_slot *slot = &caps->slots[part->slot];

	if (i < caps->n_links)
		return wanted(caps, part->pairs, part->answered);
	if (i == caps->n_links)
		return caps->largest;
	return wanted(caps, slot->pairs, slot->answered);
}

uint64_t
mipo_caps_pass(struct mipo_caps *caps, uint64_t pps, uint64_t sent)
{
	uint64_t before = caps->largest, n, all;
	uint64_t all_before =
	    wanted(caps, caps->all.pairs, caps->all.answered);

	if (caps->dense == 0)
		return pps;
	if (!caps->later)
		caps->covered = sent >= caps->all.pairs
		    ? 1 : (double)sent / (double)caps->all.pairs;
	caps->later = true;
	caps->largest = 0;
	for (size_t i = 0; i < caps->n_slots; i++) {
		n = wanted(
		    caps, caps->slots[i].pairs, caps->slots[i].answered);
		n = n < caps->dense ? n : caps->dense;
		caps->largest = n > caps->largest ? n : caps->largest;
	}
	all = wanted(caps, caps->all.pairs, caps->all.answered);
	if (caps->largest == 0)
		return pps;
	n = (uint64_t)((double)pps * (double)before / (double)all_before *
	    (double)all / (double)caps->largest);
	n = n < FIRST_MIN ? FIRST_MIN : n;
	return n < pps ? n : pps;
}

void
mipo_caps_again(struct mipo_caps *caps)
{
	caps->later = false;
	caps->largest = caps->dense;
}

static void
mark(struct mipo_cap_slot *slot, const struct now *now)
{
	slot->mark_sent = now->sent;
	slot->mark_look = now->look;
	slot->mark_told = slot->told;
	slot->told_sent = now->sent;
}

/*
 * How many answer of those that usually would, of which at least enough must
 * be due; -1 where that is not known. Probes of a stretch are set against
 * answers of one as long, as late as answers come; while the rate grows both
 * this and what is usual err on the safe side. It must not sink bit by bit.
 */
static double
answering(struct mipo_cap_slot *slot, const struct now *now, double enough)
{
	uint64_t told = slot->told - slot->mark_told;
	double due, usual;

	if (slot->usual_told < USUAL) {
		slot->usual_told = slot->told;
		slot->usual_sent = now->sent + IN_HAND;
		mark(slot, now);
		return -1;
	}
	if (now->look <= slot->mark_look + now->lag) {
		slot->mark_told = slot->told;
		slot->told_sent = now->sent;
		return -1;
	}
	usual = (double)slot->usual_told / (double)slot->usual_sent;
	due = usual * (double)(now->settled - slot->mark_sent);
	if (due < enough)
		return -1;
	if ((double)told >=
	    MOSTLY * usual * (double)(now->sent - slot->told_sent)) {
		slot->usual_told += told;
		slot->usual_sent += now->sent - slot->told_sent;
	}
	mark(slot, now);
	return (double)told < due ? (double)told / due : 1;
}

/* Once may be a queue that is slow: it is made up for afterwards. */
static bool
stays_low(struct mipo_cap_slot *slot, double part, double least)
{
	if (part < 0)
		return false;
	slot->lows = part < least ? slot->lows + 1 : 0;
	if (slot->lows < TWICE)
		return false;
	slot->lows = 0;
	return true;
}

/* The network gets half of what it got; false: too many are slow. */
static bool
slow_down(struct mipo_caps *caps, size_t slot, uint64_t pps)
{
	size_t i = caps->n_links + 1;
	struct mipo_cap_part *part;
	uint64_t got;

	while (i < caps->n_parts && caps->parts[i].slot != slot)
		i++;
	if (i == sizeof(caps->parts) / sizeof(*caps->parts))
		return false;
	part = &caps->parts[i];
	if (i == caps->n_parts) {
		caps->n_parts++;
		part->slot = slot;
		part->pps = UINT64_MAX;
		mipo_caps_name(
		    caps, slot, part->cap.name, sizeof(part->cap.name));
	}
	got = scale(pps, wanted_of(caps, part), caps->all.pairs);
	got = got < part->pps ? got : part->pps;
	part->pps = got / 2 < SLOW_MIN ? SLOW_MIN : got / 2;
	part->cap.slowed++;
	return true;
}

/*
 * Slows those that answer less than the others; where most do, it is not
 * them. True: they are too many.
 */
static bool
look_at_nets(struct mipo_caps *caps, uint64_t pps, const struct now *now)
{
	size_t low[MIPO_CAP_SLOW], n_low = 0, n_usual = 0;
	bool few = false;

	for (size_t i = 0; i < caps->n_slots; i++) {
		struct mipo_cap_slot *slot = &caps->slots[i];
		double part;

		if (slot->told == 0)
			continue;
		part = answering(slot, now, DUE / caps->usual);
		n_usual += slot->usual_told >= USUAL;
		if (!stays_low(slot, part, caps->usual * HALF))
			continue;
		if (n_low < MIPO_CAP_SLOW)
			low[n_low] = i;
		n_low++;
	}
	if (n_low * 2 > n_usual)
		return false;
	for (size_t i = 0; i < n_low && i < MIPO_CAP_SLOW; i++)
		few |= !slow_down(caps, low[i], pps);
	return few;
}

bool
mipo_caps_look(
    struct mipo_caps *caps, uint64_t pps, uint64_t sent, unsigned lag)
{
	struct now now = {.sent = sent, .look = caps->looks};
	double part;

	for (size_t i = caps->n_links + 1; i < caps->n_parts; i++)
		caps->parts[i].pps += caps->parts[i].pps / 20;
	if (caps->later)
		return false;
	caps->history[caps->looks++ % MIPO_CAP_HISTORY] = sent;
	now.lag = lag < MIPO_CAP_HISTORY - 1 ? lag : MIPO_CAP_HISTORY - 1;
	if (now.look >= now.lag)
		now.settled = caps->history[(now.look - now.lag) %
		    MIPO_CAP_HISTORY];
	part = answering(&caps->all, &now, DUE);
	if (part >= 0)
		caps->usual = part;
	if (part >= 0 && part < HALF) {
		for (size_t i = 0; i < caps->n_slots; i++)
			mark(&caps->slots[i], &now);
		return true;
	}
	return caps->n_nets > 1 && look_at_nets(caps, pps, &now);
}

uint64_t
mipo_caps_allowed(const struct mipo_caps *caps)
{
	uint64_t all = wanted(caps, caps->all.pairs, caps->all.answered);
	uint64_t least = UINT64_MAX, n;

	for (size_t i = caps->n_links + 1; i < caps->n_parts; i++) {
		n = scale(caps->parts[i].pps, all,
		    wanted_of(caps, &caps->parts[i]));
		least = n < least ? n : least;
	}
	return least;
}

void
mipo_caps_set(struct mipo_caps *caps, uint64_t pps)
{
	uint64_t all = wanted(caps, caps->all.pairs, caps->all.answered);

	for (size_t i = 0; all > 0 && i < caps->n_parts; i++) {
		struct mipo_cap *cap = &caps->parts[i].cap;

		cap->last =
		    scale(pps, wanted_of(caps, &caps->parts[i]), all);
		if (cap->first == 0)
			cap->first = cap->last;
		if (cap->last > cap->most)
			cap->most = cap->last;
	}
}

size_t
mipo_caps_count(const struct mipo_caps *caps)
{
	return caps->n_parts;
}

const struct mipo_cap *
mipo_caps_at(const struct mipo_caps *caps, size_t i)
{
	return &caps->parts[i].cap;
}
