/* Hosts where nearly everything is open. */
#include "unit.h"

#include <stdbool.h>
#include <stdlib.h>

#include "net/crowd.h"

#define PORTS 40

static struct mipo_err err;
static uint64_t list[200];
static size_t n;

/* The first of the host's ports; from the last on, as it may come. */
static void
opens(uint64_t host, uint32_t ports, bool bare)
{
	while (ports-- > 0)
		list[n++] = (host * PORTS + ports) |
		    (bare ? MIPO_CROWD_BARE : 0);
}

START_TEST(three_in_four_are_a_crowd)
{
	struct mipo_crowd *crowds = NULL;
	size_t found = 0;

	n = 0;
	opens(7, 30, false);
	opens(1, 40, true);
	opens(3, 29, false);
	opens(9, 1, true);
	ck_ok(mipo_crowds_find(list, n, PORTS, &crowds, &found, &err));
	ck_assert_uint_eq(found, 2);
	ck_assert_uint_eq(crowds[0].host, 1);
	ck_assert_uint_eq(crowds[0].open, 40);
	ck_assert_uint_eq(crowds[0].bare, 40);
	ck_assert_uint_eq(crowds[1].host, 7);
	ck_assert_uint_eq(crowds[1].open, 30);
	ck_assert_uint_eq(crowds[1].bare, 0);
	ck_assert_ptr_eq(mipo_crowds_at(crowds, found, 1), &crowds[0]);
	ck_assert_ptr_eq(mipo_crowds_at(crowds, found, 7), &crowds[1]);
	ck_assert_ptr_null(mipo_crowds_at(crowds, found, 3));
	ck_assert_ptr_null(mipo_crowds_at(crowds, found, 8));
	free(crowds);
}
END_TEST

/* Who names few ports, since they are open, is told nothing new. */
START_TEST(few_are_none)
{
	struct mipo_crowd *crowds = NULL;
	size_t found = 0;

	n = 0;
	for (uint64_t i = 0; i < 15; i++)
		list[n++] = i;
	ck_ok(mipo_crowds_find(list, n, 15, &crowds, &found, &err));
	ck_assert_uint_eq(found, 0);
	list[n++] = 15;
	ck_ok(mipo_crowds_find(list, n, 16, &crowds, &found, &err));
	ck_assert_uint_eq(found, 1);
	free(crowds);
	ck_ok(mipo_crowds_find(NULL, 0, 16, &crowds, &found, &err));
	ck_assert_uint_eq(found, 0);
	free(crowds);
}
END_TEST

UNIT_MAIN("crowd", three_in_four_are_a_crowd, few_are_none);
