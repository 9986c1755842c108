/* The space of a scan, what is known of its pairs, and the scan's order. */
#include "unit.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/ports.h"
#include "data/target.h"
#include "net/host.h"
#include "net/pairs-all.h"
#include "net/scanner-impl.h"
#include "net/order.h"
#include "net/scanner.h"
#include "net/space.h"
#include "trust/hash.h"

static struct mipo_err err;
static struct mipo_targets *targets;
static struct mipo_ports *ports;

static struct mipo_space *
space_of(const char *const *tokens, const char *spec)
{
	struct mipo_space *space = NULL;

	targets = mipo_targets_new(&err);
	ports = mipo_ports_new(&err);
	for (; *tokens != NULL; tokens++)
		ck_ok(mipo_targets_add(targets, *tokens, NULL, &err));
	if (*spec != '\0')
		ck_ok(mipo_ports_add(ports, spec, &err));
	ck_ok(mipo_space_new(targets, ports, &space, &err));
	return space;
}

static void
release(struct mipo_space *space)
{
	mipo_space_free(space);
	mipo_targets_free(targets);
	mipo_ports_free(ports);
}

static const char *const mixed[] = {"198.18.0.250-198.18.1.5",
    "198.18.7.0/30", "10.1.2.3", "2001:db8::ffff:ffff:ffff:fffe/127",
    "2001:db8:0:1::/120", NULL};

/* Pairs are addresses in order, and within each its ports in order. */
START_TEST(pairs_are_in_the_order_of_the_receipt)
{
	struct mipo_space *space = space_of(mixed, "443,22,80,9000-9003");
	uint64_t addresses = mipo_targets_count(targets);
	struct mipo_spot spot, back;
	struct mipo_addr want;
	uint64_t pair;

	ck_assert_uint_eq(space->pairs, addresses * 7);
	for (uint64_t i = 0; i < space->pairs; i++) {
		mipo_space_at(space, i, &spot);
		mipo_targets_at(targets, i / 7, &want);
		ck_assert_int_eq(mipo_addr_cmp(&spot.addr, &want), 0);
		ck_assert_uint_eq(spot.port, mipo_ports_at(ports, i % 7));
		ck_assert(mipo_space_find(
		    space, &spot.addr, spot.port, &back, &pair));
		ck_assert_uint_eq(pair, i);
		ck_assert_ptr_eq(back.segment, spot.segment);
		ck_assert_uint_eq(back.offset, spot.offset);
	}
	release(space);
}
END_TEST

START_TEST(what_is_outside_is_not_found)
{
	struct mipo_space *space = space_of(mixed, "80");
	const char *const outside[] = {"198.18.0.249", "198.18.1.6",
	    "198.18.7.4", "0.0.0.0", "255.255.255.255", "::",
	    "2001:db8:0:1::100", "2001:db8::ffff:ffff:ffff:fffd", NULL};
	struct mipo_spot spot;
	struct mipo_addr addr;
	uint64_t pair;

	for (const char *const *s = outside; *s != NULL; s++) {
		ck_ok(mipo_addr_parse(*s, &addr, &err));
		ck_assert(!mipo_space_find(space, &addr, 80, &spot, &pair));
	}
	ck_ok(mipo_addr_parse("10.1.2.3", &addr, &err));
	ck_assert(mipo_space_find(space, &addr, 80, &spot, &pair));
	ck_assert(!mipo_space_find(space, &addr, 81, &spot, &pair));
	ck_assert(!mipo_space_find(space, &addr, 0, &spot, &pair));
	release(space);
}
END_TEST

/* At the far end of a large space doubles still give the right quotient. */
START_TEST(large_spaces)
{
	const char *const tokens[] = {"2001:db8::/83", NULL};
	struct mipo_space *space = space_of(tokens, "1-251");
	struct mipo_spot spot, back;
	uint64_t pair;

	ck_assert_uint_eq(space->pairs, (UINT64_C(1) << 45) * 251);
	for (uint64_t i = space->pairs - 2000; i < space->pairs; i++) {
		mipo_space_at(space, i, &spot);
		ck_assert_uint_eq(spot.port, i % 251 + 1);
		ck_assert(mipo_space_find(
		    space, &spot.addr, spot.port, &back, &pair));
		ck_assert_uint_eq(pair, i);
	}
	release(space);
}
END_TEST

