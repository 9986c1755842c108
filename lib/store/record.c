#include "store/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "data/obs.h"
#include "data/rec.h"
#include "data/shard.h"
#include "store/apply.h"
#include "store/claims.h"
#include "store/db.h"
#include "store/door-in.h"
#include "store/inside.h"
#include "store/interrupted.h"
#include "store/object.h"
#include "store/sheet.h"
#include "store/state.h"
#include "trust/look.h"

struct mipo_record {
	struct mipo_state *state;
	struct mipo_db *db;
	struct mipo_look *look;
	struct mipo_objput *object;
	struct mipo_sheet *sheet; /* NULL before the scope is whole */
	uint64_t lines;
};

int
mipo_record_new(struct mipo_state *state, struct mipo_record **ret_record,
    struct mipo_err *err)
{
	struct mipo_record *record = mipo_calloc(1, sizeof(*record), err);

	if (record == NULL)
		return -1;
	record->state = state;
	record->look = mipo_look_new(err);
	if (record->look == NULL ||
	    mipo_state_derived(state, &record->db, err) != 0 ||
	    mipo_objput_new(state, &record->object, err) != 0) {
		mipo_record_free(record);
		return -1;
	}
	mipo_look_take_hosts(record->look);
	mipo_objput_unhashed(record->object); /* the look hashes */
	*ret_record = record;
	return 0;
}

void
mipo_record_free(struct mipo_record *record)
{
	if (record == NULL)
		return;
	mipo_look_free(record->look);
	mipo_objput_free(record->object);
	mipo_sheet_free(record->sheet);
	free(record);
}

static int
take_start(struct mipo_record *record, struct mipo_err *err)
{
	const struct mipo_rec *start = mipo_look_start(record->look);
	const char *network = mipo_rec_str(start, "network");
	const char *vantage = mipo_rec_str(start, "vantage");
	int64_t old;

	if (strlen(network) > 63 || strlen(vantage) > 63)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "scan.start: network and vantage are at most 63 bytes");
	/* One that is trusted already is superseded by none. */
	if (mipo_scan_free(record->db, mipo_rec_str(start, "scan"),
		MIPO_STANDING_TRUSTED, &old, err) != 0)
		return -1;
	if (mipo_sheet_new(start, &record->sheet, err) != 0)
		return -1;
	/* Of a scope that was cut nothing can be computed. */
	return mipo_look_missing(record->look) > 0
	    ? 0
	    : mipo_claims_start(record->sheet, err);
}

/* A receipt that claims a registered key must be signed by it. */
static int
take_end(struct mipo_record *record, struct mipo_err *err)
{
	const struct mipo_rec *end = mipo_look_end(record->look);
	const char *trust;
	int64_t old;

	if (mipo_rec_has(end, "origin"))
		return mipo_err_set(err, MIPO_E_INPUT,
		    "scan.end: origin is the store's own word");
	if (mipo_trust_of(record->db, mipo_look_start(record->look), end,
		&trust, err) != 0)
		return -1;
	if (strcmp(trust, "bad") == 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "scan.end: its signature does not hold");
	return mipo_scan_free(record->db, mipo_rec_str(end, "scan"),
	    mipo_standing_of(end, trust), &old, err);
}

int
mipo_record_line(struct mipo_record *record, const char *line, size_t len,
    bool *ret_end, struct mipo_err *err)
{
	enum mipo_look_kind kind;
	struct mipo_obs obs;

	if (mipo_look_feed(record->look, line, len, &kind, &obs, err) != 0)
		return -1;
	*ret_end = kind == MIPO_LOOK_END;
	if (kind == MIPO_LOOK_END)
		return take_end(record, err);
	if (kind == MIPO_LOOK_START && take_start(record, err) != 0)
		return -1;
	if (kind == MIPO_LOOK_OBS &&
	    mipo_sheet_add(record->sheet, &obs, err) != 0)
		return -1;
	record->lines++;
	if (mipo_objput_feed(record->object, line, len, err) != 0 ||
	    mipo_objput_feed(record->object, "\n", 1, err) != 0)
		return mipo_err_prefix(err, "scan %s",
		    mipo_rec_str(mipo_look_start(record->look), "scan"));
	return 0;
}

static int
compare(struct mipo_record *record, const struct mipo_rec *end,
    struct mipo_err *err)
{
	int r;

	if (mipo_state_read_begin(record->state, err) != 0)
		return -1;
	r = mipo_sheet_settle(record->sheet, record->db, end,
	    mipo_clock_wall_ms(), NULL, err);
	mipo_state_read_end(record->state);
	return r;
}

