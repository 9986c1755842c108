/* What a look may prove, and that a rebuild finds it again. */
#include "index.h"

#include <stdlib.h>

#include "base/clock.h"
#include "store/apply.h"
#include "store/bindings.h"
#include "store/door-in.h"
#include "store/object.h"
#include "store/scans.h"
#include "store/sheet.h"
#include "store/weight.h"

#define T0  INT64_C(1700000000000)
#define DAY INT64_C(86400000)

struct world {
	struct place place;
	struct mipo_state *state;
	struct mipo_key *own, *alien;
	struct mipo_recorded done;
	int id;
};

static void
world_make(struct world *world)
{
	struct mipo_err err = {0};

	memset(world, 0, sizeof(*world));
	place_init(&world->place);
	world->state = place_open(&world->place, true);
	world->own = scanner_key(&world->place);
	world->alien = mipo_key_new(&err);
}

static void
world_drop(struct world *world)
{
	must_agree(world->state);
	mipo_key_free(world->own);
	mipo_key_free(world->alien);
	mipo_state_close(world->state);
	place_remove(&world->place);
}

/* One look that lists one pair, if any. */
static void
see(struct world *world, const struct mipo_key *key, int64_t when,
    enum mipo_pstate state)
{
	struct mipo_err err = {0};
	struct sim sim;

	sim_init(&sim, ++world->id, when);
	sim.key = key;
	if (state != 0)
		sim_obs(&sim, "198.18.0.9", 80, state);
	ck_ok(sim_record(world->state, &sim, &world->done, &err));
}

static int
now_is(struct world *world)
{
	return state_of(world->state, "198.18.0.9", 80);
}

static int
last_is(struct world *world)
{
	struct mipo_scan_filter filter = {.network = "net", .vantage = "v"};
	struct mipo_err err = {0};
	struct mipo_scan_row row;

	ck_ok(mipo_scan_find(world->state, "last", &filter, &row, &err));
	return atoi(row.scan + 16);
}

/* Where nobody signs, all is as it was. */
START_TEST(nobody_signs)
{
	struct world world;

	world_make(&world);
	see(&world, NULL, T0, MIPO_OPEN);
	see(&world, world.alien, T0 + DAY, MIPO_CLOSED);
	ck_assert_str_eq(world.done.why, "");
	ck_assert_int_eq(now_is(&world), MIPO_CLOSED);
	see(&world, NULL, T0 + 2 * DAY, MIPO_OPEN);
	see(&world, NULL, T0 + 3 * DAY, 0);
	ck_assert_int_eq(now_is(&world), MIPO_FILTERED);
	ck_assert_int_eq(last_is(&world), 4);
	world_drop(&world);
}
END_TEST

/* After one trusted look, the others only open. */
START_TEST(trusted_before)
{
	struct world world;

	world_make(&world);
	see(&world, NULL, T0 + 2000, MIPO_CLOSED);
	ck_assert_str_eq(world.done.why, "");
	enroll(world.state, world.own, "net", "v");
	/* began earlier: what is not trusted covers nothing of it */
	see(&world, world.own, T0, MIPO_OPEN);
	ck_assert_str_eq(world.done.why, "");
	ck_assert_int_eq(now_is(&world), MIPO_OPEN);
	ck_assert_int_eq(last_is(&world), 2);
	see(&world, NULL, T0 + DAY, MIPO_CLOSED);
	ck_assert_str_eq(world.done.why, "untrusted");
	see(&world, world.alien, T0 + 2 * DAY, 0);
	ck_assert_str_eq(world.done.why, "untrusted");
	ck_assert_int_eq(now_is(&world), MIPO_OPEN);
	ck_assert_int_eq(last_is(&world), 2);
	see(&world, world.own, T0 + DAY / 2, MIPO_CLOSED);
	ck_assert_int_eq(now_is(&world), MIPO_CLOSED);
	see(&world, NULL, T0 + 3 * DAY, MIPO_OPEN);
	ck_assert_int_eq(now_is(&world), MIPO_OPEN);
	ck_assert_int_eq(last_is(&world), 5);
	world_drop(&world);
}
END_TEST

