/* Caps by network: what a scan begins with, and how a slow one is found. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "data/ports.h"
#include "data/target.h"
#include "net/caps.h"
#include "net/rate.h"
#include "net/space.h"

#define NETS 16

static struct mipo_err err;
static struct mipo_space *space;
static struct mipo_caps *caps;

static void
begin(const char *const *names, const char *port_list)
{
	struct mipo_targets *targets = mipo_targets_new(&err);
	struct mipo_ports *ports = mipo_ports_new(&err);

	for (; *names != NULL; names++)
		ck_ok(mipo_targets_add(targets, *names, NULL, &err));
	ck_ok(mipo_ports_add(ports, port_list, &err));
	ck_ok(mipo_space_new(targets, ports, &space, &err));
	ck_ok(mipo_caps_new(space, NULL, &caps, &err));
	mipo_targets_free(targets);
	mipo_ports_free(ports);
}

static void
end(void)
{
	mipo_caps_free(caps);
	mipo_space_free(space);
}

static uint64_t
first_of(const char *a, const char *b)
{
	const char *const names[] = {a, b, NULL};
	uint64_t pps;

	begin(names, "1-10");
	pps = mipo_caps_first(caps);
	end();
	return pps;
}

START_TEST(begins_low_for_the_largest_network)
{
	ck_assert_uint_eq(first_of("198.18.0.7", NULL), 1000);
	ck_assert_uint_eq(first_of("198.18.0.0/24", NULL), 1000);
	ck_assert_uint_eq(
	    first_of("198.18.0.0/20", "198.18.16.0/22"), 4000);
	ck_assert_uint_eq(first_of("198.0.0.0/8", NULL), 10000);
	/* never less than a small router stands */
	ck_assert_uint_eq(first_of("198.18.0.0/24", "198.19.0.0/24"), 1000);
	ck_assert_uint_eq(
	    first_of("2001:db8::/112", "2001:db8:1::/112"), 1000);
	/* networks that two ranges are in, and one that spans several */
	ck_assert_uint_eq(
	    first_of("198.18.0.0-198.18.7.127", "198.18.7.200"), 1500);
	ck_assert_uint_eq(first_of("127.0.0.1", "::1"), 200000);
	ck_assert_uint_eq(first_of("127.0.0.1", "198.18.0.1"), 1000);
}
END_TEST

/* More networks than slots: some share one, and none is left out. */
START_TEST(memory_is_bounded)
{
	const char *const names[] = {"16.0.0.0/4", NULL};
	struct mipo_spot spot;
	uint64_t pair;
	struct mipo_addr last = {4, {31, 255, 255, 255}};

	begin(names, "80");
	ck_assert_uint_eq(mipo_caps_first(caps), 10000);
	ck_assert(mipo_space_find(space, &last, 80, &spot, &pair));
	mipo_caps_answer(caps, &spot, true);
	ck_assert_uint_ge(mipo_caps_pass(caps, 1000000, 1 << 28), 999000);
	end();
}
END_TEST

static uint64_t state = 1;

static uint64_t
draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* A scan of NETS networks whose answers take some looks. */
struct world {
	struct mipo_rate rate;
	uint64_t capacity[NETS]; /* answers a look */
	unsigned lag;
	uint64_t sent;
	unsigned due[32][NETS]; /* answers on their way, by look */
};

static void
start_world(struct world *world, unsigned lag)
{
	const char *const names[] = {"198.18.64.0/20", NULL};

	memset(world, 0, sizeof(*world));
	begin(names, "1-1000");
	world->lag = lag;
	for (int i = 0; i < NETS; i++)
		world->capacity[i] = UINT64_MAX;
	mipo_rate_start(&world->rate, mipo_caps_first(caps));
}