/* All that needs no lock: claims checked, sheet compared, object on disk. */
static int
prepare(struct mipo_record *record, const struct mipo_rec *end, bool own,
    struct mipo_err *err)
{
	struct mipo_claims *claims = NULL;
	struct mipo_err wrong = {0};
	uint8_t digest[32];
	int64_t old;
	int r;

	if (own &&
	    mipo_scan_free(record->db, mipo_rec_str(end, "scan"),
		MIPO_STANDING_CUT, &old, err) != 0)
		return -1;
	if (!own &&
	    (mipo_claims_end(record->sheet, end, err) != 0 ||
		mipo_claims_state_start(
		    record->sheet, end, &claims, err) != 0))
		return -1;
	r = compare(record, end, err);
	if (mipo_claims_state_finish(claims, &wrong) != 0 && r == 0) {
		*err = wrong;
		r = -1;
	}
	mipo_look_digest(record->look, digest);
	return r != 0 ? -1
		      : mipo_objput_finish_as(record->object, digest, err);
}

static void
get_place(struct mipo_q *q, int column, struct mipo_recorded_place *ret_place)
{
	mipo_q_copy(q, column, ret_place->network, sizeof(ret_place->network));
	mipo_q_copy(
	    q, column + 1, ret_place->vantage, sizeof(ret_place->vantage));
}

/* Before the commit, since nothing may fail after it. */
static int
describe(struct mipo_record *record, const struct mipo_rec *end,
    struct mipo_recorded *done, struct mipo_err *err)
{
	struct mipo_q *q;
	int r;

	(void)snprintf(done->scan, sizeof(done->scan), "%s",
	    mipo_rec_str(end, "scan"));
	(void)snprintf(done->verdict, sizeof(done->verdict), "%s",
	    mipo_shard_verdict(end));
	done->pairs = mipo_sheet_count(record->sheet);
	done->changes = mipo_sheet_changes(record->sheet);
	if (mipo_q_new(record->db, "SELECT s.trust, s.why, s.key, p.network, "
		"p.vantage, c.network, c.vantage FROM scan s JOIN place p ON "
		"p.id=s.place LEFT JOIN scanner c ON c.key=s.key WHERE "
		"s.scan=?1 AND s.successor=0", &q, err) != 0)
		return -1;
	mipo_q_text(q, 1, done->scan);
	r = mipo_q_step(q, err);
	if (r > 0) {
		mipo_q_copy(q, 0, done->trust, sizeof(done->trust));
		mipo_q_copy(q, 1, done->why, sizeof(done->why));
		mipo_q_copy(q, 2, done->key, sizeof(done->key));
		get_place(q, 3, &done->place);
		get_place(q, 5, &done->registered);
	}
	mipo_q_done(q);
	return r < 0 ? -1 : 0;
}

/* 0; 1 where it stands all the same; -1. */
static int
commit(struct mipo_record *record, const struct mipo_rec *end,
    const struct mipo_actor *actor, uint64_t wait_ms,
    struct mipo_recorded *done, struct mipo_err *err)
{
	struct mipo_door *door = NULL;

	if (mipo_door_open(record->state, actor, "store.record", wait_ms,
		&door, err) != 0)
		return -1;
	if (mipo_door_add_look(door, end, record->sheet, NULL, err) != 0 ||
	    describe(record, end, done, err) != 0) {
		mipo_door_abandon(door);
		return -1;
	}
	if (mipo_door_commit(door, &done->log, err) == 0)
		return 0;
	return err != NULL && err->code == MIPO_E_STANDS ? 1 : -1;
}

int
mipo_record_finish(struct mipo_record *record, const struct mipo_actor *actor,
    uint64_t wait_ms, struct mipo_recorded *ret_recorded,
    struct mipo_err *err)
{
	const struct mipo_rec *end = mipo_look_end(record->look);
	struct mipo_recorded done = {.pairs = 0};
	struct mipo_rec *own = NULL;
	int r = -1;

	if (mipo_look_start(record->look) == NULL)
		return mipo_err_set(err, MIPO_E_INCONCLUSIVE,
		    "no look came: the stream has no line");
	/* Cut inside its scope, it is kept with what came of that. */
	if (record->sheet == NULL && take_start(record, err) != 0)
		return -1;
	if (mipo_sheet_sort(record->sheet, err) != 0)
		return -1;
	if (end == NULL)
		end = own = mipo_interrupted_end(
		    record->look, record->sheet, record->lines, err);
	if (end != NULL && prepare(record, end, own != NULL, err) == 0)
		r = commit(record, end, actor, wait_ms, &done, err);
	if (r >= 0)
		*ret_recorded = done;
	mipo_rec_free(own);
	return r == 0 ? 0 : -1;
}
