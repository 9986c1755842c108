#include "out/intake.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/line.h"
#include "data/obs.h"
#include "data/rec.h"
#include "data/schema.h"
#include "out/export.h"
#include "out/stream.h"
#include "trust/look.h"

#define PARTIAL_MAX 65536

struct mipo_intake {
	const struct mipo_sink *sink;
	struct mipo_intake_window window;
	struct mipo_streams *streams;
	struct mipo_look *look; /* NULL between looks */
	bool hidden;		/* the look lies outside the window */
	uint64_t count;
	struct mipo_buf partial;
};

struct mipo_intake *
mipo_intake_new(const struct mipo_sink *sink,
    const struct mipo_intake_window *window, struct mipo_err *err)
{
	struct mipo_intake *intake = mipo_calloc(1, sizeof(*intake), err);

	if (intake == NULL)
		return NULL;
	intake->sink = sink;
	intake->window = *window;
	mipo_buf_init(&intake->partial, PARTIAL_MAX);
	intake->streams = mipo_streams_new(err);
	if (intake->streams == NULL) {
		mipo_intake_free(intake);
		return NULL;
	}
	return intake;
}

void
mipo_intake_free(struct mipo_intake *intake)
{
	if (intake == NULL)
		return;
	mipo_look_free(intake->look);
	mipo_streams_free(intake->streams);
	mipo_buf_release(&intake->partial);
	free(intake);
}

const char *
mipo_intake_partial(const struct mipo_intake *intake)
{
	return intake->partial.len > 0 ? intake->partial.data : NULL;
}

uint64_t
mipo_intake_count(const struct mipo_intake *intake)
{
	return intake->count;
}

/* The first thing that was not whole is the one that is told. */
int
mipo_intake_lacks(struct mipo_intake *intake, const char *what,
    const char *where, struct mipo_err *err)
{
	struct mipo_buf *partial = &intake->partial;

	if (partial->len > 0)
		return 0;
	mipo_text_show(partial, where, strlen(where));
	mipo_buf_putf(partial, ": %s", what);
	mipo_buf_putc(partial, '\0');
	return mipo_buf_ok(partial, err);
}

static bool
time_of(const struct mipo_rec *rec, const char *key, int64_t *ret_ms)
{
	const char *s = mipo_rec_str(rec, key);

	return s != NULL && mipo_text_untime(s, ret_ms, NULL) == 0;
}

/*
 * What holds until something else is said is not too old for any window:
 * scanners, baselines, log entries of looks, alarms that are not resolved.
 */
static bool
stands(const struct mipo_rec *rec, const char *type)
{
	const char *state = mipo_rec_str(rec, "state");

	if (strcmp(type, "alarm") == 0)
		return state == NULL || strcmp(state, "resolved") != 0;
	return strncmp(type, "access.", 7) == 0 ||
	       strncmp(type, "evidence.", 9) == 0;
}

static bool
in_window(const struct mipo_intake *intake, const struct mipo_rec *rec)
{
	const char *type = mipo_rec_str(rec, "type");
	int64_t ms, began;

	if (!time_of(rec, "ts", &ms))
		return true;
	if (!time_of(rec, "since", &began))
		began = ms;
	return (ms >= intake->window.from_ms || stands(rec, type)) &&
	       began < intake->window.to_ms;
}

static int
pass(struct mipo_intake *intake, const struct mipo_item *item,
    struct mipo_err *err)
{
	intake->count++;
	return mipo_sink_feed(intake->sink, item, err);
}

/* ---- looks */

static int
look_begin(struct mipo_intake *intake, const struct mipo_rec *start,
    struct mipo_err *err)
{
	intake->look = mipo_look_new(err);
	intake->hidden = !in_window(intake, start);
	return intake->look == NULL ? -1 : 0;
}

static int
look_cut(struct mipo_intake *intake, const char *name, struct mipo_err *err)
{
	const struct mipo_item cut = {.kind = MIPO_ITEM_LOOK_CUT};
	const struct mipo_item start = {.kind = MIPO_ITEM_LOOK,
	    .type = "scan.start",
	    .rec = mipo_look_start(intake->look)};

	if (mipo_intake_lacks(
		intake, "a look without its end record", name, err) != 0)
		return -1;
	/* Cut inside its scope: its lines went by, the look itself did not. */
	if (mipo_look_missing(intake->look) > 0 &&
	    mipo_sink_feed(intake->sink, &start, err) != 0)
		return -1;
	return pass(intake, &cut, err);
}

static int
look_drop(struct mipo_intake *intake, const char *name, struct mipo_err *err)
{
	int r = 0;

	if (intake->look == NULL)
		return 0;
	if (!intake->hidden)
		r = look_cut(intake, name, err);
	mipo_look_free(intake->look);
	intake->look = NULL;
	return r;
}

