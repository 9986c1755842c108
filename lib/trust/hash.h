/* SHA-256 (FIPS 180-4) by libcrypto, with the processor's instructions. */
#ifndef MIPO_TRUST_HASH_H
#define MIPO_TRUST_HASH_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;

#define MIPO_HASH_LEN 32

struct mipo_hash;

/* A running digest. NULL only when memory is out. */
struct mipo_hash *mipo_hash_new(struct mipo_err *err);
void mipo_hash_free(struct mipo_hash *hash);
void mipo_hash_reset(struct mipo_hash *hash);
void mipo_hash_add(struct mipo_hash *hash, const void *p, size_t len);

/* mipo_hash_add in the shape of a sink; arg is the struct mipo_hash. */
void mipo_hash_sink(void *arg, const void *p, size_t len);

/* The digest of what was added; the running digest is reset. */
void mipo_hash_final(
    struct mipo_hash *hash, uint8_t ret_digest[MIPO_HASH_LEN]);

/* The digest so far; adding may go on. */
void mipo_hash_peek(const struct mipo_hash *hash,
    uint8_t ret_digest[MIPO_HASH_LEN]);

/* One shot. */
void mipo_hash(
    const void *p, size_t len, uint8_t ret_digest[MIPO_HASH_LEN]);

/* One shot over n pieces, as if they were joined. */
struct mipo_hash_part {
	const void *p;
	size_t len;
};
void mipo_hash_parts(const struct mipo_hash_part *parts, size_t n,
    uint8_t ret_digest[MIPO_HASH_LEN]);

#endif
