/* Files: read with a bound, written whole or not at all. */
#ifndef MIPO_BASE_FILE_H
#define MIPO_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct mipo_buf;
struct mipo_err;

/* Appends the file's bytes to buf (whose max is the bound). */
int mipo_file_read(
    const char *path, struct mipo_buf *buf, struct mipo_err *err);

/* The same; *ret_st is of the very file that was read. */
int mipo_file_read_stat(const char *path, struct mipo_buf *buf,
    struct stat *ret_st, struct mipo_err *err);

/*
 * As mipo_file_read, and refuses a file that others may read or that
 * belongs to somebody else than root or the caller (mode 0600 or less).
 */
int mipo_file_read_secret(
    const char *path, struct mipo_buf *buf, struct mipo_err *err);

/*
 * E_TAMPERED when path is something else than a regular file (a link, a
 * FIFO), by name; E_NOTFOUND when it is not there. Nothing is opened.
 */
int mipo_file_check_plain(const char *path, struct mipo_err *err);

/* Writes all len bytes to fd, across short writes and EINTR. */
int mipo_file_write_all(
    int fd, const void *p, size_t len, struct mipo_err *err);

/* A file in the making: a temporary name beside path until commit. */
struct mipo_file;

/* Opens the temporary file with the given mode. *ret_file: caller's. */
int mipo_file_begin(const char *path, mode_t mode,
    struct mipo_file **ret_file, struct mipo_err *err);

/* The descriptor to write to; stays the file's. */
int mipo_file_fd(const struct mipo_file *file);

/*
 * fsync, rename to path, fsync of the directory; frees file either way and
 * removes the temporary name on failure. excl: an existing path is an
 * error instead of being replaced.
 */
int mipo_file_commit(
    struct mipo_file *file, int excl, struct mipo_err *err);

/* Removes the temporary name and frees; NULL is nothing. */
void mipo_file_abandon(struct mipo_file *file);

/* begin, write_all and commit in one. */
int mipo_file_put(const char *path, mode_t mode, int excl, const void *p,
    size_t len, struct mipo_err *err);

/*
 * A file without a name, in $TMPDIR or else in dir; the descriptor is the
 * caller's. -1 with err.
 */
int mipo_file_scratch(const char *dir, struct mipo_err *err);

/* fsync of the directory that holds path. */
int mipo_file_sync_dir(const char *path, struct mipo_err *err);

/*
 * Takes the lock of the open file, waiting at most wait_ms (E_BUSY). It goes
 * with the descriptor. path is for the error.
 */
int mipo_file_lock(
    int fd, const char *path, uint64_t wait_ms, struct mipo_err *err);

/* mkdir -p; existing directories are left as they are. */
int mipo_file_mkdirs(const char *path, mode_t mode, struct mipo_err *err);

#endif
