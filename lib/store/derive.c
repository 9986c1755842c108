#include "store/derive.h"

#include <string.h>

#include "base/err.h"
#include "data/rec.h"
#include "store/apply.h"
#include "store/db.h"
#include "store/door-in.h"
#include "store/inside.h"
#include "store/lognodes.h"
#include "store/rebuild.h"
#include "store/schema.h"
#include "trust/entry.h"

static int
one_entry(struct mipo_apply *apply, const void *body, size_t len,
    struct mipo_rebuilt *done, struct mipo_err *err)
{
	struct mipo_entry entry;
	struct mipo_rec *rec = NULL;
	char kind[65] = "";
	int r;

	if (mipo_entry_parse(body, len, &entry, err) != 0)
		return -1;
	if (entry.seq != apply->seq)
		return mipo_err_set(
		    err, MIPO_E_TAMPERED, "it says that it is another");
	apply->time_ms = entry.stamp.time_ms;
	done->entries++;
	if (entry.kind.len >= sizeof(kind))
		return 0;
	memcpy(kind, entry.kind.p, entry.kind.len);
	if (!mipo_apply_knows(kind))
		return 0;
	done->looks += strcmp(kind, "scan.end") == 0;
	if (mipo_entry_rec(entry.data, &rec, err) != 0)
		return -1;
	r = mipo_apply(apply, kind, rec, err);
	mipo_rec_free(rec);
	return r;
}

/* An error that another entry need not have. */
static bool
is_of_entry(const struct mipo_err *err)
{
	return err->code == MIPO_E_TAMPERED || err->code == MIPO_E_NOTFOUND ||
	    err->code == MIPO_E_INPUT;
}

/* The row that q stands on; *due is the seq that it must have. */
static int
one_row(struct mipo_apply *apply, struct mipo_q *q, int64_t *due,
    struct mipo_rebuilt *done, struct mipo_err *err)
{
	size_t len;
	const void *body = mipo_q_col_blob(q, 1, &len);
	int64_t seq = mipo_q_col_int(q, 0), was = *due;

	apply->seq = (uint64_t)seq;
	if (seq >= 0)
		*due = seq + 1;
	if (seq < 0)
		mipo_err_set(err, MIPO_E_TAMPERED, "no entry has that number");
	else if (seq != was)
		mipo_err_set(err, MIPO_E_TAMPERED,
		    "%lld was due: entries are missing", (long long)was);
	else if (one_entry(apply, body, len, done, err) == 0)
		return 0;
	return mipo_err_prefix(err, "log entry %lld", (long long)seq);
}

int
mipo_derive(struct mipo_state *state, struct mipo_db *into,
    struct mipo_derive_lost *lost, struct mipo_rebuilt *ret_done,
    struct mipo_err *err)
{
	struct mipo_apply apply = {.state = state, .db = into};
	struct mipo_rebuilt done = {0};
	struct mipo_q *q;
	int64_t due = 0;
	int r;

	if (mipo_q_new(mipo_state_db(state),
		"SELECT seq, body FROM leaf ORDER BY seq", &q, err) != 0)
		return -1;
	while ((r = mipo_q_step(q, err)) > 0) {
		struct mipo_err why = {0};

		if (one_row(&apply, q, &due, &done, &why) == 0)
			continue;
		if (lost == NULL || !is_of_entry(&why)) {
			(void)mipo_err_stored(&why);
			*err = why;
			r = -1;
			break;
		}
		lost->any = true;
		lost->say(lost->arg, why.text);
	}
	mipo_q_done(q);
	if (r == 0)
		*ret_done = done;
	return r;
}

/*
 * Nodes that follow from whatever entries are there would make what was
 * changed look whole: they must give what the newest checkpoint signs.
 */
static int
restore_nodes(struct mipo_db *db, bool *ret_restored, struct mipo_err *err)
{
	struct mipo_chain chain;

	if (mipo_lognodes_restore(db, ret_restored, err) != 0)
		return -1;
	return mipo_door_head(db, NULL, &chain, err);
}

int
mipo_rebuild(struct mipo_state *state, struct mipo_rebuilt *ret_done,
    struct mipo_err *err)
{
	struct mipo_db *db = mipo_state_db(state);
	struct mipo_rebuilt done;
	bool restored;

	if (mipo_db_begin_write(db, 30000, err) != 0)
		return -1;
	if (mipo_schema_renew(db, err) != 0 ||
	    mipo_derive(state, db, NULL, &done, err) != 0 ||
	    restore_nodes(db, &restored, err) != 0 ||
	    mipo_db_exec(db, "COMMIT", err) != 0) {
		(void)mipo_db_exec(db, "ROLLBACK", NULL);
		return mipo_err_prefix(err, "rebuild");
	}
	done.nodes = restored;
	mipo_state_set_current(state, true);
	if (ret_done != NULL)
		*ret_done = done;
	return 0;
}
