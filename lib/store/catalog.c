/* Baselines, alarms and configuration versions, as scans.h has them. */
#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "data/rec.h"
#include "store/config.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/scans.h"
#include "trust/entry.h"

int
mipo_baseline_find(struct mipo_state *state, const char *network,
    const char *vantage, const char *scope, struct mipo_scan_row *ret_row,
    bool *ret_found, struct mipo_err *err)
{
	struct mipo_db *db;
	struct mipo_q *q;
	int64_t seq = 0;
	int r;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db,
		"SELECT (SELECT max(s.seq) FROM scan s WHERE s.scan=b.scan "
		"AND s.seq<b.seq) FROM baseline b JOIN place p ON "
		"p.id=b.place WHERE p.network=?1 AND p.vantage=?2 AND "
		"b.scope=?3",
		&q, err) != 0)
		return -1;
	mipo_q_text(q, 1, network);
	mipo_q_text(q, 2, vantage);
	mipo_q_text(q, 3, scope);
	r = mipo_q_step(q, err);
	if (r > 0)
		seq = mipo_q_col_int(q, 0);
	mipo_q_done(q);
	/* What was approved, though another superseded it since. */
	if (r > 0 && mipo_scan_at(state, (uint64_t)seq, ret_row, err) != 0)
		return -1;
	if (r >= 0)
		*ret_found = r > 0;
	return r < 0 ? -1 : 0;
}

/* The approval that the row (seq, body) of q says entry seq is. */
static int
get_approval(
    struct mipo_q *q, struct mipo_entry *ret_entry, struct mipo_err *err)
{
	size_t len;
	const void *body = mipo_q_col_blob(q, 1, &len);

	if (len == 0)
		mipo_err_set(err, MIPO_E_TAMPERED, "it is missing");
	else if (mipo_entry_parse(body, len, ret_entry, err) == 0) {
		if (mipo_span_is(ret_entry->kind, "evidence.baseline"))
			return 0;
		mipo_err_set(err, MIPO_E_TAMPERED, "it approves no baseline");
	}
	(void)mipo_err_stored(err);
	return mipo_err_prefix(
	    err, "log entry %lld", (long long)mipo_q_col_int(q, 0));
}

int
mipo_baselines_each(struct mipo_state *state,
    int (*row)(void *arg, const struct mipo_entry *entry), void *arg,
    struct mipo_err *err)
{
	struct mipo_db *db;
	struct mipo_q *q;
	int r = 0, stop = 0;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db, "SELECT b.seq, l.body FROM baseline b LEFT JOIN "
		"leaf l ON l.seq=b.seq ORDER BY b.seq", &q, err) != 0)
		return -1;
	while (!stop && (r = mipo_q_step(q, err)) > 0) {
		struct mipo_entry entry;

		r = get_approval(q, &entry, err);
		if (r != 0)
			break;
		stop = row(arg, &entry);
	}
	mipo_q_done(q);
	return r < 0 ? -1 : 0;
}

static int
get_scanner(
    struct mipo_q *q, struct mipo_scanner *ret_scanner, struct mipo_err *err)
{
	size_t len;
	const void *pk = mipo_q_col_blob(q, 0, &len);

	memset(ret_scanner, 0, sizeof(*ret_scanner));
	if (len != MIPO_PK_LEN)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "the index has a key that cannot be: mipo-store rebuild");
	mipo_pub_set(&ret_scanner->pub, pk);
	mipo_q_copy(q, 1, ret_scanner->name, sizeof(ret_scanner->name));
	mipo_q_copy(
	    q, 2, ret_scanner->network, sizeof(ret_scanner->network));
	mipo_q_copy(
	    q, 3, ret_scanner->vantage, sizeof(ret_scanner->vantage));
	ret_scanner->seq = (uint64_t)mipo_q_col_int(q, 4);
	return 0;
}

int
mipo_scanners_each(struct mipo_state *state,
    int (*row)(void *arg, const struct mipo_scanner *scanner), void *arg,
    struct mipo_err *err)
{
	struct mipo_db *db;
	struct mipo_q *q;
	int r = 0, stop = 0;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db, "SELECT pub, name, network, vantage, seq FROM "
		"scanner ORDER BY seq, key", &q, err) != 0)
		return -1;
	while (!stop && (r = mipo_q_step(q, err)) > 0) {
		struct mipo_scanner scanner;

		r = get_scanner(q, &scanner, err);
		if (r != 0)
			break;
		stop = row(arg, &scanner);
	}
	mipo_q_done(q);
	return r < 0 ? -1 : 0;
}

int
mipo_alarms_each(struct mipo_state *state, bool with_resolved,
    int (*row)(void *arg, const struct mipo_rec *alarm), void *arg,
    struct mipo_err *err)
{
	struct mipo_db *db;
	struct mipo_q *q;
	int r = 0, stop = 0;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db, "SELECT record FROM alarm WHERE ?1 OR "
		"state<>'resolved' ORDER BY seq", &q, err) != 0)
		return -1;
	mipo_q_int(q, 1, with_resolved);
	while (!stop && (r = mipo_q_step(q, err)) > 0) {
		struct mipo_rec *rec = NULL;
		size_t len;
		const void *text = mipo_q_col_blob(q, 0, &len);

		if (mipo_rec_parse(text, len, &rec, err) != 0) {
			(void)mipo_err_stored(err);
			r = mipo_err_prefix(err, "the index of alarms");
			break;
		}
		stop = row(arg, rec);
		mipo_rec_free(rec);
	}
	mipo_q_done(q);
	return r < 0 ? -1 : 0;
}

int
mipo_config_known(struct mipo_state *state, const char *sha256,
    bool *ret_known, bool *ret_approved, struct mipo_err *err)
{
	struct mipo_db *db;
	struct mipo_q *q;
	int r;

	if (mipo_state_derived(state, &db, err) != 0 ||
	    mipo_q_new(db, "SELECT approved FROM config WHERE digest=?1", &q,
		err) != 0)
		return -1;
	mipo_q_text(q, 1, sha256);
	r = mipo_q_step(q, err);
	if (r >= 0) {
		*ret_known = r > 0;
		*ret_approved = r > 0 && mipo_q_col_int(q, 0) != 0;
	}
	mipo_q_done(q);
	return r < 0 ? -1 : 0;
}
