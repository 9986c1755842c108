#include "judge/alarm.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"
#include "data/ports.h"
#include "data/rec.h"
#include "trust/hash.h"

static const char key_purpose[] = "mipo/alarm/v1\n";

static const char *const states[] = {"open", "acknowledged", "resolved"};

static void
put_subject(struct mipo_rec *rec, const struct mipo_subject *subject)
{
	char ip[MIPO_ADDR_LEN];

	mipo_rec_put_str(rec, "network", subject->network);
	mipo_rec_put_str(rec, "vantage", subject->vantage);
	if (subject->ip.family == 0) {
		mipo_rec_put_str(rec, "scope_sha256", subject->scope);
		return;
	}
	(void)mipo_addr_format(&subject->ip, ip);
	mipo_rec_put_str(rec, "ip", ip);
	mipo_rec_put_int(rec, "port", subject->port);
	mipo_rec_put_str(rec, "proto", mipo_proto_name(subject->proto));
}

int
mipo_alarm_key(const struct mipo_rule *rule,
    const struct mipo_subject *subject, char ret_key[MIPO_ALARM_KEY + 1],
    struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_new(err);
	uint8_t digest[MIPO_HASH_LEN];
	struct mipo_buf buf;
	int r = -1;

	mipo_buf_init(&buf, MIPO_REC_MAX_WRITE);
	if (rec == NULL)
		return -1;
	mipo_buf_puts(&buf, key_purpose);
	mipo_rec_put_str(rec, "rule", rule->id);
	put_subject(rec, subject);
	if (mipo_rec_canon(rec, &buf, err) == 0 &&
	    mipo_buf_ok(&buf, err) == 0) {
		mipo_hash(buf.data, buf.len, digest);
		mipo_text_hex(digest, MIPO_ALARM_KEY / 2, ret_key);
		r = 0;
	}
	mipo_buf_release(&buf);
	mipo_rec_free(rec);
	return r;
}

static int
find(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; name != NULL && i < n; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

static const char *
text(const struct mipo_rec *rec, const char *key)
{
	const char *s = mipo_rec_str(rec, key);

	return s == NULL ? "" : s;
}

static int
set_subject(struct mipo_subject *subject, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	const char *ip = mipo_rec_str(rec, "ip"), *proto;
	int64_t port = 0;

	memset(subject, 0, sizeof(*subject));
	subject->network = text(rec, "network");
	subject->vantage = text(rec, "vantage");
	subject->scope = text(rec, "scope_sha256");
	if (ip == NULL)
		return 0;
	if (!mipo_rec_int(rec, "port", &port) || port < 1 || port > 65535)
		return mipo_err_set(
		    err, MIPO_E_INPUT, "alarm: ip without a port");
	subject->port = (uint16_t)port;
	proto = mipo_rec_str(rec, "proto");
	subject->proto = proto == NULL ? MIPO_TCP : mipo_proto_find(proto);
	if (subject->proto == MIPO_PROTO_N)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "alarm: of a protocol that is not known");
	return mipo_addr_parse(ip, &subject->ip, err);
}

int
mipo_alarm_set_take(
    struct mipo_alarm *alarm, struct mipo_rec *rec, struct mipo_err *err)
{
	const char *key = text(rec, "key");
	int severity = mipo_severity_find(text(rec, "severity"));
	int state = find(states, 3, mipo_rec_str(rec, "state"));

	mipo_rec_free(alarm->rec);
	alarm->rec = rec;
	if (strlen(key) != MIPO_ALARM_KEY || severity < 0 || state < 0 ||
	    !mipo_rec_int(rec, "episode", &alarm->episode))
		return mipo_err_set(err, MIPO_E_INPUT,
		    "alarm: without its key, episode, severity or state");
	memcpy(alarm->key, key, sizeof(alarm->key));
	alarm->severity = (enum mipo_severity)severity;
	alarm->state = (enum mipo_alarm_state)state;
	alarm->rule = mipo_rule_find(text(rec, "rule"));
	if (mipo_text_untime(text(rec, "ts"), &alarm->ts, err) != 0)
		return mipo_err_prefix(err, "alarm: ts");
	return set_subject(&alarm->subject, rec, err);
}

