#include "bin/mipo-audit/verify.h"
#include "out/bundle-read.h"

int
verify_bundle(struct verify *run, int fd, struct mipo_err *err)
{
	return mipo_bundle_check(fd, &run->check_opts, &run->report,
	    &run->note, &run->check, &run->facts, err);
}
