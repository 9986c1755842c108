#include "bin/mipo-export/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "data/line.h"
#include "data/rec.h"
#include "judge/snap.h"
#include "store/scans.h"
#include "store/state.h"
#include "store/weight.h"

int
export_state_open(struct export_source *source,
    const struct mipo_common *common, struct mipo_err *err)
{
	char *path;
	int r;

	if (mipo_state_find(common->state, common->system, &path, err) != 0)
		return -1;
	r = mipo_state_open(path, false, &source->state, err);
	free(path);
	if (r == 0)
		r = export_log_read(
		    source->state, &source->log, source->start, err);
	return r;
}

void
export_state_close(struct export_source *source)
{
	export_log_free(source->log);
	if (source->state != NULL)
		mipo_state_close(source->state);
}

/* ---- looks, each followed by its difference from the one before */

/* The newest complete look of each scope, network and vantage so far. */
struct lane {
	struct mipo_scan_row row;
	struct mipo_snap *snap;
};

struct looks {
	struct mipo_scan_row *rows;
	size_t n, cap;
	struct lane *lanes;
	size_t n_lanes, cap_lanes;
	uint64_t size; /* of the log that was read */
	const struct mipo_intake_window *window;
	struct mipo_err err;
};

static int
collect(void *arg, const struct mipo_scan_row *row)
{
	struct looks *looks = arg;
	void *rows = looks->rows;

	if (row->seq >= looks->size ||
	    row->started_ms < looks->window->from_ms ||
	    row->started_ms >= looks->window->to_ms)
		return 0;
	if (mipo_grow(&rows, &looks->cap, looks->n + 1, sizeof(*looks->rows),
		&looks->err) != 0)
		return 1;
	looks->rows = rows;
	looks->rows[looks->n++] = *row;
	return 0;
}

static struct lane *
lane_of(
    struct looks *looks, const struct mipo_scan_row *row, struct mipo_err *err)
{
	void *lanes = looks->lanes;

	for (size_t i = 0; i < looks->n_lanes; i++) {
		struct lane *lane = &looks->lanes[i];

		if (strcmp(lane->row.scope, row->scope) == 0 &&
		    strcmp(lane->row.network, row->network) == 0 &&
		    strcmp(lane->row.vantage, row->vantage) == 0)
			return lane;
	}
	if (mipo_grow(&lanes, &looks->cap_lanes, looks->n_lanes + 1,
		sizeof(*looks->lanes), err) != 0)
		return NULL;
	looks->lanes = lanes;
	looks->lanes[looks->n_lanes] = (struct lane){.row = *row};
	return &looks->lanes[looks->n_lanes++];
}

/* *ret_snap is NULL where the look was cut before it said its scope. */
static int
snap_of(struct mipo_state *state, const struct mipo_scan_row *row,
    struct mipo_snap **ret_snap, struct mipo_err *err)
{
	struct mipo_lines *lines;
	int r;

	*ret_snap = NULL;
	if (mipo_scan_open(state, row, &lines, err) != 0)
		return -1;
	r = mipo_snap_read(lines, ret_snap, err);
	mipo_lines_free(lines);
	if (r == 0 && row->weight < MIPO_WEIGHT_TRUSTED)
		mipo_snap_weaken(*ret_snap);
	if (r == 0 || err->code != MIPO_E_INCONCLUSIVE)
		return r;
	mipo_err_clear(err);
	return 0;
}

static int
feed_diff_take(struct looks *looks, const struct mipo_scan_row *row,
    struct mipo_snap *snap, struct mipo_intake *intake, struct mipo_err *err)
{
	struct lane *lane = lane_of(looks, row, err);
	int r = 0;

	if (lane == NULL) {
		mipo_snap_free(snap);
		return -1;
	}
	if (lane->snap != NULL)
		r = export_diff_feed(
		    lane->snap, snap, row->started_ms, intake, err);
	if (mipo_snap_complete(snap)) {
		mipo_snap_free(lane->snap);
		lane->snap = snap;
	} else {
		mipo_snap_free(snap);
	}
	return r;
}

static int
feed_look(struct mipo_state *state, const struct mipo_scan_row *row,
    struct mipo_intake *intake, struct mipo_err *err)
{
	struct mipo_lines *lines;
	int r;

