/*
 * Evidence bundles: a log, whole, in one ustar file that a stranger checks
 * offline with "mipo-audit verify", or by hand with sha256sum, openssl and
 * minisign. Members in this order, mode 0444, owner 0, mtime 0:
 *
 *   checkpoint          the signed note
 *   README.txt          what it shows, what not, how to check by hand
 *   tile/0/N, tile/entries/N, tile/L/N ...   as the log grew; then the
 *                       partial ones, lowest level first
 *   objects/SHA256      raw streams of recorded scans, in the order of the
 *                       entries that name them; some may be left out
 *   MANIFEST            "SHA256 (path) = hex", a line for each file above
 *   MANIFEST.minisig    by the log's key; trusted comment:
 *                       origin, size and hex root
 *
 * Equal logs and objects give equal bytes, the keys' signatures included.
 */
#ifndef MIPO_OUT_BUNDLE_H
#define MIPO_OUT_BUNDLE_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_key;

struct mipo_bundle; /* in the making */

/*
 * Begins a bundle on fd, which stays the caller's (see mipo_file_begin for
 * whole or not at all), for the log that note, its newest checkpoint,
 * covers. log_key, borrowed, signs the manifest; E_TAMPERED where it did not
 * sign note.
 */
int mipo_bundle_new(int fd, const char *note, size_t len,
    const struct mipo_key *log_key, struct mipo_bundle **ret_bundle,
    struct mipo_err *err);
void mipo_bundle_free(struct mipo_bundle *bundle); /* NULL is nothing */

/* The next entry, from 0 on, as stored. */
int mipo_bundle_entry(struct mipo_bundle *bundle, const void *bytes,
    size_t len, struct mipo_err *err);

/*
 * After the last entry: begins an object of size bytes, which
 * mipo_bundle_data then brings in pieces. E_TAMPERED when the bytes turn
 * out not to be those of digest.
 */
int mipo_bundle_object(struct mipo_bundle *bundle, const uint8_t digest[32],
    uint64_t size, struct mipo_err *err);
int mipo_bundle_data(struct mipo_bundle *bundle, const void *p, size_t len,
    struct mipo_err *err);

/*
 * Manifest, its signature and the end of the archive. E_TAMPERED when the
 * entries are not those that the checkpoint signs: nothing is written that
 * would not verify. Only _free may follow.
 */
int mipo_bundle_finish(struct mipo_bundle *bundle, struct mipo_err *err);

#endif
