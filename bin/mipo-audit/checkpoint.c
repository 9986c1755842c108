#include "bin/mipo-audit/common.h"

#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "store/logread.h"
#include "store/state.h"

struct opts {
	struct mipo_common common;
};

static int
print(struct mipo_state *state, const void *arg, int *ret_status,
    struct mipo_err *err)
{
	struct mipo_logread *reader = NULL;
	struct mipo_noterow note;
	int r = -1;

	(void)arg;
	(void)ret_status;
	if (mipo_logread_open(state, &reader, err) == 0 &&
	    mipo_logread_checkpoint(reader, &note, err) == 0)
		r = mipo_file_write_all(
		    STDOUT_FILENO, note.body, note.len, err);
	mipo_logread_close(reader);
	return r;
}

static int
run(void *arg, int argc, char **argv)
{
	const struct opts *opts = arg;

	(void)argc;
	(void)argv;
	return bin_with_state(
	    &opts->common, false, "checkpoint", print, opts);
}

const struct mipo_sub audit_checkpoint = {
    .name = "checkpoint",
    .operands = "",
    .summary = "print the newest signed checkpoint",
    .size = sizeof(struct opts),
    .run = run,
    .formats = "",
};
