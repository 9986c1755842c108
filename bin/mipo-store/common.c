#include "bin/mipo-store/store.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "data/line.h"
#include "data/rec.h"
#include "store/state.h"

int
store_fail(const struct mipo_err *err, const char *doing)
{
	int status = mipo_log_fail(err, "%s", doing);

	return err->code == MIPO_E_TAMPERED ? 6 : status;
}

struct mipo_state *
store_open(const struct mipo_common *common, bool write, int *ret_status)
{
	struct mipo_state *state = NULL;
	struct mipo_err err = {0};
	char *path = NULL;

	if (mipo_state_find(common->state, common->system, &path, &err) != 0 ||
	    mipo_state_open(path, write, &state, &err) != 0)
		*ret_status = store_fail(&err, "opening the state");
	free(path);
	return state;
}

bool
store_table(const struct mipo_common *common)
{
	return common->format != NULL && strcmp(common->format, "table") == 0;
}

int
store_put_take(
    struct mipo_out *out, struct mipo_rec *rec, struct mipo_err *err)
{
	int r = mipo_rec_ok(rec, err);

	if (r == 0)
		mipo_out_rec(out, rec);
	mipo_rec_free(rec);
	return r;
}
