/* Pace, times of sending, counts of what failed, source ports. */
#include "unit.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "net/pace.h"
#include "net/sport.h"
#include "net/tally.h"
#include "net/timelog.h"

#define MS UINT64_C(1000000)

static struct mipo_err err;

START_TEST(pace_keeps_the_rate)
{
	struct mipo_pace pace;
	uint64_t now = 77 * MS, sent = 0, due;

	mipo_pace_start(&pace, 1000, now);
	for (int i = 0; i < 10000; i++, now += MS / 3) {
		due = mipo_pace_due(&pace, now, 64);
		mipo_pace_spend(&pace, due);
		sent += due;
	}
	ck_assert_uint_ge(sent, 3330);
	ck_assert_uint_le(sent, 3335);
}
END_TEST

START_TEST(pace_never_catches_up)
{
	struct mipo_pace pace;
	uint64_t due;

	mipo_pace_start(&pace, 1000, 0);
	ck_assert_uint_eq(mipo_pace_due(&pace, 0, 64), 1);
	mipo_pace_spend(&pace, 1);
	ck_assert_uint_eq(mipo_pace_due(&pace, 0, 64), 0);
	due = mipo_pace_due(&pace, 3600 * 1000 * MS, 1000000);
	ck_assert_uint_eq(due, 20); /* a fiftieth of a second, of an hour */
	mipo_pace_start(&pace, 3, 0);
	mipo_pace_spend(&pace, 1);
	ck_assert_uint_eq(mipo_pace_due(&pace, 300 * MS, 64), 0);
	ck_assert_uint_eq(mipo_pace_wait(&pace), 33333334);
	ck_assert_uint_eq(mipo_pace_due(&pace, 334 * MS, 64), 1);
	ck_assert_uint_eq(mipo_pace_wait(&pace), 0);
}
END_TEST

START_TEST(pace_without_limit)
{
	struct mipo_pace pace;

	mipo_pace_start(&pace, 0, 0);
	ck_assert_uint_eq(mipo_pace_due(&pace, 0, 64), 64);
	mipo_pace_spend(&pace, 64);
	ck_assert_uint_eq(mipo_pace_due(&pace, 0, 64), 64);
	ck_assert_uint_eq(mipo_pace_wait(&pace), 0);
	mipo_pace_start(&pace, 100000000, 0);
	ck_assert_uint_eq(mipo_pace_due(&pace, 999 * MS, 1U << 30), 2000000);
}
END_TEST

START_TEST(timelog_tells_when)
{
	struct mipo_timelog log;

	ck_ok(mipo_timelog_init(&log, &err));
	ck_assert_int_eq(mipo_timelog_find(&log, 0, 5), -1);
	for (uint64_t i = 0; i < 40000; i++)
		mipo_timelog_add(&log, 0, i * 10, (int64_t)i);
	mipo_timelog_add(&log, 1, 0, 50000);
	mipo_timelog_add(&log, 1, 64, 50001);
	ck_assert_int_eq(mipo_timelog_find(&log, 0, 399999), 39999);
	ck_assert_int_eq(mipo_timelog_find(&log, 0, 399990), 39999);
	ck_assert_int_eq(mipo_timelog_find(&log, 0, 399989), 39998);
	ck_assert_int_eq(mipo_timelog_find(&log, 1, 63), 50000);
	ck_assert_int_eq(mipo_timelog_find(&log, 1, 64), 50001);
	ck_assert_int_eq(mipo_timelog_find(&log, 0, 7), -1); /* long ago */
	ck_assert_int_eq(mipo_timelog_find(&log, 2, 0), -1);
	mipo_timelog_release(&log);
}
END_TEST

