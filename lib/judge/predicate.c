#include <stdbool.h>
#include <string.h>

#include "data/ports.h"
#include "judge/rule.h"

static int
each_open(const struct mipo_world *world, const struct mipo_rule *rule,
    mipo_world_fn *fn, void *arg)
{
	(void)rule;
	return mipo_world_each_open(world, fn, arg);
}

static enum mipo_severity
by_vantage(const struct mipo_world *world, const struct mipo_rule *rule,
    const struct mipo_subject *subject)
{
	(void)world;
	return strcmp(subject->vantage, "internet") == 0 ? rule->worse :
							   rule->severity;
}

/* Open, and in no approved baseline; a change stands in for a baseline. */
static struct mipo_answer
unapproved(const struct mipo_world *world, const struct mipo_rule *rule,
    const struct mipo_subject *subject)
{
	struct mipo_answer open = mipo_world_open(world, subject);
	struct mipo_answer approved;

	(void)rule;
	if (open.tri == MIPO_TRI_FALSE)
		return open;
	approved = mipo_world_approved(world, subject);
	if (approved.tri == MIPO_TRI_TRUE) {
		approved.tri = MIPO_TRI_FALSE;
		approved.by_decree = true;
		return approved;
	}
	if (open.tri == MIPO_TRI_TRUE && approved.tri == MIPO_TRI_UNKNOWN &&
	    mipo_world_came_up(world, subject).tri != MIPO_TRI_TRUE)
		open.tri = MIPO_TRI_UNKNOWN;
	return open;
}

const struct mipo_predicate mipo_predicate_unapproved = {
    .name = "unapproved",
    .each = each_open,
    .ask = unapproved,
    .severity = by_vantage,
};

static struct mipo_answer
risky(const struct mipo_world *world, const struct mipo_rule *rule,
    const struct mipo_subject *subject)
{
	const struct mipo_service *service =
	    mipo_service_of(subject->proto, subject->port);
	struct mipo_answer no = {.tri = MIPO_TRI_FALSE, .scan = ""};

	(void)rule;
	no.by_decree = true;
	if (service == NULL || !service->risky)
		return no;
	return mipo_world_open(world, subject);
}

const struct mipo_predicate mipo_predicate_risky = {
    .name = "risky",
    .each = each_open,
    .ask = risky,
    .severity = by_vantage,
};

static int
each_required(const struct mipo_world *world, const struct mipo_rule *rule,
    mipo_world_fn *fn, void *arg)
{
	(void)rule;
	return mipo_world_each_required(world, fn, arg);
}

static struct mipo_answer
missing(const struct mipo_world *world, const struct mipo_rule *rule,
    const struct mipo_subject *subject)
{
	struct mipo_answer answer = {.tri = MIPO_TRI_UNKNOWN, .scan = ""};
	int severity;

	(void)rule;
	answer.tri = mipo_world_required(world, subject, &severity);
	answer.by_decree = true;
	if (answer.tri != MIPO_TRI_TRUE)
		return answer;
	answer = mipo_world_open(world, subject);
	if (answer.tri == MIPO_TRI_TRUE)
		answer.tri = MIPO_TRI_FALSE;
	else if (answer.tri == MIPO_TRI_FALSE)
		answer.tri = MIPO_TRI_TRUE;
	return answer;
}

static enum mipo_severity
as_required(const struct mipo_world *world, const struct mipo_rule *rule,
    const struct mipo_subject *subject)
{
	int severity = -1;

	(void)mipo_world_required(world, subject, &severity);
	return severity < 0 ? rule->severity : (enum mipo_severity)severity;
}

const struct mipo_predicate mipo_predicate_missing = {
    .name = "missing",
    .each = each_required,
    .ask = missing,
    .severity = as_required,
};

static int
each_scope(const struct mipo_world *world, const struct mipo_rule *rule,
    mipo_world_fn *fn, void *arg)
{
	(void)rule;
	return mipo_world_each_scope(world, fn, arg);
}

static struct mipo_answer
ended_badly(const struct mipo_world *world, const struct mipo_rule *rule,
    const struct mipo_subject *subject)
{
	const struct mipo_ended *ended = mipo_world_ended(world, subject);
	struct mipo_answer answer = {.tri = MIPO_TRI_UNKNOWN, .scan = ""};

	(void)rule;
	if (ended == NULL)
		return answer;
	answer.scan = ended->scan;
	answer.tri = ended->failed > 0 ? MIPO_TRI_TRUE : MIPO_TRI_FALSE;
	return answer;
}

static enum mipo_severity
by_repetition(const struct mipo_world *world, const struct mipo_rule *rule,
    const struct mipo_subject *subject)
{
	const struct mipo_ended *ended = mipo_world_ended(world, subject);

	return ended != NULL && ended->failed > 1 ? rule->worse :
						    rule->severity;
}

const struct mipo_predicate mipo_predicate_ended_badly = {
    .name = "ended-badly",
    .each = each_scope,
    .ask = ended_badly,
    .severity = by_repetition,
};
