#include "bin/mipo-audit/common.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "data/line.h"
#include "data/rec.h"
#include "store/logread.h"
#include "store/state.h"
#include "trust/key.h"
#include "trust/seal.h"

int
audit_fail(const struct mipo_err *err, const char *doing)
{
	int status = mipo_log_fail(err, "%s", doing);

	return err->code == MIPO_E_TAMPERED ? 6 : status;
}

struct mipo_state *
audit_open(const struct mipo_common *common, bool write, int *ret_status)
{
	struct mipo_state *state = NULL;
	struct mipo_err err = {0};
	char *path = NULL;

	if (mipo_trust_init(&err) != 0 ||
	    mipo_state_find(common->state, common->system, &path, &err) != 0 ||
	    mipo_state_open(path, write, &state, &err) != 0)
		*ret_status = audit_fail(&err, "opening the state");
	free(path);
	return state;
}

bool
audit_table(const struct mipo_common *common)
{
	return common->format != NULL && strcmp(common->format, "table") == 0;
}

int
audit_genesis(struct mipo_state *state, struct mipo_genesis *ret_genesis,
    struct mipo_err *err)
{
	struct mipo_logread *reader = NULL;
	struct mipo_logrow row;
	int r;

	if (mipo_logread_open(state, &reader, err) != 0)
		return -1;
	r = mipo_logread_next(reader, &row, err);
	if (r == 0)
		r = mipo_err_set(err, MIPO_E_TAMPERED, "the log is empty");
	if (r > 0 &&
	    mipo_genesis_parse(row.body, row.len, ret_genesis, err) != 0)
		r = mipo_err_stored(err);
	else if (r > 0)
		r = 0;
	mipo_logread_close(reader);
	return r;
}

int
audit_put_take(
    struct mipo_out *out, struct mipo_rec *rec, struct mipo_err *err)
{
	int r = mipo_rec_ok(rec, err);

	if (r == 0)
		mipo_out_rec(out, rec);
	mipo_rec_free(rec);
	return r;
}
