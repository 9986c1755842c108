#include "looks.h"

#include "base/buf.h"
#include "base/mem.h"
#include "data/ports.h"
#include "data/schema.h"
#include "data/target.h"
#include "judge/news.h"
#include "judge/required.h"
#include "judge/rule.h"

#define SCOPE                                                           \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct mipo_err err;

static void
look(struct mipo_world *world, struct look look)
{
	struct mipo_snap *snap = NULL;

	ck_ok(look_snap(&look, &snap, &err));
	ck_ok(mipo_world_add_look_take(world, snap, &err));
}

static void
baseline(struct mipo_world *world, struct look look)
{
	struct mipo_snap *snap = NULL;

	ck_ok(look_snap(&look, &snap, &err));
	ck_ok(mipo_world_add_baseline_take(world, snap, &err));
}

/* News of one change: the port came up, or another kind; into what. */
static void
news(struct mipo_world *world, const char *kind, int port, const char *after)
{
	struct mipo_rec *start = mipo_rec_start("diff.start", &err);
	struct mipo_rec *change = mipo_rec_start("change", &err);
	struct mipo_rec *end = mipo_rec_start("diff.end", &err);
	struct mipo_news *told = NULL;

	mipo_rec_put_str(start, "network", "lab");
	mipo_rec_put_str(start, "vantage", "here");
	mipo_rec_put_str(start, "new_scan", "n");
	mipo_rec_put_str(change, "kind", kind);
	mipo_rec_put_str(change, "ip", "198.18.0.1");
	if (strncmp(kind, "host", 4) == 0)
		mipo_rec_add_int(change, "ports", port);
	else
		mipo_rec_put_int(change, "port", port);
	mipo_rec_put_str(change, "after", after);
	mipo_rec_put_int(end, "count", 1);
	ck_ok(mipo_news_new(start, &told, &err));
	ck_ok(mipo_news_add(told, change, &err));
	ck_ok(mipo_news_finish(told, end, &err));
	ck_ok(mipo_world_add_news_take(world, told, &err));
	mipo_rec_free(start);
	mipo_rec_free(change);
	mipo_rec_free(end);
}

static void
require(struct mipo_world *world, const char *network, const char *target,
    const char *ports, int severity)
{
	struct mipo_required required = {.severity = severity};

	if (network != NULL)
		required.network = mipo_strdup(network, &err);
	required.targets = mipo_targets_new(&err);
	required.ports = mipo_ports_new(&err);
	ck_ok(mipo_targets_add(required.targets, target, NULL, &err));
	ck_ok(mipo_ports_add(required.ports, ports, &err));
	ck_ok(mipo_world_add_required_take(world, &required, &err));
}

static const struct mipo_rule *
rule_of(const char *id)
{
	const struct mipo_rule *rule = mipo_rule_find(id);

	ck_assert_ptr_nonnull(rule);
	return rule;
}

/* What the rule says of 198.18.0.1 and port: "true" ... */
static const char *
ask(const struct mipo_world *world, const char *id, uint16_t port)
{
	struct mipo_subject subject = {
	    .network = "lab", .vantage = "here", .port = port, .scope = ""};
	const struct mipo_rule *rule = rule_of(id);

	if (port != 0)
		ck_ok(mipo_addr_parse("198.18.0.1", &subject.ip, &err));
	else
		subject.scope = SCOPE;
	return mipo_tri_name(
	    rule->predicate->ask(world, rule, &subject).tri);
}

static int
count_one(void *arg, const struct mipo_subject *subject)
{
	(void)subject;
	++*(int *)arg;
	return 0;
}

static int
count_each(const struct mipo_world *world, const char *id)
{
	const struct mipo_rule *rule = rule_of(id);
	int n = 0;

	ck_assert_int_eq(rule->predicate->each(world, rule, count_one, &n),
	    0);
	return n;
}

static struct mipo_world *
new_world(void)
{
	struct mipo_world *world = mipo_world_new(&err);

	ck_assert_ptr_nonnull(world);
	return world;
}

#define LOOK(...) ((struct look){__VA_ARGS__})
#define ck_says(world, id, port, want)                                  \
	ck_assert_str_eq(ask(world, id, port), want)

