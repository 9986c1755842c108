#include "unit.h"

#include <pthread.h>
#include <string.h>

#include "net/intervals.h"
#include "net/pairs-all.h"
#include "net/rate.h"

static struct mipo_err err;

/* A way that carries so many packets a second, and drops the rest. */
static void
look(struct mipo_rate *rate, uint64_t capacity, uint64_t at_ms)
{
	struct mipo_rate_seen seen = {.canaries = 16, .heard = 1};

	if (rate->pps > capacity)
		seen.lost = 16 - 16 * capacity / rate->pps;
	mipo_rate_look(rate, &seen, at_ms);
}

START_TEST(begins_gently)
{
	struct mipo_rate rate;

	mipo_rate_start(&rate, 1);
	ck_assert_uint_eq(rate.pps, 1000);
	mipo_rate_start(&rate, 4000);
	ck_assert_uint_eq(rate.pps, 4000);
	ck_assert_uint_eq(rate.most, 4000);
}
END_TEST

START_TEST(grows_while_nothing_is_lost)
{
	struct mipo_rate rate;

	mipo_rate_start(&rate, 1);
	for (uint64_t i = 1; i <= 20; i++)
		look(&rate, UINT64_MAX / 16, i * 100);
	ck_assert_uint_gt(rate.pps, 1000000); /* within two seconds */
	ck_assert_uint_eq(rate.most, rate.pps);
	ck_assert_uint_eq(rate.n_backoffs, 0);
}
END_TEST

START_TEST(finds_what_the_way_carries)
{
	static const uint64_t capacities[] = {2000, 30000, 700000};

	for (int i = 0; i < 3; i++) {
		struct mipo_rate rate;
		uint64_t over = 0;

		mipo_rate_start(&rate, 1);
		for (uint64_t t = 1; t <= 600; t++) {
			look(&rate, capacities[i], t * 100);
			if (t <= 100)
				continue;
			over += rate.pps > capacities[i];
			ck_assert_uint_ge(rate.pps, capacities[i] / 2);
			ck_assert_uint_le(
			    rate.pps, capacities[i] + capacities[i] / 2);
		}
		/* it tries more now and then, and learns */
		ck_assert_uint_gt(rate.n_backoffs, 0);
		ck_assert_uint_lt(over, 300);
		ck_assert_uint_lt(rate.backoffs[0].to, rate.backoffs[0].from);
	}
}
END_TEST

START_TEST(each_sign_of_trouble_counts)
{
	static const struct mipo_rate_seen signs[] = {
	    {.canaries = 16, .lost = 2, .heard = 9},
	    {.heard = 9, .dropped = 1}, {.heard = 9, .refused = 1},
	    {.heard = 9, .lacking = 1}, {.heard = 9, .faded = true},
	    {.heard = 9, .late = 2}, {.heard = 9, .allowed = 5600}};
	static const struct mipo_rate_seen none[] = {
	    {.canaries = 16, .lost = 1, .heard = 9}, /* may be one's own */
	    {.canaries = 64, .lost = 4, .heard = 9}, {.heard = 9, .late = 1},
	    {.heard = 64, .late = 4}, {.heard = 9, .allowed = 8000}};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		struct mipo_rate rate;

		mipo_rate_start(&rate, 8000);
		mipo_rate_look(&rate, &signs[i], 100);
		ck_assert_uint_eq(rate.n_backoffs, 1);
		ck_assert_uint_eq(rate.pps, 5600);
		/* what was sent before is still on its way */
		mipo_rate_look(&rate, &signs[i], 200);
		ck_assert_uint_eq(rate.n_backoffs, 1);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		struct mipo_rate rate;

		mipo_rate_start(&rate, 8000);
		mipo_rate_look(&rate, &none[i], 100);
		ck_assert_uint_eq(rate.n_backoffs, 0);
	}
}
END_TEST

