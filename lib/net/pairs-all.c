#include "net/pairs-all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "net/space.h"
#include "trust/digest.h"
#include "trust/perm.h"

#define MAX_PAIRS (UINT64_C(1) << 40)
#define ROWS	  (UINT64_C(16) << 20) /* bytes, for rows of all segments */
#define BLOCK	  16 /* rows, whose cells of a segment fit in a word */

/* ---- segments at hand */

static void
set_first(struct mipo_pairs *pairs, uint64_t first)
{
	uint64_t n = pairs->segments - first;

	pairs->first = first;
	pairs->base = first * pairs->per;
	pairs->cells = (n < pairs->most ? n : pairs->most) * pairs->per;
}

static int
open_file(struct mipo_pairs *pairs, struct mipo_err *err)
{
	const off_t size = (off_t)(pairs->segments * pairs->per / 2);
	int sys;

	pairs->failed = mipo_calloc(1, sizeof(*pairs->failed), err);
	if (pairs->failed == NULL)
		return -1;
	pairs->fd = mipo_file_scratch("/var/tmp", err);
	if (pairs->fd < 0)
		return -1;
	sys = posix_fallocate(pairs->fd, 0, size);
	if (sys != 0)
		return mipo_err_sys(err, sys,
		    "%llu MiB for what is known of %llu pairs, beyond --memory",
		    (unsigned long long)(size >> 20),
		    (unsigned long long)pairs->n);
	return 0;
}

int
mipo_pairs_init(struct mipo_pairs *pairs, uint64_t n, uint64_t segments,
    uint64_t bytes, struct mipo_err *err)
{
	memset(pairs, 0, sizeof(*pairs));
	pairs->fd = -1;
	if (n > MAX_PAIRS)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "%llu pairs are too many for one scan, at most %llu",
		    (unsigned long long)n, (unsigned long long)MAX_PAIRS);
	pairs->n = n;
	pairs->segments = segments;
	pairs->shift = (unsigned)__builtin_ctzll(segments);
	pairs->per = (n / segments + 1) / 2 * 2 + 2;
	pairs->most = bytes / (pairs->per / 2);
	if (pairs->most == 0)
		pairs->most = 1;
	if (pairs->most > segments)
		pairs->most = segments;
	if (pairs->most < segments && open_file(pairs, err) != 0)
		return -1;
	pairs->nibbles =
	    mipo_calloc((size_t)(pairs->most * pairs->per / 2), 1, err);
	if (pairs->nibbles == NULL)
		return -1;
	set_first(pairs, 0);
	pairs->hands[0].counts[MIPO_PAIR_UNTOUCHED] =
	    (int64_t)mipo_perm_begin(n, segments, pairs->most);
	pairs->elsewhere[MIPO_PAIR_UNTOUCHED] = (int64_t)n -
	    pairs->hands[0].counts[MIPO_PAIR_UNTOUCHED];
	return 0;
}

void
mipo_pairs_release(struct mipo_pairs *pairs)
{
	free(pairs->nibbles);
	free(pairs->failed);
	pairs->nibbles = NULL;
	pairs->failed = NULL;
	if (pairs->fd > 0) /* 0 also where there was no init */
		(void)close(pairs->fd);
	pairs->fd = -1;
}

static int
fail(struct mipo_err *err, int sys)
{
	return mipo_err_sys(err, sys, "the file of pairs beyond --memory");
}

