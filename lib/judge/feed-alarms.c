#include <string.h>

#include "base/err.h"
#include "data/line.h"
#include "data/rec.h"
#include "data/schema.h"
#include "judge/alarm.h"
#include "judge/feed.h"

struct stream {
	bool begun, inside, cut;
};

/* What belongs to a stream and stands before it is no part of a memory. */
static int
outside(const char *type, struct mipo_err *err)
{
	return mipo_err_set(err, MIPO_E_INPUT,
	    "%s without the alarm.start before it", type);
}

static int
one(struct mipo_alarms *alarms, const char *line, size_t len,
    struct stream *stream, struct mipo_err *err)
{
	struct mipo_rec *rec = NULL;
	const char *type;
	int r;

	if (mipo_rec_parse(line, len, &rec, err) != 0)
		return -1;
	r = mipo_rec_check(rec, err);
	type = r == 0 ? mipo_rec_str(rec, "type") : "";
	if (!stream->inside && (strcmp(type, "alarm") == 0 ||
				   strcmp(type, "alarm.end") == 0))
		r = outside(type, err);
	else if (strcmp(type, "alarm") == 0)
		r = mipo_alarms_add(alarms, rec, err);
	if (strcmp(type, "alarm.start") == 0) {
		stream->cut = stream->cut || stream->inside;
		stream->begun = stream->inside = true;
	}
	if (strcmp(type, "alarm.end") == 0)
		stream->inside = false;
	mipo_rec_free(rec);
	return r;
}

int
mipo_feed_alarms(struct mipo_lines *lines, struct mipo_alarms *alarms,
    bool *ret_cut, struct mipo_err *err)
{
	struct stream stream = {.begun = false};
	const char *line;
	size_t len;
	int r;

	while ((r = mipo_lines_next(lines, &line, &len, err)) == 1)
		if (one(alarms, line, len, &stream, err) != 0)
			return mipo_lines_fail(lines, err);
	if (r == 0 && !stream.begun && !mipo_lines_cut(lines))
		return mipo_err_set(err, MIPO_E_INPUT,
		    "%s: no stream of alarms, alarm.start ... alarm.end",
		    mipo_lines_name(lines));
	*ret_cut = stream.cut || stream.inside || mipo_lines_cut(lines);
	return r;
}
