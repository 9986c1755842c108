#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "bin/mipo/cycle.h"
#include "bin/mipo/mipo.h"
#include "data/ports.h"
#include "data/target.h"
#include "kit/conf.h"
#include "store/state.h"

struct opts {
	struct mipo_common common;
	const char *config;
};

static const struct mipo_opt rows[] = {
    {.name = "config", .letter = 'c', .kind = MIPO_OPT_STR,
	.offset = offsetof(struct opts, config), .arg = "FILE",
	.help = "read FILE instead of mipo.conf and conf.d"},
    {.name = NULL}};

/* What mipo-scan would refuse, with the line where it stands. */
static int
check_targets(const struct mipo_conf_profile *p, struct mipo_err *err)
{
	const char *const *tokens = p->targets;
	struct mipo_targets *targets = mipo_targets_new(err);
	bool is_name;
	int r = targets == NULL ? -1 : 0;

	for (; r == 0 && tokens != NULL && *tokens != NULL; tokens++)
		r = mipo_targets_add(targets, *tokens, &is_name, err);
	mipo_targets_free(targets);
	return r == 0 ? 0 : mipo_conf_at(&p->at, "targets", err);
}

/* What is left out may be as large as it likes. */
static int
check_exclude(const struct mipo_conf_profile *p, struct mipo_err *err)
{
	const char *const *tokens = p->exclude;
	struct mipo_range range;
	bool is_name;

	for (; tokens != NULL && *tokens != NULL; tokens++)
		if (mipo_target_parse(*tokens, &range, &is_name, err) != 0)
			return mipo_conf_at(&p->at, "exclude", err);
	return 0;
}

static int
check_profile(const struct mipo_conf_profile *p, struct mipo_err *err)
{
	const bool udp = p->method != NULL && strcmp(p->method, "udp") == 0;
	struct mipo_ports *ports = mipo_ports_new(err);
	int r = ports == NULL ? -1 : 0;

	if (r == 0 && udp && p->ports == NULL) {
		mipo_err_set(err, MIPO_E_USAGE, "udp needs its ports");
		r = mipo_conf_at(&p->at, "method", err);
	}
	if (r == 0 && p->ports != NULL &&
	    mipo_ports_add_proto(ports, udp ? MIPO_UDP : MIPO_TCP, p->ports,
		err) != 0)
		r = mipo_conf_at(&p->at, "ports", err);
	mipo_ports_free(ports);
	if (r != 0)
		return -1;
	return check_targets(p, err) != 0 ? -1 : check_exclude(p, err);
}

/*
 * The lock of this profile in the state. It is kept open and handed to the
 * stages, so that it lives as long as the last of them.
 */
static int
lock(const char *state, const char *profile, int *ret_fd,
    struct mipo_err *err)
{
	struct mipo_buf path;
	const char *s;
	int fd, r = 0;

	mipo_buf_init(&path, 4096);
	mipo_buf_putf(&path, "%s/run-%s.lock", state, profile);
	s = mipo_buf_str(&path, err);
	fd = s == NULL ? -1 : open(s, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	if (fd < 0)
		r = mipo_err_sys(err, errno, "%s/run-%s.lock", state, profile);
	else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		r = mipo_err_set(err, MIPO_E_BUSY,
		    "another run of this profile is still at work");
	mipo_buf_release(&path);
	if (r == 0)
		*ret_fd = fd;
	else if (fd >= 0)
		(void)close(fd);
	return r;
}

/* The children find state and configuration where we found them. */
static int
tell_children(const char *state, const char *config, struct mipo_err *err)
{
	if (setenv("MIPO_STATE", state, 1) != 0 ||
	    (config != NULL && setenv("MIPO_CONFIG", config, 1) != 0))
		return mipo_err_nomem(err);
	return 0;
}

/*
 * The pipeline, then the checkpoint over what it left in the log; both
 * command lines are made before the first packet leaves.
 */
static int
turn(struct cycle *cycle, struct cycle *last, struct mipo_err *err)
{
	struct stage all[CYCLE_MAX + 1];
	int sig = 0;

	if (cycle_pipeline(cycle, err) != 0 ||
	    cycle_checkpoint(last, err) != 0 ||
	    pipe_run(cycle->stages, cycle->n, &sig, err) != 0)
		return -1;
	pipe_report(cycle->stages, cycle->n);
	if (sig == 0 && pipe_run(last->stages, 1, &sig, err) != 0)
		return -1;
	if (sig != 0)
		return 128 + sig;
	pipe_report(last->stages, 1);
	memcpy(all, cycle->stages, cycle->n * sizeof(*all));
	all[cycle->n] = last->stages[0];
	return pipe_status(all, cycle->n + 1);
}

static int
run_profile(const struct opts *opts, const char *title,
    const struct mipo_conf *conf, struct mipo_err *err)
{
	struct cycle cycle = {.verbose = opts->common.verbose};
	struct cycle last = {.verbose = opts->common.verbose};
	char *state = NULL;
	int fd = -1, status = -1;

	if (mipo_conf_profile(conf, title, &cycle.profile, err) != 0 ||
	    check_profile(cycle.profile, err) != 0 ||
	    mipo_state_find(opts->common.state, opts->common.system, &state,
		err) != 0)
		return -1;
	if (lock(state, title, &fd, err) == 0 &&
	    tell_children(state, opts->config, err) == 0)
		status = turn(&cycle, &last, err);
	cycle_release(&cycle);
	cycle_release(&last);
	free(state);
	if (fd >= 0)
		(void)close(fd);
	return status;
}

static int
run(void *arg, int argc, char **argv)
{
	const struct opts *opts = arg;
	struct mipo_conf *conf = NULL;
	struct mipo_err err = {0};
	int status = -1;

	(void)argc;
	if (mipo_conf_load(
		opts->config, opts->common.system, &conf, &err) == 0)
		status = run_profile(opts, argv[0], conf, &err);
	mipo_conf_free(conf);
	if (status < 0)
		return mipo_log_fail(&err, "run %s", argv[0]);
	return status;
}

const struct mipo_sub mipo_run = {.name = "run",
    .operands = "PROFILE",
    .summary = "the whole cycle: scan, record, diff, alarm, notify, checkpoint",
    .opts = rows,
    .size = sizeof(struct opts),
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
    .formats = ""};
