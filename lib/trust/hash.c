/*
 * The low-level calls are used on purpose: a log is made of millions of
 * short messages, where EVP costs a third more and allocates a context.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "trust/hash.h"

#include <openssl/sha.h>
#include <stdlib.h>

#include "base/mem.h"

struct mipo_hash {
	SHA256_CTX ctx;
};

struct mipo_hash *
mipo_hash_new(struct mipo_err *err)
{
	struct mipo_hash *hash = mipo_calloc(1, sizeof(*hash), err);

	if (hash != NULL)
		mipo_hash_reset(hash);
	return hash;
}

void
mipo_hash_free(struct mipo_hash *hash)
{
	free(hash);
}

void
mipo_hash_reset(struct mipo_hash *hash)
{
	(void)SHA256_Init(&hash->ctx);
}

void
mipo_hash_add(struct mipo_hash *hash, const void *p, size_t len)
{
	(void)SHA256_Update(&hash->ctx, p, len);
}

void
mipo_hash_sink(void *arg, const void *p, size_t len)
{
	mipo_hash_add(arg, p, len);
}

void
mipo_hash_final(struct mipo_hash *hash, uint8_t ret_digest[MIPO_HASH_LEN])
{
	(void)SHA256_Final(ret_digest, &hash->ctx);
	mipo_hash_reset(hash);
}

void
mipo_hash_peek(
    const struct mipo_hash *hash, uint8_t ret_digest[MIPO_HASH_LEN])
{
	SHA256_CTX ctx = hash->ctx;

	(void)SHA256_Final(ret_digest, &ctx);
}

void
mipo_hash(const void *p, size_t len, uint8_t ret_digest[MIPO_HASH_LEN])
{
	SHA256_CTX ctx;

	(void)SHA256_Init(&ctx);
	(void)SHA256_Update(&ctx, p, len);
	(void)SHA256_Final(ret_digest, &ctx);
}

void
mipo_hash_parts(const struct mipo_hash_part *parts, size_t n,
    uint8_t ret_digest[MIPO_HASH_LEN])
{
	SHA256_CTX ctx;

	(void)SHA256_Init(&ctx);
	for (size_t i = 0; i < n; i++)
		(void)SHA256_Update(&ctx, parts[i].p, parts[i].len);
	(void)SHA256_Final(ret_digest, &ctx);
}
