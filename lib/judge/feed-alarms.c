#include <string.h>

#include "base/err.h"
#include "data/line.h"
#include "data/rec.h"
#include "data/schema.h"
#include "judge/alarm.h"
#include "judge/feed.h"

static int
one(struct mipo_alarms *alarms, const char *line, size_t len, bool *inside,
    bool *cut, struct mipo_err *err)
{
	struct mipo_rec *rec = NULL;
	const char *type;
	int r;

	if (mipo_rec_parse(line, len, &rec, err) != 0)
		return -1;
	r = mipo_rec_check(rec, err);
	type = r == 0 ? mipo_rec_str(rec, "type") : "";
	if (strcmp(type, "alarm") == 0)
		r = mipo_alarms_add(alarms, rec, err);
	if (strcmp(type, "alarm.start") == 0) {
		*cut = *cut || *inside;
		*inside = true;
	}
	if (strcmp(type, "alarm.end") == 0)
		*inside = false;
	mipo_rec_free(rec);
	return r;
}

int
mipo_feed_alarms(struct mipo_lines *lines, struct mipo_alarms *alarms,
    bool *ret_cut, struct mipo_err *err)
{
	bool inside = false, cut = false;
	const char *line;
	size_t len;
	int r;

	while ((r = mipo_lines_next(lines, &line, &len, err)) == 1)
		if (one(alarms, line, len, &inside, &cut, err) != 0)
			return mipo_lines_fail(lines, err);
	*ret_cut = cut || inside || mipo_lines_cut(lines);
	return r;
}
