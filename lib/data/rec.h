/*
 * A record: one JSON object within our limits (design, section 4). The only
 * module that knows the JSON library. Values are named by path: keys and
 * list positions joined by dots, as in "actor.id" or "passes.0.pass".
 */
#ifndef MIPO_DATA_REC_H
#define MIPO_DATA_REC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_buf;
struct mipo_err;

struct mipo_rec;

#define MIPO_REC_MAX_WRITE 65536   /* bytes of a line we write, with LF */
#define MIPO_REC_MAX_READ  1048576 /* bytes of a line we read */
#define MIPO_REC_MAX_SCOPE (64 << 20) /* of a scan.start and its scan.scope */
#define MIPO_REC_MAX_DEPTH 8
#define MIPO_REC_MAX_KEYS  512 /* of one object */
#define MIPO_INT_MAX	   ((INT64_C(1) << 53) - 1)

/* An empty object. */
struct mipo_rec *mipo_rec_new(struct mipo_err *err);

/* An object with v = 1, type and ts (wall clock of now). */
struct mipo_rec *mipo_rec_start(const char *type, struct mipo_err *err);

struct mipo_rec *mipo_rec_dup(
    const struct mipo_rec *rec, struct mipo_err *err);
void mipo_rec_free(struct mipo_rec *rec);

/*
 * Strict: one object, keys [a-z][a-z0-9_]{0,63}, no duplicate key, integers
 * within +-(2^53-1), no reals, depth <= 8, UTF-8, nothing after it. Blanks
 * between tokens are accepted (canonical or not: mipo_rec_is_canon).
 */
int mipo_rec_parse(const char *text, size_t len, struct mipo_rec **ret_rec,
    struct mipo_err *err);

/* The same up to max bytes, for what we stored ourselves. */
int mipo_rec_parse_max(const char *text, size_t len, size_t max,
    struct mipo_rec **ret_rec, struct mipo_err *err);

/* What is at path; NONE when nothing is. */
enum mipo_kind {
	MIPO_K_NONE, MIPO_K_STR, MIPO_K_INT, MIPO_K_BOOL,
	MIPO_K_NULL, MIPO_K_LIST, MIPO_K_OBJ
};
enum mipo_kind mipo_rec_kind(const struct mipo_rec *rec, const char *path);

/* Reading. Absent, or of another type: NULL, false, 0. Strings stay rec's. */
bool mipo_rec_has(const struct mipo_rec *rec, const char *path);
const char *mipo_rec_str(const struct mipo_rec *rec, const char *path);
bool mipo_rec_int(
    const struct mipo_rec *rec, const char *path, int64_t *ret_n);
bool mipo_rec_bool(
    const struct mipo_rec *rec, const char *path, bool *ret_b);
size_t mipo_rec_len(const struct mipo_rec *rec, const char *path); /* list */

/* A copy of the object at path; an error when there is none. */
int mipo_rec_sub(const struct mipo_rec *rec, const char *path,
    struct mipo_rec **ret_sub, struct mipo_err *err);

/*
 * Writing, top level keys only. Replaces what is there. Failures (memory,
 * bad UTF-8, integer out of range) are sticky and told by mipo_rec_ok.
 * add appends to the list under key and makes the list where there is none.
 * A NULL rec (a failed mipo_rec_new) or NULL sub is memory that was out.
 */
void mipo_rec_put_str(struct mipo_rec *rec, const char *key, const char *s);
void mipo_rec_put_int(struct mipo_rec *rec, const char *key, int64_t n);
void mipo_rec_put_bool(struct mipo_rec *rec, const char *key, bool b);
void mipo_rec_put_hex(
    struct mipo_rec *rec, const char *key, const void *p, size_t len);
void mipo_rec_put_time(struct mipo_rec *rec, const char *key, int64_t ms);
void mipo_rec_put_list(struct mipo_rec *rec, const char *key); /* empty */
void mipo_rec_put_rec_take(
    struct mipo_rec *rec, const char *key, struct mipo_rec *sub);
void mipo_rec_add_str(struct mipo_rec *rec, const char *key, const char *s);
void mipo_rec_add_int(struct mipo_rec *rec, const char *key, int64_t n);
void mipo_rec_add_rec_take(
    struct mipo_rec *rec, const char *key, struct mipo_rec *sub);
/* Appends all that is in from's list under key, or nothing. */
void mipo_rec_add_all(
    struct mipo_rec *rec, const char *key, const struct mipo_rec *from);
/* Appends the pair [a,b] to the list under key (index intervals). */
void mipo_rec_add_pair(
    struct mipo_rec *rec, const char *key, int64_t a, int64_t b);
void mipo_rec_del(struct mipo_rec *rec, const char *key);

/* 0 when every write was kept. */
int mipo_rec_ok(const struct mipo_rec *rec, struct mipo_err *err);

/*
 * Appends the canonical bytes (RFC 8785 for our subset: no blanks, keys in
 * byte order, escapes as JCS has them), no LF. Includes mipo_rec_ok.
 */
int mipo_rec_canon(const struct mipo_rec *rec, struct mipo_buf *buf,
    struct mipo_err *err);

/* Whether text is byte for byte the canonical form of a record. */
bool mipo_rec_is_canon(const char *text, size_t len);

/*
 * The next top-level key in byte order after key (NULL: the first), or
 * NULL. For exporters and validation that walk a whole record.
 */
const char *mipo_rec_next_key(const struct mipo_rec *rec, const char *key);

/*
 * Our allocator and a random hash seed for the JSON library. Done lazily,
 * once; call it before confinement, since it reads /dev/urandom.
 */
void mipo_rec_init(void);

#endif
