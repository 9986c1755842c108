#include "bin/mipo-audit/common.h"

#include "base/err.h"
#include "store/logread.h"
#include "trust/seal.h"

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
