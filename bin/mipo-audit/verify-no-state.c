#include "base/err.h"
#include "bin/mipo-audit/verify.h"

int
verify_state(struct verify *run, const char *path, struct mipo_err *err)
{
	(void)run;
	if (path == NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "this build checks bundles: name one, or \"-\"");
	return mipo_err_set(err, MIPO_E_USAGE,
	    "%s is a directory; this build checks bundles, the states of "
	    "hosts are checked where they are", path);
}