/* As many segments as there are exclusions: each address at its place. */
START_TEST(scattered_addresses)
{
	struct mipo_targets *some = mipo_targets_new(&err);
	struct mipo_ports *two = mipo_ports_new(&err);
	struct mipo_range range = {{4, {10}}, {4, {10}}};
	struct mipo_space *many;
	struct mipo_addr want;
	struct mipo_spot spot;
	uint64_t back;

	ck_ok(mipo_ports_add(two, "22,80", &err));
	for (unsigned i = 0; i < 9000; i++) {
		range.last = range.first;
		ck_assert(mipo_addr_add(&range.last, i % 97 * (i % 2)));
		ck_ok(mipo_targets_add_range(some, &range, &err));
		range.first = range.last;
		ck_assert(mipo_addr_add(&range.first, 2 + i % 5));
		if (i != 20 && i % 3000 != 0)
			continue;
		ck_ok(mipo_space_new(some, two, &many, &err));
		for (uint64_t x = 0; x < many->pairs; x++) {
			mipo_space_at(many, x, &spot);
			mipo_targets_at(some, x / 2, &want);
			ck_assert_int_eq(
			    mipo_addr_cmp(&spot.addr, &want), 0);
			ck_assert(mipo_space_find(
			    many, &spot.addr, spot.port, &spot, &back));
			ck_assert_uint_eq(back, x);
		}
		mipo_space_free(many);
	}
	mipo_targets_free(some);
	mipo_ports_free(two);
}
END_TEST

struct visits {
	const uint64_t *want;
	size_t n;
};

static int
visit(void *arg, uint64_t pair, unsigned value)
{
	struct visits *visits = arg;

	ck_assert_uint_eq(pair, visits->want[visits->n]);
	ck_assert_uint_eq(value, visits->n % 2 == 0
		? MIPO_PAIR_SILENT : MIPO_PAIR_N - 1);
	visits->n++;
	return 0;
}

/* What was touched is found, and nothing else is visited. */
START_TEST(touched_pairs_are_found)
{
	static const uint64_t at[] = {
	    0, 1, 15, 16, 47, 64, 1000, 4095, 4111, 5000};
	struct mipo_pairs pairs;
	struct visits visits = {.want = at};

	for (uint64_t size = 5001; size < 5018; size++) {
		visits.n = 0;
		ck_ok(mipo_pairs_init(&pairs, size, 1, 0, &err));
		ck_ok(mipo_pairs_each(&pairs, visit, &visits, &err));
		ck_assert_uint_eq(visits.n, 0);
		for (size_t n = 0; n < 10; n++)
			mipo_pairs_set(&pairs, at[n],
			    n % 2 == 0 ? MIPO_PAIR_SILENT : MIPO_PAIR_N - 1);
		ck_ok(mipo_pairs_each(&pairs, visit, &visits, &err));
		ck_assert_uint_eq(visits.n, 10);
		mipo_pairs_release(&pairs);
	}
}
END_TEST

/* A value for each pair, some of them none. */
static unsigned
value_of(uint64_t pair)
{
	return (unsigned)(pair * 2654435761U >> 7) % MIPO_PAIR_N;
}

static int
compare(void *arg, uint64_t pair, unsigned value)
{
	uint64_t *next = arg;

	while (value_of(*next) == MIPO_PAIR_UNTOUCHED)
		++*next;
	ck_assert_uint_eq(pair, *next);
	ck_assert_uint_eq(value, value_of(pair));
	++*next;
	return 0;
}

