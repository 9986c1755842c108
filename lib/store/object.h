/*
 * Objects: immutable bytes named by their SHA-256, stored with zstd below
 * objects/, mode 0440, handed out as they came in. An object is there
 * whole or not at all, and durable before the entry that names it. One that
 * no entry names is harmless.
 */
#ifndef MIPO_STORE_OBJECT_H
#define MIPO_STORE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_state;

/*
 * The bytes of the longest object: as many as a member of a ustar archive
 * may have, by the eleven octal digits of its size. One that is longer could
 * never be handed to an auditor, nor the log that names it.
 */
#define MIPO_OBJECT_MOST ((UINT64_C(1) << 33) - 1)

extern uint64_t mipo_object_bound; /* that; tests of it set it lower */

struct mipo_objput; /* an object in the making; leaves no file when killed */

int mipo_objput_new(struct mipo_state *state, struct mipo_objput **ret_put,
    struct mipo_err *err);

/*
 * Adds len bytes; E_INPUT where they are too many. After a failure only _free
 * may follow.
 */
int mipo_objput_feed(struct mipo_objput *put, const void *p, size_t len,
    struct mipo_err *err);

/*
 * For who hashes the same bytes already: this one does not hash them again,
 * and is finished by finish_as. Right after new.
 */
void mipo_objput_unhashed(struct mipo_objput *put);

/* As finish, under the digest of all that was fed, as the caller has it. */
int mipo_objput_finish_as(struct mipo_objput *put, const uint8_t digest[32],
    struct mipo_err *err);

/*
 * Makes it durable under its name, ret_digest. An object of that name that
 * is already there stays. put is used up, and still to be freed.
 */
int mipo_objput_finish(struct mipo_objput *put, uint8_t ret_digest[32],
    struct mipo_err *err);
void mipo_objput_free(struct mipo_objput *put); /* NULL is nothing */

/* new, feed and finish in one. */
int mipo_object_put(struct mipo_state *state, const void *p, size_t len,
    uint8_t ret_digest[32], struct mipo_err *err);

struct mipo_objget; /* an object being read */

/*
 * Whoever asks has the name from the log, so that a missing object, or one
 * that is no plain file, is E_TAMPERED, naming it.
 */
int mipo_objget_new(struct mipo_state *state, const uint8_t digest[32],
    struct mipo_objget **ret_get, struct mipo_err *err);

/*
 * The next bytes (at most 256 KiB at a time, valid until the next call): 1,
 * or 0 at the end when the digest was right, or -1. E_TAMPERED: the bytes
 * are not those of the name; what was given out before must not be used.
 */
int mipo_objget_next(struct mipo_objget *get, const void **ret_p,
    size_t *ret_len, struct mipo_err *err);
void mipo_objget_free(struct mipo_objget *get);

/*
 * Calls back with the digest of every object by name, in ascending order; a
 * callback that returns non-zero ends it. Files that bear no object's name
 * are told with a NULL digest and their path.
 */
int mipo_object_each(struct mipo_state *state,
    int (*each)(void *arg, const uint8_t *digest, const char *path),
    void *arg, struct mipo_err *err);

#endif
