/*
 * Whether answers came as often in the end as in the beginning. The order of
 * the probes is random, so any part of it should be answered as often as any
 * other. Where the last part is not, the way there has died, or somebody
 * shuts us out. mipo_course_fades is pure.
 */
#ifndef MIPO_NET_COURSE_H
#define MIPO_NET_COURSE_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_scanner;

#define MIPO_COURSE_PARTS 64

/* Pairs that were probed, and those that answered, in the order of time. */
struct mipo_course {
	uint64_t sent[MIPO_COURSE_PARTS], told[MIPO_COURSE_PARTS];
};

/*
 * Whether what comes last answered less than chance explains; *ret_percent
 * is then how much less, of that part.
 */
bool mipo_course_fades(
    const struct mipo_course *course, unsigned *ret_percent);

/* What was walked of the pairs at hand is through: did it fade? */
void mipo_course_look(struct mipo_scanner *scan);

/* Doubts the silence of a scan that did. */
void mipo_course_doubt(struct mipo_scanner *scan);

#endif
