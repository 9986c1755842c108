#include "bin/mipo-audit/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "bin/mipo-audit/audit.h"

/* How the operand is to be read. */
enum subject {
	SUBJECT_STATE,
	SUBJECT_FILE,
	SUBJECT_STDIN
};

static int
find_subject(
    const char *operand, enum subject *ret_subject, struct mipo_err *err)
{
	struct stat st;

	*ret_subject = SUBJECT_STATE;
	if (operand == NULL)
		return 0;
	if (strcmp(operand, "-") == 0) {
		*ret_subject = SUBJECT_STDIN;
		return mipo_cli_need_stdin(err);
	}
	if (stat(operand, &st) != 0)
		return mipo_err_sys(err, errno, "%s", operand);
	if (!S_ISDIR(st.st_mode))
		*ret_subject = SUBJECT_FILE;
	return 0;
}

/* Whether there is a bundle's content where a state should be. */
static bool
is_unpacked(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	bool is = fd >= 0 && fstatat(fd, "checkpoint", &st, 0) == 0 &&
	    S_ISREG(st.st_mode) && fstatat(fd, "tile", &st, 0) == 0 &&
	    S_ISDIR(st.st_mode);

	if (fd >= 0)
		(void)close(fd);
	return is;
}

static int
check_state(struct verify *run, const char *operand, struct mipo_err *err)
{
	if (operand != NULL && is_unpacked(operand))
		return mipo_err_set(err, MIPO_E_USAGE,
		    "%s is an unpacked bundle: name the tar file that it came "
		    "from", operand);
	return verify_state(run, operand, err);
}

static int
check_file(struct verify *run, const char *path, struct mipo_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), r;

	if (fd < 0)
		return mipo_err_sys(err, errno, "%s", path);
	r = verify_bundle(run, fd, err);
	(void)close(fd);
	if (r != 0)
		return mipo_err_prefix(err, "%s", path);
	return 0;
}

static int
check_subject(struct verify *run, enum subject subject, const char *operand,
    struct mipo_err *err)
{
	if (subject != SUBJECT_STATE && !run->pinned)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "what comes from outside needs --key KEYFILE|VKEY: a key "
		    "that comes with the evidence proves nothing");
	run->check_opts.key = run->pinned ? &run->key : NULL;
	run->check_opts.challenge = run->opts->challenge;
	run->check_opts.anchors = run->anchor;
	run->check_opts.n_anchors = ANCHORS;
	switch (subject) {
	case SUBJECT_STATE:
		return check_state(run, operand, err);
	case SUBJECT_FILE:
		return check_file(run, operand, err);
	case SUBJECT_STDIN:
		return verify_bundle(run, STDIN_FILENO, err);
	}
	return -1;
}

/* Says it all; the exit status. What cannot be remembered is said last. */
static int
conclude(struct verify *run, struct mipo_err *err)
{
	struct mipo_err why = {0};
	int r = 0;

	verify_judge(run);
	if (!mipo_report_has(&run->report, MIPO_FAIL))
		r = verify_remember(run, &why);
	if (verify_say(run, err) != 0)
		return -1;
	if (mipo_report_has(&run->report, MIPO_FAIL))
		return 1;
	if (r != 0) {
		*err = why;
		return -1;
	}
	return run->unmet ? 3 : 0;
}

static int
run_all(struct verify *run, const char *operand, struct mipo_err *err)
{
	enum subject subject;

	if (run->opts->challenge != NULL && run->opts->challenge[0] == '\0')
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--challenge: it is empty, and answers nothing");
	if (verify_read_key(run, err) != 0 ||
	    verify_read_anchors(run, err) != 0 ||
	    find_subject(operand, &subject, err) != 0 ||
	    check_subject(run, subject, operand, err) != 0)
		return -1;
	return conclude(run, err);
}

static int
verify(void *opts, int argc, char **argv)
{
	struct verify run = {.opts = opts};
	struct mipo_err err = {0};
	int r;

	mipo_buf_init(&run.note, MIPO_NOTE_MAX);
	r = run_all(&run, argc > 0 ? argv[0] : NULL, &err);
	mipo_logcheck_free(run.check);
	mipo_buf_release(&run.note);
	if (r >= 0)
		return r;
	(void)mipo_log_fail(&err, "verify");
	return err.code == MIPO_E_BUSY ? 4 : 2;
}

static const struct mipo_opt rows[] = {
    {.name = "key",
	.kind = MIPO_OPT_STR,
	.arg = "KEYFILE|VKEY",
	.offset = offsetof(struct verify_opts, key),
	.help = "the log's key, which you had from elsewhere"},
    {.name = "challenge",
	.kind = MIPO_OPT_STR,
	.arg = "NONCE",
	.offset = offsetof(struct verify_opts, challenge),
	.help = "the log must answer this nonce of yours"},
    {.name = "since",
	.kind = MIPO_OPT_STR,
	.arg = "FILE",
	.offset = offsetof(struct verify_opts, since),
	.help = "the log must contain this checkpoint's"},
    {.name = "state-file",
	.kind = MIPO_OPT_STR,
	.arg = "FILE",
	.offset = offsetof(struct verify_opts, state_file),
	.help = "as --since, and remember what was found"},
    {.name = "max-age",
	.kind = MIPO_OPT_DURATION,
	.arg = "DURATION",
	.offset = offsetof(struct verify_opts, max_age),
	.help = "the last entry may not be older"},
    {.name = "explain",
	.kind = MIPO_OPT_FLAG,
	.offset = offsetof(struct verify_opts, explain),
	.help = "also show how to check a bundle by hand"},
    {.name = NULL}};

const struct mipo_sub audit_verify = {
    .name = "verify",
    .operands = "[BUNDLE|STATE|-]",
    .summary = "check a log from end to end, and say what it proves",
    .opts = rows,
    .size = sizeof(struct verify_opts),
    .max_operands = 1,
    .run = verify,
    .formats = "table|text|ndjson",
};
