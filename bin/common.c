#include "bin/common.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "data/line.h"
#include "data/rec.h"
#include "store/door.h"
#include "store/state.h"
#include "trust/key.h"

int
bin_fail(const struct mipo_err *err, const char *doing)
{
	int status = mipo_log_fail(err, "%s", doing);

	return err->code == MIPO_E_TAMPERED ? 6 : status;
}

int
bin_commit(struct mipo_door *door, struct mipo_committed *ret_committed,
    const char *doing, int *ret_status, struct mipo_err *err)
{
	if (mipo_door_commit(door, ret_committed, err) == 0)
		return 0;
	if (err->code != MIPO_E_STANDS)
		return -1;
	*ret_status = bin_fail(err, doing);
	mipo_err_clear(err);
	return 0;
}

bool
bin_table(const struct mipo_common *common)
{
	return common->format != NULL && strcmp(common->format, "table") == 0;
}

int
bin_put_take(struct mipo_out *out, struct mipo_rec *rec, struct mipo_err *err)
{
	int r = mipo_rec_ok(rec, err);

	if (r == 0)
		mipo_out_rec(out, rec);
	mipo_rec_free(rec);
	return r;
}

struct mipo_state *
bin_open(const struct mipo_common *common, bool write, int *ret_status)
{
	struct mipo_state *state = NULL;
	struct mipo_err err = {0};
	char *path = NULL;

	if (mipo_trust_init(&err) != 0 ||
	    mipo_state_find(common->state, common->system, &path, &err) != 0 ||
	    mipo_state_open(path, write, &state, &err) != 0)
		*ret_status = bin_fail(&err, "opening the state");
	free(path);
	return state;
}

int
bin_with_state(const struct mipo_common *common, bool write,
    const char *doing,
    int (*use)(struct mipo_state *state, const void *opts, int *ret_status,
	struct mipo_err *err),
    const void *opts)
{
	struct mipo_err err = {0};
	int status = 0;
	struct mipo_state *state = bin_open(common, write, &status);

	if (state == NULL)
		return status;
	if (use(state, opts, &status, &err) != 0)
		status = bin_fail(&err, doing);
	mipo_state_close(state);
	return status;
}