/* More than the machine sends, or than the caps allow, is not asked for. */
START_TEST(grows_only_where_it_means_something)
{
	struct mipo_rate_seen slow = {
	    .heard = 9, .sent = 2000, .ms = 100, .canaries = 1};
	struct mipo_rate_seen held = {
	    .heard = 9, .allowed = 30000, .canaries = 1};
	struct mipo_rate rate;

	mipo_rate_start(&rate, 10000);
	for (int i = 0; i < 100; i++)
		mipo_rate_look(&rate, &slow, 100);
	ck_assert_uint_gt(rate.pps, 40000);
	ck_assert_uint_le(rate.pps, 80000);
	mipo_rate_start(&rate, 10000);
	for (int i = 0; i < 100; i++)
		mipo_rate_look(&rate, &held, 100);
	ck_assert_uint_eq(rate.pps, 30000);
	ck_assert_uint_eq(rate.most, 30000);
	ck_assert_uint_eq(rate.n_backoffs, 0);
	mipo_rate_hold(&rate, 29000, "hardly slower", 100);
	ck_assert_uint_eq(rate.n_backoffs, 0);
	mipo_rate_hold(&rate, 10, "to the floor", 100);
	ck_assert_uint_eq(rate.n_backoffs, 1);
	ck_assert_uint_eq(rate.pps, 1000);
}
END_TEST

START_TEST(has_a_floor_and_is_careful_when_blind)
{
	const struct mipo_rate_seen bad = {.dropped = 1};
	const struct mipo_rate_seen blind = {.heard = 9, .blind = true};
	struct mipo_rate rate;

	mipo_rate_start(&rate, 1);
	for (int i = 0; i < 300; i++)
		mipo_rate_look(&rate, &bad, 100);
	ck_assert_uint_eq(rate.pps, 1000);
	ck_assert_uint_eq(rate.n_backoffs, 0); /* it never was faster */
	for (int i = 0; i < 300; i++)
		mipo_rate_look(&rate, &blind, 100);
	ck_assert_uint_le(rate.pps, MIPO_RATE_BLIND);
	ck_assert_uint_gt(rate.pps, MIPO_RATE_BLIND / 2);

	/* What was fast, and hears of nothing any more, goes down to that. */
	mipo_rate_start(&rate, 500000);
	for (int i = 0; i < 300; i++)
		mipo_rate_look(&rate, &blind, 100);
	ck_assert_uint_eq(rate.pps, MIPO_RATE_BLIND);
	ck_assert_uint_eq(rate.n_backoffs, 1);
}
END_TEST

/* Answers that take five looks: it does not grow before they can have come. */
START_TEST(waits_for_what_its_rate_does)
{
	const struct mipo_rate_seen far = {.canaries = 16, .lag = 5};
	const struct mipo_rate_seen bad = {
	    .canaries = 16, .lost = 8, .lag = 5};
	struct mipo_rate rate;

	mipo_rate_start(&rate, 1000);
	for (int i = 0; i < 20; i++)
		mipo_rate_look(&rate, &far, 100);
	ck_assert_uint_ge(rate.pps, 4000);
	ck_assert_uint_le(rate.pps, 1000 * 16);
	for (int i = 0; i < 8; i++)
		mipo_rate_look(&rate, &bad, 100);
	ck_assert_uint_eq(rate.n_backoffs, 1);
}
END_TEST

/* Doubling is for what canaries answered all of, and is taken back whole. */
START_TEST(goes_by_what_is_known)
{
	static const struct mipo_rate_seen bad = {.canaries = 16, .lost = 2};
	static const struct {
		struct mipo_rate_seen seen;
		uint64_t pps;
	} rows[] = {{{.canaries = 16, .heard = 9}, 4000},
	    {{.canaries = 16, .lost = 1, .heard = 9}, 3000},
	    {{.heard = 9}, 3000}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mipo_rate rate;

		mipo_rate_start(&rate, 2000);
		mipo_rate_look(&rate, &rows[i].seen, 100);
		ck_assert_uint_eq(rate.pps, rows[i].pps);
		rate.pps = 2000;
		rate.ceiling = 2500;
		mipo_rate_look(&rate, &rows[i].seen, 200);
		ck_assert_uint_eq(rate.pps, 2100);

		mipo_rate_start(&rate, 2000);
		mipo_rate_look(&rate, &rows[i].seen, 100);
		mipo_rate_look(&rate, &bad, 200);
		ck_assert_uint_eq(rate.pps, i == 0 ? 2000 : 2100);
	}
}
END_TEST

