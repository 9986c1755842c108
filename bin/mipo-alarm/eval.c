#include "bin/mipo-alarm/alarm.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "data/line.h"
#include "data/rec.h"
#include "judge/alarm.h"
#include "judge/feed.h"
#include "kit/conf.h"
#include "store/door.h"
#include "store/state.h"

struct eval_opts {
	struct mipo_common common;
	const char *config;
	const char *baseline; /* file */
	const char *previous; /* file */
	struct alarm_required required;
	bool no_state;
	const char *fail_on;
};

static const struct mipo_opt rows[] = {
    {.name = "baseline", .kind = MIPO_OPT_STR, .arg = "FILE",
	.offset = offsetof(struct eval_opts, baseline),
	.help = "a complete look to take for approved (no state is used)"},
    {.name = "previous", .kind = MIPO_OPT_STR, .arg = "FILE",
	.offset = offsetof(struct eval_opts, previous),
	.help = "alarms of the evaluation before (no state is used)"},
    {.name = "no-state", .kind = MIPO_OPT_FLAG,
	.offset = offsetof(struct eval_opts, no_state),
	.help = "judge what is read, not what a state holds"},
    {.name = "expect", .kind = MIPO_OPT_LIST, .arg = "'TARGET PORTS'",
	.offset = offsetof(struct eval_opts, required.words),
	.help = "ports that must be open; may be repeated"},
    {.name = "expect-file", .kind = MIPO_OPT_LIST, .arg = "FILE",
	.offset = offsetof(struct eval_opts, required.files),
	.help = "such words, a line each"},
    {.name = "config", .letter = 'c', .kind = MIPO_OPT_STR, .arg = "FILE",
	.offset = offsetof(struct eval_opts, config),
	.help = "the configuration to read, alone"},
    {.name = "fail-on", .kind = MIPO_OPT_CHOICE, .arg = "SEVERITY",
	.choices = "info|low|medium|high|critical",
	.offset = offsetof(struct eval_opts, fail_on),
	.help = "status 1 when an alarm of this severity or more is open"},
    {.name = NULL}};

/* One evaluation: what is known, and the alarms that come of it. */
struct run {
	const struct eval_opts *opts;
	struct mipo_state *state; /* NULL: without */
	struct mipo_world *world;
	struct mipo_alarms *alarms;
	struct mipo_fed fed;
	bool weak; /* what came last concludes nothing, says the state */
	bool unseen; /* no look tells of what is required */
	bool fed_by; /* a stream was to come: it is no terminal, no device */
	struct mipo_door *door;
	int status; /* 5: it stands, and what followed the commit failed */
	struct mipo_err *err;
};

static bool
wants_state(const struct eval_opts *opts)
{
	return !opts->no_state && opts->baseline == NULL &&
	    opts->previous == NULL;
}

static int
read_required(struct run *run)
{
	struct mipo_conf *conf = NULL;
	int r;

	if (mipo_conf_load(run->opts->config, run->opts->common.system, &conf,
		run->err) != 0)
		return -1;
	r = alarm_load_required(
	    &run->opts->required, conf, run->world, run->err);
	mipo_conf_free(conf);
	return r;
}

static int
read_baseline(struct run *run)
{
	const char *path = run->opts->baseline;
	struct mipo_lines *lines = NULL;
	struct mipo_snap *snap = NULL;
	int fd, r = -1;

	if (path == NULL)
		return 0;
	fd = alarm_input(path, run->err);
	if (fd >= 0)
		lines = mipo_lines_new(fd, path, run->err);
	if (lines != NULL)
		r = mipo_snap_read(lines, &snap, run->err);
	mipo_lines_free(lines);
	if (fd > STDIN_FILENO)
		(void)close(fd);
	if (r != 0)
		return -1;
	if (mipo_snap_complete(snap))
		return mipo_world_add_baseline_take(
		    run->world, snap, run->err);
	mipo_err_set(run->err, MIPO_E_INPUT,
	    "%s: only a complete look can be a baseline, this one is %s",
	    path, mipo_snap_verdict(snap));
	mipo_snap_free(snap);
	return -1;
}

/* cron's /dev/null and a terminal hold no stream; a pipe must. */
static bool
is_device(void)
{
	struct stat st;

	return fstat(STDIN_FILENO, &st) == 0 && S_ISCHR(st.st_mode);
}

/* Streams on stdin, or in a file; with a state a device has none. */
static int
read_streams(struct run *run, const char *path)
{
	struct mipo_lines *lines;
	int fd, r = -1;

	if (run->state != NULL && path == NULL && is_device())
		return 0;
	run->fed_by = true;
	path = path == NULL ? "-" : path;
	fd = alarm_input(path, run->err);
	if (fd < 0)
		return -1;
	lines = mipo_lines_new(
	    fd, fd == STDIN_FILENO ? "stdin" : path, run->err);
	if (lines != NULL)
		r = mipo_feed_read(lines, run->world, run->state == NULL,
		    &run->fed, run->err);
	mipo_lines_free(lines);
	if (fd != STDIN_FILENO)
		(void)close(fd);
	return r;
}

static int
note(void *arg, const struct mipo_rec *alarm, bool changed)
{
	struct run *run = arg;

	if (!changed || run->door == NULL)
		return 0;
	return mipo_door_add(run->door, alarm, NULL, run->err);
}

