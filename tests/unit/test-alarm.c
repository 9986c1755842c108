#include "looks.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/line.h"
#include "data/schema.h"
#include "judge/alarm.h"
#include "judge/feed.h"

#define HOUR INT64_C(3600000)
#define DAY0 INT64_C(1795341600000)

#define LOOK(...) ((struct look){__VA_ARGS__})

static struct mipo_err err;

/* What an evaluation told: "event state condition; ..." */
static struct mipo_buf told;
static struct mipo_alarms *alarms;
static int changes;

static int
hear(void *arg, const struct mipo_rec *alarm, bool changed)
{
	(void)arg;
	ck_ok(mipo_rec_check(alarm, &err));
	if (told.len > 0)
		mipo_buf_puts(&told, "; ");
	mipo_buf_putf(&told, "%s %s %s %s", mipo_rec_str(alarm, "code"),
	    mipo_rec_str(alarm, "event"), mipo_rec_str(alarm, "state"),
	    mipo_rec_str(alarm, "condition"));
	changes += changed;
	ck_assert(changed !=
	    (strcmp(mipo_rec_str(alarm, "event"), "standing") == 0));
	return 0;
}

/* Risky 23: one look at time now, as the whole world. */
static const char *
eval(int64_t now, struct look look)
{
	struct mipo_world *world = mipo_world_new(&err);
	struct mipo_snap *snap = NULL;

	mipo_buf_release(&told);
	mipo_buf_init(&told, 65536);
	changes = 0;
	look.ports = "23";
	look.targets = "198.18.0.1";
	ck_ok(look_snap(&look, &snap, &err));
	ck_ok(mipo_world_add_look_take(world, snap, &err));
	ck_ok(mipo_alarms_eval(alarms, world, now, hear, NULL, &err));
	mipo_world_free(world);
	return mipo_buf_str(&told, &err);
}

#define OPEN   LOOK(.pairs = "198.18.0.1 23 open")
#define CLOSED LOOK(.pairs = "198.18.0.1 23 closed")
#define BLIND  LOOK(.verdict = "interrupted")

static struct mipo_alarm *
first(void)
{
	ck_assert_uint_gt(mipo_alarms_count(alarms), 0);
	return mipo_alarms_at(alarms, 0);
}

static int
resolve(enum mipo_tri condition, int64_t now)
{
	const struct mipo_answer answer = {.tri = condition, .scan = ""};

	return mipo_alarm_resolve(
	    first(), &answer, "uid:1", "done", now, &err);
}

static int64_t
number(const char *key)
{
	int64_t n = 0;

	(void)mipo_rec_int(first()->rec, key, &n);
	return n;
}

static void
begin(void)
{
	alarms = mipo_alarms_new(&err);
	ck_assert_ptr_nonnull(alarms);
}

START_TEST(opens_stands_resolves)
{
	begin();
	ck_assert_str_eq(eval(DAY0, BLIND), "");
	ck_assert_str_eq(eval(DAY0, OPEN), "E02 opened open true");
	ck_assert_str_eq(eval(DAY0 + 1, OPEN), "E02 standing open true");
	ck_assert_str_eq(eval(DAY0 + 2, BLIND), "E02 standing open unknown");
	ck_assert_int_eq(changes, 0);
	ck_assert_str_eq(eval(DAY0 + 3, CLOSED),
	    "E02 resolved resolved false");
	ck_assert_str_eq(
	    mipo_rec_str(first()->rec, "actor"), "rule:risky-port");
	ck_assert_str_eq(eval(DAY0 + 4, CLOSED),
	    "E02 standing resolved false");
	ck_assert_int_eq(number("episode"), 1);
	mipo_alarms_free(alarms);
}
END_TEST