START_TEST(round_trips_survive_a_clock_that_is_set)
{
	const int64_t hour = INT64_C(3600000000);
	struct mipo_timelog log;

	ck_ok(mipo_timelog_init(&log, &err));
	mipo_timelog_clocks(&log, 1000000, 1000000 + hour);
	mipo_timelog_add(&log, 0, 0, 1000000);
	mipo_timelog_clocks(&log, 1600000, 1600000 + hour);
	ck_assert_int_eq(mipo_timelog_rtt(&log, 0, 5, 1500000 + hour), 500000);
	ck_assert_int_eq(mipo_timelog_rtt(&log, 1, 5, 1500000 + hour), -1);
	ck_assert_int_eq(mipo_timelog_rtt(&log, 0, 5, 900000 + hour), -1);
	ck_assert_int_eq(mipo_timelog_rtt(&log, 0, 5, 1700000 + hour), -1);
	/* Set by 3 seconds: what came around then has no certain time. */
	mipo_timelog_clocks(&log, 1700000, 4700000 + hour);
	ck_assert_int_eq(mipo_timelog_rtt(&log, 0, 5, 1650000 + hour), -1);
	ck_assert_int_eq(mipo_timelog_rtt(&log, 0, 5, 4650000 + hour), -1);
	/* What came after that does, though the probe went before. */
	mipo_timelog_clocks(&log, 1800000, 4800000 + hour);
	ck_assert_int_eq(mipo_timelog_rtt(&log, 0, 5, 4750000 + hour), 750000);
	mipo_timelog_clocks(&log, 1900000, 1900000 - hour);
	ck_assert_int_eq(mipo_timelog_rtt(&log, 0, 5, 1850000 - hour), -1);
	mipo_timelog_clocks(&log, 2000000, 2000000 - hour);
	ck_assert_int_eq(mipo_timelog_rtt(&log, 0, 5, 1950000 - hour), 950000);
	mipo_timelog_release(&log);
}
END_TEST

START_TEST(tally_keeps_errors_apart)
{
	struct mipo_tally tally = {0};

	ck_assert_uint_eq(mipo_tally_refused(&tally, ENOBUFS), 0);
	ck_assert_uint_eq(mipo_tally_refused(&tally, ENETDOWN), 1);
	ck_assert_uint_eq(mipo_tally_refused(&tally, ENOBUFS), 0);
	ck_assert_uint_eq(tally.errors[0].count, 2);
	ck_assert_uint_eq(mipo_tally_class(&tally, ENOBUFS), 0);
	ck_assert_uint_eq(tally.errors[0].count, 2);
	for (int sys = 1; sys < 20; sys++)
		(void)mipo_tally_refused(&tally, sys);
	ck_assert_uint_eq(tally.n_errors, MIPO_PAIR_ERRORS);
	ck_assert_int_eq(tally.errors[MIPO_PAIR_ERRORS - 1].sys, 0);
	ck_assert_int_eq(tally.errors[1].sys, ENETDOWN);
}
END_TEST

START_TEST(loss_from_two_passes)
{
	struct mipo_tally tally = {.n_passes = 1};

	ck_assert_int_eq(mipo_tally_loss(&tally, 5), -1);
	tally.passes[0].answered = 10;
	ck_assert_int_eq(mipo_tally_loss(&tally, 5), -1);
	ck_assert_int_eq(mipo_tally_loss(&tally, 0), 0);
	tally.n_passes = 2;
	ck_assert_int_eq(mipo_tally_loss(&tally, 5), 0);
	tally.passes[0].answered = 9500;
	tally.passes[1].answered = 475;
	ck_assert_int_eq(mipo_tally_loss(&tally, 25), 50000);
	tally.passes[0].answered = 0;
	ck_assert_int_eq(mipo_tally_loss(&tally, 25), 1000000);
	tally.passes[1].answered = 0;
	ck_assert_int_eq(mipo_tally_loss(&tally, 25), -1);
}
END_TEST

