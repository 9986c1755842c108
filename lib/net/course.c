#include "net/course.h"

#include "net/sender.h"

#define SURE   6     /* standard deviations */
#define BLOCKS 16384 /* of the order, at most, that are looked at */

bool
mipo_course_fades(const struct mipo_course *course, unsigned *ret_percent)
{
	double sent = 0, told = 0, last_sent = 0, last_told = 0, worst = 0;

	for (int i = 0; i < MIPO_COURSE_PARTS; i++) {
		sent += (double)course->sent[i];
		told += (double)course->told[i];
	}
	for (int i = MIPO_COURSE_PARTS - 1; i > 0; i--) {
		double part, due, lacks, chance;

		last_sent += (double)course->sent[i];
		last_told += (double)course->told[i];
		part = sent == 0 ? 0 : last_sent / sent;
		due = told * part;
		lacks = due - last_told;
		chance = told * part * (1 - part);
		if (lacks <= 0 || lacks * lacks <= SURE * SURE * chance ||
		    lacks * lacks <= worst * chance)
			continue;
		worst = lacks * lacks / chance;
		*ret_percent = (unsigned)(100 * lacks / due);
	}
	return worst > 0;
}

/* Pairs of a walk that follow one another in the order, from at on. */
static void
add_block(struct mipo_scanner *scan, const struct mipo_interval *walk,
    uint64_t at, struct mipo_course *course)
{
	const uint64_t len = walk->end - walk->first;
	const size_t n = len - at < MIPO_PERM_BATCH ? (size_t)(len - at)
						    : MIPO_PERM_BATCH;
	uint64_t x[MIPO_PERM_BATCH];

	mipo_perm_batch(scan->perm, walk->first + at, n, x);
	for (size_t i = 0; i < n; i++) {
		size_t part = (size_t)((unsigned __int128)(at + i) *
		    MIPO_COURSE_PARTS / len);
		unsigned value = mipo_pairs_get(&scan->pairs, x[i]);

		course->sent[part] += mipo_pair_was_sent(value);
		course->told[part] += value == MIPO_PAIR_SEEN + MIPO_OPEN ||
		    value == MIPO_PAIR_SEEN + MIPO_CLOSED;
	}
}

/* What of a segment one sender walked, or of that some blocks, evenly. */
static void
add_walk(struct mipo_scanner *scan, const struct mipo_interval *segment,
    const struct mipo_interval *part, struct mipo_course *course)
{
	const struct mipo_interval walk = {
	    .first = part->first > segment->first ? part->first
						  : segment->first,
	    .end = part->end < segment->end ? part->end : segment->end};
	uint64_t step;

	if (walk.first >= walk.end)
		return;
	step = (walk.end - walk.first) / BLOCKS;
	if (step < MIPO_PERM_BATCH)
		step = MIPO_PERM_BATCH;
	for (uint64_t at = 0; at < walk.end - walk.first; at += step)
		add_block(scan, &walk, at, course);
}

/* Each segment has an order of its own. */
static void
look_at(struct mipo_scanner *scan, const struct mipo_interval *segment)
{
	struct mipo_course course = {.sent = {0}};

	if (scan->n_senders == 0)
		add_walk(scan, segment, &scan->window, &course);
	for (unsigned k = 0; k < scan->n_senders; k++)
		add_walk(scan, segment, &scan->senders[k].part, &course);
	(void)mipo_course_fades(&course, &scan->fades);
}

void
mipo_course_look(struct mipo_scanner *scan)
{
	const struct mipo_pairs *pairs = &scan->pairs;
	const uint64_t n = pairs->n, s = pairs->segments;
	const uint64_t last = pairs->first + pairs->cells / pairs->per;

	if (scan->udp || scan->echo || scan->fades > 0 ||
	    mipo_pairs_count(pairs, MIPO_PAIR_SILENT) == 0)
		return;
	for (uint64_t k = pairs->first; k < last; k++) {
		const struct mipo_interval segment = {
		    .first = mipo_perm_begin(n, s, k),
		    .end = mipo_perm_begin(n, s, k + 1)};

		look_at(scan, &segment);
	}
}

void
mipo_course_doubt(struct mipo_scanner *scan)
{
	if (scan->fades > 0)
		mipo_tally_doubt(&scan->tally,
		    "answers became %u %% fewer towards the end: the way may "
		    "have died, or somebody shuts us out", scan->fades);
}