START_TEST(episodes)
{
	begin();
	eval(DAY0, OPEN);
	eval(DAY0 + HOUR, CLOSED);
	/* Within a day of the resolution: the same episode. */
	ck_assert_str_eq(eval(DAY0 + 25 * HOUR - 1, OPEN),
	    "E02 reopened open true");
	ck_assert_int_eq(number("episode"), 1);
	ck_assert_int_eq(number("reopened"), 1);
	ck_assert(!mipo_rec_has(first()->rec, "actor"));
	/* Looking on does not move that day. */
	eval(DAY0 + 30 * HOUR, CLOSED);
	eval(DAY0 + 40 * HOUR, CLOSED);
	eval(DAY0 + 50 * HOUR, BLIND);
	ck_assert_str_eq(eval(DAY0 + 54 * HOUR, OPEN),
	    "E02 opened open true");
	ck_assert_int_eq(number("episode"), 2);
	ck_assert_int_eq(number("reopened"), 0);
	ck_assert_uint_eq(mipo_alarms_count(alarms), 1);
	/* A clock that went back starts no episode. */
	eval(DAY0, CLOSED);
	eval(DAY0 - 90 * HOUR, OPEN);
	ck_assert_int_eq(number("episode"), 2);
	mipo_alarms_free(alarms);
}
END_TEST

START_TEST(people)
{
	begin();
	eval(DAY0, OPEN);
	ck_ok(mipo_alarm_ack(first(), "uid:1", "known", DAY0 + 5, &err));
	ck_fails(mipo_alarm_ack(first(), "uid:1", "again", DAY0 + 6, &err),
	    MIPO_E_USAGE);
	ck_assert_str_eq(
	    eval(DAY0 + 7, OPEN), "E02 standing acknowledged true");
	ck_assert_str_eq(mipo_rec_str(first()->rec, "reason"), "known");
	ck_fails(resolve(MIPO_TRI_TRUE, DAY0 + 8), MIPO_E_USAGE);
	ck_ok(resolve(MIPO_TRI_UNKNOWN, DAY0 + 9));
	ck_fails(resolve(MIPO_TRI_FALSE, DAY0 + 9), MIPO_E_USAGE);
	ck_fails(mipo_alarm_ack(first(), "uid:1", "x", DAY0 + 9, &err),
	    MIPO_E_USAGE);
	ck_assert_str_eq(eval(DAY0 + 10, OPEN), "E02 reopened open true");
	ck_ok(mipo_alarm_ack(first(), "uid:1", "known", DAY0 + 11, &err));
	ck_assert_str_eq(eval(DAY0 + 12, CLOSED),
	    "E02 resolved resolved false");
	mipo_alarms_free(alarms);
}
END_TEST

/* New facts void an acknowledgement. */
START_TEST(worse_comes_back)
{
	const struct mipo_rule *rule = mipo_rule_find("scan-failed");
	struct mipo_subject subject = {
	    .network = "lab", .vantage = "here", .scope = "s"};
	struct mipo_alarm alarm = {.rec = NULL};
	bool changed;

	ck_ok(mipo_alarm_raise(&alarm, rule, &subject, MIPO_SEV_MEDIUM, "a",
	    DAY0, &changed, &err));
	ck_ok(mipo_alarm_ack(&alarm, "uid:1", "known", DAY0, &err));
	ck_ok(mipo_alarm_raise(&alarm, rule, &subject, MIPO_SEV_MEDIUM, "b",
	    DAY0, &changed, &err));
	ck_assert(!changed && alarm.state == MIPO_ALARM_ACKNOWLEDGED);
	ck_ok(mipo_alarm_raise(&alarm, rule, &subject, MIPO_SEV_HIGH, "c",
	    DAY0, &changed, &err));
	ck_assert(changed && alarm.state == MIPO_ALARM_OPEN);
	ck_assert_str_eq(mipo_rec_str(alarm.rec, "event"), "reopened");
	ck_assert_str_eq(mipo_rec_str(alarm.rec, "cause.0"), "c");
	ck_assert(!mipo_rec_has(alarm.rec, "reason"));
	mipo_rec_free(alarm.rec);
}
END_TEST

