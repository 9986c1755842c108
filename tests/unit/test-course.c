/* Answers that become fewer in the course of a scan, and those that do not. */
#include "unit.h"

#include <string.h>

#include "net/course.h"
#include "net/shut.h"

static uint64_t seed;

static unsigned
draw(unsigned n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (unsigned)((seed >> 33) % n);
}

/*
 * n pairs in a row, of which one in every answers until the first dead
 * thousandths of them are over. The percentage that lacks, or 0.
 */
static unsigned
lacks(uint64_t n, unsigned every, unsigned dead)
{
	struct mipo_course course;
	unsigned percent = 0;

	memset(&course, 0, sizeof(course));
	for (uint64_t i = 0; i < n; i++) {
		uint64_t part = i * MIPO_COURSE_PARTS / n;

		course.sent[part]++;
		course.told[part] += draw(every) == 0 && i * 1000 < n * dead;
	}
	return mipo_course_fades(&course, &percent) ? percent : 0;
}

START_TEST(chance_is_no_end)
{
	for (seed = 1; seed < 300; seed += 7) {
		uint64_t was = seed;

		ck_assert_uint_eq(lacks(20000, 3, 1000), 0);
		ck_assert_uint_eq(lacks(20000, 50, 1000), 0);
		ck_assert_uint_eq(lacks(500, 2, 1000), 0);
		ck_assert_uint_eq(lacks(64, 1, 1000), 0);
		ck_assert_uint_eq(lacks(10, 1, 1000), 0);
		seed = was;
	}
	ck_assert_uint_eq(lacks(10000, 10000000, 1000), 0);
}
END_TEST

START_TEST(an_end_is_seen)
{
	seed = 5;
	ck_assert_uint_eq(lacks(20000, 3, 500), 100);
	ck_assert_uint_eq(lacks(200, 1, 500), 100);
	ck_assert_uint_ge(lacks(20000, 3, 930), 70);
	ck_assert_uint_ge(lacks(20000, 3, 30), 70);
	/* the last hundredth, where it is many */
	ck_assert_uint_ge(lacks(1000000, 5, 990), 60);
	/* too few to tell */
	ck_assert_uint_eq(lacks(40, 2, 500), 0);
}
END_TEST

/* What was left out, or answered by others alone, is no end of anything. */
START_TEST(parts_need_not_be_equal)
{
	struct mipo_course course;
	unsigned percent = 0;

	memset(&course, 0, sizeof(course));
	ck_assert(!mipo_course_fades(&course, &percent));
	for (int i = 0; i < MIPO_COURSE_PARTS; i++) {
		course.sent[i] = i < 40 ? 1000 : 10;
		course.told[i] = i < 40 ? 500 : 5;
	}
	ck_assert(!mipo_course_fades(&course, &percent));
	memset(course.told, 0, sizeof(course.told));
	ck_assert(!mipo_course_fades(&course, &percent));
	ck_assert_uint_eq(percent, 0);
}
END_TEST

/* n probes of which one in every is answered, until the first dead are. */
static struct mipo_shut
probed(uint32_t n, unsigned every, uint32_t dead)
{
	struct mipo_shut shut = {0};

	for (uint32_t i = 0; i < n; i++)
		mipo_shut_add(&shut, i < dead && draw(every) == 0);
	return shut;
}

/* Of many hosts that filter some of their ports none is one. */
START_TEST(a_filter_is_no_end)
{
	seed = 11;
	for (unsigned i = 0; i < 20000; i++) {
		struct mipo_shut shut = probed(5 + i % 300, 1 + i % 40, 400);
		struct mipo_shut more = probed(5 + i % 90, 1 + i % 40, 400);

		ck_assert(!mipo_shut_is(&shut));
		mipo_shut_join(&shut, &more);
		ck_assert(!mipo_shut_is(&shut));
	}
}
END_TEST

START_TEST(a_host_shuts_us_out)
{
	struct mipo_shut shut = probed(71, 1, 40), few = {0};

	seed = 13;
	ck_assert(mipo_shut_is(&shut));
	shut = probed(3000, 1, 1000);
	ck_assert(mipo_shut_is(&shut));
	shut = probed(3000, 4, 1500);
	ck_assert(mipo_shut_is(&shut));
	shut = probed(10, 1, 5); /* it may be chance; */
	ck_assert(!mipo_shut_is(&shut));
	for (int i = 0; i < 32; i++) /* of a network it is none */
		mipo_shut_join(&few, &shut);
	ck_assert(mipo_shut_is(&few));
	shut = probed(10, 1, 10);
	mipo_shut_join(&few, &shut); /* unless somebody is left out */
	ck_assert(!mipo_shut_is(&few));
}
END_TEST

UNIT_MAIN("course", chance_is_no_end, an_end_is_seen, a_filter_is_no_end,
    a_host_shuts_us_out, parts_need_not_be_equal);