/* Where a scanner is registered it need not have looked yet. */
START_TEST(registered)
{
	struct mipo_err err = {0};
	struct world world;
	struct sim sim;

	world_make(&world);
	for (int i = 0; i < 2; i++) {
		sim_init(&sim, i + 1, T0 + i);
		sim.network = sim.vantage = "default";
		sim.key = i == 0 ? world.alien : world.own;
		ck_ok(sim_record(world.state, &sim, &world.done, &err));
		ck_assert_str_eq(world.done.why, i == 0 ? "untrusted" : "");
	}
	world_drop(&world);
}
END_TEST

/* What is not yet concludes nothing, whoever signed it. */
START_TEST(future)
{
	int64_t now = mipo_clock_wall_ms();
	struct world world;

	world_make(&world);
	see(&world, NULL, T0, MIPO_OPEN);
	see(&world, NULL, INT64_C(4070908800000), MIPO_CLOSED); /* 2099 */
	ck_assert_str_eq(world.done.why, "future");
	enroll(world.state, world.own, NULL, "v");
	see(&world, world.own, now + 2 * MIPO_WEIGHT_AHEAD_MS, MIPO_CLOSED);
	ck_assert_str_eq(world.done.why, "future");
	ck_assert_int_eq(now_is(&world), MIPO_OPEN);
	ck_assert_int_eq(last_is(&world), 1);
	see(&world, world.own, now, 0);
	ck_assert_str_eq(world.done.why, "");
	ck_assert_int_eq(now_is(&world), MIPO_FILTERED);
	ck_assert_int_eq(last_is(&world), 4);
	world_drop(&world);
}
END_TEST

struct prepared {
	struct mipo_buf text;
	struct mipo_rec *start, *end;
	struct mipo_sheet *sheet;
};

/* A silent look, its object stored and its sheet compared at that time. */
static void
prepare(struct world *world, struct prepared *p, int64_t at)
{
	struct mipo_err err = {0};
	struct sim sim;
	uint8_t digest[32];
	char *lf;
	size_t n;

	sim_init(&sim, ++world->id, T0 + DAY);
	sim_stream(&sim, &p->text);
	lf = memchr(p->text.data, '\n', p->text.len);
	n = (size_t)(lf - p->text.data);
	ck_ok(mipo_rec_parse(p->text.data, n, &p->start, &err));
	ck_ok(mipo_rec_parse(lf + 1, p->text.len - n - 2, &p->end, &err));
	ck_ok(mipo_object_put(
	    world->state, p->text.data, n + 1, digest, &err));
	ck_ok(mipo_sheet_new(p->start, &p->sheet, &err));
	ck_ok(mipo_sheet_sort(p->sheet, &err));
	ck_ok(mipo_sheet_settle(p->sheet, mipo_state_db(world->state),
	    p->end, at, NULL, &err));
	ck_assert_uint_eq(mipo_sheet_changes(p->sheet), 1);
}

static void
commit(struct world *world, struct prepared *p, const struct mipo_rec *before)
{
	struct mipo_err err = {0};
	struct mipo_actor actor;
	struct mipo_door *door = NULL;

	mipo_actor_find(&actor);
	if (before != NULL) {
		ck_ok(mipo_door_open(world->state, &actor, "access.scanner",
		    5000, &door, &err));
		ck_ok(mipo_door_add(door, before, NULL, &err));
		ck_ok(mipo_door_commit(door, NULL, &err));
	}
	ck_ok(mipo_door_open(
	    world->state, &actor, "store.record", 5000, &door, &err));
	ck_ok(mipo_door_add_look(door, p->end, p->sheet, NULL, &err));
	ck_ok(mipo_door_commit(door, NULL, &err));
	ck_assert_uint_eq(mipo_sheet_changes(p->sheet), 0);
	mipo_buf_release(&p->text);
	mipo_rec_free(p->start);
	mipo_rec_free(p->end);
	mipo_sheet_free(p->sheet);
}