/* event, state and condition: what every record of an alarm ends with. */
static void
put_step(struct mipo_rec *rec, const char *event, enum mipo_alarm_state state,
    enum mipo_tri condition)
{
	mipo_rec_put_str(rec, "event", event);
	mipo_rec_put_str(rec, "state", states[state]);
	mipo_rec_put_str(rec, "condition", mipo_tri_name(condition));
}

static void
put_cause(struct mipo_rec *rec, const char *scan)
{
	mipo_rec_put_list(rec, "cause");
	if (*scan != '\0')
		mipo_rec_add_str(rec, "cause", scan);
}

static void
put_who(struct mipo_rec *rec, const char *actor, const char *reason)
{
	mipo_rec_put_str(rec, "actor", actor);
	mipo_rec_put_str(rec, "reason", reason);
}

/* rec becomes the alarm's newest record. */
static int
take(struct mipo_alarm *alarm, struct mipo_rec *rec, struct mipo_err *err)
{
	if (mipo_rec_ok(rec, err) != 0) {
		mipo_rec_free(rec);
		return -1;
	}
	return mipo_alarm_set_take(alarm, rec, err);
}

/* The first record of an episode. */
static struct mipo_rec *
first_record(const struct mipo_rule *rule, const struct mipo_subject *subject,
    int64_t episode, int64_t now, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_start("alarm", err);
	const struct mipo_service *service = NULL;
	char key[MIPO_ALARM_KEY + 1], id[96];
	struct mipo_buf summary;
	const char *says;

	if (rec == NULL || mipo_alarm_key(rule, subject, key, err) != 0) {
		mipo_rec_free(rec);
		return NULL;
	}
	(void)snprintf(id, sizeof(id), "%s-%lld", key, (long long)episode);
	mipo_rec_put_time(rec, "ts", now);
	mipo_rec_put_time(rec, "since", now);
	mipo_rec_put_str(rec, "key", key);
	mipo_rec_put_int(rec, "episode", episode);
	mipo_rec_put_str(rec, "id", id);
	mipo_rec_put_str(rec, "rule", rule->id);
	mipo_rec_put_str(rec, "code", rule->code);
	put_subject(rec, subject);
	if (subject->ip.family != 0)
		service = mipo_service_of(subject->proto, subject->port);
	if (service != NULL)
		mipo_rec_put_str(rec, "service", service->name);
	mipo_buf_init(&summary, 4096);
	mipo_rule_summary(rule, subject, &summary);
	says = mipo_buf_str(&summary, err);
	if (says != NULL)
		mipo_rec_put_str(rec, "summary", says);
	mipo_buf_release(&summary);
	return rec;
}

static struct mipo_rec *
again(const struct mipo_alarm *alarm, int64_t now, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_dup(alarm->rec, err);
	int64_t reopened = 0;

	if (rec == NULL)
		return NULL;
	(void)mipo_rec_int(rec, "reopened", &reopened);
	mipo_rec_put_int(rec, "reopened", reopened + 1);
	mipo_rec_put_time(rec, "ts", now);
	mipo_rec_del(rec, "actor");
	mipo_rec_del(rec, "reason");
	return rec;
}

static int
stand(struct mipo_alarm *alarm, enum mipo_tri condition, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_dup(alarm->rec, err);

	if (rec == NULL)
		return -1;
	put_step(rec, "standing", alarm->state, condition);
	return take(alarm, rec, err);
}

/* Resolved by a person, about this very look: that holds, and is settled. */
static bool
settled_by_hand(const struct mipo_alarm *alarm, const struct mipo_rule *rule,
    const char *scan)
{
	return rule->of_one_look && alarm->state == MIPO_ALARM_RESOLVED &&
	    strcmp(text(alarm->rec, "cause.0"), scan) == 0;
}

int
mipo_alarm_raise(struct mipo_alarm *alarm, const struct mipo_rule *rule,
    const struct mipo_subject *subject, enum mipo_severity severity,
    const char *scan, int64_t now, bool *ret_changed, struct mipo_err *err)
{
	bool fresh = alarm->rec == NULL, worse = !fresh;
	struct mipo_rec *rec;

	if (worse && settled_by_hand(alarm, rule, scan)) {
		*ret_changed = false;
		return stand(alarm, MIPO_TRI_TRUE, err);
	}
	if (worse && alarm->state == MIPO_ALARM_RESOLVED)
		fresh = now - alarm->ts >= MIPO_ALARM_REOPEN_MS;
	else if (worse)
		worse = severity > alarm->severity;
	*ret_changed = fresh || worse;
	if (!*ret_changed)
		return stand(alarm, MIPO_TRI_TRUE, err);
	rec = fresh ?
	    first_record(rule, subject,
		alarm->rec == NULL ? 1 : alarm->episode + 1, now, err) :
	    again(alarm, now, err);
	if (rec == NULL)
		return -1;
	mipo_rec_put_str(rec, "severity", mipo_severity_name(severity));
	put_cause(rec, scan);
	put_step(rec, fresh ? "opened" : "reopened", MIPO_ALARM_OPEN,
	    MIPO_TRI_TRUE);
	return take(alarm, rec, err);
}