/* Gives every pair its value, as its segment comes to hand. */
static void
fill(struct mipo_pairs *pairs, bool late)
{
	for (uint64_t k = 0; k < pairs->segments; k += pairs->most) {
		uint64_t before = mipo_pairs_count(pairs, 5);

		ck_ok(mipo_pairs_load(pairs, k, &err));
		if (k > 0 && before > 0 && !late)
			ck_assert_uint_eq(mipo_pairs_count(pairs, 5), 0);
		for (uint64_t pair = 0; pair < pairs->n; pair++)
			if (mipo_pairs_holds(pairs, pair) &&
			    (pair % 7 != 0) != late)
				mipo_pairs_set(pairs, pair, value_of(pair));
		if (k == 0 && late) /* of these that are elsewhere */
			for (uint64_t pair = 0; pair < pairs->n; pair += 7)
				mipo_pairs_set(pairs, pair, value_of(pair));
	}
}

/* However many segments there are at hand, what is known is the same. */
START_TEST(segments_elsewhere)
{
	static const uint64_t sizes[] = {4099, 8192, 8191, 5000};
	uint64_t want[MIPO_PAIR_N], next;
	struct mipo_pairs pairs;

	for (size_t i = 0; i < 4; i++)
		for (uint64_t most = 1; most <= 16; most += 3) {
			uint64_t n = sizes[i];

			memset(want, 0, sizeof(want));
			for (uint64_t pair = 0; pair < n; pair++)
				want[value_of(pair)]++;
			ck_ok(mipo_pairs_init(&pairs, n, 16,
			    most * (n / 32 + 2), &err));
			ck_assert_int_eq(pairs.fd >= 0, most < 16);
			fill(&pairs, false);
			fill(&pairs, true);
			for (unsigned v = 0; v < MIPO_PAIR_N; v++)
				ck_assert_uint_eq(
				    mipo_pairs_total(&pairs, v), want[v]);
			ck_ok(mipo_pairs_sum(&pairs, &err));
			for (unsigned v = 0; v < MIPO_PAIR_N; v++)
				ck_assert_uint_eq(
				    mipo_pairs_count(&pairs, v), want[v]);
			next = 0;
			ck_ok(mipo_pairs_each(&pairs, compare, &next, &err));
			ck_ok(mipo_pairs_load(&pairs, 3, &err));
			for (uint64_t pair = 0; pair < n; pair++)
				if (mipo_pairs_get(&pairs, pair) !=
				    value_of(pair))
					ck_abort_msg("pair %lu", pair);
			mipo_pairs_release(&pairs);
		}
}
END_TEST

/* Turned are those at hand; answers come to the others too, once. */
START_TEST(answers_elsewhere)
{
	struct mipo_pairs pairs;

	ck_ok(mipo_pairs_init(&pairs, 64, 4, 1, &err));
	ck_assert_uint_eq(pairs.most, 1);
	for (uint64_t pair = 0; pair < 64; pair += 4)
		mipo_pairs_set(&pairs, pair, MIPO_PAIR_SILENT);
	ck_ok(mipo_pairs_load(&pairs, 1, &err));
	ck_assert_uint_eq(mipo_pairs_count(&pairs, MIPO_PAIR_SILENT), 0);
	ck_assert_uint_eq(mipo_pairs_total(&pairs, MIPO_PAIR_SILENT), 16);
	ck_assert_uint_eq(mipo_pairs_count(&pairs, MIPO_PAIR_UNTOUCHED), 16);
	mipo_pairs_set(&pairs, 5, MIPO_PAIR_SILENT);
	ck_assert_uint_eq(mipo_pairs_turn(
	    &pairs, MIPO_PAIR_SILENT, MIPO_PAIR_UNTOUCHED), 1);
	ck_assert_uint_eq(mipo_pairs_total(&pairs, MIPO_PAIR_SILENT), 16);
	ck_assert_int_eq(mipo_pairs_answer(&pairs, 8, MIPO_OPEN), 1);
	ck_assert_int_eq(mipo_pairs_answer(&pairs, 8, MIPO_OPEN), 0);
	ck_assert_uint_eq(mipo_pairs_covered(&pairs), 16);
	ck_assert_uint_eq(
	    mipo_pairs_total(&pairs, MIPO_PAIR_SEEN + MIPO_OPEN), 1);
	ck_ok(mipo_pairs_load(&pairs, 0, &err));
	ck_assert_uint_eq(
	    mipo_pairs_count(&pairs, MIPO_PAIR_SEEN + MIPO_OPEN), 1);
	mipo_pairs_release(&pairs);
}
END_TEST

