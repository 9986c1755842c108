#include "bin/mipo-export/export.h"

#include "base/buf.h"
#include "base/err.h"
#include "data/rec.h"
#include "judge/change.h"
#include "judge/diff.h"
#include "judge/snap.h"

struct emit {
	struct export_frame *frame;
	struct mipo_changes *changes;
	struct mipo_buf line;
	struct mipo_err err; /* the first failure: the callback has none */
};

static void
one_change(void *arg, const struct mipo_change *change)
{
	struct emit *emit = arg;

	if (emit->err.code != MIPO_E_NONE)
		return;
	mipo_buf_clear(&emit->line);
	mipo_changes_emit(emit->changes, change, &emit->line);
	if (mipo_buf_ok(&emit->line, &emit->err) == 0)
		(void)export_frame_line(
		    emit->frame, emit->line.data, emit->line.len, &emit->err);
}

/* Records of the difference bear the time of the newer look. */
static int
put_take(struct export_frame *frame, struct mipo_rec *rec, int64_t at_ms,
    struct mipo_err *err)
{
	int r;

	if (rec == NULL)
		return -1;
	mipo_rec_put_time(rec, "ts", at_ms);
	r = export_frame_rec(frame, rec, err);
	mipo_rec_free(rec);
	return r;
}

static int
run(struct emit *emit, const struct mipo_snap *old, const struct mipo_snap *new,
    int64_t at_ms, struct mipo_err *err)
{
	unsigned gate = mipo_ckinds_default();
	struct mipo_diff_sum sum;
	uint8_t digest[32];

	if (put_take(emit->frame, mipo_diff_start(old, new, gate, err), at_ms,
		err) != 0)
		return -1;
	if (mipo_diff_run(old, new, one_change, emit, &sum, err) != 0)
		return -1;
	if (emit->err.code != MIPO_E_NONE)
		return mipo_err_set(err, emit->err.code, "%s", emit->err.text);
	export_frame_digest(emit->frame, digest);
	return put_take(
	    emit->frame, mipo_diff_end(&sum, gate, digest, err), at_ms, err);
}

int
export_diff_feed(const struct mipo_snap *old, const struct mipo_snap *new,
    int64_t at_ms, struct mipo_intake *intake, struct mipo_err *err)
{
	unsigned gate = mipo_ckinds_default();
	struct emit emit = {0};
	int r = -1;

	if (export_frame_new(intake, &emit.frame, err) != 0)
		return -1;
	mipo_buf_init(&emit.line, MIPO_REC_MAX_WRITE);
	emit.changes = mipo_changes_new(old, new, gate, at_ms, err);
	if (emit.changes != NULL)
		r = run(&emit, old, new, at_ms, err);
	mipo_changes_free(emit.changes);
	mipo_buf_release(&emit.line);
	export_frame_free(emit.frame);
	return r;
}