/* Fills what the look found in the line into item. */
static void
look_item(const struct mipo_look *look, enum mipo_look_kind kind,
    struct mipo_item *item)
{
	static const enum mipo_item_kind kinds[] = {
	    [MIPO_LOOK_START] = MIPO_ITEM_LOOK,
	    [MIPO_LOOK_SCOPE] = MIPO_ITEM_OTHER,
	    [MIPO_LOOK_OBS] = MIPO_ITEM_OBS,
	    [MIPO_LOOK_OTHER] = MIPO_ITEM_OTHER,
	    [MIPO_LOOK_END] = MIPO_ITEM_LOOK_END,
	};

	item->kind = kinds[kind];
	if (kind == MIPO_LOOK_START) {
		item->rec = mipo_look_start(look);
		item->type = "scan.start";
	} else if (kind == MIPO_LOOK_END) {
		item->rec = mipo_look_end(look);
		item->type = "scan.end";
	}
}

static int
look_line(struct mipo_intake *intake, const char *line, size_t len,
    struct mipo_err *err)
{
	struct mipo_item item = {.line = line, .len = len};
	enum mipo_look_kind kind;
	struct mipo_obs obs;
	int r = 0;

	if (mipo_look_feed(intake->look, line, len, &kind, &obs, err) != 0)
		return -1;
	look_item(intake->look, kind, &item);
	if (kind == MIPO_LOOK_OBS)
		item.obs = &obs;
	if (!intake->hidden)
		r = pass(intake, &item, err);
	if (kind == MIPO_LOOK_END) {
		mipo_look_free(intake->look);
		intake->look = NULL;
	}
	return r;
}

/* ---- all other records */

static bool
ends_look(const char *type)
{
	return strcmp(type, "scan.start") == 0 || mipo_streams_opens(type) ||
	       mipo_streams_closes(type);
}

static int
other_rec(struct mipo_intake *intake, const struct mipo_rec *rec,
    const char *line, size_t len, struct mipo_err *err)
{
	struct mipo_item item = {
	    .kind = MIPO_ITEM_RECORD, .line = line, .len = len, .rec = rec};

	if (mipo_rec_check(rec, err) != 0 ||
	    mipo_streams_feed(intake->streams, rec, line, len, err) != 0)
		return -1;
	item.type = mipo_rec_str(rec, "type");
	return in_window(intake, rec) ? pass(intake, &item, err) : 0;
}

/* A line that need not be an observation of the look that is open. */
static int
any_line(struct mipo_intake *intake, const char *line, size_t len,
    const char *name, struct mipo_err *err)
{
	struct mipo_rec *rec = NULL;
	const char *type;
	int r = 0;

	if (mipo_rec_parse(line, len, &rec, err) != 0)
		return -1;
	type = mipo_rec_str(rec, "type");
	if (type == NULL) {
		r = mipo_err_set(err, MIPO_E_INPUT, "a record without a type");
	} else if (intake->look != NULL && ends_look(type)) {
		r = look_drop(intake, name, err);
	}
	if (r == 0 && intake->look == NULL && strcmp(type, "scan.start") == 0)
		r = look_begin(intake, rec, err);
	if (r == 0 && intake->look != NULL) {
		mipo_streams_skip(intake->streams, line, len);
		r = look_line(intake, line, len, err);
	} else if (r == 0) {
		r = other_rec(intake, rec, line, len, err);
	}
	mipo_rec_free(rec);
	return r;
}

static int
one_line(struct mipo_intake *intake, const char *line, size_t len,
    const char *name, struct mipo_err *err)
{
	const char *type;
	size_t type_len;

	if (intake->look != NULL &&
	    mipo_line_type(line, len, &type, &type_len) && type_len == 3 &&
	    memcmp(type, "obs", 3) == 0) {
		mipo_streams_skip(intake->streams, line, len);
		return look_line(intake, line, len, err);
	}
	return any_line(intake, line, len, name, err);
}

int
mipo_intake_lines(
    struct mipo_intake *intake, struct mipo_lines *lines, struct mipo_err *err)
{
	const char *name = mipo_lines_name(lines), *line;
	uint64_t n = 0;
	size_t len;
	int r;

	while ((r = mipo_lines_next(lines, &line, &len, err)) == 1) {
		if (one_line(intake, line, len, name, err) != 0)
			return mipo_lines_fail(lines, err);
		n++;
	}
	if (r != 0)
		return -1;
	if (n == 0 &&
	    mipo_intake_lacks(intake, "nothing came in", name, err) != 0)
		return -1;
	if (mipo_lines_cut(lines) &&
	    mipo_intake_lacks(intake, "the last line is cut", name, err) != 0)
		return -1;
	if (look_drop(intake, name, err) != 0)
		return -1;
	if (mipo_streams_end(intake->streams) > 0)
		return mipo_intake_lacks(
		    intake, "a stream without its end record", name, err);
	return 0;
}

int
mipo_intake_line(struct mipo_intake *intake, const char *line, size_t len,
    struct mipo_err *err)
{
	return one_line(intake, line, len, "the state", err);
}
