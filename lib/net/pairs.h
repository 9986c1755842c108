/*
 * What is known of each pair of the space: four bits a pair, and counts.
 * Later answers may raise a state (a SYN-ACK after a RST), never lower it.
 * Several threads may use them at a time, each by a hand of its own: the
 * counts are kept by hand, so that no two write the same memory.
 */
#ifndef MIPO_NET_PAIRS_H
#define MIPO_NET_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/obs.h"

struct mipo_err;
struct mipo_space;

/*
 * What a pair's four bits say. From MIPO_PAIR_SEEN + MIPO_OPEN on: answered,
 * in that state. From MIPO_PAIR_REFUSED on: attempted, and the kernel took
 * no probe; the number above it says with which error.
 */
enum {
	MIPO_PAIR_UNTOUCHED = 0,
	MIPO_PAIR_SILENT = 1, /* sent, no answer so far */
	MIPO_PAIR_SEEN = MIPO_PAIR_SILENT,
	MIPO_PAIR_LOST = MIPO_PAIR_SEEN + MIPO_UNREACHABLE,
	MIPO_PAIR_ABSENT = 7, /* no neighbour so far, and no probe */
	MIPO_PAIR_REFUSED = 8,
	MIPO_PAIR_ERRORS = 8, /* errors that are told apart */
	MIPO_PAIR_N = 16
};

/* Whether a probe of a pair with that value has left, or is about to. */
static inline bool
mipo_pair_was_sent(unsigned value)
{
	return value >= MIPO_PAIR_SILENT && value < MIPO_PAIR_ABSENT;
}

#define MIPO_HANDS 9 /* the scan's own, which is 0, and a sender's each */

/* What one hand did to the counts; it may have taken more than it gave. */
struct mipo_pairs_hand {
	int64_t counts[MIPO_PAIR_N];
	char apart[64]; /* no cache line belongs to two */
};

struct mipo_pairs {
	uint8_t *nibbles;
	uint64_t n;
	struct mipo_pairs_hand hands[MIPO_HANDS];
};

/* All pairs untouched. The largest n is 2^34 (8 GiB). */
int mipo_pairs_init(
    struct mipo_pairs *pairs, uint64_t n, struct mipo_err *err);
void mipo_pairs_release(struct mipo_pairs *pairs);

/* The value of pair. */
static inline unsigned
mipo_pairs_get(const struct mipo_pairs *pairs, uint64_t pair)
{
	return (unsigned)(__atomic_load_n(&pairs->nibbles[pair / 2],
			      __ATOMIC_RELAXED) >>
		   (pair % 2 * 4)) & 15U;
}

/* The first pair from `from` on that is not untouched, or n. */
uint64_t mipo_pairs_next(const struct mipo_pairs *pairs, uint64_t from);

/* These are asked for soon: memory is slow where the order is random. */
static inline void
mipo_pairs_expect(
    const struct mipo_pairs *pairs, const uint64_t *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(&pairs->nibbles[x[i] / 2], 1);
}

/* How many pairs have the value; of a moment, where others change them. */
uint64_t mipo_pairs_count(const struct mipo_pairs *pairs, unsigned value);

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

/* Makes all of one value another; how many they were. */
uint64_t mipo_pairs_turn(
    struct mipo_pairs *pairs, unsigned value, unsigned into);

/* Pairs that were sent to or have a state: what the scan covered. */
uint64_t mipo_pairs_covered(const struct mipo_pairs *pairs);

/* Pairs that were attempted and that no probe left for. */
uint64_t mipo_pairs_refused(const struct mipo_pairs *pairs);

/*
 * The receipt's state_sha256 (trust/digest.h) over the covered pairs;
 * silence is silent_as.
 */
int mipo_pairs_digest(const struct mipo_pairs *pairs,
    const struct mipo_space *space, enum mipo_proto proto,
    enum mipo_pstate silent_as, uint8_t ret_digest[32], struct mipo_err *err);

#endif
