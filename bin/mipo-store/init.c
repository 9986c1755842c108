#include "bin/mipo-store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "data/line.h"
#include "data/rec.h"
#include "store/door.h"
#include "store/init.h"
#include "store/state.h"

#define DEFAULT_RECOVERY "mipo-recovery.key"

struct opts {
	struct mipo_common common;
	const char *org, *network, *vantage;
	const char *recovery, *make;
};

static const struct mipo_opt rows[] = {
    {.name = "org", .kind = MIPO_OPT_STR, .arg = "NAME",
	.offset = offsetof(struct opts, org),
	.help = "name of the organisation in the log's origin (local)"},
    {.name = "network", .kind = MIPO_OPT_STR, .arg = "NAME",
	.offset = offsetof(struct opts, network),
	.help = "network that the scanner of this host looks at (any)"},
    {.name = "vantage", .kind = MIPO_OPT_STR, .arg = "NAME",
	.offset = offsetof(struct opts, vantage),
	.help = "place that it looks from (any)"},
    {.name = "recovery-key", .kind = MIPO_OPT_STR, .arg = "FILE.pub",
	.offset = offsetof(struct opts, recovery),
	.help = "public half of a recovery key that you have (minisign)"},
    {.name = "make-recovery-key", .kind = MIPO_OPT_STR, .arg = "OUT",
	.offset = offsetof(struct opts, make),
	.help = "make one; OUT, outside the state, is to be taken offline"},
    {.name = NULL}};

/* The recovery key's secret, where we made it. */
struct made {
	const char *path; /* NULL: we did not */
};

static int
read_pub(const char *path, struct mipo_pub *ret_pub, struct mipo_err *err)
{
	struct mipo_buf buf;
	const char *text;
	int r = -1;

	mipo_buf_init(&buf, 4096);
	if (mipo_file_read(path, &buf, err) == 0) {
		text = mipo_buf_str(&buf, err);
		if (text != NULL && mipo_pub_parse(text, ret_pub, err) == 0)
			r = 0;
		else
			mipo_err_prefix(err, "%s", path);
	}
	mipo_buf_release(&buf);
	return r;
}

static int
recovery_key(const struct opts *opts, const char *state,
    struct mipo_pub *ret_pub, struct made *made, struct mipo_err *err)
{
	if (opts->recovery != NULL && opts->make != NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--recovery-key and --make-recovery-key: only one");
	if (mipo_init_check(state, err) != 0)
		return -1;
	if (opts->recovery != NULL)
		return read_pub(opts->recovery, ret_pub, err);
	made->path = opts->make != NULL ? opts->make : DEFAULT_RECOVERY;
	if (mipo_init_recovery(made->path, state, ret_pub, err) == 0)
		return 0;
	made->path = NULL;
	if (opts->make == NULL)
		mipo_err_prefix(err, "the recovery key, for which "
		    "--make-recovery-key or --recovery-key names a place");
	return -1;
}

/* The key of a state that did not come to be is nobody's. */
static void
unmake(const struct made *made)
{
	char pub[4096];

	if (made->path == NULL)
		return;
	(void)snprintf(pub, sizeof(pub), "%s.pub", made->path);
	(void)unlink(pub);
	(void)unlink(made->path);
}

static void
say_table(const char *path, const struct mipo_inited *inited)
{
	(void)printf("state    %s\n"
		     "origin   %s\n"
		     "vkey     %s\n"
		     "scanner  %s  (%s/keys/scanner.key)\n",
	    path, inited->origin, inited->vkey, inited->scanner, path);
}

static int
say_record(const char *path, const struct mipo_inited *inited,
    const struct made *made, struct mipo_err *err)
{
	struct mipo_out *out = mipo_out_new(STDOUT_FILENO, "stdout", err);
	struct mipo_rec *rec = mipo_rec_start("store.init", err);
	int r = -1;

	if (out == NULL || rec == NULL) {
		mipo_rec_free(rec);
		mipo_out_free(out);
		return -1;
	}
	mipo_rec_put_str(rec, "state", path);
	mipo_rec_put_str(rec, "origin", inited->origin);
	mipo_rec_put_str(rec, "vkey", inited->vkey);
	mipo_rec_put_str(rec, "scanner", inited->scanner);
	if (made->path != NULL)
		mipo_rec_put_str(rec, "recovery_key", made->path);
	if (bin_put_take(out, rec, err) == 0)
		r = mipo_out_flush(out, err);
	mipo_out_free(out);
	return r;
}

static int
say(const struct opts *opts, const char *path,
    const struct mipo_inited *inited, const struct made *made)
{
	struct mipo_err err = {0};

	if (bin_table(&opts->common))
		say_table(path, inited);
	else if (say_record(path, inited, made, &err) != 0)
		return bin_fail(&err, "writing");
	if (opts->recovery == NULL && opts->make == NULL)
		mipo_log(MIPO_LOG_INFO, "no recovery key was named: one was "
		    "made here, as %s", made->path);
	if (made->path != NULL)
		mipo_log(MIPO_LOG_WARN, "take %s offline now, and off this "
		    "host: whoever has it can replace the log's keys",
		    made->path);
	if (!inited->group)
		mipo_log(MIPO_LOG_INFO, "there is no group mipo that may "
		    "read the state: it is yours alone");
	mipo_log(MIPO_LOG_INFO, "keep the vkey elsewhere: who checks a bundle "
	    "needs it from another road than the bundle's");
	return 0;
}

static int
run(void *arg, int argc, char **argv)
{
	const struct opts *opts = arg;
	struct mipo_actor actor;
	struct mipo_init init = {.org = opts->org,
	    .network = opts->network,
	    .vantage = opts->vantage,
	    .actor = &actor};
	struct mipo_inited inited;
	struct made made = {NULL};
	struct mipo_err err = {0};
	char *path = NULL;
	int status = 0;

	(void)argc;
	(void)argv;
	mipo_actor_find(&actor);
	if (mipo_trust_init(&err) != 0 ||
	    mipo_state_where(opts->common.state, opts->common.system, &path,
		&err) != 0 ||
	    recovery_key(opts, path, &init.recovery, &made, &err) != 0)
		status = bin_fail(&err, "init");
	init.path = path;
	if (status == 0 && mipo_init_state(&init, &inited, &err) != 0) {
		status = bin_fail(&err, "init");
		unmake(&made);
	}
	if (status == 0)
		status = say(opts, path, &inited, &made);
	free(path);
	return status;
}

const struct mipo_sub store_init = {
    .name = "init",
    .operands = "",
    .summary = "make the state: keys, log, owner, scanner",
    .opts = rows,
    .size = sizeof(struct opts),
    .run = run,
    .writes = true,
};
