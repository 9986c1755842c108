#include "net/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/space.h"
#include "trust/digest.h"

#define MAX_PAIRS (UINT64_C(1) << 34)

int
mipo_pairs_init(struct mipo_pairs *pairs, uint64_t n, struct mipo_err *err)
{
	memset(pairs, 0, sizeof(*pairs));
	if (n > MAX_PAIRS)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "%llu pairs are too many for one scan, at most %llu",
		    (unsigned long long)n, (unsigned long long)MAX_PAIRS);
	pairs->nibbles = mipo_calloc((size_t)(n / 2 + 1), 1, err);
	if (pairs->nibbles == NULL)
		return -1;
	pairs->n = n;
	pairs->hands[0].counts[MIPO_PAIR_UNTOUCHED] = (int64_t)n;
	return 0;
}

void
mipo_pairs_release(struct mipo_pairs *pairs)
{
	free(pairs->nibbles);
	pairs->nibbles = NULL;
}

uint64_t
mipo_pairs_next(const struct mipo_pairs *pairs, uint64_t from)
{
	uint64_t word;

	while (from < pairs->n) {
		if (from % 16 == 0 && pairs->n - from >= 16) {
			memcpy(&word, &pairs->nibbles[from / 2], 8);
			if (word == 0) {
				from += 16;
				continue;
			}
		}
		if (mipo_pairs_get(pairs, from) != MIPO_PAIR_UNTOUCHED)
			return from;
		from++;
	}
	return pairs->n;
}

uint64_t
mipo_pairs_count(const struct mipo_pairs *pairs, unsigned value)
{
	int64_t n = 0;

	for (unsigned i = 0; i < MIPO_HANDS; i++)
		n += __atomic_load_n(
		    &pairs->hands[i].counts[value], __ATOMIC_RELAXED);
	return n < 0 ? 0 : (uint64_t)n; /* seen between two moves */
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

bool
mipo_pairs_swap(struct mipo_pairs *pairs, unsigned hand, uint64_t pair,
    unsigned from, unsigned into)
{
	uint8_t *byte = &pairs->nibbles[pair / 2], old, new;
	unsigned shift = pair % 2 * 4;

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

	for (uint64_t pair = 0; pair < pairs->n && left > 0; pair++)
		if (mipo_pairs_get(pairs, pair) == value) {
			mipo_pairs_set(pairs, pair, into);
			left--;
		}
	return n;
}

uint64_t
mipo_pairs_covered(const struct mipo_pairs *pairs)
{
	return pairs->n - mipo_pairs_count(pairs, MIPO_PAIR_UNTOUCHED) -
	    mipo_pairs_count(pairs, MIPO_PAIR_ABSENT) -
	    mipo_pairs_refused(pairs);
}

uint64_t
mipo_pairs_refused(const struct mipo_pairs *pairs)
{
	uint64_t n = 0;

	for (unsigned i = MIPO_PAIR_REFUSED; i < MIPO_PAIR_N; i++)
		n += mipo_pairs_count(pairs, i);
	return n;
}

int
mipo_pairs_digest(const struct mipo_pairs *pairs,
    const struct mipo_space *space, enum mipo_proto proto,
    enum mipo_pstate silent_as, uint8_t ret_digest[32], struct mipo_err *err)
{
	struct mipo_states states;

	if (mipo_states_init(&states, proto, err) != 0)
		return -1;
	for (uint64_t pair = mipo_pairs_next(pairs, 0); pair < pairs->n;
	     pair = mipo_pairs_next(pairs, pair + 1)) {
		unsigned value = mipo_pairs_get(pairs, pair);
		unsigned state = value > MIPO_PAIR_SEEN
		    ? value - MIPO_PAIR_SEEN
		    : (unsigned)silent_as;
		struct mipo_spot spot;

		if (value >= MIPO_PAIR_ABSENT)
			continue;
		mipo_space_at(space, pair, &spot);
		mipo_states_add(
		    &states, &spot.addr, spot.port, (uint8_t)state);
	}
	mipo_states_final(&states, ret_digest);
	mipo_states_release(&states);
	return 0;
}
