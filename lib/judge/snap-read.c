#include "judge/snap.h"

#include "base/err.h"
#include "data/line.h"
#include "data/rec.h"
#include "trust/look.h"

static int
take(const struct mipo_look *look, enum mipo_look_kind kind,
    const struct mipo_obs *obs, struct mipo_snap **snap, struct mipo_err *err)
{
	if (kind == MIPO_LOOK_OBS)
		return mipo_snap_add(*snap, obs, err);
	if (kind == MIPO_LOOK_START)
		return mipo_snap_new(mipo_look_start(look), snap, err);
	return 0;
}

static int
read_lines(struct mipo_lines *lines, struct mipo_look *look,
    struct mipo_snap **snap, struct mipo_err *err)
{
	enum mipo_look_kind kind;
	struct mipo_obs obs;
	const char *line;
	size_t len;
	int r;

	while ((r = mipo_lines_next(lines, &line, &len, err)) == 1)
		if (mipo_look_feed(look, line, len, &kind, &obs, err) != 0 ||
		    take(look, kind, &obs, snap, err) != 0)
			return mipo_lines_fail(lines, err);
	if (r != 0 ||
	    mipo_lines_rest(lines, mipo_look_end(look) != NULL, err) != 0)
		return -1;
	if (mipo_look_missing(look) > 0)
		return mipo_err_set(err, MIPO_E_INCONCLUSIVE,
		    "%s: cut inside its scope: %u scan.scope did not come",
		    mipo_lines_name(lines), mipo_look_missing(look));
	if (*snap == NULL)
		return mipo_err_set(err, MIPO_E_INCONCLUSIVE,
		    "%s: no look in it", mipo_lines_name(lines));
	if (mipo_snap_finish(*snap, mipo_look_end(look), err) != 0)
		return mipo_err_prefix(err, "%s", mipo_lines_name(lines));
	return 0;
}

static int
read_look(struct mipo_lines *lines, bool hosts, struct mipo_snap **ret_snap,
    struct mipo_err *err)
{
	struct mipo_look *look = mipo_look_new(err);
	struct mipo_snap *snap = NULL;
	int r;

	if (look == NULL)
		return -1;
	if (hosts)
		mipo_look_take_hosts(look);
	r = read_lines(lines, look, &snap, err);
	mipo_look_free(look);
	if (r != 0)
		mipo_snap_free(snap);
	else
		*ret_snap = snap;
	return r;
}

int
mipo_snap_read(struct mipo_lines *lines, struct mipo_snap **ret_snap,
    struct mipo_err *err)
{
	return read_look(lines, false, ret_snap, err);
}

int
mipo_snap_read_any(struct mipo_lines *lines, struct mipo_snap **ret_snap,
    struct mipo_err *err)
{
	return read_look(lines, true, ret_snap, err);
}
