/*
 * Rules. A rule is a row of data that names a predicate; a predicate is a
 * kind of question about the world. A rule says what holds now, never what
 * happened: a run that was missed is caught up with by itself.
 */
#ifndef MIPO_JUDGE_RULE_H
#define MIPO_JUDGE_RULE_H

#include "judge/world.h"

struct mipo_buf;
struct mipo_err;
struct mipo_rec;
struct mipo_rule;

enum mipo_severity {
	MIPO_SEV_INFO,
	MIPO_SEV_LOW,
	MIPO_SEV_MEDIUM,
	MIPO_SEV_HIGH,
	MIPO_SEV_CRITICAL,
	MIPO_SEV_N
};

/* "info", "low", ... */
const char *mipo_severity_name(enum mipo_severity severity);

/* -1 when name is none of them. */
int mipo_severity_find(const char *name);

struct mipo_predicate {
	const char *name;

	/*
	 * Calls fn for every subject of which the rule might hold; more is
	 * harmless, less is not: each is asked about.
	 */
	int (*each)(const struct mipo_world *world,
	    const struct mipo_rule *rule, mipo_world_fn *fn, void *arg);

	/* Whether it holds of subject, and by which scan. */
	struct mipo_answer (*ask)(const struct mipo_world *world,
	    const struct mipo_rule *rule, const struct mipo_subject *subject);

	/* How bad it is there; asked where it holds. */
	enum mipo_severity (*severity)(const struct mipo_world *world,
	    const struct mipo_rule *rule, const struct mipo_subject *subject);
};

struct mipo_rule {
	const char *id, *code;
	const char *title;
	const struct mipo_predicate *predicate;
	enum mipo_severity severity;
	enum mipo_severity worse; /* by what the predicate calls worse */
	const char *worse_when;	  /* that, in words */
	const char *condition, *resolves; /* sentences */
	const char *says;      /* summary: text behind the subject */
	const char *no_longer; /* reason of a resolution, by a look */
	const char *by_decree; /* by what people say; NULL: never is */
	/*
	 * It speaks of one look, which no later one undoes: a person may
	 * resolve it while it holds, and it comes back with another look.
	 */
	bool of_one_look;
};

/* The rows; the last has a NULL id. */
extern const struct mipo_rule mipo_rules[];

extern const struct mipo_predicate mipo_predicate_unapproved;
extern const struct mipo_predicate mipo_predicate_risky;
extern const struct mipo_predicate mipo_predicate_missing;
extern const struct mipo_predicate mipo_predicate_ended_badly;

/* The row with that id or code, or NULL. */
const struct mipo_rule *mipo_rule_find(const char *name);

/* The record of type rule. Caller's; NULL when memory is out. */
struct mipo_rec *mipo_rule_rec(
    const struct mipo_rule *rule, struct mipo_err *err);

/* Appends the alarm in a sentence. */
void mipo_rule_summary(const struct mipo_rule *rule,
    const struct mipo_subject *subject, struct mipo_buf *buf);

#endif