START_TEST(port_opened_needs_a_baseline)
{
	struct mipo_world *world = new_world();

	ck_says(world, "E01", 22, "unknown");
	look(world, LOOK(.pairs = "198.18.0.1 22 open"));
	ck_says(world, "E01", 22, "unknown");
	ck_says(world, "E01", 80, "false"); /* it is not open */
	baseline(world, LOOK(.pairs = "198.18.0.1 80 open"));
	ck_says(world, "E01", 22, "true");
	baseline(world, LOOK(.pairs = "198.18.0.1 22 open"));
	ck_says(world, "E01", 22, "false");
	mipo_world_free(world);
	world = new_world();
	look(world, LOOK(.pairs = "198.18.0.1 22 open"));
	baseline(world, LOOK(.ports = "80"));
	ck_says(world, "E01", 22, "unknown"); /* the baseline cannot tell */
	baseline(world, LOOK(.vantage = "elsewhere"));
	ck_says(world, "E01", 22, "unknown");
	mipo_world_free(world);
}
END_TEST

START_TEST(a_change_stands_in_for_a_baseline)
{
	static const char *const kinds[][3] = {{"opened", "true", "open"},
	    {"first_seen_open", "true", "open"},
	    {"host_appeared", "true", "open"}, {"closed", "false", "closed"},
	    {"filtered", "false", "filtered"},
	    {"filtered", "unknown", "open|filtered"},
	    {"host_gone", "false", "unreachable"},
	    {"unfiltered", "false", "closed"},
	    {"uncovered", "unknown", "unknown"},
	    {"brand_new_kind", "unknown", "open"}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct mipo_world *world = new_world();

		news(world, kinds[i][0], 22, kinds[i][2]);
		ck_says(world, "E01", 22, kinds[i][1]);
		ck_says(world, "E01", 80, "unknown");
		ck_assert_int_eq(count_each(world, "E01"), i < 3);
		/* The state decides; the change only wakes it. */
		mipo_world_news_only_wakes(world);
		ck_says(world, "E01", 22, "unknown");
		ck_assert_int_eq(count_each(world, "E01"), 0);
		look(world, LOOK(.pairs = "198.18.0.1 22 open"));
		ck_says(world, "E01", 22, "unknown");
		ck_assert_int_eq(count_each(world, "E01"), 1);
		look(world, LOOK(.pairs = ""));
		ck_says(world, "E01", 22, "false");
		mipo_world_free(world);
	}
}
END_TEST

static void
arrive(struct mipo_world *world, const char *vantage, const char *ip,
    uint16_t port)
{
	struct mipo_subject subject = {.network = "lab", .vantage = vantage,
	    .port = port, .scope = ""};

	ck_ok(mipo_addr_parse(ip, &subject.ip, &err));
	ck_ok(mipo_world_add_arrival(world, &subject, &err));
}

START_TEST(history_stands_in_for_a_baseline)
{
	struct mipo_world *world = new_world();

	mipo_world_news_only_wakes(world);
	arrive(world, "elsewhere", "198.18.0.1", 80);
	arrive(world, "here", "198.18.0.0", 80);
	arrive(world, "here", "198.18.0.1", 22);
	arrive(world, "here", "198.18.0.1", 23);
	look(world,
	    LOOK(.ports = "22,80",
		.pairs = "198.18.0.1 22 open, 198.18.0.1 80 open"));
	ck_says(world, "E01", 22, "true");
	ck_says(world, "E01", 80, "unknown"); /* that was elsewhere */
	ck_says(world, "E01", 23, "unknown"); /* no look has it */
	baseline(world, LOOK(.pairs = "198.18.0.1 22 open"));
	ck_says(world, "E01", 22, "false");
	mipo_world_forget(world);
	look(world, LOOK(.pairs = "198.18.0.1 22 open"));
	ck_says(world, "E01", 22, "unknown");
	mipo_world_free(world);
}
END_TEST