static uint64_t
resident(void)
{
	struct rusage usage;

	ck_ok(getrusage(RUSAGE_SELF, &usage));
	return (uint64_t)usage.ru_maxrss * 1024;
}

static int
agree(void *arg, uint64_t pair, unsigned value)
{
	uint64_t *n = arg;

	*n += pair % 4096 == value;
	return 0;
}

/* 128 MiB of cells go through a room of 8, and one of 16 for all of them. */
START_TEST(memory_is_bounded)
{
	const uint64_t before = resident(), room = 8 << 20;
	struct mipo_pairs pairs;
	uint64_t n = 0;

	ck_ok(mipo_pairs_init(&pairs, UINT64_C(1) << 28, 16, room, &err));
	for (uint64_t k = 0; k < 16; k += pairs.most) {
		ck_ok(mipo_pairs_load(&pairs, k, &err));
		for (uint64_t pair = 0; pair < pairs.n; pair += 4096)
			if (mipo_pairs_holds(&pairs, pair + k))
				mipo_pairs_set(&pairs, pair + k,
				    (unsigned)(pair + k) % 16);
	}
	ck_ok(mipo_pairs_sum(&pairs, &err));
	ck_ok(mipo_pairs_each(&pairs, agree, &n, &err));
	ck_assert_uint_eq(n, (pairs.n >> 12) * 15);
	ck_assert_uint_lt(resident() - before, 4 * room);
	mipo_pairs_release(&pairs);
}
END_TEST

/* A disk that is full, or gone, ends it: what was known is not known. */
START_TEST(file_fails)
{
	struct mipo_pairs pairs;

	ck_ok(mipo_pairs_init(&pairs, 64, 4, 1, &err));
	ck_assert_int_eq(dup2(open("/dev/full", O_RDWR), pairs.fd), pairs.fd);
	ck_assert_int_eq(mipo_pairs_answer(&pairs, 1, MIPO_OPEN), 1);
	ck_fails(mipo_pairs_load(&pairs, 1, &err), MIPO_E_IO);
	ck_fails(mipo_pairs_sum(&pairs, &err), MIPO_E_IO);
	mipo_pairs_release(&pairs);
	ck_ok(setenv("TMPDIR", "/dev/null", 1));
	ck_fails(mipo_pairs_init(&pairs, 64, 4, 1, &err), MIPO_E_IO);
	ck_ok(unsetenv("TMPDIR"));
	mipo_pairs_release(&pairs);
}
END_TEST

static bool
may(const char *s)
{
	struct mipo_addr addr;

	ck_ok(mipo_addr_parse(s, &addr, &err));
	return mipo_host_may(&addr);
}

START_TEST(what_no_host_has)
{
	static const char *const no[] = {"0.0.0.0", "224.0.0.0",
	    "239.255.255.255", "255.255.255.255", "::", "::ffff:0.0.0.0",
	    "::ffff:127.0.0.1", "ff00::", "ff02::1"};
	static const char *const yes[] = {"0.0.0.1", "223.255.255.255",
	    "240.0.0.0", "255.255.255.254", "127.0.0.1", "::1",
	    "::fffe:ffff:ffff", "::1:0:0:0", "feff::", "fe80::1"};
	struct mipo_addr bounds[MIPO_HOST_BOUNDS];

	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		ck_assert_msg(!may(no[i]), "%s", no[i]);
	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		ck_assert_msg(may(yes[i]), "%s", yes[i]);
	ck_assert_uint_eq(mipo_host_bounds(4, bounds), 5);
	ck_assert_uint_eq(mipo_host_bounds(6, bounds), 5);
}
END_TEST