START_TEST(missed_hosts_by_rounds)
{
	/* Few that all answered at once, or many of which some were late. */
	ck_assert(mipo_tally_missed(1, 0, 3) < 0.05);
	ck_assert(mipo_tally_missed(3, 0, 3) < 0.05);
	ck_assert(mipo_tally_missed(12, 1, 5) < 0.05);
	ck_assert(mipo_tally_missed(5, 5, 5) > 0.05);
	/* Of 1000 hosts 20 % miss each round: 8 are expected to miss three. */
	ck_assert(mipo_tally_missed(800, 200, 3) > 5);
	ck_assert(mipo_tally_missed(800, 200, 3) < 10);
	ck_assert_int_eq(mipo_tally_ratio(0, 0), -1);
	ck_assert_int_eq(mipo_tally_ratio(0, 3), 1000000);
	ck_assert_int_eq(mipo_tally_ratio(100, 1), 10000);
}
END_TEST

START_TEST(source_ports_lie_outside_the_kernels)
{
	uint16_t base = 0;

	ck_ok(mipo_sport_choose(32768, 60999, &base, &err));
	ck_assert_uint_eq(base, 61000);
	ck_ok(mipo_sport_choose(1024, 61500, &base, &err));
	ck_assert_uint_eq(base, 61501);
	ck_ok(mipo_sport_choose(32768, 65535, &base, &err));
	ck_assert_uint_eq(base, 32768 - 257);
	ck_ok(mipo_sport_choose(1024, 65278, &base, &err));
	ck_assert_uint_eq(base, 65279);
	ck_fails(
	    mipo_sport_choose(1024, 65535, &base, &err), MIPO_E_USAGE);
	ck_ok(mipo_sport_find(&base, &err));
}
END_TEST

/* Of a hundred hosts half of what they say is lost; one says far more. */
START_TEST(one_loud_host_hides_no_loss)
{
	static struct mipo_tally tally;
	uint64_t seed = 7, late = 0;

	tally.n_passes = 2;
	for (uint64_t i = 0; i < 65535; i++)
		mipo_tally_answered(&tally, 0, 1000);
	for (uint64_t host = 0; host < 100; host++)
		mipo_tally_answered(&tally, host % 2, host);
	ck_assert_int_lt(mipo_tally_loss(&tally, 9), 1000);
	ck_assert_int_gt(mipo_hostloss_worse(&tally.hosts,
			     mipo_tally_loss(&tally, 9)), 500000);

	/* Chance alone makes nothing of it, however many hosts there are. */
	memset(&tally, 0, sizeof(tally));
	for (uint64_t i = 0; i < 100000; i++) {
		seed = seed * UINT64_C(6364136223846793005) + 1;
		late += (seed >> 40) % 100 < 5;
		mipo_tally_answered(
		    &tally, (seed >> 40) % 100 < 5, seed >> 45);
	}
	tally.n_passes = 2;
	ck_assert_int_eq(mipo_hostloss_worse(&tally.hosts,
			     mipo_tally_loss(&tally, 9)),
	    mipo_tally_loss(&tally, 9));
	ck_assert_uint_gt(late, 4000);

	/* Fewer than 32 answers that count say nothing more. */
	memset(&tally, 0, sizeof(tally));
	for (uint64_t i = 0; i < 1000; i++)
		mipo_tally_answered(&tally, i < 5, i < 10);
	ck_assert_int_eq(mipo_hostloss_worse(&tally.hosts, 5000), 5000);
}
END_TEST

/* What a fast rate had saved up is not for a slow one. */
START_TEST(pace_forgets_what_was_fast)
{
	struct mipo_pace pace;

	mipo_pace_start(&pace, 1000000, 0);
	ck_assert_uint_eq(mipo_pace_due(&pace, 1000 * MS, 64), 64);
	pace.rate = 10;
	ck_assert_uint_eq(mipo_pace_due(&pace, 1000 * MS, 64), 1);
}
END_TEST

UNIT_MAIN("pace", pace_keeps_the_rate, pace_never_catches_up,
    pace_forgets_what_was_fast,
    pace_without_limit, timelog_tells_when,
    round_trips_survive_a_clock_that_is_set, tally_keeps_errors_apart,
    loss_from_two_passes, missed_hosts_by_rounds,
    source_ports_lie_outside_the_kernels, one_loud_host_hides_no_loss);
