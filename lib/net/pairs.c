#include "net/pairs.h"

#include <errno.h>
#include <unistd.h>

/* ---- cells, of the segments at hand and of those in the file */

static off_t
place_of(const struct mipo_pairs *pairs, uint64_t cell)
{
	return (off_t)((cell + pairs->base) / 2);
}

static uint8_t
fetch_byte(const struct mipo_pairs *pairs, uint64_t cell)
{
	uint8_t byte = 0;

	/* The next load says so. */
	if (pread(pairs->fd, &byte, 1, place_of(pairs, cell)) != 1 &&
	    *pairs->failed == 0)
		*pairs->failed = errno == 0 ? EIO : errno;
	return byte;
}

unsigned
mipo_pairs_fetch(const struct mipo_pairs *pairs, uint64_t cell)
{
	return (unsigned)(fetch_byte(pairs, cell) >> (cell % 2 * 4)) & 15U;
}

/* By hand 0, which alone writes there. */
static void
put(struct mipo_pairs *pairs, uint64_t cell, unsigned from, unsigned into)
{
	const unsigned shift = cell % 2 * 4;
	uint8_t byte = fetch_byte(pairs, cell);

	byte = (uint8_t)((byte & ~(15U << shift)) | into << shift);
	if (pwrite(pairs->fd, &byte, 1, place_of(pairs, cell)) != 1 &&
	    *pairs->failed == 0)
		*pairs->failed = errno;
	pairs->elsewhere[from]--;
	pairs->elsewhere[into]++;
}

/* Only the hand itself writes there, others read. */
static void
move(struct mipo_pairs_hand *hand, unsigned from, unsigned into)
{
	__atomic_store_n(
	    &hand->counts[from], hand->counts[from] - 1, __ATOMIC_RELAXED);
	__atomic_store_n(
	    &hand->counts[into], hand->counts[into] + 1, __ATOMIC_RELAXED);
}

static bool
swap(struct mipo_pairs *pairs, unsigned hand, uint64_t cell, unsigned from,
    unsigned into)
{
	uint8_t *byte = &pairs->nibbles[cell / 2], old, new;
	unsigned shift = cell % 2 * 4;

	if (cell >= pairs->cells) {
		if (mipo_pairs_look(pairs, cell) != from)
			return false;
		put(pairs, cell, from, into);
		return true;
	}
	/* The other half of the byte may change under our hands. */
	old = __atomic_load_n(byte, __ATOMIC_RELAXED);
	do {
		if (((unsigned)(old >> shift) & 15U) != from)
			return false;
		new = (uint8_t)((old & ~(15U << shift)) | into << shift);
	} while (!__atomic_compare_exchange_n(byte, &old, new, true,
	    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED));
	move(&pairs->hands[hand], from, into);
	return true;
}

/* ---- pairs */

bool
mipo_pairs_swap(struct mipo_pairs *pairs, unsigned hand, uint64_t pair,
    unsigned from, unsigned into)
{
	return swap(pairs, hand, mipo_pairs_cell(pairs, pair), from, into);
}

void
mipo_pairs_set(struct mipo_pairs *pairs, uint64_t pair, unsigned value)
{
	while (!mipo_pairs_swap(
	    pairs, 0, pair, mipo_pairs_get(pairs, pair), value))
		;
}

int
mipo_pairs_answer(
    struct mipo_pairs *pairs, uint64_t pair, enum mipo_pstate state)
{
	unsigned value = MIPO_PAIR_SEEN + (unsigned)state, old;

	do {
		old = mipo_pairs_get(pairs, pair);
		if (old > MIPO_PAIR_SEEN && old <= value &&
		    old < MIPO_PAIR_REFUSED)
			return 0;
	} while (!mipo_pairs_swap(pairs, 0, pair, old, value));
	return 1;
}

uint64_t
mipo_pairs_turn(struct mipo_pairs *pairs, unsigned value, unsigned into)
{
	const uint64_t n = mipo_pairs_count(pairs, value);
	uint64_t left = n;

	for (uint64_t cell = 0; cell < pairs->cells && left > 0; cell++)
		if (mipo_pairs_look(pairs, cell) == value &&
		    swap(pairs, 0, cell, value, into))
			left--;
	return n;
}

/* ---- counts */

uint64_t
mipo_pairs_count(const struct mipo_pairs *pairs, unsigned value)
{
	int64_t n = pairs->summed ? pairs->elsewhere[value] : 0;

	for (unsigned i = 0; i < MIPO_HANDS; i++)
		n += __atomic_load_n(
		    &pairs->hands[i].counts[value], __ATOMIC_RELAXED);
	return n < 0 ? 0 : (uint64_t)n; /* seen between two moves */
}

uint64_t
mipo_pairs_total(const struct mipo_pairs *pairs, unsigned value)
{
	return mipo_pairs_count(pairs, value) +
	    (pairs->summed ? 0 : (uint64_t)pairs->elsewhere[value]);
}

uint64_t
mipo_pairs_refused(const struct mipo_pairs *pairs)
{
	uint64_t n = 0;

	for (unsigned i = MIPO_PAIR_REFUSED; i < MIPO_PAIR_N; i++)
		n += mipo_pairs_count(pairs, i);
	return n;
}

uint64_t
mipo_pairs_covered(const struct mipo_pairs *pairs)
{
	uint64_t n = 0;

	for (unsigned i = MIPO_PAIR_SILENT; i < MIPO_PAIR_ABSENT; i++)
		n += mipo_pairs_total(pairs, i);
	return n;
}
