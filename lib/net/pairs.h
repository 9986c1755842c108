/*
 * What is known of each pair of the space: four bits a pair, and counts.
 * Later answers may raise a state (a SYN-ACK after a RST), never lower it.
 * Several threads may use them at a time, each by a hand of its own: the
 * counts are kept by hand, so that no two write the same memory.
 *
 * Pairs lie by the segments of their order (trust/perm.h). Where not all of
 * these fit in the memory allowed, some are at hand and the others in a file
 * (pairs-all.h). Pairs elsewhere can be read, and changed by hand 0.
 */
#ifndef MIPO_NET_PAIRS_H
#define MIPO_NET_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/pair.h"

#define MIPO_HANDS 9 /* the scan's own, which is 0, and a sender's each */

/* What one hand did to the counts; it may have taken more than it gave. */
struct mipo_pairs_hand {
	int64_t counts[MIPO_PAIR_N];
	char apart[64]; /* no cache line belongs to two */
};

/* A cell is four bits. All segments have as many, an even number. */
struct mipo_pairs {
	uint8_t *nibbles; /* the cells at hand */
	uint64_t n, segments, per; /* pairs; and cells of a segment */
	unsigned shift;		   /* segments, as a power of two */
	uint64_t first, most;	   /* segments at hand: from, at most */
	uint64_t base, cells;	   /* the same in cells */
	int fd;	     /* -1: all are at hand */
	int *failed; /* errno of the file, or 0 */
	bool summed;	/* counts are those of all segments */
	int64_t elsewhere[MIPO_PAIR_N]; /* counts of those not at hand */
	struct mipo_pairs_hand hands[MIPO_HANDS];
};

/* The pair's cell, counted from the first at hand; from cells on: elsewhere. */
static inline uint64_t
mipo_pairs_cell(const struct mipo_pairs *pairs, uint64_t pair)
{
	return (pair & (pairs->segments - 1)) * pairs->per +
	    (pair >> pairs->shift) - pairs->base;
}

/* Whether the pair's segment is at hand. */
static inline bool
mipo_pairs_holds(const struct mipo_pairs *pairs, uint64_t pair)
{
	return mipo_pairs_cell(pairs, pair) < pairs->cells;
}

/* The value of a cell elsewhere. */
unsigned mipo_pairs_fetch(const struct mipo_pairs *pairs, uint64_t cell);

static inline unsigned
mipo_pairs_look(const struct mipo_pairs *pairs, uint64_t cell)
{
	if (cell >= pairs->cells)
		return mipo_pairs_fetch(pairs, cell);
	return (unsigned)(__atomic_load_n(&pairs->nibbles[cell / 2],
			      __ATOMIC_RELAXED) >>
		   (cell % 2 * 4)) & 15U;
}

/* The value of the pair. */
static inline unsigned
mipo_pairs_get(const struct mipo_pairs *pairs, uint64_t pair)
{
	return mipo_pairs_look(pairs, mipo_pairs_cell(pairs, pair));
}

/* These are asked for soon: memory is slow where the order is random. */
static inline void
mipo_pairs_expect(
    const struct mipo_pairs *pairs, const uint64_t *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(
		    &pairs->nibbles[mipo_pairs_cell(pairs, x[i]) / 2], 1);
}

/* How many pairs at hand have it; of a moment, where others change them. */
uint64_t mipo_pairs_count(const struct mipo_pairs *pairs, unsigned value);
/* How many of all. */
uint64_t mipo_pairs_total(const struct mipo_pairs *pairs, unsigned value);

/* Gives pair the value, by hand 0. */
void mipo_pairs_set(
    struct mipo_pairs *pairs, uint64_t pair, unsigned value);

/* By hand: the same where it has the value from; else false. */
bool mipo_pairs_swap(struct mipo_pairs *pairs, unsigned hand, uint64_t pair,
    unsigned from, unsigned into);

/*
 * By hand 0: an answer for pair: 1 when it changed what is known, 0 when it
 * did not (a duplicate, or a state that a better one already holds).
 */
int mipo_pairs_answer(
    struct mipo_pairs *pairs, uint64_t pair, enum mipo_pstate state);

/* Makes all at hand of one value another; how many they were. */
uint64_t mipo_pairs_turn(
    struct mipo_pairs *pairs, unsigned value, unsigned into);

/* Pairs, of all, that were sent to or have a state: what was covered. */
uint64_t mipo_pairs_covered(const struct mipo_pairs *pairs);

/* Pairs at hand that were attempted and that no probe left for. */
uint64_t mipo_pairs_refused(const struct mipo_pairs *pairs);

#endif