int
mipo_alarm_settle(struct mipo_alarm *alarm, const struct mipo_answer *answer,
    int64_t now, bool *ret_changed, struct mipo_err *err)
{
	struct mipo_rec *rec;
	char actor[80];

	*ret_changed = alarm->state != MIPO_ALARM_RESOLVED &&
	    answer->tri == MIPO_TRI_FALSE;
	if (!*ret_changed)
		return stand(alarm, answer->tri, err);
	rec = mipo_rec_dup(alarm->rec, err);
	if (rec == NULL)
		return -1;
	(void)snprintf(actor, sizeof(actor), "rule:%s", alarm->rule->id);
	put_who(rec, actor,
	    answer->by_decree ? alarm->rule->by_decree :
				alarm->rule->no_longer);
	put_cause(rec, answer->scan);
	mipo_rec_put_time(rec, "ts", now);
	put_step(rec, "resolved", MIPO_ALARM_RESOLVED, MIPO_TRI_FALSE);
	return take(alarm, rec, err);
}

struct mipo_answer
mipo_alarm_condition(
    const struct mipo_alarm *alarm, const struct mipo_world *world)
{
	static const char *const names[] = {"unknown", "false", "true"};
	struct mipo_answer answer = {.tri = MIPO_TRI_UNKNOWN, .scan = ""};
	int tri = find(names, 3, mipo_rec_str(alarm->rec, "condition"));

	if (world != NULL && alarm->rule != NULL)
		return alarm->rule->predicate->ask(
		    world, alarm->rule, &alarm->subject);
	if (world == NULL && tri >= 0) {
		answer.tri = (enum mipo_tri)tri;
		answer.scan = text(alarm->rec, "cause.0");
	}
	return answer;
}

static int
by_hand(struct mipo_alarm *alarm, const char *event,
    enum mipo_alarm_state state, const char *actor, const char *reason,
    int64_t now, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_dup(alarm->rec, err);

	if (rec == NULL)
		return -1;
	put_who(rec, actor, reason);
	mipo_rec_put_time(rec, "ts", now);
	mipo_rec_put_str(rec, "event", event);
	mipo_rec_put_str(rec, "state", states[state]);
	return take(alarm, rec, err);
}

static int
refuse(const struct mipo_alarm *alarm, struct mipo_err *err)
{
	return mipo_err_set(err, MIPO_E_USAGE, "alarm %s is already %s",
	    text(alarm->rec, "id"), states[alarm->state]);
}

int
mipo_alarm_ack(struct mipo_alarm *alarm, const char *actor,
    const char *reason, int64_t now, struct mipo_err *err)
{
	if (alarm->state != MIPO_ALARM_OPEN)
		return refuse(alarm, err);
	return by_hand(alarm, "acknowledged", MIPO_ALARM_ACKNOWLEDGED, actor,
	    reason, now, err);
}

int
mipo_alarm_resolve(struct mipo_alarm *alarm,
    const struct mipo_answer *condition, const char *actor,
    const char *reason, int64_t now, struct mipo_err *err)
{
	bool one = alarm->rule != NULL && alarm->rule->of_one_look;
	char scan[33];

	if (alarm->state == MIPO_ALARM_RESOLVED)
		return refuse(alarm, err);
	if (condition->tri == MIPO_TRI_TRUE && one) {
		(void)snprintf(scan, sizeof(scan), "%s", condition->scan);
		put_cause(alarm->rec, scan);
	} else if (condition->tri == MIPO_TRI_TRUE)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "alarm %s still holds: mend its cause, or acknowledge it",
		    text(alarm->rec, "id"));
	return by_hand(alarm, "resolved", MIPO_ALARM_RESOLVED, actor, reason,
	    now, err);
}
