#include "trust/key.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "trust/hash.h"

struct mipo_key {
	struct mipo_pub pub;
	uint8_t *sk; /* seed || pk, in guarded memory of libsodium */
};

int
mipo_trust_init(struct mipo_err *err)
{
	uint8_t first;

	if (sodium_init() < 0)
		return mipo_err_set(err, MIPO_E_INTERNAL,
		    "the random number generator cannot be seeded");
	mipo_random(&first, 1); /* opens what it needs before confinement */
	return 0;
}

void
mipo_random(void *p, size_t len)
{
	randombytes_buf(p, len);
}

void
mipo_pub_set(struct mipo_pub *pub, const uint8_t pk[MIPO_PK_LEN])
{
	uint8_t digest[MIPO_HASH_LEN];

	memmove(pub->pk, pk, MIPO_PK_LEN);
	mipo_hash(pub->pk, MIPO_PK_LEN, digest);
	mipo_text_hex(digest, MIPO_KEYNUM_LEN, pub->id);
	memcpy(pub->keynum, digest, MIPO_KEYNUM_LEN);
}

struct mipo_key *
mipo_key_from_seed(const uint8_t seed[32], struct mipo_err *err)
{
	struct mipo_key *key;
	uint8_t pk[MIPO_PK_LEN];

	if (mipo_trust_init(err) != 0)
		return NULL;
	key = mipo_calloc(1, sizeof(*key), err);
	if (key == NULL)
		return NULL;
	key->sk = sodium_malloc(crypto_sign_SECRETKEYBYTES);
	if (key->sk == NULL) {
		free(key);
		mipo_err_nomem(err);
		return NULL;
	}
	(void)crypto_sign_seed_keypair(pk, key->sk, seed);
	mipo_pub_set(&key->pub, pk);
	return key;
}

struct mipo_key *
mipo_key_new(struct mipo_err *err)
{
	struct mipo_key *key;
	uint8_t seed[crypto_sign_SEEDBYTES];

	if (mipo_trust_init(err) != 0)
		return NULL;
	mipo_random(seed, sizeof(seed));
	key = mipo_key_from_seed(seed, err);
	sodium_memzero(seed, sizeof(seed));
	return key;
}

void
mipo_key_free(struct mipo_key *key)
{
	if (key == NULL)
		return;
	sodium_free(key->sk); /* wipes */
	free(key);
}

const struct mipo_pub *
mipo_key_pub(const struct mipo_key *key)
{
	return &key->pub;
}

void
mipo_key_seed(const struct mipo_key *key, uint8_t ret_seed[32])
{
	(void)crypto_sign_ed25519_sk_to_seed(ret_seed, key->sk);
}

/*
 * Ed25519 takes its message in one piece. Most are short: they are joined
 * to their purpose on the stack, which *room is.
 */
static uint8_t *
join(uint8_t *room, size_t cap, const char *purpose, const void *p,
    size_t len)
{
	size_t head = strlen(purpose);
	uint8_t *all = room;

	if (len > SIZE_MAX - head)
		return NULL;
	if (head + len > cap)
		all = mipo_reallocarray(NULL, head + len, 1, NULL);
	if (all == NULL)
		return NULL;
	memcpy(all, purpose, head);
	if (len > 0)
		memcpy(all + head, p, len);
	return all;
}

int
mipo_sign(const struct mipo_key *key, const char *purpose, const void *p,
    size_t len, uint8_t ret_sig[MIPO_SIG_LEN], struct mipo_err *err)
{
	uint8_t room[2048];
	uint8_t *all = join(room, sizeof(room), purpose, p, len);

	if (all == NULL)
		return mipo_err_nomem(err);
	(void)crypto_sign_detached(
	    ret_sig, NULL, all, strlen(purpose) + len, key->sk);
	if (all != room)
		free(all);
	return 0;
}

int
mipo_verify(const struct mipo_pub *pub, const char *purpose, const void *p,
    size_t len, const uint8_t sig[MIPO_SIG_LEN], struct mipo_err *err)
{
	uint8_t room[2048];
	uint8_t *all = join(room, sizeof(room), purpose, p, len);
	bool good;

	if (all == NULL)
		return mipo_err_nomem(err);
	good = crypto_sign_verify_detached(
	    sig, all, strlen(purpose) + len, pub->pk) == 0;
	if (all != room)
		free(all);
	return good ? 0
		    : mipo_err_set(err, MIPO_E_TAMPERED,
			  "the signature by %s does not hold", pub->id);
}

void
mipo_b64(struct mipo_buf *buf, const void *p, size_t len)
{
	size_t need = sodium_base64_ENCODED_LEN(
	    len, sodium_base64_VARIANT_ORIGINAL);
	char *to = mipo_buf_reserve(buf, need);

	if (to == NULL)
		return;
	(void)sodium_bin2base64(
	    to, need, p, len, sodium_base64_VARIANT_ORIGINAL);
	buf->len += need - 1;
}

/* libsodium 1.0.18 takes some bytes above 127 for digits. */
static bool
is_ascii(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] > 127)
			return false;
	return true;
}

int
mipo_unb64(const char *s, size_t slen, void *ret_p, size_t max,
    size_t *ret_len, struct mipo_err *err)
{
	size_t len;

	if (!is_ascii(s, slen) ||
	    sodium_base642bin(ret_p, max, s, slen, NULL, &len, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "not base64 of at most %zu bytes (standard alphabet, "
		    "padded)", max);
	*ret_len = len;
	return 0;
}

int
mipo_unb64_exact(const char *s, size_t slen, void *ret_p, size_t len,
    struct mipo_err *err)
{
	size_t got;

	if (mipo_unb64(s, slen, ret_p, len, &got, err) != 0)
		return -1;
	if (got != len)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "base64 of %zu bytes where %zu belong", got, len);
	return 0;
}