/* Between the comparison and the lock somebody registers a scanner. */
START_TEST(scanner_in_between)
{
	struct mipo_rec *rec;
	struct world world;
	struct prepared p;

	world_make(&world);
	see(&world, NULL, T0, MIPO_OPEN);
	prepare(&world, &p, mipo_clock_wall_ms());
	rec = scanner_rec(world.alien, "net", "v");
	commit(&world, &p, rec);
	ck_assert_int_eq(now_is(&world), MIPO_OPEN);
	mipo_rec_free(rec);
	world_drop(&world);
}
END_TEST

/* Between them the clock is set back by years. */
START_TEST(clock_in_between)
{
	struct world world;
	struct prepared p;
	struct mipo_err err = {0};

	world_make(&world);
	see(&world, NULL, T0, MIPO_OPEN);
	prepare(&world, &p, mipo_clock_wall_ms());
	/* as if it had been compared when the look was long past */
	mipo_rec_put_time(p.end, "ts", mipo_clock_wall_ms() + DAY);
	ck_ok(mipo_sheet_settle(p.sheet, mipo_state_db(world.state), p.end,
	    mipo_clock_wall_ms() + 2 * DAY, NULL, &err));
	ck_assert_uint_eq(mipo_sheet_changes(p.sheet), 1);
	commit(&world, &p, NULL);
	ck_assert_int_eq(now_is(&world), MIPO_OPEN);
	world_drop(&world);
}
END_TEST

static int
one_row(void *arg, const struct mipo_binding *binding)
{
	memcpy(arg, binding, sizeof(*binding));
	return 0;
}

static struct mipo_binding
shown(struct world *world)
{
	struct mipo_binding_filter filter = {.port = 80};
	struct mipo_binding binding = {.port = 0};
	struct mipo_err err = {0};

	ck_ok(mipo_bindings_each(
	    world->state, &filter, one_row, &binding, &err));
	ck_assert_int_eq(binding.port, 80);
	return binding;
}

/* When it was checked, and who is trusted for it, are of one look. */
START_TEST(checked)
{
	struct mipo_binding binding;
	struct world world;

	world_make(&world);
	enroll(world.state, world.own, "net", NULL);
	see(&world, world.own, T0, MIPO_CLOSED);
	binding = shown(&world);
	ck_assert_int_eq(binding.checked_ms, binding.since_ms);
	ck_assert_str_eq(binding.trust, "trusted");
	see(&world, NULL, T0 + DAY, MIPO_OPEN);
	binding = shown(&world);
	ck_assert_int_eq(binding.checked_ms, 0);
	ck_assert_str_eq(binding.trust, "unsigned");
	see(&world, world.own, T0 + 2 * DAY, MIPO_OPEN);
	binding = shown(&world);
	ck_assert_int_eq(binding.since_ms, T0 + DAY + 5);
	ck_assert_int_eq(binding.checked_ms, T0 + 2 * DAY);
	ck_assert_str_eq(binding.trust, "trusted");
	world_drop(&world);
}
END_TEST

/* A key is trusted where it is registered for, and nowhere else. */
START_TEST(elsewhere)
{
	struct world world;

	world_make(&world);
	see(&world, world.own, T0, MIPO_OPEN); /* of default from default */
	ck_assert_str_eq(world.done.trust, "elsewhere");
	ck_assert_str_eq(world.done.why, "");
	ck_assert_str_eq(world.done.place.network, "net");
	ck_assert_str_eq(world.done.registered.network, "default");
	enroll(world.state, world.own, "net", "w");
	see(&world, world.own, T0 + 1000, MIPO_OPEN);
	ck_assert_str_eq(world.done.trust, "elsewhere");
	enroll(world.state, world.own, NULL, "v");
	see(&world, world.own, T0 + 2000, MIPO_OPEN);
	ck_assert_str_eq(world.done.trust, "trusted");
	enroll(world.state, world.own, NULL, NULL);
	see(&world, world.own, T0 + 3000, MIPO_OPEN);
	ck_assert_str_eq(world.done.trust, "trusted");
	world_drop(&world);
}
END_TEST

