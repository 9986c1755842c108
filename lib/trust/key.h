/*
 * Ed25519 keys (RFC 8032, by libsodium). A key serves one purpose: its
 * purpose string is in front of every byte string that it signs. Files are
 * minisign's, unencrypted (mode 0600) or, when a passphrase was used by
 * minisign itself, refused with a word on what to do.
 */
#ifndef MIPO_TRUST_KEY_H
#define MIPO_TRUST_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_buf;
struct mipo_err;

#define MIPO_PK_LEN	32
#define MIPO_SIG_LEN	64
#define MIPO_KEYNUM_LEN 8

/* The public half. id: 16 hex digits of the first 8 bytes of SHA-256(pk). */
struct mipo_pub {
	uint8_t pk[MIPO_PK_LEN];
	char id[17];
	uint8_t keynum[MIPO_KEYNUM_LEN]; /* minisign's: its file's, or id's */
};

struct mipo_key; /* a secret: locked memory, wiped when freed */

/* Seeds the generators; call before confinement. Once is enough. */
int mipo_trust_init(struct mipo_err *err);

/* A fresh key. */
struct mipo_key *mipo_key_new(struct mipo_err *err);
/* From a 32-byte seed (tests, ratchet slots). */
struct mipo_key *mipo_key_from_seed(
    const uint8_t seed[32], struct mipo_err *err);
void mipo_key_free(struct mipo_key *key);
const struct mipo_pub *mipo_key_pub(const struct mipo_key *key);
void mipo_key_seed(const struct mipo_key *key, uint8_t ret_seed[32]);

/* Fills id and keynum from pk. */
void mipo_pub_set(struct mipo_pub *pub, const uint8_t pk[MIPO_PK_LEN]);

/* minisign secret key file, mode 0600, made exclusively. what: "scanner". */
int mipo_key_save(const struct mipo_key *key, const char *path,
    const char *what, struct mipo_err *err);
int mipo_key_load(
    const char *path, struct mipo_key **ret_key, struct mipo_err *err);

/* minisign public key text (two lines). */
void mipo_pub_minisign(const struct mipo_pub *pub, struct mipo_buf *buf);
/* Reads such text, or its base64 line alone; any keynum is accepted. */
int mipo_pub_parse(
    const char *text, struct mipo_pub *ret_pub, struct mipo_err *err);

/* Signs purpose || bytes. purpose ends in LF ("mipo-scan/receipt/v1\n"). */
int mipo_sign(const struct mipo_key *key, const char *purpose, const void *p,
    size_t len, uint8_t ret_sig[MIPO_SIG_LEN], struct mipo_err *err);
/* 0 when it holds, else -1: E_TAMPERED, or E_NOMEM, which says nothing. */
int mipo_verify(const struct mipo_pub *pub, const char *purpose,
    const void *p, size_t len, const uint8_t sig[MIPO_SIG_LEN],
    struct mipo_err *err);

/* Standard base64 with padding, strict both ways. */
void mipo_b64(struct mipo_buf *buf, const void *p, size_t len);
int mipo_unb64(const char *s, size_t slen, void *ret_p, size_t max,
    size_t *ret_len, struct mipo_err *err);

/* The same where exactly len bytes are meant. */
int mipo_unb64_exact(const char *s, size_t slen, void *ret_p, size_t len,
    struct mipo_err *err);

/* Random bytes from the seeded generator. */
void mipo_random(void *p, size_t len);

#endif
