#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/db-in.h"
#include "trust/hash.h"

static struct mipo_q *
find_kept(struct mipo_db *db, const char *sql)
{
	for (struct mipo_q *q = db->kept; q != NULL; q = q->next)
		if (q->sql == sql && !q->busy)
			return q;
	return NULL;
}

int
mipo_q_new(struct mipo_db *db, const char *sql, struct mipo_q **ret_q,
    struct mipo_err *err)
{
	struct mipo_q *q = find_kept(db, sql);
	int rc;

	if (q == NULL) {
		q = mipo_calloc(1, sizeof(*q), err);
		if (q == NULL)
			return -1;
		rc = sqlite3_prepare_v3(db->sq, sql, -1,
		    SQLITE_PREPARE_PERSISTENT, &q->stmt, NULL);
		if (rc != SQLITE_OK) {
			free(q);
			return mipo_db_fail(db, rc, "database", err);
		}
		q->db = db;
		q->sql = sql;
		q->next = db->kept;
		db->kept = q;
	}
	q->busy = true;
	q->ended = false;
	q->bad = SQLITE_OK;
	*ret_q = q;
	return 0;
}

void
mipo_q_done(struct mipo_q *q)
{
	if (q == NULL)
		return;
	(void)sqlite3_reset(q->stmt);
	(void)sqlite3_clear_bindings(q->stmt);
	q->busy = false;
}

static void
bound(struct mipo_q *q, int rc)
{
	if (q->bad == SQLITE_OK)
		q->bad = rc;
}

void
mipo_q_int(struct mipo_q *q, int at, int64_t n)
{
	bound(q, sqlite3_bind_int64(q->stmt, at, n));
}

void
mipo_q_text(struct mipo_q *q, int at, const char *s)
{
	bound(q, sqlite3_bind_text(q->stmt, at, s, -1, SQLITE_STATIC));
}

void
mipo_q_blob(struct mipo_q *q, int at, const void *p, size_t len)
{
	bound(q, sqlite3_bind_blob64(q->stmt, at, len == 0 ? "" : p, len,
	    SQLITE_STATIC));
}

int
mipo_q_step(struct mipo_q *q, struct mipo_err *err)
{
	int rc = q->bad;

	if (q->ended)
		return 0; /* SQLite would begin again */
	if (rc == SQLITE_OK)
		rc = sqlite3_step(q->stmt);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE) {
		q->ended = true;
		return 0;
	}
	return mipo_db_fail(q->db, rc, "database", err);
}

void
mipo_q_again(struct mipo_q *q)
{
	(void)sqlite3_reset(q->stmt);
	q->ended = false;
}

int
mipo_q_run(struct mipo_q *q, struct mipo_err *err)
{
	int r = mipo_q_step(q, err);

	mipo_q_again(q);
	if (r > 0)
		return mipo_err_set(
		    err, MIPO_E_INTERNAL, "database: a row from %s", q->sql);
	return r;
}

int64_t
mipo_q_col_int(struct mipo_q *q, int at)
{
	return sqlite3_column_int64(q->stmt, at);
}

const char *
mipo_q_col_text(struct mipo_q *q, int at)
{
	const unsigned char *s = sqlite3_column_text(q->stmt, at);

	return s == NULL ? "" : (const char *)s;
}

const void *
mipo_q_col_blob(struct mipo_q *q, int at, size_t *ret_len)
{
	const void *p = sqlite3_column_blob(q->stmt, at);

	*ret_len = p == NULL ? 0 : (size_t)sqlite3_column_bytes(q->stmt, at);
	return p == NULL ? "" : p;
}

void
mipo_q_copy(struct mipo_q *q, int at, char *ret_s, size_t size)
{
	const char *s = mipo_q_col_text(q, at);
	size_t len = strlen(s);

	if (len >= size)
		len = size - 1;
	memcpy(ret_s, s, len);
	ret_s[len] = '\0';
}

int
mipo_db_number(struct mipo_db *db, const char *sql, int64_t absent,
    int64_t *ret_n, struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	if (mipo_q_new(db, sql, &q, err) != 0)
		return -1;
	r = mipo_q_step(q, err);
	if (r >= 0)
		*ret_n = r == 0 ? absent : mipo_q_col_int(q, 0);
	mipo_q_done(q);
	return r < 0 ? -1 : 0;
}

int
mipo_q_columns(struct mipo_q *q)
{
	return sqlite3_column_count(q->stmt);
}

#define SHOW_MAX 64 /* longer ones are shown by what they hash to */

static void
show_blob(const void *p, size_t len, struct mipo_buf *buf)
{
	uint8_t digest[MIPO_HASH_LEN];

	if (len <= SHOW_MAX) {
		mipo_buf_put_hex(buf, p, len);
		return;
	}
	mipo_hash(p, len, digest);
	mipo_buf_putf(buf, "%zu bytes of SHA-256 ", len);
	mipo_buf_put_hex(buf, digest, sizeof(digest));
}

void
mipo_q_show(struct mipo_q *q, int at, struct mipo_buf *buf)
{
	size_t len;
	const void *p;

	switch (sqlite3_column_type(q->stmt, at)) {
	case SQLITE_INTEGER:
		mipo_buf_put_i64(buf, mipo_q_col_int(q, at));
		break;
	case SQLITE_TEXT:
		p = mipo_q_col_text(q, at);
		mipo_text_show(buf, p, strlen(p));
		break;
	default:
		p = mipo_q_col_blob(q, at, &len);
		show_blob(p, len, buf);
	}
}

/* memcmp's order, then the shorter one first, as SQLite has it. */
static int
bytes_order(struct mipo_q *a, struct mipo_q *b, int at)
{
	size_t la, lb;
	const void *pa = mipo_q_col_blob(a, at, &la);
	const void *pb = mipo_q_col_blob(b, at, &lb);
	int order = memcmp(pa, pb, la < lb ? la : lb);

	return order != 0 ? order : (la > lb) - (la < lb);
}

int
mipo_q_order(struct mipo_q *a, struct mipo_q *b, int keys)
{
	for (int i = 0; i < keys; i++) {
		int64_t na = mipo_q_col_int(a, i), nb = mipo_q_col_int(b, i);
		int order = (na > nb) - (na < nb);

		if (sqlite3_column_type(b->stmt, i) != SQLITE_INTEGER)
			order = bytes_order(a, b, i);
		if (order != 0)
			return order;
	}
	return 0;
}
