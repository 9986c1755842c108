#include "trust/perm.h"

#include <endian.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"

#define ROUNDS 4

/* The places of one segment. */
struct domain {
	uint64_t n, a, b;
	double a_inv;
};

struct mipo_perm {
	uint64_t n, segments;
	unsigned shift;		  /* segments, as a power of two */
	struct domain domains[2]; /* of the last segments, of the first */
	const struct domain *in;  /* of the segment at hand, */
	uint64_t at;		  /* which is this one */
	EVP_CIPHER_CTX *aes;
	uint64_t l[MIPO_PERM_BATCH], r[MIPO_PERM_BATCH];
	uint64_t block[2 * MIPO_PERM_BATCH];
	uint64_t again[MIPO_PERM_BATCH];
	size_t where[MIPO_PERM_BATCH];
};

/* The smallest a with a * a >= n. */
static uint64_t
root_up(uint64_t n)
{
	uint64_t lo = 1, hi = UINT64_C(1) << 27;

	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (mid * mid >= n)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

static void
set_domain(struct domain *domain, uint64_t n)
{
	domain->n = n;
	domain->a = root_up(n);
	domain->b = (n + domain->a - 1) / domain->a;
	domain->a_inv = 1.0 / (double)domain->a;
}

uint64_t
mipo_perm_segments(uint64_t n)
{
	uint64_t segments = 1;

	while ((n + segments - 1) / segments > MIPO_PERM_SEGMENT)
		segments *= 2;
	return segments;
}

uint64_t
mipo_perm_segment(uint64_t n, uint64_t s, uint64_t i)
{
	uint64_t few = n / s, more = n % s;

	if (i < more * (few + 1))
		return i / (few + 1);
	return more + (i - more * (few + 1)) / few;
}

int
mipo_perm_new(uint64_t n, uint64_t segments,
    const uint8_t key[MIPO_PERM_KEY_LEN], struct mipo_perm **ret_perm,
    struct mipo_err *err)
{
	struct mipo_perm *perm;

	if (n == 0 || n >= UINT64_C(1) << 53)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "nothing, or more than 2^53 - 1 pairs, to put in order");
	if (segments == 0 || segments > n ||
	    (segments & (segments - 1)) != 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "an order in %llu segments is none",
		    (unsigned long long)segments);
	perm = mipo_calloc(1, sizeof(*perm), err);
	if (perm == NULL)
		return -1;
	perm->n = n;
	perm->segments = segments;
	perm->shift = (unsigned)__builtin_ctzll(segments);
	set_domain(&perm->domains[0], n / segments);
	set_domain(&perm->domains[1], n / segments + 1);
	perm->aes = EVP_CIPHER_CTX_new();
	if (perm->aes == NULL ||
	    EVP_EncryptInit_ex(
		perm->aes, EVP_aes_128_ecb(), NULL, key, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(perm->aes, 0) != 1) {
		mipo_perm_free(perm);
		return mipo_err_set(
		    err, MIPO_E_INTERNAL, "AES-128 is not to be had");
	}
	*ret_perm = perm;
	return 0;
}

void
mipo_perm_free(struct mipo_perm *perm)
{
	if (perm == NULL)
		return;
	EVP_CIPHER_CTX_free(perm->aes);
	free(perm);
}

/* x = r * a + l; the quotient by a double is off by one at most. */
static void
split(struct mipo_perm *perm, const uint64_t *x, size_t n)
{
	const uint64_t a = perm->in->a;
	const double a_inv = perm->in->a_inv;

	for (size_t i = 0; i < n; i++) {
		uint64_t q = (uint64_t)((double)x[i] * a_inv);

		if (q * a > x[i])
			q--;
		else if (x[i] - q * a >= a)
			q++;
		perm->r[i] = q;
		perm->l[i] = x[i] - q * a;
	}
}

/* block[2 * i]: a keyed function of y[i] and the round. */
static void
prf(struct mipo_perm *perm, const uint64_t *y, size_t n, uint64_t round)
{
	uint8_t *bytes = (uint8_t *)perm->block;
	int len = 0;

	round += ROUNDS * perm->at;
	for (size_t i = 0; i < n; i++) {
		perm->block[2 * i] = htole64(y[i]);
		perm->block[2 * i + 1] = htole64(round);
	}
	if (EVP_EncryptUpdate(perm->aes, bytes, &len, bytes, (int)n * 16) != 1)
		__builtin_trap(); /* a wrong order is worse than none */
}

static uint64_t
scale(uint64_t f, uint64_t range)
{
	return (uint64_t)(((unsigned __int128)le64toh(f) * range) >> 64);
}

static void
add(struct mipo_perm *perm, uint64_t *z, size_t n, uint64_t mod)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t sum = z[i] + scale(perm->block[2 * i], mod);
		uint64_t wrap = (uint64_t)(sum >= mod);

		z[i] = sum - (mod & (0 - wrap)); /* no branch to mispredict */
	}
}

