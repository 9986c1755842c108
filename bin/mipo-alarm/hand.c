/* What people do to an alarm: acknowledge and resolve. */
#include "bin/mipo-alarm/alarm.h"

#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "data/rec.h"
#include "judge/alarm.h"
#include "kit/conf.h"
#include "store/door.h"
#include "store/state.h"

struct hand_opts {
	struct mipo_common common;
	const char *reason;
	const char *previous;
	const char *config;
};

#define REASON                                                          \
	{.name = "reason", .letter = 'r', .kind = MIPO_OPT_STR,         \
	    .arg = "TEXT", .offset = offsetof(struct hand_opts, reason), \
	    .help = "why; required, and kept"}
#define PREVIOUS                                                        \
	{.name = "previous", .kind = MIPO_OPT_STR, .arg = "FILE",       \
	    .offset = offsetof(struct hand_opts, previous),             \
	    .help = "alarms as eval wrote them; writes them anew"}

static const struct mipo_opt ack_rows[] = {
    REASON, PREVIOUS, {.name = NULL}};

static const struct mipo_opt resolve_rows[] = {REASON, PREVIOUS,
    {.name = "config", .letter = 'c', .kind = MIPO_OPT_STR, .arg = "FILE",
	.offset = offsetof(struct hand_opts, config),
	.help = "the configuration to read, alone"},
    {.name = NULL}};

/* One deed by one person. */
struct deed {
	const struct hand_opts *opts;
	const char *id;
	bool resolve;
	struct mipo_actor actor;
	struct mipo_alarms *alarms;
	struct mipo_state *state; /* NULL: in a file */
	struct mipo_world *world; /* NULL: as recorded */
	struct mipo_err *err;
	int status; /* 5: it stands, and what followed failed */
};

static int
act(struct deed *deed, struct mipo_alarm **ret_alarm)
{
	const char *reason = deed->opts->reason;
	int64_t now = mipo_clock_wall_ms();
	struct mipo_answer condition;
	struct mipo_alarm *alarm;

	if (mipo_alarms_find(deed->alarms, deed->id, &alarm, deed->err) != 0)
		return -1;
	*ret_alarm = alarm;
	if (!deed->resolve)
		return mipo_alarm_ack(
		    alarm, deed->actor.id, reason, now, deed->err);
	condition = mipo_alarm_condition(alarm, deed->world);
	return mipo_alarm_resolve(alarm, &condition, deed->actor.id, reason,
	    now, deed->err);
}

/* Whether an alarm may be resolved is asked of the looks, not of its record. */
static int
enter_world(struct deed *deed, struct mipo_door **ret_door)
{
	struct alarm_required none = {.words = {.n = 0}};
	struct mipo_conf *conf = NULL;
	bool weak;
	int r;

	deed->world = mipo_world_new(deed->err);
	if (deed->world == NULL ||
	    mipo_conf_load(deed->opts->config, deed->opts->common.system,
		&conf, deed->err) != 0)
		return -1;
	r = alarm_load_required(&none, conf, deed->world, deed->err);
	mipo_conf_free(conf);
	if (r != 0)
		return -1;
	return alarm_enter(deed->state, &deed->actor, "alarm.resolve",
	    deed->world, NULL, &weak, ret_door, deed->err);
}

static int
in_state(struct deed *deed, struct mipo_alarm **ret_alarm)
{
	struct mipo_door *door = NULL;

	if ((deed->resolve ? enter_world(deed, &door) :
			     alarm_door(deed->state, &deed->actor,
				 "alarm.ack", &door, deed->err)) != 0)
		return -1;
	if (alarm_load_state(deed->state, true, deed->alarms, deed->err) !=
		0 ||
	    act(deed, ret_alarm) != 0 ||
	    mipo_door_add(door, (*ret_alarm)->rec, NULL, deed->err) != 0) {
		mipo_door_abandon(door);
		return -1;
	}
	return bin_commit(door, NULL,
	    deed->resolve ? "resolving" : "acknowledging", &deed->status,
	    deed->err);
}

/* The alarm alone, or, where the result is the memory, all of them. */
static int
write_out(struct deed *deed, const struct mipo_alarm *alarm)
{
	struct alarm_writer *writer = alarm_writer_new(
	    &deed->opts->common, alarm_network(deed->alarms), deed->err);
	const struct mipo_alarm *one;
	int r;

	if (writer == NULL)
		return -1;
	mipo_alarms_sort(deed->alarms);
	for (size_t i = 0; i < mipo_alarms_count(deed->alarms); i++) {
		one = mipo_alarms_at(deed->alarms, i);
		if (deed->state == NULL || one == alarm)
			alarm_writer_put(writer, one->rec);
	}
	r = alarm_writer_end(writer, "ok", deed->err);
	alarm_writer_free(writer);
	return r;
}

static int
in_file(struct deed *deed, struct mipo_alarm **ret_alarm)
{
	if (alarm_load_memory(&deed->opts->common, deed->opts->previous,
		false, deed->alarms, deed->err) != 0)
		return -1;
	return act(deed, ret_alarm);
}

static int
open_state(struct deed *deed)
{
	const struct mipo_common *common = &deed->opts->common;
	char *path = NULL;

	if (deed->opts->previous != NULL)
		return 0;
	if (alarm_open(common, true, &deed->state, deed->err) != 0)
		return -1;
	if (deed->state != NULL)
		return 0;
	(void)mipo_state_find(NULL, false, &path, deed->err);
	return -1;
}

static int
work(struct deed *deed)
{
	struct mipo_alarm *alarm = NULL;
	const char *doing = deed->resolve ? "resolving" : "acknowledging";

	if (deed->opts->reason == NULL || *deed->opts->reason == '\0') {
		mipo_log(MIPO_LOG_ERROR, "--reason=TEXT is required");
		return 2;
	}
	deed->alarms = mipo_alarms_new(deed->err);
	if (deed->alarms == NULL || open_state(deed) != 0)
		return bin_fail(deed->err, doing);
	if ((deed->state == NULL ? in_file(deed, &alarm) :
				   in_state(deed, &alarm)) != 0)
		return bin_fail(deed->err, doing);
	if (write_out(deed, alarm) != 0)
		return bin_fail(deed->err, "writing");
	return deed->status;
}

static int
by_hand(const struct hand_opts *opts, const char *id, bool resolve)
{
	struct mipo_err err = {0};
	struct deed deed = {
	    .opts = opts, .id = id, .resolve = resolve, .err = &err};
	int status;

	mipo_actor_find(&deed.actor);
	status = work(&deed);
	mipo_alarms_free(deed.alarms);
	mipo_world_free(deed.world);
	mipo_state_close(deed.state);
	return status;
}

static int
run_ack(void *arg, int argc, char **argv)
{
	(void)argc;
	return by_hand(arg, argv[0], false);
}

static int
run_resolve(void *arg, int argc, char **argv)
{
	(void)argc;
	return by_hand(arg, argv[0], true);
}

const struct mipo_sub alarm_ack = {
    .name = "ack",
    .operands = "ID",
    .summary = "take note of an alarm, with a reason",
    .opts = ack_rows,
    .size = sizeof(struct hand_opts),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_ack,
    .writes = true,
};

const struct mipo_sub alarm_resolve = {
    .name = "resolve",
    .operands = "ID",
    .summary = "resolve an alarm that holds no longer, with a reason",
    .opts = resolve_rows,
    .size = sizeof(struct hand_opts),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_resolve,
    .writes = true,
};
