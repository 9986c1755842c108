#include "bin/mipo-audit/common.h"

#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "store/logread.h"
#include "store/state.h"
#include "trust/seal.h"

struct opts {
	struct mipo_common common;
};

/* What is printed is used as evidence: by the log's key, of that size. */
static int
check(const struct mipo_noterow *note, const struct mipo_genesis *genesis,
    struct mipo_err *err)
{
	struct mipo_checkpoint cp;

	if (mipo_checkpoint_open(
		note->body, note->len, &genesis->log_vkey, &cp, err) != 0)
		(void)mipo_err_stored(err);
	else if (cp.size == note->size)
		return 0;
	else
		mipo_err_set(err, MIPO_E_TAMPERED, "it is of %llu entries, "
		    "and kept as that of %llu", (unsigned long long)cp.size,
		    (unsigned long long)note->size);
	return mipo_err_prefix(err, "the newest checkpoint");
}

static int
print(struct mipo_state *state, const void *arg, int *ret_status,
    struct mipo_err *err)
{
	struct mipo_logread *reader = NULL;
	struct mipo_genesis genesis;
	struct mipo_noterow note;
	int r = -1;

	(void)arg;
	(void)ret_status;
	if (audit_genesis(state, &genesis, err) == 0 &&
	    mipo_logread_open(state, &reader, err) == 0 &&
	    mipo_logread_checkpoint(reader, &note, err) == 0 &&
	    check(&note, &genesis, err) == 0)
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
