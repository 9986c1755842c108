/*
 * The database, seen from inside the store: the only includer of SQLite.
 * Statements are kept by the address of their text, which must be a string
 * constant. Binding never fails aloud; the step that follows tells.
 */
#ifndef MIPO_STORE_DB_H
#define MIPO_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_buf;
struct mipo_err;

struct mipo_db;
struct mipo_q; /* one statement in use */

enum mipo_db_mode { MIPO_DB_READ, MIPO_DB_WRITE, MIPO_DB_CREATE };

/*
 * Opens path with our safety settings. CREATE makes an empty WAL database of
 * mode 0640. Refuses network file systems. The schema is schema.h's work.
 */
int mipo_db_open(const char *path, enum mipo_db_mode mode,
    struct mipo_db **ret_db, struct mipo_err *err);

/* An empty private database that is gone when it is closed. */
int mipo_db_open_temp(struct mipo_db **ret_db, struct mipo_err *err);

/*
 * NULL is nothing. A long WAL of a writer is moved into the database first,
 * where nobody is in the way, since every process that comes reads it.
 */
void mipo_db_close(struct mipo_db *db);

/* Runs one or more statements that give no rows. */
int mipo_db_exec(struct mipo_db *db, const char *sql, struct mipo_err *err);

/* As exec, waiting for other processes' locks at most ms. */
int mipo_db_begin_write(
    struct mipo_db *db, uint64_t wait_ms, struct mipo_err *err);

/* A number that one row gives; absent where there is none. */
int mipo_db_number(struct mipo_db *db, const char *sql, int64_t absent,
    int64_t *ret_n, struct mipo_err *err);

/* Takes a statement; give it back with mipo_q_done. */
int mipo_q_new(struct mipo_db *db, const char *sql, struct mipo_q **ret_q,
    struct mipo_err *err);
void mipo_q_done(struct mipo_q *q); /* resets; NULL is nothing */

/* Parameters count from 1. Text and blobs are borrowed until the reset. */
void mipo_q_int(struct mipo_q *q, int at, int64_t n);
void mipo_q_text(struct mipo_q *q, int at, const char *s); /* NULL: null */
void mipo_q_blob(struct mipo_q *q, int at, const void *p, size_t len);

/* 1 a row, 0 done, -1. */
int mipo_q_step(struct mipo_q *q, struct mipo_err *err);

/* Resets for the next parameters; those not bound again stay. */
void mipo_q_again(struct mipo_q *q);

/* step where no row is expected, then reset for the next parameters. */
int mipo_q_run(struct mipo_q *q, struct mipo_err *err);

/* Columns count from 0; pointers stay valid until the next step. */
int64_t mipo_q_col_int(struct mipo_q *q, int at);
const char *mipo_q_col_text(struct mipo_q *q, int at); /* never NULL */
const void *mipo_q_col_blob(struct mipo_q *q, int at, size_t *ret_len);

/*
 * How many columns there are; a column for people, hostile bytes escaped,
 * and of a long blob its length and SHA-256.
 */
int mipo_q_columns(struct mipo_q *q);
void mipo_q_show(struct mipo_q *q, int at, struct mipo_buf *buf);

/* Which row comes first by its leading columns, keys of them: <0, 0, >0. */
int mipo_q_order(struct mipo_q *a, struct mipo_q *b, int keys);

/* Copies text into a fixed field; cut where it is longer. */
void mipo_q_copy(struct mipo_q *q, int at, char *ret_s, size_t size);

#endif