/* All len bytes from place on, or to there. */
static int
transfer(const struct mipo_pairs *pairs, bool out, uint8_t *bytes, size_t len,
    uint64_t place, struct mipo_err *err)
{
	while (len > 0) {
		ssize_t n = out
		    ? pwrite(pairs->fd, bytes, len, (off_t)place)
		    : pread(pairs->fd, bytes, len, (off_t)place);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail(err, n == 0 ? EIO : errno);
		bytes += n;
		place += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

/* What is at hand goes to those elsewhere, or comes from there. */
static void
move_counts(struct mipo_pairs *pairs)
{
	for (unsigned value = 0; value < MIPO_PAIR_N; value++) {
		pairs->elsewhere[value] +=
		    (int64_t)mipo_pairs_count(pairs, value);
		for (unsigned i = 0; i < MIPO_HANDS; i++)
			pairs->hands[i].counts[value] = 0;
	}
}

static void
count_cells(struct mipo_pairs *pairs)
{
	const uint64_t end = pairs->first + pairs->cells / pairs->per;
	const uint64_t real = mipo_perm_begin(pairs->n, pairs->segments, end) -
	    mipo_perm_begin(pairs->n, pairs->segments, pairs->first);
	int64_t *counts = pairs->hands[0].counts;
	uint64_t bytes[256] = {0};

	for (uint64_t i = 0; i < pairs->cells / 2; i++)
		bytes[pairs->nibbles[i]]++;
	for (unsigned i = 0; i < 256; i++) {
		counts[i & 15] += (int64_t)bytes[i];
		counts[i >> 4] += (int64_t)bytes[i];
	}
	/* Cells behind a segment's last pair are of no pair. */
	counts[MIPO_PAIR_UNTOUCHED] -= (int64_t)(pairs->cells - real);
	for (unsigned value = 0; value < MIPO_PAIR_N; value++)
		pairs->elsewhere[value] -= counts[value];
}

int
mipo_pairs_load(
    struct mipo_pairs *pairs, uint64_t first, struct mipo_err *err)
{
	if (pairs->fd >= 0 && *pairs->failed != 0)
		return fail(err, *pairs->failed);
	if (pairs->fd < 0 || first == pairs->first)
		return 0;
	if (!pairs->summed &&
	    transfer(pairs, true, pairs->nibbles, (size_t)pairs->cells / 2,
		pairs->base / 2, err) != 0)
		return -1;
	if (!pairs->summed)
		move_counts(pairs);
	set_first(pairs, first);
	if (transfer(pairs, false, pairs->nibbles, (size_t)pairs->cells / 2,
		pairs->base / 2, err) != 0)
		return -1;
	if (!pairs->summed)
		count_cells(pairs);
	return 0;
}

int
mipo_pairs_sum(struct mipo_pairs *pairs, struct mipo_err *err)
{
	if (pairs->fd >= 0 && *pairs->failed != 0)
		return fail(err, *pairs->failed);
	if (pairs->fd >= 0 &&
	    transfer(pairs, true, pairs->nibbles, (size_t)pairs->cells / 2,
		pairs->base / 2, err) != 0)
		return -1;
	move_counts(pairs);
	pairs->summed = true;
	return 0;
}

/* ---- all of them, in the order of their numbers */

/* The cells of all segments that have the same place in theirs. */
struct rows {
	const struct mipo_pairs *pairs;
	uint64_t first, n; /* rows that are read; even */
	uint64_t most;
	uint8_t *bytes; /* of every segment those rows; NULL: at hand */
	uint64_t *active; /* room for a number of each segment */
};

static const uint8_t *
row_bytes(const struct rows *rows, uint64_t segment)
{
	return rows->bytes == NULL
	    ? rows->pairs->nibbles +
		(segment * rows->pairs->per + rows->first) / 2
	    : rows->bytes + segment * rows->most / 2;
}

static int
read_rows(struct rows *rows, uint64_t first, struct mipo_err *err)
{
	const struct mipo_pairs *pairs = rows->pairs;

	rows->first = first;
	rows->n = pairs->per - first;
	if (rows->n > rows->most)
		rows->n = rows->most;
	for (uint64_t k = 0; rows->bytes != NULL && k < pairs->segments; k++)
		if (transfer(pairs, false, rows->bytes + k * rows->most / 2,
			(size_t)rows->n / 2, (k * pairs->per + first) / 2,
			err) != 0)
			return -1;
	return 0;
}

/* The segments that have a touched pair in the block; how many. */
static size_t
find_active(struct rows *rows, uint64_t row, uint64_t n)
{
	const size_t len = (size_t)(n + 1) / 2;
	size_t found = 0;

	for (uint64_t k = 0; k < rows->pairs->segments; k++) {
		uint64_t word = 0;

		memcpy(&word, row_bytes(rows, k) + row / 2, len);
		rows->active[found] = k;
		found += word != 0;
	}
	return found;
}

/* Up to BLOCK rows from that one on, an even one. */
static int
visit_block(struct rows *rows, uint64_t row, uint64_t n,
    int (*visit)(void *, uint64_t, unsigned), void *arg)
{
	const size_t active = find_active(rows, row, n);
	int r = 0;

	for (uint64_t end = row + n; r == 0 && active > 0 && row < end; row++)
		for (size_t i = 0; r == 0 && i < active; i++) {
			const uint64_t k = rows->active[i];
			const uint8_t byte = row_bytes(rows, k)[row / 2];
			const unsigned value =
			    (unsigned)(byte >> (row % 2 * 4)) & 15U;

			if (value != MIPO_PAIR_UNTOUCHED)
				r = visit(arg,
				    (rows->first + row)
					    << rows->pairs->shift | k,
				    value);
		}
	return r;
}

static int
visit_rows(struct rows *rows, int (*visit)(void *, uint64_t, unsigned),
    void *arg)
{
	int r = 0;

	for (uint64_t row = 0; r == 0 && row < rows->n; row += BLOCK)
		r = visit_block(rows, row,
		    rows->n - row < BLOCK ? rows->n - row : BLOCK, visit,
		    arg);
	return r;
}

int
mipo_pairs_each(const struct mipo_pairs *pairs,
    int (*visit)(void *arg, uint64_t pair, unsigned value), void *arg,
    struct mipo_err *err)
{
	struct rows rows = {.pairs = pairs, .most = pairs->per};
	int r = -1;

	rows.active = mipo_calloc(
	    (size_t)pairs->segments, sizeof(*rows.active), err);
	if (rows.active == NULL)
		return -1;
	if (pairs->fd >= 0) {
		rows.most = 2 * ROWS / pairs->segments / BLOCK * BLOCK;
		if (rows.most < BLOCK)
			rows.most = BLOCK;
		if (rows.most > pairs->per)
			rows.most = pairs->per;
		rows.bytes = mipo_calloc(
		    (size_t)(rows.most / 2 * pairs->segments), 1, err);
		if (rows.bytes == NULL)
			goto out;
	}
	r = 0;
	for (uint64_t row = 0; r == 0 && row < pairs->per; row += rows.n) {
		r = read_rows(&rows, row, err);
		if (r == 0)
			r = visit_rows(&rows, visit, arg);
	}
out:
	free(rows.bytes);
	free(rows.active);
	return r;
}

/* For the visit of a digest. */
struct digest {
	const struct mipo_space *space;
	struct mipo_states states;
	enum mipo_pstate silent_as;
	bool hosts; /* who is not up is silent, however that was seen */
};

static int
add_state(void *arg, uint64_t pair, unsigned value)
{
	struct digest *digest = arg;
	unsigned state = digest->silent_as;
	struct mipo_spot spot;

	if (value >= MIPO_PAIR_ABSENT)
		return 0;
	if (value == MIPO_PAIR_SEEN + MIPO_OPEN ||
	    (value > MIPO_PAIR_SEEN && !digest->hosts))
		state = value - MIPO_PAIR_SEEN;
	mipo_space_at(digest->space, pair, &spot);
	mipo_states_add(
	    &digest->states, &spot.addr, spot.port, (uint8_t)state);
	return 0;
}

int
mipo_pairs_digest(const struct mipo_pairs *pairs,
    const struct mipo_space *space, enum mipo_proto proto,
    enum mipo_pstate silent_as, uint8_t ret_digest[32], struct mipo_err *err)
{
	struct digest digest = {.space = space, .silent_as = silent_as,
	    .hosts = proto == MIPO_ICMP};
	int r;

	if (mipo_states_init(&digest.states, proto, err) != 0)
		return -1;
	r = mipo_pairs_each(pairs, add_state, &digest, err);
	if (r == 0)
		mipo_states_final(&digest.states, ret_digest);
	mipo_states_release(&digest.states);
	return r;
}