static void
subtract(struct mipo_perm *perm, uint64_t *z, size_t n, uint64_t mod)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t f = scale(perm->block[2 * i], mod);

		z[i] = z[i] >= f ? z[i] - f : z[i] + mod - f;
	}
}

static void
join(const struct mipo_perm *perm, uint64_t *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = perm->r[i] * perm->in->a + perm->l[i];
}

/* n values below a * b through all rounds, in place. */
static void
forward(struct mipo_perm *perm, uint64_t *x, size_t n)
{
	split(perm, x, n);
	for (uint64_t j = 0; j < ROUNDS; j += 2) {
		prf(perm, perm->r, n, j);
		add(perm, perm->l, n, perm->in->a);
		prf(perm, perm->l, n, j + 1);
		add(perm, perm->r, n, perm->in->b);
	}
	join(perm, x, n);
}

static void
backward(struct mipo_perm *perm, uint64_t *x, size_t n)
{
	split(perm, x, n);
	for (uint64_t j = ROUNDS; j > 0; j -= 2) {
		prf(perm, perm->l, n, j - 1);
		subtract(perm, perm->r, n, perm->in->b);
		prf(perm, perm->r, n, j - 2);
		subtract(perm, perm->l, n, perm->in->a);
	}
	join(perm, x, n);
}

/* The few values of the batch that fell into the waste walk on together. */
static void
walk_on(struct mipo_perm *perm, uint64_t *x, size_t n)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++)
		if (x[i] >= perm->in->n) {
			perm->again[left] = x[i];
			perm->where[left++] = i;
		}
	while (left > 0) {
		size_t still = 0;

		forward(perm, perm->again, left);
		for (size_t i = 0; i < left; i++) {
			x[perm->where[i]] = perm->again[i];
			if (perm->again[i] < perm->in->n)
				continue;
			perm->again[still] = perm->again[i];
			perm->where[still++] = perm->where[i];
		}
		left = still;
	}
}

/* From now on this segment is at hand. */
static void
take(struct mipo_perm *perm, uint64_t k)
{
	perm->at = k;
	perm->in = &perm->domains[k < perm->n % perm->segments];
}

/* n values of one segment. */
static void
values(struct mipo_perm *perm, uint64_t first, size_t n, uint64_t *ret_x)
{
	for (size_t i = 0; i < n; i++)
		ret_x[i] = first + i;
	forward(perm, ret_x, n);
	walk_on(perm, ret_x, n);
	for (size_t i = 0; i < n; i++)
		ret_x[i] = ret_x[i] << perm->shift | perm->at;
}

void
mipo_perm_batch(
    struct mipo_perm *perm, uint64_t first, size_t n, uint64_t *ret_x)
{
	const uint64_t s = perm->segments;
	uint64_t k, begin;
	size_t m;

	for (size_t i = 0; i < n; i += m) {
		k = mipo_perm_segment(perm->n, s, first + i);
		begin = mipo_perm_begin(perm->n, s, k);
		take(perm, k);
		m = n - i;
		if (m > begin + perm->in->n - first - i)
			m = (size_t)(begin + perm->in->n - first - i);
		values(perm, first + i - begin, m, ret_x + i);
	}
}

uint64_t
mipo_perm_at(struct mipo_perm *perm, uint64_t i)
{
	uint64_t x;

	mipo_perm_batch(perm, i, 1, &x);
	return x;
}

uint64_t
mipo_perm_inverse(struct mipo_perm *perm, uint64_t x)
{
	const uint64_t k = x & (perm->segments - 1);

	take(perm, k);
	x >>= perm->shift;
	do
		backward(perm, &x, 1);
	while (x >= perm->in->n);
	return mipo_perm_begin(perm->n, perm->segments, k) + x;
}