START_TEST(risky_port_with_or_without_baseline)
{
	struct look open = LOOK(.ports = "23,8080",
	    .pairs = "198.18.0.1 23 open, 198.18.0.1 8080 open");
	struct mipo_world *world = new_world();
	const struct mipo_rule *rule = rule_of("E02");
	struct mipo_subject plain = {.network = "lab", .vantage = "here",
	    .port = 8080, .scope = ""};

	ck_says(world, "E02", 23, "unknown");
	look(world, open);
	/* no look said that it is closed: the catalog decides */
	ck_ok(mipo_addr_parse("198.18.0.1", &plain.ip, &err));
	ck_assert(rule->predicate->ask(world, rule, &plain).by_decree);
	ck_assert_ptr_nonnull(rule->by_decree);
	baseline(world, open);
	ck_says(world, "E02", 23, "true");
	ck_says(world, "E02", 8080, "false");
	look(world, LOOK(.ports = "23", .verdict = "degraded"));
	ck_says(world, "E02", 23, "true");
	look(world, LOOK(.ports = "8080"));
	ck_says(world, "E02", 23, "true"); /* not covered by that look */
	look(world, LOOK(.ports = "23"));
	ck_says(world, "E02", 23, "false");
	mipo_world_free(world);
}
END_TEST

START_TEST(expected_missing)
{
	struct mipo_world *world = new_world();
	int severity = 7;
	struct mipo_subject subject = {
	    .network = "lab", .vantage = "here", .port = 22, .scope = ""};

	look(world, LOOK(.pairs = "198.18.0.1 22 open"));
	ck_says(world, "E04", 22, "unknown"); /* nobody said so */
	require(world, NULL, "198.18.0.0/31", "22,80", -1);
	require(world, "lab", "198.18.0.1", "80,9", MIPO_SEV_HIGH);
	require(world, "other", "198.18.0.1", "443", -1);
	ck_says(world, "E04", 22, "false");
	ck_says(world, "E04", 80, "true");
	ck_says(world, "E04", 9, "unknown"); /* not covered */
	ck_says(world, "E04", 443, "unknown");
	mipo_world_required_known(world);
	ck_says(world, "E04", 443, "false");
	/* 2 x 2 by the first row, and port 9 by the second. */
	ck_assert_int_eq(count_each(world, "E04"), 5);
	ck_ok(mipo_addr_parse("198.18.0.1", &subject.ip, &err));
	ck_assert_int_eq(mipo_world_required(world, &subject, &severity),
	    MIPO_TRI_TRUE);
	ck_assert_int_eq(severity, -1);
	subject.port = 9;
	ck_assert_int_eq(mipo_world_required(world, &subject, &severity),
	    MIPO_TRI_TRUE);
	ck_assert_int_eq(severity, MIPO_SEV_HIGH);
	look(world, LOOK(.verdict = "interrupted"));
	ck_says(world, "E04", 22, "false"); /* silence proves nothing */
	look(world, LOOK(.pairs = "198.18.0.1 22 closed"));
	ck_says(world, "E04", 22, "true");
	mipo_world_free(world);
}
END_TEST

static void
ended(struct mipo_world *world, const char *scan, const char *verdict)
{
	struct mipo_ended e = {
	    .network = "lab", .vantage = "here", .scope = SCOPE};

	(void)snprintf(e.verdict, sizeof(e.verdict), "%s", verdict);
	(void)snprintf(e.scan, sizeof(e.scan), "%s", scan);
	ck_ok(mipo_world_add_ended(world, &e, &err));
}

static enum mipo_severity
how_bad(const struct mipo_world *world, const char *id,
    const char *vantage)
{
	struct mipo_subject subject = {
	    .network = "lab", .vantage = vantage, .scope = SCOPE};
	const struct mipo_rule *rule = rule_of(id);

	return rule->predicate->severity(world, rule, &subject);
}

START_TEST(scan_failed)
{
	struct mipo_world *world = new_world();

	ck_says(world, "S02", 0, "unknown");
	ended(world, "1", "complete");
	ck_says(world, "S02", 0, "false");
	ended(world, "2", "interrupted");
	ck_says(world, "S02", 0, "true");
	ck_assert_int_eq(how_bad(world, "S02", "here"), MIPO_SEV_MEDIUM);
	/* told twice, by a look and its difference: it is one */
	ended(world, "2", "interrupted");
	ck_assert_int_eq(how_bad(world, "S02", "here"), MIPO_SEV_MEDIUM);
	ended(world, "3", "degraded");
	ck_assert_int_eq(how_bad(world, "S02", "here"), MIPO_SEV_HIGH);
	ck_assert_int_eq(count_each(world, "S02"), 1);
	ended(world, "4", "complete");
	ck_says(world, "S02", 0, "false");
	ended(world, "5", "incomplete");
	ck_assert_int_eq(how_bad(world, "S02", "here"), MIPO_SEV_MEDIUM);
	mipo_world_free(world);
}
END_TEST

