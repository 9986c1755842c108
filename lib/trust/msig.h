/*
 * minisign signatures (.minisig) in the prehashed form: BLAKE2b-512 of the
 * file is signed. The log's note key makes them over bundle manifests;
 * "minisign -V" checks them with the key that keys --minisign prints.
 */
#ifndef MIPO_TRUST_MSIG_H
#define MIPO_TRUST_MSIG_H

#include <stddef.h>
#include <stdint.h>

struct mipo_buf;
struct mipo_err;
struct mipo_key;
struct mipo_pub;

#define MIPO_MSIG_DIGEST  64
#define MIPO_MSIG_COMMENT 512 /* longest trusted comment and a NUL */

/* A running BLAKE2b-512. NULL only when memory is out. */
struct mipo_msig;
struct mipo_msig *mipo_msig_new(struct mipo_err *err);
void mipo_msig_free(struct mipo_msig *msig);
void mipo_msig_add(struct mipo_msig *msig, const void *p, size_t len);
void mipo_msig_final(
    struct mipo_msig *msig, uint8_t ret_digest[MIPO_MSIG_DIGEST]);

/*
 * Appends the four lines. trusted is covered by the second signature: one
 * line of printable ASCII.
 */
int mipo_msig_sign(const struct mipo_key *key,
    const uint8_t digest[MIPO_MSIG_DIGEST], const char *trusted,
    struct mipo_buf *buf, struct mipo_err *err);

/*
 * Checks the four lines, each byte of them: the untrusted comment must be
 * the one that mipo_msig_sign writes for pub. E_INPUT: not such a text;
 * E_TAMPERED: another key or comment, or a signature that does not hold.
 * ret_trusted gets the trusted comment.
 */
int mipo_msig_check(const char *text, size_t len,
    const struct mipo_pub *pub, const uint8_t digest[MIPO_MSIG_DIGEST],
    char ret_trusted[MIPO_MSIG_COMMENT], struct mipo_err *err);

#endif
