#include "base/err.h"
#include "data/line.h"
#include "data/rec.h"
#include "judge/alarm-stream.h"
#include "judge/alarm.h"
#include "judge/feed.h"

static int
read_stream(struct mipo_lines *lines, struct mipo_alarms *alarms,
    struct mipo_alarm_stream *stream, struct mipo_err *err)
{
	struct mipo_rec *alarm;
	const char *line;
	size_t len;
	int r;

	while ((r = mipo_lines_next(lines, &line, &len, err)) == 1) {
		if (mipo_alarm_stream_line(
			stream, line, len, &alarm, err) != 0)
			return mipo_lines_fail(lines, err);
		if (alarm != NULL)
			r = mipo_alarms_add(alarms, alarm, err);
		mipo_rec_free(alarm);
		if (r < 0)
			return mipo_lines_fail(lines, err);
	}
	return r;
}

int
mipo_feed_alarms(struct mipo_lines *lines, struct mipo_alarms *alarms,
    bool *ret_cut, struct mipo_err *err)
{
	struct mipo_alarm_stream stream;
	int r;

	if (mipo_alarm_stream_init(&stream, err) != 0)
		return -1;
	r = read_stream(lines, alarms, &stream, err);
	if (r == 0 && !mipo_alarm_stream_begun(&stream) &&
	    !mipo_lines_cut(lines))
		r = mipo_err_set(err, MIPO_E_INPUT,
		    "%s: no stream of alarms, alarm.start ... alarm.end",
		    mipo_lines_name(lines));
	if (r == 0)
		*ret_cut = mipo_alarm_stream_cut(&stream, lines);
	mipo_alarm_stream_release(&stream);
	return r;
}
