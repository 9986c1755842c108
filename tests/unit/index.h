/* Asking the index of a state, for tests. */
#ifndef MIPO_TESTS_INDEX_H
#define MIPO_TESTS_INDEX_H

#include "look.h"

#include "store/db.h"
#include "store/inside.h"
#include "store/rebuild.h"
#include "store/schema.h"

/* All rows of all derived tables, as one digest. */
static inline void
index_digest(struct mipo_state *state, uint8_t digest[32])
{
	struct mipo_err err = {0};
	struct mipo_hash *hash = mipo_hash_new(&err);
	struct mipo_buf buf;

	mipo_buf_init(&buf, 1 << 20);
	for (const struct mipo_derived *t = mipo_derived_tables;
	     t->name != NULL; t++) {
		struct mipo_q *q;

		ck_ok(mipo_q_new(mipo_state_db(state), t->sql, &q, &err));
		while (mipo_q_step(q, &err) > 0) {
			mipo_buf_clear(&buf);
			mipo_buf_puts(&buf, t->name);
			for (int i = 0; i < mipo_q_columns(q); i++) {
				mipo_buf_putc(&buf, ' ');
				mipo_q_show(q, i, &buf);
			}
			mipo_hash_add(hash, buf.data, buf.len);
		}
		mipo_q_done(q);
	}
	mipo_hash_final(hash, digest);
	mipo_hash_free(hash);
	mipo_buf_release(&buf);
}

static inline void
index_say(void *arg, const char *text)
{
	(void)snprintf(arg, 600, "%s", text);
}

/* The index must be what log and objects give, by check and by rebuild. */
static inline void
must_agree(struct mipo_state *state)
{
	struct mipo_err err = {0};
	struct mipo_checked checked;
	uint8_t before[32], after[32];
	char said[600] = "";

	ck_ok(mipo_check(state, index_say, said, &checked, &err));
	ck_assert_msg(checked.differences == 0, "%s", said);
	index_digest(state, before);
	ck_ok(mipo_rebuild(state, NULL, &err));
	index_digest(state, after);
	ck_assert_mem_eq(before, after, 32);
}

/* State of a binding in the index; 0: none. */
static inline int
state_of(struct mipo_state *state, const char *ip, int port)
{
	struct mipo_err err = {0};
	struct mipo_addr addr;
	uint8_t key[17];
	struct mipo_q *q;
	int found = 0;

	ck_ok(mipo_addr_parse(ip, &addr, &err));
	key[0] = addr.family;
	memcpy(key + 1, addr.b, mipo_addr_size(&addr));
	ck_ok(mipo_q_new(mipo_state_db(state), "SELECT state FROM binding b "
		"JOIN place p ON p.id=b.place WHERE p.vantage='v' AND "
		"ip=?1 AND port=?2", &q, &err));
	mipo_q_blob(q, 1, key, 1 + mipo_addr_size(&addr));
	mipo_q_int(q, 2, port);
	if (mipo_q_step(q, &err) > 0)
		found = (int)mipo_q_col_int(q, 0);
	mipo_q_done(q);
	return found;
}

static inline int64_t
count(struct mipo_state *state, const char *sql)
{
	struct mipo_err err = {0};
	int64_t n = -1;

	ck_ok(mipo_db_number(mipo_state_db(state), sql, 0, &n, &err));
	return n;
}

static inline struct mipo_key *
scanner_key(const struct place *place)
{
	struct mipo_err err = {0};
	struct mipo_key *key = NULL;
	char path[128];

	(void)snprintf(
	    path, sizeof(path), "%s/keys/scanner.key", place->state);
	ck_ok(mipo_key_load(path, &key, &err));
	return key;
}

/* access.scanner of that key and place; NULL: any. */
static inline struct mipo_rec *
scanner_rec(
    const struct mipo_key *key, const char *network, const char *vantage)
{
	struct mipo_err err = {0};
	struct mipo_rec *rec = mipo_rec_start("access.scanner", &err);
	struct mipo_buf b64;

	mipo_buf_init(&b64, 100);
	mipo_b64(&b64, mipo_key_pub(key)->pk, MIPO_PK_LEN);
	mipo_rec_put_str(rec, "key", mipo_key_pub(key)->id);
	mipo_rec_put_str(rec, "pub", mipo_buf_str(&b64, &err));
	mipo_rec_put_str(rec, "name", "other");
	if (network != NULL)
		mipo_rec_put_str(rec, "network", network);
	if (vantage != NULL)
		mipo_rec_put_str(rec, "vantage", vantage);
	mipo_buf_release(&b64);
	return rec;
}

static inline void
enroll(struct mipo_state *state, const struct mipo_key *key,
    const char *network, const char *vantage)
{
	struct mipo_rec *rec = scanner_rec(key, network, vantage);
	struct mipo_err err = {0};
	struct mipo_actor actor;
	struct mipo_door *door = NULL;

	mipo_actor_find(&actor);
	ck_ok(mipo_door_open(
	    state, &actor, "access.scanner", 5000, &door, &err));
	ck_ok(mipo_door_add(door, rec, NULL, &err));
	ck_ok(mipo_door_commit(door, NULL, &err));
	mipo_rec_free(rec);
}

#endif
