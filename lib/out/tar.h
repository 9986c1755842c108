/*
 * ustar archives in one exact form: plain files, mode 0444, owner 0, mtime
 * 0, no padding beyond the two zero blocks at the end. The reader writes
 * again what it read and compares the bytes, so that no byte of an archive
 * can change unseen. By libarchive, loaded when first used, so that nobody
 * else pays for it.
 */
#ifndef MIPO_OUT_TAR_H
#define MIPO_OUT_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_err;

#define MIPO_TAR_PATH 100 /* longest path */

/* Takes bytes: 0, or -1 after it has set its own error. */
typedef int (*mipo_tar_sink)(
    void *arg, const void *p, size_t len, struct mipo_err *err);

struct mipo_tarw;
int mipo_tarw_new(mipo_tar_sink sink, void *arg, struct mipo_tarw **ret_tar,
    struct mipo_err *err);
void mipo_tarw_free(struct mipo_tarw *tar); /* NULL is nothing */

/* Begins a member of exactly size bytes (less than 8 GiB). */
int mipo_tarw_member(struct mipo_tarw *tar, const char *path, uint64_t size,
    struct mipo_err *err);
int mipo_tarw_data(
    struct mipo_tarw *tar, const void *p, size_t len, struct mipo_err *err);
/* The last member's padding and the end. Only _free may follow. */
int mipo_tarw_close(struct mipo_tarw *tar, struct mipo_err *err);

struct mipo_tarr;

/* Reads from fd, which stays the caller's, strictly forward. */
int mipo_tarr_new(
    int fd, struct mipo_tarr **ret_tar, struct mipo_err *err);
void mipo_tarr_free(struct mipo_tarr *tar); /* NULL is nothing */

/*
 * The next member: 1, or 0 at the end after which nothing came, or -1:
 * E_TAMPERED when the bytes are not of our one form, are cut, or go on
 * behind the end; E_IO when they cannot be read. What is left of the member
 * before is passed over (and compared). *ret_path stays until the next call.
 */
int mipo_tarr_next(struct mipo_tarr *tar, const char **ret_path,
    uint64_t *ret_size, struct mipo_err *err);

/* The member's next bytes, valid until the next call: 1, 0 or -1. */
int mipo_tarr_read(struct mipo_tarr *tar, const void **ret_p,
    size_t *ret_len, struct mipo_err *err);

/* Whether the first bytes are the name of a member path. Reads nothing. */
bool mipo_tarr_begins(const struct mipo_tarr *tar, const char *path);

/* How many bytes of the archive were found good. */
uint64_t mipo_tarr_good(const struct mipo_tarr *tar);

#endif