/* A tenth of a second: probes at random, of which a third is answered. */
static void
turn(struct world *world, unsigned t)
{
	unsigned *due = world->due[(t + world->lag) % 32];
	struct mipo_rate_seen seen = {.heard = 1, .canaries = 1};
	struct mipo_spot spot = {.segment = space->segments};

	memset(due, 0, sizeof(world->due[0]));
	for (uint64_t i = world->rate.pps / 10; i > 0; i--) {
		uint64_t r = draw() >> 8;
		unsigned net = r % NETS;

		world->sent++;
		if ((r >> 20) % 3 == 0 && due[net] < world->capacity[net])
			due[net]++;
	}
	for (unsigned net = 0; net < NETS; net++)
		for (unsigned i = world->due[t % 32][net]; i > 0; i--) {
			spot.offset = net * 256;
			mipo_caps_answer(caps, &spot, true);
		}
	seen.faded = mipo_caps_look(
	    caps, world->rate.pps, world->sent, world->lag + 1);
	seen.allowed = mipo_caps_allowed(caps);
	mipo_rate_look(&world->rate, &seen, t * 100);
	if (world->rate.pps > 400000)
		world->rate.pps = 400000;
	mipo_caps_set(caps, world->rate.pps);
}

START_TEST(nothing_is_slowed_where_all_answer)
{
	for (unsigned lag = 0; lag < 12; lag += 4) {
		static struct world world;

		start_world(&world, lag);
		for (unsigned t = 0; t < 40; t++)
			turn(&world, t);
		ck_assert_uint_eq(world.rate.n_backoffs, 0);
		ck_assert_uint_eq(mipo_caps_count(caps), 1);
		ck_assert_uint_eq(world.rate.pps, 400000);
		end();
	}
}
END_TEST

/* One network of 16 answers 500 times a second: it alone is held down. */
START_TEST(a_slow_network_is_found_and_spared)
{
	static struct world world;
	const struct mipo_cap *cap;
	uint64_t most = 0;

	start_world(&world, 1);
	world.capacity[13] = 50;
	for (unsigned t = 0; t < 100; t++) {
		turn(&world, t);
		if (t > 60 && world.rate.pps / NETS > most)
			most = world.rate.pps / NETS;
	}
	ck_assert_uint_eq(mipo_caps_count(caps), 2);
	cap = mipo_caps_at(caps, 1);
	ck_assert_str_eq(cap->name, "198.18.77.0/24");
	ck_assert_uint_gt(cap->slowed, 0);
	ck_assert_uint_gt(world.rate.n_backoffs, 0);
	ck_assert_uint_le(most, 12000); /* of 25000; 1500 are all answered */
	end();
}
END_TEST

/* All at once, which is the way there: it is nobody's in particular. */
START_TEST(all_networks_are_not_slowed_one_by_one)
{
	static struct world world;

	start_world(&world, 1);
	for (unsigned i = 0; i < NETS; i++)
		world.capacity[i] = 50;
	for (unsigned t = 0; t < 60; t++)
		turn(&world, t);
	ck_assert_uint_eq(mipo_caps_count(caps), 1);
	ck_assert_uint_gt(world.rate.n_backoffs, 0);
	ck_assert_str_eq(
	    world.rate.backoffs[0].why, "fewer answered than before");
	end();
}
END_TEST

/* What is left is in one network: it gets no more than it got before. */
START_TEST(a_later_pass_spares_those_that_are_left)
{
	const char *const names[] = {"198.18.0.0/16", NULL};
	struct mipo_spot spot;

	begin(names, "80");
	mipo_caps_set(caps, 51200);
	spot.segment = space->segments;
	for (spot.offset = 0; spot.offset < 65536; spot.offset++)
		if (spot.offset / 256 != 9)
			mipo_caps_answer(caps, &spot, true);
	ck_assert_uint_eq(mipo_caps_pass(caps, 512000, 65536), 2000);
	end();
	begin(names, "80");
	spot.segment = space->segments;
	for (spot.offset = 0; spot.offset < 65536; spot.offset += 2)
		mipo_caps_answer(caps, &spot, true);
	ck_assert_uint_eq(mipo_caps_pass(caps, 512000, 65536), 512000);
	end();
}
END_TEST

UNIT_MAIN("caps", begins_low_for_the_largest_network, memory_is_bounded,
    nothing_is_slowed_where_all_answer, a_slow_network_is_found_and_spared,
    all_networks_are_not_slowed_one_by_one,
    a_later_pass_spares_those_that_are_left);