START_TEST(the_newest_look_that_can_tell_decides)
{
	struct mipo_world *world = new_world();

	baseline(world, LOOK(.pairs = ""));
	look(world, LOOK(.pairs = "198.18.0.1 22 open, 198.18.0.1 80 open"));
	look(world, LOOK(.ports = "80", .pairs = "198.18.0.1 80 open"));
	look(world, LOOK(.vantage = "elsewhere"));
	look(world, LOOK(.pairs = "198.18.0.1 443 open",
			.verdict = "interrupted"));
	ck_says(world, "E01", 22, "true");
	ck_says(world, "E01", 443, "true");
	/* Each open binding comes once, whatever saw it. */
	ck_assert_int_eq(count_each(world, "E01"), 3);
	look(world, LOOK(.ports = "22"));
	ck_says(world, "E01", 22, "false");
	ck_assert_int_eq(count_each(world, "E01"), 2);
	mipo_world_free(world);
}
END_TEST

START_TEST(an_untrusted_look_closes_nothing)
{
	struct mipo_world *world = new_world();
	struct mipo_snap *snap = NULL;

	look(world, LOOK(.ports = "23", .pairs = "198.18.0.1 23 open"));
	ck_ok(look_snap(&LOOK(.ports = "23"), &snap, &err));
	mipo_snap_weaken(snap);
	ck_ok(mipo_world_add_look_take(world, snap, &err));
	ck_says(world, "E02", 23, "true");
	mipo_world_free(world);
}
END_TEST

START_TEST(severity_by_vantage)
{
	struct mipo_world *world = new_world();

	ck_assert_int_eq(how_bad(world, "E01", "here"), MIPO_SEV_MEDIUM);
	ck_assert_int_eq(how_bad(world, "E01", "internet"), MIPO_SEV_HIGH);
	ck_assert_int_eq(how_bad(world, "E02", "internet"),
	    MIPO_SEV_CRITICAL);
	mipo_world_free(world);
	for (int i = 0; i < MIPO_SEV_N; i++)
		ck_assert_int_eq(mipo_severity_find(mipo_severity_name(
				     (enum mipo_severity)i)), i);
	ck_assert_int_eq(mipo_severity_find("grave"), -1);
}
END_TEST

START_TEST(rows_are_whole)
{
	for (const struct mipo_rule *r = mipo_rules; r->id != NULL; r++) {
		struct mipo_rec *rec = mipo_rule_rec(r, &err);

		ck_ok(mipo_rec_check(rec, &err));
		ck_assert_str_eq(mipo_rec_str(rec, "id"), r->id);
		ck_assert_ptr_eq(mipo_rule_find(r->code), r);
		ck_assert(r->worse >= r->severity);
		ck_assert_ptr_nonnull(r->says);
		ck_assert_ptr_nonnull(r->no_longer);
		mipo_rec_free(rec);
	}
	ck_assert_ptr_null(mipo_rule_find("E99"));
}
END_TEST

START_TEST(a_cut_count_is_not_news)
{
	struct mipo_rec *start = mipo_rec_start("diff.start", &err);
	struct mipo_rec *end = mipo_rec_start("diff.end", &err);
	struct mipo_news *told = NULL;

	mipo_rec_put_int(end, "count", 1);
	ck_ok(mipo_news_new(start, &told, &err));
	ck_fails(mipo_news_finish(told, end, &err), MIPO_E_TAMPERED);
	mipo_news_free(told);
	mipo_rec_free(start);
	mipo_rec_free(end);
}
END_TEST

UNIT_MAIN("rule", port_opened_needs_a_baseline,
    a_change_stands_in_for_a_baseline, history_stands_in_for_a_baseline,
    risky_port_with_or_without_baseline,
    expected_missing, scan_failed, the_newest_look_that_can_tell_decides,
    an_untrusted_look_closes_nothing, severity_by_vantage, rows_are_whole,
    a_cut_count_is_not_news);
