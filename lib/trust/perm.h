/*
 * The order of a scan: a keyed permutation of [0, n) with random access and
 * an inverse, so that shards, resumption and the retry pass are arithmetic
 * on intervals of indices.
 *
 * "feistel4-aes128-v1": with a = ceil(sqrt(n)), b = ceil(n / a), the value
 * x = r * a + l goes through four rounds. Round j (0..3) takes y = r when j
 * is even and y = l when it is odd, lets f be the first eight bytes (little
 * endian) of AES-128(key, y || j), both as eight little-endian bytes, and
 * adds floor(f * a / 2^64) to l modulo a (j even), or floor(f * b / 2^64)
 * to r modulo b (j odd). Values >= n are sent through again until one is
 * below n. a * b exceeds n by less than a: at most 5 % from n = 400 on.
 *
 * "feistel4-aes128-cut-v1": the order of segments, so that what is known of
 * a long order fits in memory part by part. With s segments, a power of two,
 * the places are cut into s runs: the first n % s of n / s + 1 places, the
 * others of n / s. Run k is all x with x % s == k: of its n_k places the
 * i-th has x = s * y + k, where y is what place i of n_k has as above, with
 * j + 4 * k in the place of j.
 */
#ifndef MIPO_TRUST_PERM_H
#define MIPO_TRUST_PERM_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_perm;

#define MIPO_PERM_ID	  "feistel4-aes128-v1"
#define MIPO_PERM_CUT_ID  "feistel4-aes128-cut-v1"
#define MIPO_PERM_SEGMENT (UINT64_C(1) << 24) /* places, at most */
#define MIPO_PERM_KEY_LEN 16
#define MIPO_PERM_BATCH	  256 /* largest n of one mipo_perm_batch */

/* Into how many segments a scan cuts n: no more than it must. */
uint64_t mipo_perm_segments(uint64_t n);

/* Where segment k of s begins, or for k = s the last one ends. */
static inline uint64_t
mipo_perm_begin(uint64_t n, uint64_t s, uint64_t k)
{
	return k * (n / s) + (k < n % s ? k : n % s);
}

/* Which of the s segments has the place i < n. */
uint64_t mipo_perm_segment(uint64_t n, uint64_t s, uint64_t i);

/*
 * For 1 <= n <= 2^53 - 1 in segments, a power of two and at most n; 1 is
 * the order that is not cut. The key is copied. A permutation holds its own
 * scratch memory: one thread at a time.
 */
int mipo_perm_new(uint64_t n, uint64_t segments,
    const uint8_t key[MIPO_PERM_KEY_LEN], struct mipo_perm **ret_perm,
    struct mipo_err *err);
void mipo_perm_free(struct mipo_perm *perm);

/* The values at first .. first + n - 1, all below the permutation's n. */
void mipo_perm_batch(
    struct mipo_perm *perm, uint64_t first, size_t n, uint64_t *ret_x);

/* The value at index i, and the index whose value is x. */
uint64_t mipo_perm_at(struct mipo_perm *perm, uint64_t i);
uint64_t mipo_perm_inverse(struct mipo_perm *perm, uint64_t x);

#endif