START_TEST(later_answers_raise_a_state)
{
	struct mipo_pairs pairs;

	ck_ok(mipo_pairs_init(&pairs, 5, 1, 0, &err));
	ck_assert_uint_eq(mipo_pairs_covered(&pairs), 0);
	mipo_pairs_set(&pairs, 1, MIPO_PAIR_SILENT);
	mipo_pairs_set(&pairs, 2, MIPO_PAIR_REFUSED + 3);
	ck_assert_uint_eq(mipo_pairs_covered(&pairs), 1);
	ck_assert_uint_eq(mipo_pairs_refused(&pairs), 1);
	ck_assert_int_eq(mipo_pairs_answer(&pairs, 1, MIPO_FILTERED), 1);
	ck_assert_int_eq(mipo_pairs_answer(&pairs, 1, MIPO_CLOSED), 1);
	ck_assert_int_eq(mipo_pairs_answer(&pairs, 1, MIPO_FILTERED), 0);
	ck_assert_int_eq(mipo_pairs_answer(&pairs, 1, MIPO_OPEN), 1);
	ck_assert_int_eq(mipo_pairs_answer(&pairs, 1, MIPO_OPEN), 0);
	ck_assert_int_eq(mipo_pairs_answer(&pairs, 1, MIPO_CLOSED), 0);
	ck_assert_uint_eq(mipo_pairs_get(&pairs, 0), MIPO_PAIR_UNTOUCHED);
	ck_assert_uint_eq(mipo_pairs_get(&pairs, 2), MIPO_PAIR_REFUSED + 3);
	ck_assert_uint_eq(
	    mipo_pairs_count(&pairs, MIPO_PAIR_SEEN + MIPO_OPEN), 1);
	ck_assert_uint_eq(
	    mipo_pairs_count(&pairs, MIPO_PAIR_SEEN + MIPO_CLOSED), 0);
	ck_assert_uint_eq(mipo_pairs_count(&pairs, MIPO_PAIR_UNTOUCHED), 3);
	mipo_pairs_release(&pairs);
	ck_fails(mipo_pairs_init(&pairs, UINT64_C(1) << 41, 1, 0, &err),
	    MIPO_E_USAGE);
}
END_TEST

/* The digest by hand: 198.18.0.1:80 open, :81 silent, ::1:80 closed. */
START_TEST(state_digest)
{
	static const uint8_t want[] = "mipo/state/v1\n"
		"\4\306\22\0\1\6\0\120\1"
		"\4\306\22\0\1\6\0\121\3"
		"\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\6\0\120\2";
	const char *const tokens[] = {"::1", "198.18.0.1", NULL};
	struct mipo_space *space = space_of(tokens, "80,81");
	uint8_t digest[32], expected[32];
	struct mipo_pairs pairs;

	ck_ok(mipo_pairs_init(&pairs, space->pairs, 1, 0, &err));
	(void)mipo_pairs_answer(&pairs, 2, MIPO_CLOSED);
	mipo_pairs_set(&pairs, 1, MIPO_PAIR_SILENT);
	(void)mipo_pairs_answer(&pairs, 0, MIPO_OPEN);
	mipo_pairs_set(&pairs, 3, MIPO_PAIR_REFUSED);
	ck_ok(mipo_pairs_digest(
	    &pairs, space, MIPO_TCP, MIPO_FILTERED, digest, &err));
	mipo_hash(want, sizeof(want) - 1, expected);
	ck_assert_mem_eq(digest, expected, sizeof(digest));
	mipo_pairs_release(&pairs);
	release(space);
}
END_TEST

struct tally {
	struct mipo_space *space;
	uint8_t *seen;
	uint64_t n;
};

static int
count(void *arg, const struct mipo_addr *addr, uint16_t port)
{
	struct tally *tally = arg;
	struct mipo_spot spot;
	uint64_t pair;

	if (!mipo_space_find(tally->space, addr, port, &spot, &pair) ||
	    tally->seen[pair]++ != 0)
		ck_abort_msg("port %u again, or not in scope", port);
	return ++tally->n == tally->space->pairs;
}

static int
fold(void *arg, const struct mipo_addr *addr, uint16_t port)
{
	uint64_t *sum = arg;

	for (size_t i = 0; i < 16; i++)
		*sum = *sum * 1099511628211U + addr->b[i];
	*sum = *sum * 1099511628211U + port;
	return 0;
}

static struct mipo_scanner *
scanner_of(uint64_t seed)
{
	const struct mipo_scanner_config config = {.seed = seed};
	const struct mipo_scanner_hooks hooks = {0};
	struct mipo_scanner *scanner = NULL;

	ck_ok(mipo_scanner_new(
	    &config, &hooks, targets, ports, &scanner, &err));
	return scanner;
}