/* Who is registered for any place is so for each. */
START_TEST(registered_for_any)
{
	struct mipo_err err = {0};
	struct world world;
	struct sim sim;

	world_make(&world);
	see(&world, NULL, T0, MIPO_OPEN);
	ck_assert_str_eq(world.done.why, "");
	enroll(world.state, world.own, NULL, NULL);
	see(&world, NULL, T0 + DAY, MIPO_CLOSED);
	ck_assert_str_eq(world.done.why, "untrusted");
	sim_init(&sim, ++world.id, T0);
	sim.network = "another";
	ck_ok(sim_record(world.state, &sim, &world.done, &err));
	ck_assert_str_eq(world.done.why, "untrusted");
	world_drop(&world);
}
END_TEST

/* The look of id 1, or what somebody gives out as it. */
static int
give(struct world *world, const struct mipo_key *key, bool whole,
    const char *network, struct mipo_err *err)
{
	struct sim sim;

	sim_init(&sim, 1, T0);
	sim.key = key;
	sim.no_end = !whole;
	sim.network = network;
	sim_obs(&sim, "198.18.0.9", 80, MIPO_OPEN);
	if (whole)
		sim_obs(&sim, "198.18.0.9", 81, MIPO_OPEN);
	return sim_record(world->state, &sim, &world->done, err);
}

static int
count_row(void *arg, const struct mipo_scan_row *row)
{
	ck_assert_str_ne(row->why, "superseded");
	++*(int *)arg;
	return 0;
}

static int
listed(struct world *world)
{
	struct mipo_scan_filter filter = {.limit = 0};
	struct mipo_err err = {0};
	int n = 0;

	ck_ok(mipo_scans_each(world->state, &filter, count_row, &n, &err));
	return n;
}

/* Nobody takes a look's place by a copy that is cut, or not signed. */
START_TEST(superseded)
{
	static const char *const networks[] = {NULL, "another"};
	struct mipo_err err = {0};
	struct world world;

	for (size_t i = 0; i < 2; i++) {
		const char *network = networks[i];

		world_make(&world);
		enroll(world.state, world.own, "net", "v");
		ck_ok(give(&world, world.own, false, network, &err));
		ck_assert_str_eq(world.done.verdict, "interrupted");
		ck_fails(give(&world, NULL, false, NULL, &err), MIPO_E_INPUT);
		ck_ok(give(&world, world.alien, true, network, &err));
		ck_fails(give(&world, NULL, false, NULL, &err), MIPO_E_INPUT);
		ck_fails(give(&world, NULL, true, NULL, &err), MIPO_E_INPUT);
		ck_ok(give(&world, world.own, true, NULL, &err));
		ck_assert_str_eq(world.done.trust, "trusted");
		ck_fails(give(&world, NULL, false, NULL, &err), MIPO_E_INPUT);
		ck_fails(give(&world, NULL, true, NULL, &err), MIPO_E_INPUT);
		ck_fails(
		    give(&world, world.own, true, NULL, &err), MIPO_E_INPUT);
		ck_assert_int_eq(listed(&world), 1);
		ck_assert_int_eq(last_is(&world), 1);
		ck_assert_int_eq(now_is(&world), MIPO_OPEN);
		ck_assert_int_eq(count(world.state, "SELECT count(*) FROM "
			"scan WHERE why='superseded'"), 2);
		world_drop(&world);
	}
}
END_TEST

UNIT_MAIN("store-weight", nobody_signs, trusted_before, registered, future,
    scanner_in_between, clock_in_between, checked, elsewhere,
    registered_for_any, superseded);
