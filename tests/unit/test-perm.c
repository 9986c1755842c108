/*
 * The order of a scan. MIPO_PERM_ALL=1 (the slow tier) tries every n up to
 * 2^16; without it every n up to 512 and a thousand above.
 */
#include "unit.h"

#include <stdint.h>
#include <string.h>

#include "data/addr.h"
#include "trust/cookie.h"
#include "trust/perm.h"

#define ALL (UINT64_C(1) << 16)

static struct mipo_err err;

static struct mipo_perm *
cut(uint64_t n, uint64_t segments, uint8_t salt)
{
	struct mipo_perm *perm = NULL;
	uint8_t key[MIPO_PERM_KEY_LEN];

	for (uint8_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)(i ^ salt);
	ck_ok(mipo_perm_new(n, segments, key, &perm, &err));
	return perm;
}

static struct mipo_perm *
order(uint64_t n, uint8_t salt)
{
	return cut(n, 1, salt);
}

/*
 * Every value below n comes exactly once; index[x] says from where. (A
 * passing ck_assert costs a system call, too much for every value.)
 */
static void
check_bijection(struct mipo_perm *perm, uint64_t n, uint32_t *index)
{
	uint64_t x[MIPO_PERM_BATCH];

	memset(index, 0xff, n * sizeof(*index));
	for (uint64_t i = 0; i < n; i += MIPO_PERM_BATCH) {
		size_t m = n - i < MIPO_PERM_BATCH ? (size_t)(n - i)
						   : MIPO_PERM_BATCH;

		mipo_perm_batch(perm, i, m, x);
		for (size_t j = 0; j < m; j++) {
			if (x[j] >= n || index[x[j]] != UINT32_MAX)
				ck_abort_msg("n %lu: %lu again", n, x[j]);
			index[x[j]] = (uint32_t)(i + j);
		}
	}
}

static void
check_n(uint64_t n, uint64_t step, uint32_t *index)
{
	struct mipo_perm *perm = order(n, (uint8_t)n);

	check_bijection(perm, n, index);
	for (uint64_t x = 0; x < n; x += step) {
		if (mipo_perm_inverse(perm, x) != index[x] ||
		    mipo_perm_at(perm, index[x]) != x)
			ck_abort_msg("n %lu: no way back from %lu", n, x);
	}
	mipo_perm_free(perm);
}

START_TEST(perm_is_a_bijection)
{
	uint32_t *index = calloc(ALL, sizeof(*index));
	const char *all = getenv("MIPO_PERM_ALL");

	ck_assert_ptr_nonnull(index);
	for (uint64_t n = 1; n <= 512; n++)
		check_n(n, 1, index);
	if (all != NULL && strcmp(all, "1") == 0)
		for (uint64_t n = 513; n < ALL; n++)
			check_n(n, 1 + n / 8, index);
	else
		for (uint64_t n = 513; n < ALL; n += 64 + n % 7)
			check_n(n, 1 + n / 8, index);
	check_n(ALL, 7, index);
	free(index);
}
END_TEST

/* Made with "openssl enc -aes-128-ecb" from the words of perm.h. */
START_TEST(perm_known_answers)
{
	const uint64_t ten[] = {6, 0, 9, 5, 3, 4, 1, 2, 7, 8};
	struct mipo_perm *perm = order(10, 0);

	for (uint64_t i = 0; i < 10; i++)
		ck_assert_uint_eq(mipo_perm_at(perm, i), ten[i]);
	mipo_perm_free(perm);
	perm = order((UINT64_C(1) << 32) + 1, 0);
	ck_assert_uint_eq(mipo_perm_at(perm, 0), 3563924250U);
	ck_assert_uint_eq(mipo_perm_at(perm, 1), 2461300390U);
	ck_assert_uint_eq(
	    mipo_perm_at(perm, UINT64_C(1) << 32), 4286018957U);
	mipo_perm_free(perm);
}
END_TEST

/* Just above powers of two and at the upper bound: one by one as in a row. */
START_TEST(perm_random_access)
{
	uint64_t x[MIPO_PERM_BATCH];

	for (unsigned bits = 17; bits <= 52; bits++) {
		uint64_t n = (UINT64_C(1) << bits) + 1;
		uint64_t first = n - MIPO_PERM_BATCH - bits;
		struct mipo_perm *perm;

		n = bits == 52 ? (UINT64_C(1) << 53) - 1 : n;
		perm = order(n, (uint8_t)bits);
		mipo_perm_batch(perm, first, MIPO_PERM_BATCH, x);
		for (size_t i = 0; i < MIPO_PERM_BATCH; i += 5) {
			ck_assert_uint_lt(x[i], n);
			ck_assert_uint_eq(mipo_perm_at(perm, first + i), x[i]);
			ck_assert_uint_eq(
			    mipo_perm_inverse(perm, x[i]), first + i);
		}
		mipo_perm_free(perm);
	}
}
END_TEST

