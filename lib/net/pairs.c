#include "net/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "net/space.h"
#include "trust/hash.h"

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
	pairs->counts[MIPO_PAIR_UNTOUCHED] = n;
	return 0;
}

void
mipo_pairs_release(struct mipo_pairs *pairs)
{
	free(pairs->nibbles);
	pairs->nibbles = NULL;
}

void
mipo_pairs_set(struct mipo_pairs *pairs, uint64_t pair, unsigned value)
{
	uint8_t *byte = &pairs->nibbles[pair / 2];
	unsigned shift = pair % 2 * 4, old = (unsigned)(*byte >> shift) & 15U;

	*byte = (uint8_t)((*byte & ~(15U << shift)) | value << shift);
	pairs->counts[old]--;
	pairs->counts[value]++;
}

int
mipo_pairs_answer(
    struct mipo_pairs *pairs, uint64_t pair, enum mipo_pstate state)
{
	unsigned old = mipo_pairs_get(pairs, pair);
	unsigned value = MIPO_PAIR_SEEN + (unsigned)state;

	if (old > MIPO_PAIR_SEEN && old <= value && old < MIPO_PAIR_REFUSED)
		return 0;
	mipo_pairs_set(pairs, pair, value);
	return 1;
}

uint64_t
mipo_pairs_turn(struct mipo_pairs *pairs, unsigned value, unsigned into)
{
	const uint64_t n = pairs->counts[value];

	for (uint64_t pair = 0; pair < pairs->n; pair++) {
		if (pairs->counts[value] == 0)
			break;
		if (mipo_pairs_get(pairs, pair) == value)
			mipo_pairs_set(pairs, pair, into);
	}
	return n;
}

uint64_t
mipo_pairs_covered(const struct mipo_pairs *pairs)
{
	return pairs->n - pairs->counts[MIPO_PAIR_UNTOUCHED] -
	    pairs->counts[MIPO_PAIR_ABSENT] - mipo_pairs_refused(pairs);
}

uint64_t
mipo_pairs_refused(const struct mipo_pairs *pairs)
{
	uint64_t n = 0;

	for (int i = MIPO_PAIR_REFUSED; i < MIPO_PAIR_N; i++)
		n += pairs->counts[i];
	return n;
}

/* One covered pair's bytes: family, address, proto, port, state. */
static size_t
put_pair(uint8_t *p, const struct mipo_spot *spot, uint8_t state)
{
	size_t n = mipo_addr_size(&spot->addr);

	p[0] = spot->addr.family;
	memcpy(p + 1, spot->addr.b, n);
	p[n + 1] = 6;
	p[n + 2] = (uint8_t)(spot->port >> 8);
	p[n + 3] = (uint8_t)spot->port;
	p[n + 4] = state;
	return n + 5;
}

int
mipo_pairs_digest(const struct mipo_pairs *pairs,
    const struct mipo_space *space, enum mipo_pstate silent_as,
    uint8_t ret_digest[32], struct mipo_err *err)
{
	static const char purpose[] = "mipo/state/v1\n";
	struct mipo_hash *hash = mipo_hash_new(err);
	uint8_t bytes[4096];
	size_t len = 0;

	if (hash == NULL)
		return -1;
	mipo_hash_add(hash, purpose, sizeof(purpose) - 1);
	for (uint64_t pair = 0; pair < pairs->n; pair++) {
		unsigned value = mipo_pairs_get(pairs, pair);
		unsigned state = value > MIPO_PAIR_SEEN
		    ? value - MIPO_PAIR_SEEN
		    : (unsigned)silent_as;
		struct mipo_spot spot;

		if (value == MIPO_PAIR_UNTOUCHED || value >= MIPO_PAIR_ABSENT)
			continue;
		mipo_space_at(space, pair, &spot);
		len += put_pair(bytes + len, &spot, (uint8_t)state);
		if (len > sizeof(bytes) - 32) {
			mipo_hash_add(hash, bytes, len);
			len = 0;
		}
	}
	mipo_hash_add(hash, bytes, len);
	mipo_hash_final(hash, ret_digest);
	mipo_hash_free(hash);
	return 0;
}