START_TEST(keys_are_for_rule_and_subject)
{
	struct mipo_subject a = {
	    .network = "lab", .vantage = "here", .port = 22, .scope = ""};
	char key[6][MIPO_ALARM_KEY + 1];
	struct mipo_subject b;

	ck_ok(mipo_addr_parse("198.18.0.1", &a.ip, &err));
	ck_ok(mipo_alarm_key(mipo_rules, &a, key[0], &err));
	ck_ok(mipo_alarm_key(mipo_rules + 1, &a, key[1], &err));
	b = a;
	b.port = 23;
	ck_ok(mipo_alarm_key(mipo_rules, &b, key[2], &err));
	b = a;
	b.network = "x";
	ck_ok(mipo_alarm_key(mipo_rules, &b, key[3], &err));
	b = a;
	b.vantage = "x";
	ck_ok(mipo_alarm_key(mipo_rules, &b, key[4], &err));
	b = a;
	ck_ok(mipo_addr_parse("::1", &b.ip, &err));
	ck_ok(mipo_alarm_key(mipo_rules, &b, key[5], &err));
	for (int i = 0; i < 6; i++)
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(key[i], key[j]);
	/* What ids are made of may never change. */
	ck_assert_str_eq(key[0], "4cefb931f722d7497aebc1437c877dc1");
}
END_TEST

/* A record with this key, rule and port; everything else is usual. */
static void
add(const char *key, const char *rule, int port, const char *state)
{
	struct mipo_rec *rec = mipo_rec_start("alarm", &err);
	char id[64];

	(void)snprintf(id, sizeof(id), "%s-1", key);
	mipo_rec_put_str(rec, "key", key);
	mipo_rec_put_int(rec, "episode", 1);
	mipo_rec_put_str(rec, "id", id);
	mipo_rec_put_str(rec, "rule", rule);
	mipo_rec_put_str(rec, "code", "E00");
	mipo_rec_put_str(rec, "severity", "high");
	mipo_rec_put_str(rec, "event", "opened");
	mipo_rec_put_str(rec, "state", state);
	mipo_rec_put_str(rec, "condition", "true");
	mipo_rec_put_str(rec, "summary", "x");
	mipo_rec_put_str(rec, "ip", "198.18.0.1");
	mipo_rec_put_int(rec, "port", port);
	ck_ok(mipo_alarms_add(alarms, rec, &err));
	mipo_rec_free(rec);
}