/* Cut, it is one as well, whose runs hold one residue each. */
START_TEST(perm_in_segments)
{
	uint32_t *index = calloc(ALL, sizeof(*index));
	struct mipo_perm *perm;

	ck_assert_ptr_nonnull(index);
	for (uint64_t n = 1; n < 3000; n += 1 + n / 9)
		for (uint64_t s = 2; s <= n; s *= 2) {
			perm = cut(n, s, (uint8_t)n);
			check_bijection(perm, n, index);
			for (uint64_t i = 0; i < n; i++) {
				uint64_t x = mipo_perm_at(perm, i);
				uint64_t k = mipo_perm_segment(n, s, i);

				if (x % s != k ||
				    mipo_perm_begin(n, s, k) > i ||
				    mipo_perm_begin(n, s, k + 1) <= i ||
				    mipo_perm_inverse(perm, x) != i)
					ck_abort_msg("n %lu s %lu i %lu", n,
					    s, i);
			}
			mipo_perm_free(perm);
		}
	free(index);
}
END_TEST

/* As few as keep each within its bound. */
START_TEST(perm_number_of_segments)
{
	const uint64_t most = MIPO_PERM_SEGMENT;

	ck_assert_uint_eq(mipo_perm_segments(0), 1);
	ck_assert_uint_eq(mipo_perm_segments(most), 1);
	ck_assert_uint_eq(mipo_perm_segments(most + 1), 2);
	ck_assert_uint_eq(mipo_perm_segments(2 * most), 2);
	ck_assert_uint_eq(mipo_perm_segments(2 * most + 1), 4);
	ck_assert_uint_eq(
	    mipo_perm_segments((UINT64_C(1) << 53) - 1), UINT64_C(1) << 29);
}
END_TEST

START_TEST(perm_needs_a_size)
{
	const uint8_t key[MIPO_PERM_KEY_LEN] = {0};
	struct mipo_perm *perm = NULL;

	ck_fails(mipo_perm_new(0, 1, key, &perm, &err), MIPO_E_USAGE);
	ck_fails(mipo_perm_new(9, 0, key, &perm, &err), MIPO_E_USAGE);
	ck_fails(mipo_perm_new(9, 3, key, &perm, &err), MIPO_E_USAGE);
	ck_fails(mipo_perm_new(9, 16, key, &perm, &err), MIPO_E_USAGE);
	ck_fails(mipo_perm_new(UINT64_C(1) << 53, 1, key, &perm, &err),
	    MIPO_E_USAGE);
	ck_assert_ptr_null(perm);
	mipo_perm_free(NULL);
}
END_TEST

/* Two keys give two orders, and no step of an order repeats often. */
START_TEST(perm_is_keyed_and_not_linear)
{
	struct mipo_perm *a = order(1000, 1), *b = order(1000, 2);
	unsigned same = 0, steps[1000] = {0}, most = 0;
	uint64_t last = mipo_perm_at(a, 0);

	for (uint64_t i = 1; i < 1000; i++) {
		uint64_t x = mipo_perm_at(a, i);
		unsigned *step = &steps[(x + 1000 - last) % 1000];

		same += x == mipo_perm_at(b, i);
		if (++*step > most)
			most = *step;
		last = x;
	}
	ck_assert_uint_lt(same, 10);
	ck_assert_uint_lt(most, 10);
	mipo_perm_free(a);
	mipo_perm_free(b);
}
END_TEST

/* The reference implementation of SipHash over the bytes of cookie.h. */
START_TEST(cookie_known_answers)
{
	struct mipo_cookie cookie;
	struct mipo_addr src = {4, {198, 18, 0, 1}};
	struct mipo_addr dst = {4, {198, 18, 0, 2}};
	struct mipo_addr src6 = {6, {0x20, 1, 0xd, 0xb8, [15] = 1}};
	struct mipo_addr dst6 = {6, {0x20, 1, 0xd, 0xb8, [15] = 2}};

	for (uint8_t i = 0; i < sizeof(cookie.key); i++)
		cookie.key[i] = i;
	ck_assert_uint_eq(
	    mipo_cookie(&cookie, &src, &dst, 61000, 80), 0xa1061a20);
	ck_assert_uint_eq(
	    mipo_cookie(&cookie, &src6, &dst6, 61000, 443), 0xfd7da149);
	ck_assert_uint_ne(
	    mipo_cookie(&cookie, &src, &dst, 61001, 80), 0xa1061a20);
	cookie.key[0] ^= 1;
	ck_assert_uint_ne(
	    mipo_cookie(&cookie, &src, &dst, 61000, 80), 0xa1061a20);
}
END_TEST

UNIT_MAIN("perm", perm_is_a_bijection, perm_in_segments,
    perm_number_of_segments, perm_known_answers,
    perm_random_access, perm_needs_a_size, perm_is_keyed_and_not_linear,
    cookie_known_answers);
