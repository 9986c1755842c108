/*
 * Alarms: open, acknowledged, resolved. A rule's condition raises and
 * settles them; unknown changes nothing. A condition that comes back within
 * a day of its resolution is the same episode, later it is the next one.
 */
#ifndef MIPO_JUDGE_ALARM_H
#define MIPO_JUDGE_ALARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/rule.h"

struct mipo_alarms;
struct mipo_err;
struct mipo_rec;

#define MIPO_ALARM_KEY 32 /* hex digits */
#define MIPO_ALARM_REOPEN_MS (INT64_C(24) * 3600 * 1000)

enum mipo_alarm_state {
	MIPO_ALARM_OPEN,
	MIPO_ALARM_ACKNOWLEDGED,
	MIPO_ALARM_RESOLVED
};

/* One alarm as last recorded. For reading; strings are rec's. */
struct mipo_alarm {
	struct mipo_rec *rec;
	char key[MIPO_ALARM_KEY + 1];
	int64_t episode, ts; /* ts: of the last transition, Unix ms */
	enum mipo_alarm_state state;
	enum mipo_severity severity;
	const struct mipo_rule *rule; /* NULL: a rule of another version */
	struct mipo_subject subject;
	bool seen; /* in the evaluation that runs */
};

struct mipo_alarms *mipo_alarms_new(struct mipo_err *err);
void mipo_alarms_free(struct mipo_alarms *alarms);

/* Adds a copy of an alarm record; the last one of a key stands. */
int mipo_alarms_add(struct mipo_alarms *alarms, const struct mipo_rec *rec,
    struct mipo_err *err);

/* How many, and the ith; sort puts them in order of rule, address, port. */
size_t mipo_alarms_count(const struct mipo_alarms *alarms);
struct mipo_alarm *mipo_alarms_at(const struct mipo_alarms *alarms, size_t i);
void mipo_alarms_sort(struct mipo_alarms *alarms);

/*
 * The alarm with this id, or whose id begins so (6 characters or more).
 * E_NOTFOUND, also where several begin so.
 */
int mipo_alarms_find(const struct mipo_alarms *alarms, const char *id,
    struct mipo_alarm **ret_alarm, struct mipo_err *err);

/* The alarm of that key, made (with a NULL rec) where there is none. */
struct mipo_alarm *mipo_alarms_need(struct mipo_alarms *alarms,
    const char *key, struct mipo_err *err);

/*
 * Asks every rule about the world and brings the alarms to where they now
 * are. emit gets each alarm's record once, changed telling whether this was
 * a transition; what it returns other than 0 ends it, as an error of its
 * own. An alarm that stands keeps the ts of its last transition.
 */
typedef int mipo_alarm_fn(
    void *arg, const struct mipo_rec *alarm, bool changed);
int mipo_alarms_eval(struct mipo_alarms *alarms,
    const struct mipo_world *world, int64_t now, mipo_alarm_fn *emit,
    void *arg, struct mipo_err *err);

/*
 * Whether the alarm's condition holds, and by which scan; as recorded where
 * world is NULL.
 */
struct mipo_answer mipo_alarm_condition(
    const struct mipo_alarm *alarm, const struct mipo_world *world);

/*
 * By a person, with a reason. E_USAGE where the alarm is not in a state for
 * it; resolve is refused while the condition is true, but for a rule that
 * is of one look.
 */
int mipo_alarm_ack(struct mipo_alarm *alarm, const char *actor,
    const char *reason, int64_t now, struct mipo_err *err);
int mipo_alarm_resolve(struct mipo_alarm *alarm,
    const struct mipo_answer *condition, const char *actor,
    const char *reason, int64_t now, struct mipo_err *err);

/* The key of rule and subject, and a NUL. */
int mipo_alarm_key(const struct mipo_rule *rule,
    const struct mipo_subject *subject, char ret_key[MIPO_ALARM_KEY + 1],
    struct mipo_err *err);

/* For the evaluation: the next record of an alarm. */
int mipo_alarm_raise(struct mipo_alarm *alarm, const struct mipo_rule *rule,
    const struct mipo_subject *subject, enum mipo_severity severity,
    const char *scan, int64_t now, bool *ret_changed, struct mipo_err *err);
int mipo_alarm_settle(struct mipo_alarm *alarm,
    const struct mipo_answer *answer, int64_t now, bool *ret_changed,
    struct mipo_err *err);

/* Fills alarm from rec, which becomes the alarm's, also on failure. */
int mipo_alarm_set_take(struct mipo_alarm *alarm, struct mipo_rec *rec,
    struct mipo_err *err);

#endif