START_TEST(intervals_become_one_where_they_touch)
{
	struct mipo_intervals set = {0};
	bool has[64] = {false};
	uint64_t n = 0;

	for (unsigned i = 0; i < 2000; i++) {
		uint64_t first = i * 7919U % 60, end = first + i % 4;

		if (i % 40 == 0) {
			mipo_intervals_release(&set);
			memset(has, 0, sizeof(has));
			n = 0;
		}
		ck_ok(mipo_intervals_add(&set, first, end, &err));
		for (uint64_t j = first; j < end; j++) {
			n += !has[j];
			has[j] = true;
		}
		ck_assert_uint_eq(mipo_intervals_count(&set), n);
		for (size_t j = 0; j < set.n; j++) {
			ck_assert_uint_lt(
			    set.items[j].first, set.items[j].end);
			ck_assert(has[set.items[j].first]);
			ck_assert(!has[set.items[j].end]);
			ck_assert(j == 0 ||
			    set.items[j - 1].end < set.items[j].first);
		}
	}
	mipo_intervals_release(&set);
}
END_TEST

#define PAIRS 20000

struct hand {
	struct mipo_pairs *pairs;
	unsigned hand;
	uint64_t won;
};

/* Every thread wants every pair: one gets it. */
static void *
take_all(void *arg)
{
	struct hand *hand = arg;

	for (uint64_t i = 0; i < PAIRS; i++)
		hand->won += mipo_pairs_swap(hand->pairs, hand->hand, i,
		    MIPO_PAIR_UNTOUCHED, MIPO_PAIR_SILENT);
	return NULL;
}

START_TEST(hands_do_not_lose_one_anothers_pairs)
{
	static struct mipo_pairs pairs;
	struct hand hands[MIPO_HANDS];
	pthread_t threads[MIPO_HANDS];
	uint64_t won = 0;

	ck_ok(mipo_pairs_init(&pairs, PAIRS, 1, 0, &err));
	for (unsigned i = 1; i < MIPO_HANDS; i++) {
		hands[i] = (struct hand){&pairs, i, 0};
		ck_assert_int_eq(pthread_create(&threads[i], NULL, take_all,
				     &hands[i]), 0);
	}
	for (uint64_t i = 0; i < PAIRS; i += 3)
		(void)mipo_pairs_answer(&pairs, i, MIPO_OPEN);
	for (unsigned i = 1; i < MIPO_HANDS; i++) {
		(void)pthread_join(threads[i], NULL);
		won += hands[i].won;
	}
	ck_assert_uint_eq(
	    mipo_pairs_count(&pairs, MIPO_PAIR_SEEN + MIPO_OPEN),
	    (PAIRS + 2) / 3);
	ck_assert_uint_eq(mipo_pairs_count(&pairs, MIPO_PAIR_SILENT),
	    PAIRS - (PAIRS + 2) / 3);
	ck_assert_uint_eq(mipo_pairs_count(&pairs, MIPO_PAIR_UNTOUCHED), 0);
	ck_assert_uint_ge(won, PAIRS - (PAIRS + 2) / 3);
	mipo_pairs_release(&pairs);
}
END_TEST

UNIT_MAIN("rate", begins_gently, grows_while_nothing_is_lost,
    finds_what_the_way_carries, each_sign_of_trouble_counts,
    grows_only_where_it_means_something,
    has_a_floor_and_is_careful_when_blind,
    waits_for_what_its_rate_does, goes_by_what_is_known,
    intervals_become_one_where_they_touch,
    hands_do_not_lose_one_anothers_pairs);
