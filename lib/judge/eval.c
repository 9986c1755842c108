#include "base/err.h"
#include "data/rec.h"
#include "judge/alarm.h"

struct eval {
	struct mipo_alarms *alarms;
	const struct mipo_world *world;
	const struct mipo_rule *rule;
	int64_t now;
	mipo_alarm_fn *emit;
	void *arg;
	struct mipo_err *err;
};

static int
tell(struct eval *eval, struct mipo_alarm *alarm, bool changed)
{
	alarm->seen = true;
	if (eval->emit(eval->arg, alarm->rec, changed) == 0)
		return 0;
	return mipo_err_set(eval->err, MIPO_E_INTERNAL, "stopped");
}

/*
 * Whether the alarm has had its say since the port was heard: while silence
 * lasts it neither comes back after a resolution nor is it true again.
 */
static bool
is_told(const struct mipo_alarm *alarm, const struct mipo_subject *subject)
{
	return subject->heard != NULL && alarm->rec != NULL &&
	    (alarm->state != MIPO_ALARM_RESOLVED ||
		alarm->ts > subject->heard_ms);
}

static int
holds(struct eval *eval, const struct mipo_subject *subject, const char *scan)
{
	const struct mipo_rule *rule = eval->rule;
	char key[MIPO_ALARM_KEY + 1];
	struct mipo_alarm *alarm;
	bool changed;

	if (mipo_alarm_key(rule, subject, key, eval->err) != 0)
		return -1;
	alarm = mipo_alarms_need(eval->alarms, key, eval->err);
	if (alarm == NULL)
		return -1;
	if (alarm->seen || is_told(alarm, subject))
		return 0;
	if (mipo_alarm_raise(alarm, rule, subject,
		rule->predicate->severity(eval->world, rule, subject), scan,
		eval->now, &changed, eval->err) != 0)
		return -1;
	return tell(eval, alarm, changed);
}

static int
one_subject(void *arg, const struct mipo_subject *subject)
{
	struct eval *eval = arg;
	struct mipo_answer answer =
	    eval->rule->predicate->ask(eval->world, eval->rule, subject);

	if (answer.tri != MIPO_TRI_TRUE)
		return 0;
	return holds(eval, subject, answer.scan);
}

/* An alarm that no rule raised now: settled, or standing as it was. */
static int
one_alarm(struct eval *eval, struct mipo_alarm *alarm)
{
	struct mipo_answer answer = {.tri = MIPO_TRI_UNKNOWN, .scan = ""};
	bool changed;

	if (alarm->seen)
		return 0;
	if (alarm->rule != NULL)
		answer = alarm->rule->predicate->ask(
		    eval->world, alarm->rule, &alarm->subject);
	if (mipo_alarm_settle(alarm, &answer, eval->now, &changed,
		eval->err) != 0)
		return -1;
	return tell(eval, alarm, changed);
}

int
mipo_alarms_eval(struct mipo_alarms *alarms, const struct mipo_world *world,
    int64_t now, mipo_alarm_fn *emit, void *arg, struct mipo_err *err)
{
	struct eval eval = {.alarms = alarms, .world = world, .now = now,
	    .emit = emit, .arg = arg, .err = err};

	for (size_t i = 0; i < mipo_alarms_count(alarms); i++)
		mipo_alarms_at(alarms, i)->seen = false;
	for (eval.rule = mipo_rules; eval.rule->id != NULL; eval.rule++)
		if (eval.rule->predicate->each(
			world, eval.rule, one_subject, &eval) != 0)
			return -1;
	mipo_alarms_sort(alarms);
	for (size_t i = 0; i < mipo_alarms_count(alarms); i++)
		if (one_alarm(&eval, mipo_alarms_at(alarms, i)) != 0)
			return -1;
	return 0;
}