static int
judge(struct run *run)
{
	return mipo_alarms_eval(run->alarms, run->world, mipo_clock_wall_ms(),
	    note, run, run->err);
}

/* Reads the alarms and writes what becomes of them, in one commit. */
static int
judge_state(struct run *run)
{
	struct mipo_actor actor;

	mipo_actor_find(&actor);
	(void)snprintf(actor.kind, sizeof(actor.kind), "rule");
	if (alarm_enter(run->state, &actor, "alarm.eval", run->world,
		run->fed.scan, &run->weak, &run->door, run->err) != 0)
		return -1;
	if (alarm_load_state(run->state, true, run->alarms, run->err) != 0 ||
	    judge(run) != 0) {
		mipo_door_abandon(run->door);
		return -1;
	}
	return bin_commit(
	    run->door, NULL, "judging the state", &run->status, run->err);
}

static int
judge_streams(struct run *run)
{
	if (read_baseline(run) != 0)
		return -1;
	if (run->opts->previous != NULL &&
	    alarm_load_memory(&run->opts->common, run->opts->previous, true,
		run->alarms, run->err) != 0)
		return -1;
	return judge(run);
}

/*
 * Whether all streams came whole and told what they were read for. With a
 * state a look that came before all others is no reason for doubt; one that
 * is not complete or concludes nothing is, and so is a comparison that was
 * not sure, so that a pipeline's last status tells of it.
 */
static bool
conclusive(const struct run *run)
{
	const struct mipo_fed *fed = &run->fed;

	if (fed->cut > 0)
		return false;
	if (run->fed_by && fed->looks + fed->diffs == 0)
		return false;
	if (run->state == NULL)
		return fed->unsure == 0;
	return fed->weak == 0 && !run->weak && fed->unsure == fed->first;
}

static bool
sure(const struct run *run)
{
	return conclusive(run) && !run->unseen;
}

/* Without a state the output is all the memory there is. */
static bool
shown(const struct run *run, const struct mipo_alarm *alarm)
{
	const char *event = mipo_rec_str(alarm->rec, "event");

	return run->state == NULL || alarm->state != MIPO_ALARM_RESOLVED ||
	    strcmp(event, "standing") != 0;
}

static int
write_out(struct run *run)
{
	const char *network = run->fed.network;
	struct alarm_writer *writer;
	int r;

	if (mipo_alarms_count(run->alarms) > 0 || *network == '\0')
		network = alarm_network(run->alarms);
	writer = alarm_writer_new(&run->opts->common, network, run->err);
	if (writer == NULL)
		return -1;
	mipo_alarms_sort(run->alarms);
	for (size_t i = 0; i < mipo_alarms_count(run->alarms); i++)
		if (shown(run, mipo_alarms_at(run->alarms, i)))
			alarm_writer_put(writer,
			    mipo_alarms_at(run->alarms, i)->rec);
	r = alarm_writer_end(
	    writer, sure(run) ? "ok" : "inconclusive", run->err);
	alarm_writer_free(writer);
	return r;
}

static int
conclude(const struct run *run)
{
	const struct mipo_alarm *alarm;
	int least = run->opts->fail_on == NULL ?
	    MIPO_SEV_N : mipo_severity_find(run->opts->fail_on);

	for (size_t i = 0; i < mipo_alarms_count(run->alarms); i++) {
		alarm = mipo_alarms_at(run->alarms, i);
		if (alarm->state == MIPO_ALARM_OPEN &&
		    (int)alarm->severity >= least)
			return 1;
	}
	if (!conclusive(run))
		mipo_log(MIPO_LOG_WARN, run->fed.cut > 0 ?
			"a stream ended without its end record" :
			"no conclusive look or difference came in");
	return sure(run) ? 0 : 3;
}

static int
work(struct run *run, const char *path)
{
	int status;

	if (wants_state(run->opts) &&
	    alarm_open(&run->opts->common, true, &run->state, run->err) != 0)
		return bin_fail(run->err, "opening the state");
	if (read_required(run) != 0)
		return bin_fail(run->err, "reading what is expected");
	if (read_streams(run, path) != 0)
		return bin_fail(run->err, "reading");
	if (run->state != NULL && judge_state(run) != 0)
		return bin_fail(run->err, "judging the state");
	if (run->state == NULL && judge_streams(run) != 0)
		return bin_fail(run->err, "judging");
	run->unseen = !alarm_required_seen(run->world);
	if (write_out(run) != 0)
		return bin_fail(run->err, "writing");
	status = conclude(run);
	return status == 0 ? run->status : status;
}

static int
run_eval(void *arg, int argc, char **argv)
{
	struct mipo_err err = {0};
	struct run run = {.opts = arg, .err = &err};
	int status;

	run.world = mipo_world_new(&err);
	run.alarms = mipo_alarms_new(&err);
	if (run.world == NULL || run.alarms == NULL)
		status = bin_fail(&err, "starting");
	else
		status = work(&run, argc > 0 ? argv[0] : NULL);
	mipo_alarms_free(run.alarms);
	mipo_world_free(run.world);
	mipo_state_close(run.state);
	return status;
}

const struct mipo_sub alarm_eval = {
    .name = "eval",
    .operands = "[FILE]",
    .summary = "ask every rule, and bring alarms to where they now are",
    .opts = rows,
    .size = sizeof(struct eval_opts),
    .max_operands = 1,
    .run = run_eval,
    .writes = true,
};
