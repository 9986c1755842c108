#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "store/db.h"
#include "store/derive.h"
#include "store/inside.h"
#include "store/lognodes.h"
#include "store/object.h"
#include "store/rebuild.h"
#include "store/schema.h"
#include "store/state.h"
#include "trust/hash.h"

#define SAID_MAX 100

struct check {
	struct mipo_state *state;
	mipo_check_say *say;
	void *arg;
	struct mipo_checked done;
	struct mipo_q *named; /* whether a look names a digest */
	struct mipo_err *err;
};

static void
say(struct check *check, const char *text)
{
	if (check->done.differences++ < SAID_MAX)
		check->say(check->arg, text);
}

/* The columns of the row that q stands on, for comparing and for people. */
static void
row_text(struct mipo_q *q, struct mipo_buf *buf)
{
	int columns = mipo_q_columns(q);

	mipo_buf_clear(buf);
	for (int i = 0; i < columns; i++) {
		mipo_buf_putc(buf, i == 0 ? '(' : ' ');
		mipo_q_show(q, i, buf);
	}
	mipo_buf_putc(buf, ')');
}

static void
tell(struct check *check, const struct mipo_derived *table, const char *what,
    struct mipo_buf *row)
{
	struct mipo_buf text;
	const char *s = mipo_buf_str(row, NULL);

	mipo_buf_init(&text, 4096);
	mipo_buf_putf(&text, "index %s: %s %.600s", table->name, what,
	    s == NULL ? "" : s);
	s = mipo_buf_str(&text, NULL);
	say(check, s == NULL ? table->name : s);
	mipo_buf_release(&text);
}

/* Both sides in order of their first columns; equal rows go together. */
struct side {
	struct mipo_q *q;
	struct mipo_buf row;
	bool has;
};

static int
next(struct side *side, struct mipo_err *err)
{
	int r = mipo_q_step(side->q, err);

	side->has = r > 0;
	if (r > 0)
		row_text(side->q, &side->row);
	return r < 0 ? -1 : mipo_buf_ok(&side->row, err);
}

/* Which side's row comes first; 0 for two rows of one key. */
static int
order_of(const struct mipo_derived *table, const struct side *have,
    const struct side *want)
{
	if (!have->has)
		return 1;
	if (!want->has)
		return -1;
	return mipo_q_order(have->q, want->q, table->keys);
}

