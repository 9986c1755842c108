#include "judge/rule.h"

#include <string.h>

#include "base/buf.h"
#include "data/ports.h"
#include "data/rec.h"

static const char *const severities[MIPO_SEV_N] = {
    "info", "low", "medium", "high", "critical"};

const struct mipo_rule mipo_rules[] = {
    {
	.id = "port-opened",
	.code = "E01",
	.title = "New open port",
	.predicate = &mipo_predicate_unapproved,
	.severity = MIPO_SEV_MEDIUM,
	.worse = MIPO_SEV_HIGH,
	.worse_when = "seen from the vantage \"internet\"",
	.condition = "A port is open that the approved baseline does not "
		     "have open. Where none is approved that covers the "
		     "port: it came up after an earlier look.",
	.resolves = "A complete look that covers the port sees it not open, "
		    "or a baseline that has it open is approved.",
	.says = "is open and not in the approved baseline",
	.no_longer = "not open",
	.by_decree = "approved",
    },
    {
	.id = "risky-port",
	.code = "E02",
	.title = "High-risk service exposed",
	.predicate = &mipo_predicate_risky,
	.severity = MIPO_SEV_HIGH,
	.worse = MIPO_SEV_CRITICAL,
	.worse_when = "seen from the vantage \"internet\"",
	.condition = "A port is open that the catalog calls risky, in the "
		     "baseline or not.",
	.resolves = "A complete look that covers the port sees it not open, "
		    "or the catalog calls it risky no longer.",
	.says = "is open, a service that is risky to expose",
	.no_longer = "not open",
	.by_decree = "not called risky any more",
    },
    {
	.id = "expected-missing",
	.code = "E04",
	.title = "Required port not open",
	.predicate = &mipo_predicate_missing,
	.severity = MIPO_SEV_MEDIUM,
	.worse = MIPO_SEV_MEDIUM,
	.worse_when = "the expect section says so",
	.condition = "A port that an expect section requires is seen not "
		     "open by a complete look that covers it.",
	.resolves = "The port is seen open, or is required no longer.",
	.says = "is required and not open",
	.no_longer = "open",
	.by_decree = "no longer required",
    },
    {
	.id = "scan-failed",
	.code = "S02",
	.title = "Scan ended badly",
	.predicate = &mipo_predicate_ended_badly,
	.severity = MIPO_SEV_MEDIUM,
	.worse = MIPO_SEV_HIGH,
	.worse_when = "two looks in a row",
	.condition = "The newest look of a scope is not complete: degraded, "
		     "incomplete, interrupted, or without its end record.",
	.resolves = "The next look of the same scope, or of one that covers "
		    "it, is complete. By hand: until another look of the "
		    "scope is not complete.",
	.says = "the newest look is not complete",
	.no_longer = "the newest look is complete",
	.of_one_look = true,
    },
    {.id = NULL}};

const char *
mipo_severity_name(enum mipo_severity severity)
{
	return severities[severity];
}

int
mipo_severity_find(const char *name)
{
	for (int i = 0; i < MIPO_SEV_N; i++)
		if (strcmp(severities[i], name) == 0)
			return i;
	return -1;
}

const struct mipo_rule *
mipo_rule_find(const char *name)
{
	for (const struct mipo_rule *r = mipo_rules; r->id != NULL; r++)
		if (strcmp(r->id, name) == 0 || strcmp(r->code, name) == 0)
			return r;
	return NULL;
}

struct mipo_rec *
mipo_rule_rec(const struct mipo_rule *rule, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("rule", err);

	if (rec == NULL)
		return NULL;
	mipo_rec_put_str(rec, "id", rule->id);
	mipo_rec_put_str(rec, "code", rule->code);
	mipo_rec_put_str(rec, "title", rule->title);
	mipo_rec_put_bool(rec, "builtin", true);
	mipo_rec_put_str(rec, "predicate", rule->predicate->name);
	mipo_rec_put_str(rec, "severity", severities[rule->severity]);
	mipo_rec_put_str(rec, "worse", severities[rule->worse]);
	mipo_rec_put_str(rec, "worse_when", rule->worse_when);
	mipo_rec_put_str(rec, "condition", rule->condition);
	mipo_rec_put_str(rec, "resolves", rule->resolves);
	return rec;
}

void
mipo_rule_summary(const struct mipo_rule *rule,
    const struct mipo_subject *subject, struct mipo_buf *buf)
{
	const struct mipo_service *service;
	char ip[MIPO_ADDR_LEN];

	if (subject->ip.family == 0 && subject->words != NULL &&
	    *subject->words != '\0') {
		mipo_buf_puts(buf, subject->words);
	} else if (subject->ip.family == 0) {
		mipo_buf_putf(buf, "scope %.12s", subject->scope);
	} else {
		(void)mipo_addr_format(&subject->ip, ip);
		mipo_buf_putf(buf, "%s %u/%s", ip, subject->port,
		    mipo_proto_name(subject->proto));
		service = mipo_service_of(subject->proto, subject->port);
		if (service != NULL)
			mipo_buf_putf(buf, " (%s)", service->name);
	}
	mipo_buf_putf(buf, "%s %s", subject->ip.family == 0 ? ":" : "",
	    rule->says);
	mipo_buf_putf(buf, " (%s, seen from %s)", subject->network,
	    subject->vantage);
}