START_TEST(sets)
{
	struct mipo_alarm *alarm = NULL;
	char key[MIPO_ALARM_KEY + 1];
	struct mipo_rec *rec;

	begin();
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(key, sizeof(key), "%08x%024d",
		    (unsigned)i * 2654435761U, i);
		add(key, i % 2 ? "risky-port" : "of-the-future",
		    1 + (i * 7919) % 1000, "open");
		add(key, i % 2 ? "risky-port" : "of-the-future",
		    1 + (i * 7919) % 1000, "acknowledged"); /* the last */
	}
	ck_assert_uint_eq(mipo_alarms_count(alarms), 1000);
	mipo_alarms_sort(alarms);
	for (size_t i = 0; i < 1000; i++) {
		alarm = mipo_alarms_at(alarms, i);
		ck_assert_int_eq(alarm->state, MIPO_ALARM_ACKNOWLEDGED);
		ck_assert((alarm->rule != NULL) == (i < 500));
		if (i % 500 > 0)
			ck_assert_int_le(
			    mipo_alarms_at(alarms, i - 1)->subject.port,
			    alarm->subject.port);
		ck_assert_ptr_eq(
		    mipo_alarms_need(alarms, alarm->key, &err), alarm);
	}
	/* By id, or by how it begins. */
	(void)snprintf(key, sizeof(key), "%08x%024d", 3U * 2654435761U, 3);
	ck_ok(mipo_alarms_find(alarms, key, &alarm, &err));
	ck_assert_str_eq(alarm->key, key);
	key[6] = '\0';
	ck_ok(mipo_alarms_find(alarms, key, &alarm, &err));
	key[5] = '\0';
	ck_fails(mipo_alarms_find(alarms, key, &alarm, &err),
	    MIPO_E_NOTFOUND);
	add("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "risky-port", 1, "open");
	add("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "risky-port", 1, "open");
	ck_fails(mipo_alarms_find(alarms, "aaaaaaa", &alarm, &err),
	    MIPO_E_NOTFOUND);
	ck_ok(mipo_alarms_find(
	    alarms, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1", &alarm, &err));
	/* What is no alarm is refused, and leaves the set as it was. */
	rec = mipo_rec_dup(alarm->rec, &err);
	mipo_rec_put_str(rec, "key", "short");
	ck_fails(mipo_alarms_add(alarms, rec, &err), MIPO_E_INPUT);
	mipo_rec_free(rec);
	ck_assert_uint_eq(mipo_alarms_count(alarms), 1002);
	mipo_alarms_free(alarms);
}
END_TEST

/* An alarm of a rule that this version does not know stays as it is. */
START_TEST(unknown_rules_stand)
{
	begin();
	add("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "of-the-future", 23, "open");
	ck_assert_str_eq(eval(DAY0, CLOSED), "E00 standing open unknown");
	mipo_alarms_free(alarms);
}
END_TEST

static int
feed(const char *text, struct mipo_fed *fed, bool *cut)
{
	struct mipo_world *world = mipo_world_new(&err);
	struct mipo_alarms *set = mipo_alarms_new(&err);
	struct mipo_lines *lines =
	    mipo_lines_new_mem(text, strlen(text), "test", &err);
	int r;

	r = cut == NULL ? mipo_feed_read(lines, world, true, fed, &err) :
			  mipo_feed_alarms(lines, set, cut, &err);
	mipo_lines_free(lines);
	mipo_world_free(world);
	mipo_alarms_free(set);
	return r;
}

#define TS ",\"ts\":\"2026-11-22T10:00:00.000Z\",\"v\":1}\n"
#define START "{\"network\":\"lab\",\"type\":\"alarm.start\"" TS
#define NOTE "{\"type\":\"note.x\"" TS

START_TEST(feeding)
{
	struct mipo_fed fed;
	bool cut = false;

	ck_ok(feed("", &fed, NULL));
	ck_assert_uint_eq(fed.looks + fed.diffs + fed.cut, 0);
	ck_ok(feed(NOTE, &fed, NULL));
	ck_ok(feed("{\"type\":", &fed, NULL));
	ck_assert_uint_eq(fed.cut, 1);
	ck_fails(feed("nonsense\n", &fed, NULL), MIPO_E_INPUT);
	ck_fails(feed("{\"type\":\"change\"" TS, &fed, NULL), MIPO_E_INPUT);
	ck_fails(feed("{\"type\":\"obs\"" TS, &fed, NULL), MIPO_E_INPUT);
	ck_ok(feed(START, NULL, &cut));
	ck_assert(cut);
	ck_fails(feed("", NULL, &cut), MIPO_E_INPUT);
	ck_fails(feed(NOTE, NULL, &cut), MIPO_E_INPUT);
	ck_fails(feed(NOTE "{\"count\":0,\"status\":\"ok\",\"type\":"
		      "\"alarm.end\"" TS, NULL, &cut), MIPO_E_INPUT);
}
END_TEST

START_TEST(memory_runs_out)
{
	bool done = false;

	mipo_rec_init();
	for (unsigned long n = 1; !done; n++) {
		struct mipo_world *world;
		struct mipo_snap *snap = NULL;
		struct mipo_err e = {0};

		mipo_mem_fail_at(n);
		alarms = mipo_alarms_new(&e);
		world = mipo_world_new(&e);
		done = alarms != NULL && world != NULL &&
		    look_snap(&LOOK(.ports = "23",
				  .pairs = "198.18.0.1 23 open"),
			&snap, &e) == 0 &&
		    mipo_world_add_look_take(world, snap, &e) == 0 &&
		    mipo_alarms_eval(
			alarms, world, DAY0, hear, NULL, &e) == 0 &&
		    mipo_alarm_ack(first(), "a", "b", DAY0, &e) == 0 &&
		    mipo_alarms_add(alarms, first()->rec, &e) == 0;
		mipo_mem_fail_at(0);
		ck_assert_msg(done || e.code == MIPO_E_NOMEM,
		    "allocation %lu: %s", n, e.text);
		mipo_world_free(world);
		mipo_alarms_free(alarms);
		ck_assert_uint_lt(n, 5000);
	}
	mipo_buf_release(&told);
}
END_TEST

UNIT_MAIN("alarm", opens_stands_resolves, episodes, people,
    worse_comes_back, keys_are_for_rule_and_subject, sets,
    unknown_rules_stand, feeding, memory_runs_out);