static bool
same(const struct mipo_buf *a, const struct mipo_buf *b)
{
	return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static int
compare_rows(struct check *check, const struct mipo_derived *table,
    struct side *have, struct side *want)
{
	if (next(have, check->err) != 0 || next(want, check->err) != 0)
		return -1;
	while (have->has || want->has) {
		int order = order_of(table, have, want);

		if (order < 0)
			tell(check, table, "too much:", &have->row);
		else if (order > 0)
			tell(check, table, "missing:", &want->row);
		else if (!same(&have->row, &want->row)) {
			tell(check, table, "found:", &have->row);
			tell(check, table, "due:", &want->row);
		}
		if (order <= 0 && next(have, check->err) != 0)
			return -1;
		if (order >= 0 && next(want, check->err) != 0)
			return -1;
	}
	return 0;
}

static int
compare_table(struct check *check, struct mipo_db *fresh,
    const struct mipo_derived *table)
{
	struct side have = {0}, want = {0};
	int r = -1;

	mipo_buf_init(&have.row, 4 << 20);
	mipo_buf_init(&want.row, 4 << 20);
	if (mipo_q_new(mipo_state_db(check->state), table->sql, &have.q,
		check->err) == 0 &&
	    mipo_q_new(fresh, table->sql, &want.q, check->err) == 0)
		r = compare_rows(check, table, &have, &want);
	mipo_q_done(have.q);
	mipo_q_done(want.q);
	mipo_buf_release(&have.row);
	mipo_buf_release(&want.row);
	return r;
}

static int
compare_tables(struct check *check, struct mipo_db *fresh)
{
	for (const struct mipo_derived *t = mipo_derived_tables;
	     t->name != NULL; t++)
		if (compare_table(check, fresh, t) != 0)
			return -1;
	return 0;
}

/* One object's file: its name must be the digest of what is in it. */
static int
check_object(void *arg, const uint8_t *digest, const char *path)
{
	struct check *check = arg;
	char hex[65];
	int r;

	if (digest == NULL) {
		check->done.spare++;
		return 0;
	}
	(void)path;
	mipo_text_hex(digest, 32, hex);
	mipo_q_again(check->named);
	mipo_q_text(check->named, 1, hex);
	r = mipo_q_step(check->named, check->err);
	if (r == 0)
		check->done.spare++;
	return r < 0;
}

static void
lost(void *arg, const char *text)
{
	say(arg, text);
}

/* What becomes of each side object is open, but not what is in it. */
static int
check_sides(struct check *check)
{
	struct mipo_q *q;
	int r;

	if (mipo_q_new(mipo_state_db(check->state),
		"SELECT digest, body FROM side", &q, check->err) != 0)
		return -1;
	while ((r = mipo_q_step(q, check->err)) > 0) {
		size_t len, n;
		const void *digest = mipo_q_col_blob(q, 0, &n);
		const void *body = mipo_q_col_blob(q, 1, &len);
		uint8_t is[MIPO_HASH_LEN];
		char text[160] = "a side object has no digest";

		mipo_hash(body, len, is);
		if (n == sizeof(is) && memcmp(is, digest, n) == 0)
			continue;
		if (n == sizeof(is)) {
			memcpy(text, "side object ", 13);
			mipo_text_hex(digest, n, text + 12);
			memcpy(text + 12 + 2 * n, ": its bytes are others", 23);
		}
		say(check, text);
	}
	mipo_q_done(q);
	return r;
}

/* The log's own tables, as far as they follow from one another. */
static int
check_log(struct check *check, struct mipo_db *fresh)
{
	static const struct mipo_derived node = {
	    "node", "SELECT last, level, hash FROM node ORDER BY last, level",
	    2};
	struct mipo_err why = {0};

	if (check_sides(check) != 0)
		return -1;
	if (mipo_lognodes_derive(
		mipo_state_db(check->state), fresh, &why) == 0)
		return compare_table(check, fresh, &node);
	if (why.code != MIPO_E_TAMPERED) {
		*check->err = why;
		return -1;
	}
	say(check, why.text);
	return 0;
}

static int
run(struct check *check, struct mipo_db *fresh)
{
	struct mipo_derive_lost gone = {lost, check, false};
	int r;

	if (mipo_schema_create(fresh, check->err) != 0 ||
	    mipo_db_exec(fresh, "BEGIN", check->err) != 0 ||
	    mipo_derive(check->state, fresh, &gone, &check->done.read,
		check->err) != 0 ||
	    check_log(check, fresh) != 0 ||
	    (!gone.any && compare_tables(check, fresh) != 0) ||
	    mipo_q_new(fresh, "SELECT 1 FROM scan WHERE stream=?1",
		&check->named, check->err) != 0)
		return -1;
	/* A look that was lost may name what seems to be spare. */
	r = gone.any ? 0
		     : mipo_object_each(
			   check->state, check_object, check, check->err);
	mipo_q_done(check->named);
	return r != 0 || check->err->code != MIPO_E_NONE ? -1 : 0;
}

int
mipo_check(struct mipo_state *state, mipo_check_say *tell_it, void *arg,
    struct mipo_checked *ret_checked, struct mipo_err *err)
{
	struct check check = {
	    .state = state, .say = tell_it, .arg = arg, .err = err};
	struct mipo_db *db, *fresh = NULL;
	int r;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_db_open_temp(&fresh, err) != 0)
		return -1;
	r = mipo_state_read_begin(state, err);
	if (r == 0) {
		r = run(&check, fresh);
		mipo_state_read_end(state);
	}
	mipo_db_close(fresh);
	if (r == 0)
		*ret_checked = check.done;
	return r;
}
