#include "net/course.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/sender.h"
#include "net/shut.h"

#define SURE   6     /* standard deviations */
#define HOSTS  (UINT64_C(1) << 19) /* that are told apart */
#define NEAR   256
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

/* The look at a segment. */
struct look {
	struct mipo_course course;
	struct mipo_shut *hosts; /* or 2^shift of them together */
	unsigned shift;
	size_t n;
};

/* Pairs of a walk that follow one another in the order, from at on. */
static void
add_block(struct mipo_scanner *scan, const struct mipo_interval *walk,
    uint64_t at, struct look *look)
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
		bool told = value == MIPO_PAIR_SEEN + MIPO_OPEN ||
		    value == MIPO_PAIR_SEEN + MIPO_CLOSED;

		if (!mipo_pair_was_sent(value))
			continue;
		look->course.sent[part]++;
		look->course.told[part] += told;
		mipo_shut_add(&look->hosts[x[i] / scan->space->n_ports >>
				  look->shift], told);
	}
}

/* What of the segment one hand walked. */
static struct mipo_interval
walk_of(const struct mipo_scanner *scan, unsigned k,
    const struct mipo_interval *segment)
{
	const struct mipo_interval *part =
	    scan->n_senders == 0 ? &scan->window : &scan->senders[k].part;

	return (struct mipo_interval){
	    .first = part->first > segment->first ? part->first
						  : segment->first,
	    .end = part->end < segment->end ? part->end : segment->end};
}

/* All hands at a time, as they walked: some blocks of each, evenly. */
static void
look_at(struct mipo_scanner *scan, const struct mipo_interval *segment,
    struct look *look)
{
	const unsigned n = scan->n_senders == 0 ? 1 : scan->n_senders;
	uint64_t longest = 0, step;

	for (unsigned k = 0; k < n; k++) {
		struct mipo_interval walk = walk_of(scan, k, segment);

		if (walk.first < walk.end && walk.end - walk.first > longest)
			longest = walk.end - walk.first;
	}
	step = longest / BLOCKS;
	if (step < MIPO_PERM_BATCH)
		step = MIPO_PERM_BATCH;
	for (uint64_t at = 0; at < longest; at += step)
		for (unsigned k = 0; k < n; k++) {
			struct mipo_interval walk = walk_of(scan, k, segment);

			if (walk.first < walk.end &&
			    at < walk.end - walk.first)
				add_block(scan, &walk, at, look);
		}
}

/* How many are shut, each alone or some neighbours at a time. */
static void
count_shut(struct mipo_scanner *scan, const struct look *look)
{
	uint64_t alone = 0, together = 0;

	for (size_t i = 0; i < look->n; i += NEAR) {
		struct mipo_shut near = {0};

		for (size_t j = i; j < look->n && j < i + NEAR; j++) {
			alone += mipo_shut_is(&look->hosts[j]);
			mipo_shut_join(&near, &look->hosts[j]);
		}
		together += mipo_shut_is(&near);
	}
	scan->shut += alone > together ? alone : together;
}

void
mipo_course_look(struct mipo_scanner *scan)
{
	const struct mipo_pairs *pairs = &scan->pairs;
	const uint64_t n = pairs->n, s = pairs->segments;
	const uint64_t last = pairs->first + pairs->cells / pairs->per;
	struct look look = {.shift = 0};

	if (scan->udp || scan->echo ||
	    mipo_pairs_count(pairs, MIPO_PAIR_SILENT) == 0)
		return;
	while (scan->space->addresses >> look.shift >= HOSTS)
		look.shift++;
	look.n = (size_t)(scan->space->addresses >> look.shift) + 1;
	look.hosts = mipo_calloc(look.n, sizeof(*look.hosts), NULL);
	scan->unseen |= look.hosts == NULL;
	for (uint64_t k = pairs->first; k < last && look.hosts != NULL; k++) {
		const struct mipo_interval segment = {
		    .first = mipo_perm_begin(n, s, k),
		    .end = mipo_perm_begin(n, s, k + 1)};

		memset(&look.course, 0, sizeof(look.course));
		memset(look.hosts, 0, look.n * sizeof(*look.hosts));
		look_at(scan, &segment, &look);
		if (scan->fades == 0)
			(void)mipo_course_fades(&look.course, &scan->fades);
		count_shut(scan, &look);
	}
	free(look.hosts);
}

void
mipo_course_doubt(struct mipo_scanner *scan)
{
	if (scan->fades > 0)
		mipo_tally_doubt(&scan->tally,
		    "answers became %u %% fewer towards the end: the way may "
		    "have died, or somebody shuts us out", scan->fades);
	if (scan->shut > 0)
		mipo_tally_doubt(&scan->tally,
		    "hosts or networks that answered up to some time and then "
		    "no more, as if they had shut us out: %llu",
		    (unsigned long long)scan->shut);
	if (scan->unseen)
		mipo_tally_doubt(&scan->tally,
		    "memory was lacking to tell who shuts us out");
}