/* Each pair once; the seed alone decides where. */
START_TEST(order_is_of_the_seed)
{
	struct tally tally = {.space = space_of(mixed, "1-500")};
	struct mipo_scanner *one = scanner_of(1), *same = scanner_of(1);
	struct mipo_scanner *two = scanner_of(2);
	uint64_t sums[3] = {0};

	tally.seen = calloc(tally.space->pairs, 1);
	ck_assert_int_eq(mipo_scanner_order(one, count, &tally), 1);
	ck_assert_uint_eq(tally.n, mipo_scanner_planned(one));
	(void)mipo_scanner_order(one, fold, &sums[0]);
	(void)mipo_scanner_order(same, fold, &sums[1]);
	(void)mipo_scanner_order(two, fold, &sums[2]);
	ck_assert_uint_eq(sums[0], sums[1]);
	ck_assert_uint_ne(sums[0], sums[2]);
	mipo_scanner_free(one);
	mipo_scanner_free(same);
	mipo_scanner_free(two);
	free(tally.seen);
	release(tally.space);
}
END_TEST

static int64_t
seen(struct mipo_scanner *scan, int64_t ago_us)
{
	const struct mipo_spot spot = {.port = 80};
	struct mipo_obs obs;

	mipo_scanner_obs(scan, &spot, MIPO_OPEN, MIPO_R_SYN_ACK,
	    mipo_scanner_now_us() - ago_us, &obs);
	return obs.ts_ms;
}

/* Whatever the wall clock was set to, all is seen while the scan ran. */
START_TEST(times_lie_within_the_scan)
{
	struct mipo_space *space = space_of(mixed, "80");
	struct mipo_scanner *scan = scanner_of(1);
	const int64_t start = 1700000000000, hour_us = 3600 * INT64_C(1000000);

	scan->tally.started_ms = start; /* and the wall clock went on since */
	scan->tally.started_ns =
	    mipo_clock_mono_ns() - 10 * UINT64_C(1000000000);
	ck_assert_int_ge(seen(scan, 0), start + 10000);
	ck_assert_int_lt(seen(scan, 0), start + 12000);
	ck_assert_int_ge(seen(scan, 4000000), start + 6000);
	ck_assert_int_lt(seen(scan, 4000000), start + 8000);
	ck_assert_int_eq(seen(scan, hour_us), start);
	ck_assert_int_lt(seen(scan, -hour_us), start + 12000);
	ck_assert_int_le(seen(scan, -hour_us),
	    mipo_scanner_wall_ms(scan, mipo_clock_mono_ns()));
	mipo_scanner_free(scan);
	release(space);
}
END_TEST

/* Without memory there is an error, never a crash or a leak. */
START_TEST(every_allocation_may_fail)
{
	const struct mipo_scanner_config config = {.seed = 1};
	const struct mipo_scanner_hooks hooks = {0};
	struct mipo_space *space = space_of(mixed, "1-500");
	struct mipo_scanner *scanner = NULL;
	unsigned long n = 0;
	int r;

	do {
		mipo_mem_fail_at(++n);
		r = mipo_scanner_new(
		    &config, &hooks, targets, ports, &scanner, &err);
		if (r != 0)
			ck_assert_int_eq(err.code, MIPO_E_NOMEM);
		mipo_err_clear(&err);
	} while (r != 0 && n < 100);
	mipo_mem_fail_at(0);
	ck_assert_uint_gt(n, 4);
	ck_assert_int_eq(r, 0);
	mipo_scanner_free(scanner);
	release(space);
}
END_TEST

UNIT_MAIN("space", pairs_are_in_the_order_of_the_receipt,
    what_is_outside_is_not_found, large_spaces, scattered_addresses,
    touched_pairs_are_found, segments_elsewhere, answers_elsewhere,
    memory_is_bounded, file_fails, what_no_host_has,
    later_answers_raise_a_state, state_digest, order_is_of_the_seed,
    times_lie_within_the_scan, every_allocation_may_fail);
