#include "bin/mipo-export/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "data/rec.h"
#include "store/logread.h"
#include "store/state.h"
#include "trust/entry.h"
#include "trust/note.h"

/* Records for the exporters, in log order. */
struct export_log {
	struct mipo_rec **recs;
	size_t n, cap;
	uint64_t size;
};

void
export_log_free(struct export_log *log)
{
	if (log == NULL)
		return;
	for (size_t i = 0; i < log->n; i++)
		mipo_rec_free(log->recs[i]);
	free(log->recs);
	free(log);
}

uint64_t
export_log_size(const struct export_log *log)
{
	return log->size;
}

static int
keep_take(struct export_log *log, struct mipo_rec *rec, struct mipo_err *err)
{
	void *recs = log->recs;

	if (mipo_grow(&recs, &log->cap, log->n + 1, sizeof(*log->recs), err) !=
	    0) {
		mipo_rec_free(rec);
		return -1;
	}
	log->recs = recs;
	log->recs[log->n++] = rec;
	return 0;
}

/* Who recorded a look, and where in the log that is. */
static int
keep_logged(struct export_log *log, const struct mipo_entry *entry,
    const struct mipo_rec *data, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("evidence.logged", err);
	const char *scan = mipo_rec_str(data, "scan");
	struct mipo_rec *actor;

	if (rec == NULL)
		return -1;
	if (mipo_entry_rec(entry->actor, &actor, err) != 0) {
		mipo_rec_free(rec);
		return -1;
	}
	mipo_rec_put_time(rec, "ts", entry->stamp.time_ms);
	mipo_rec_put_int(rec, "seq", (int64_t)entry->seq);
	mipo_rec_put_str(rec, "kind", "scan.end");
	mipo_rec_put_str(rec, "scan", scan != NULL ? scan : "");
	mipo_rec_put_rec_take(rec, "actor", actor);
	if (mipo_rec_ok(rec, err) != 0) {
		mipo_rec_free(rec);
		return -1;
	}
	return keep_take(log, rec, err);
}

static int
take_genesis(const struct mipo_rec *data, struct mipo_rec *start)
{
	const char *origin = mipo_rec_str(data, "origin");
	const char *vkey = mipo_rec_str(data, "log_vkey");

	if (origin != NULL)
		mipo_rec_put_str(start, "origin", origin);
	if (vkey != NULL)
		mipo_rec_put_str(start, "vkey", vkey);
	return 0;
}

static int
take_entry(struct export_log *log, const struct mipo_logrow *row,
    struct mipo_rec *start, struct mipo_err *err)
{
	struct mipo_entry entry;
	struct mipo_rec *data;
	int r = 0;

	if (mipo_entry_parse(row->body, row->len, &entry, err) != 0)
		return mipo_err_prefix(
		    err, "log entry %llu", (unsigned long long)row->seq);
	if (!mipo_span_is(entry.kind, "genesis") &&
	    !mipo_span_is(entry.kind, "access.scanner") &&
	    !mipo_span_is(entry.kind, "evidence.baseline") &&
	    !mipo_span_is(entry.kind, "scan.end"))
		return 0;
	if (mipo_entry_rec(entry.data, &data, err) != 0)
		return -1;
	if (mipo_span_is(entry.kind, "genesis"))
		r = take_genesis(data, start);
	else if (mipo_span_is(entry.kind, "scan.end"))
		r = keep_logged(log, &entry, data, err);
	else
		return keep_take(log, data, err);
	mipo_rec_free(data);
	return r;
}

/* The newest checkpoint, as the key that the log itself names signed it. */
static int
take_checkpoint(
    struct mipo_logread *reader, struct mipo_rec *start, struct mipo_err *err)
{
	const char *text = mipo_rec_str(start, "vkey");
	struct mipo_checkpoint cp;
	struct mipo_noterow note;
	struct mipo_vkey vkey;

	if (mipo_vkey_parse(text != NULL ? text : "", &vkey, err) != 0 ||
	    mipo_logread_checkpoint(reader, &note, err) != 0 ||
	    mipo_checkpoint_open(note.body, note.len, &vkey, &cp, err) != 0)
		return -1;
	mipo_rec_put_int(start, "size", (int64_t)cp.size);
	mipo_rec_put_hex(start, "root", cp.root, sizeof(cp.root));
	return mipo_rec_ok(start, err);
}

int
export_log_read(struct mipo_state *state, struct export_log **ret_log,
    struct mipo_rec *start, struct mipo_err *err)
{
	struct export_log *log = mipo_calloc(1, sizeof(*log), err);
	struct mipo_logread *reader;
	struct mipo_logrow row;
	int r;

	if (log == NULL)
		return -1;
	if (mipo_logread_open(state, &reader, err) != 0) {
		export_log_free(log);
		return -1;
	}
	log->size = mipo_logread_size(reader);
	while ((r = mipo_logread_next(reader, &row, err)) == 1)
		if (take_entry(log, &row, start, err) != 0) {
			r = -1;
			break;
		}
	if (r == 0)
		r = take_checkpoint(reader, start, err);
	mipo_logread_close(reader);
	if (r != 0) {
		export_log_free(log);
		(void)mipo_err_stored(err);
		return mipo_err_prefix(err, "reading the log");
	}
	*ret_log = log;
	return 0;
}

int
export_log_feed(const struct export_log *log, struct mipo_intake *intake,
    struct mipo_err *err)
{
	struct mipo_buf line;
	int r = 0;

	mipo_buf_init(&line, MIPO_REC_MAX_READ);
	for (size_t i = 0; i < log->n && r == 0; i++) {
		mipo_buf_clear(&line);
		r = mipo_rec_canon(log->recs[i], &line, err);
		if (r == 0)
			r = mipo_intake_line(intake, line.data, line.len, err);
	}
	mipo_buf_release(&line);
	return r;
}
