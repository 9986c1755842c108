#include <stddef.h>

#include "base/err.h"
#include "data/line.h"
#include "data/obs.h"
#include "store/apply.h"
#include "store/object-lines.h"
#include "store/sheet.h"
#include "trust/look.h"

/* Checks each line as record did, and keeps what the index needs. */
static int
load_line(struct mipo_look *look, struct mipo_sheet **sheet, const char *line,
    size_t len, struct mipo_err *err)
{
	enum mipo_look_kind kind;
	struct mipo_obs obs;

	if (mipo_look_feed(look, line, len, &kind, &obs, err) != 0)
		return -1;
	if (kind == MIPO_LOOK_START)
		return mipo_sheet_new(mipo_look_start(look), sheet, err);
	if (kind == MIPO_LOOK_OBS)
		return mipo_sheet_add(*sheet, &obs, err);
	return 0;
}

static int
load_lines(struct mipo_lines *lines, struct mipo_sheet **sheet,
    struct mipo_err *err)
{
	struct mipo_look *look = mipo_look_new(err);
	const char *line;
	size_t len;
	int r = -1;

	if (look != NULL)
		mipo_look_take_hosts(look);
	while (look != NULL &&
	    (r = mipo_lines_next(lines, &line, &len, err)) > 0)
		if (load_line(look, sheet, line, len, err) != 0) {
			r = mipo_lines_fail(lines, err);
			break;
		}
	/* A look cut inside its scope: record took what had come of it. */
	if (r == 0 && *sheet == NULL && mipo_look_start(look) != NULL)
		r = mipo_sheet_new(mipo_look_start(look), sheet, err);
	mipo_look_free(look);
	return r;
}

int
mipo_sheet_load(struct mipo_state *state, const char *stream_hex,
    struct mipo_sheet **ret_sheet, struct mipo_err *err)
{
	struct mipo_sheet *sheet = NULL;
	struct mipo_lines *lines = NULL;
	int r;

	if (mipo_object_lines(state, stream_hex, NULL, 0, &lines, err) != 0)
		return -1;
	r = load_lines(lines, &sheet, err);
	mipo_lines_free(lines);
	if (r == 0 && sheet == NULL)
		r = mipo_err_set(err, MIPO_E_TAMPERED,
		    "object %s: no look is in it", stream_hex);
	if (r != 0 || mipo_sheet_sort(sheet, err) != 0) {
		mipo_sheet_free(sheet);
		return -1;
	}
	*ret_sheet = sheet;
	return 0;
}