	if (mipo_scan_open(state, row, &lines, err) != 0)
		return -1;
	r = mipo_intake_lines(intake, lines, err);
	mipo_lines_free(lines);
	return r;
}

/* The look, and its difference. One that nobody can read is left out. */
static int
feed_one(struct export_source *source, struct looks *looks,
    const struct mipo_scan_row *row, struct mipo_intake *intake,
    struct mipo_err *err)
{
	struct mipo_snap *snap;

	if (snap_of(source->state, row, &snap, err) != 0) {
		if (err->code != MIPO_E_INPUT)
			return -1;
		mipo_log(MIPO_LOG_WARN, "look %s is left out: %s", row->scan,
		    err->text);
		mipo_err_clear(err);
		return mipo_intake_lacks(
		    intake, "a look that cannot be read", row->scan, err);
	}
	if (feed_look(source->state, row, intake, err) != 0) {
		mipo_snap_free(snap);
		return -1;
	}
	return snap == NULL ? 0 :
			      feed_diff_take(looks, row, snap, intake, err);
}

static int
feed_looks(struct export_source *source, struct mipo_intake *intake,
    struct mipo_err *err)
{
	struct looks looks = {
	    .window = &source->window, .size = export_log_size(source->log)};
	const struct mipo_scan_filter all = {.ports = true};
	int r = mipo_scans_each(source->state, &all, collect, &looks, err);

	if (r == 0 && looks.err.code != MIPO_E_NONE)
		r = mipo_err_nomem(err);
	for (size_t i = 0; i < looks.n && r == 0; i++) {
		r = feed_one(source, &looks, &looks.rows[i], intake, err);
		if (r != 0)
			mipo_err_prefix(err, "look %s", looks.rows[i].scan);
	}
	for (size_t i = 0; i < looks.n_lanes; i++)
		mipo_snap_free(looks.lanes[i].snap);
	free(looks.lanes);
	free(looks.rows);
	return r;
}

/* ---- alarms */

struct alarms {
	struct export_frame *frame;
	int64_t count;
	struct mipo_err err;
};

static int
one_alarm(void *arg, const struct mipo_rec *alarm)
{
	struct alarms *alarms = arg;

	alarms->count++;
	return export_frame_rec(alarms->frame, alarm, &alarms->err) != 0;
}

static int
end_alarms(struct alarms *alarms, struct mipo_err *err)
{
	struct mipo_rec *end = mipo_rec_start("alarm.end", err);
	uint8_t digest[32];
	int r;

	if (end == NULL)
		return -1;
	export_frame_digest(alarms->frame, digest);
	mipo_rec_put_int(end, "count", alarms->count);
	mipo_rec_put_str(end, "status", "ok");
	mipo_rec_put_hex(end, "stream_sha256", digest, sizeof(digest));
	r = export_frame_rec(alarms->frame, end, err);
	mipo_rec_free(end);
	return r;
}

static int
feed_alarms(struct export_source *source, struct mipo_intake *intake,
    struct mipo_err *err)
{
	struct mipo_rec *start = mipo_rec_start("alarm.start", err);
	struct alarms alarms = {0};
	int r = -1;

	if (start == NULL)
		return -1;
	mipo_rec_put_str(start, "network", "*");
	if (export_frame_new(intake, &alarms.frame, err) == 0)
		r = export_frame_rec(alarms.frame, start, err);
	if (r == 0)
		r = mipo_alarms_each(
		    source->state, true, one_alarm, &alarms, err);
	if (r == 0 && alarms.err.code != MIPO_E_NONE)
		r = mipo_err_set(err, alarms.err.code, "%s", alarms.err.text);
	if (r == 0)
		r = end_alarms(&alarms, err);
	export_frame_free(alarms.frame);
	mipo_rec_free(start);
	return r;
}

int
export_state_feed(struct export_source *source, struct mipo_intake *intake,
    struct mipo_err *err)
{
	if (export_log_feed(source->log, intake, err) != 0)
		return -1;
	if (feed_looks(source, intake, err) != 0)
		return -1;
	return feed_alarms(source, intake, err);
}
