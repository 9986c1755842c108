#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "data/obs.h"
#include "data/rec.h"
#include "out/exposure.h"

#define HOUR INT64_C(3600000)
#define T0 INT64_C(1790000000000)

static struct mipo_exposure *exposure;
static struct mipo_err err;
static unsigned n_scans;

static struct mipo_rec *
rec_of(const char *text)
{
	struct mipo_rec *rec;

	ck_ok(mipo_rec_parse(text, strlen(text), &rec, &err));
	return rec;
}

static struct mipo_rec *
start_of(int64_t at, const char *ports, char scope)
{
	char text[1024], time[MIPO_TIME_LEN];

	mipo_text_time(at, time);
	(void)snprintf(text, sizeof(text),
	    "{\"exclusions\":[],\"network\":\"n\",\"ports\":\"%s\",\"proto\":"
	    "\"tcp\",\"scan\":\"%032x\",\"scope_sha256\":\"%064d\",\"silent_"
	    "as\":"
	    "\"filtered\",\"states\":[\"open\",\"closed\"],\"targets\":"
	    "[\"198.18.0.0/24\"],\"ts\":\"%s\",\"type\":\"scan.start\",\"v\":1,"
	    "\"vantage\":\"v\"}",
	    ports, ++n_scans, scope, time);
	return rec_of(text);
}

static int
see(const char *ip, uint16_t port)
{
	struct mipo_obs obs = {.port = port, .state = MIPO_OPEN};

	ck_ok(mipo_addr_parse(ip, &obs.ip, &err));
	return mipo_exposure_obs(exposure, &obs, &err);
}

/* A look of port 22 and 80; opens: "2" for 22 on .1, "8" for 80 on .2. */
static void
look(int64_t at, const char *opens, bool conclusive)
{
	struct mipo_rec *start = start_of(at, "22,80", 1);
	struct mipo_rec *end = rec_of("{\"type\":\"scan.end\"}");

	ck_ok(mipo_exposure_start(exposure, start, &err));
	for (; *opens != '\0'; opens++)
		ck_ok(*opens == '2' ? see("198.18.0.1", 22)
				    : see("198.18.0.2", 80));
	ck_ok(mipo_exposure_end(exposure, end, conclusive, &err));
	mipo_rec_free(start);
	mipo_rec_free(end);
}

static void
begin(void)
{
	n_scans = 0;
	exposure = mipo_exposure_new(&err);
	ck_assert_ptr_nonnull(exposure);
}

static const struct mipo_xview *
only_view(int64_t to)
{
	const struct mipo_xview *views;
	size_t n;

	ck_ok(mipo_exposure_views(exposure, to, &views, &n, &err));
	ck_assert_uint_eq(n, 1);
	return views;
}

/* The history of pair i as "open 0-2, not 2-3": hours after T0. */
static void
history_is(const struct mipo_xview *view, size_t i, const char *want)
{
	static const char *const names[] = {"never", "open", "not", "unknown"};
	struct mipo_xspan spans[64];
	char text[512] = "";
	size_t n = mipo_xview_spans(view, i, spans);

	ck_assert_uint_le(n, MIPO_XSPANS(view));
	for (size_t s = 0; s < n; s++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s %d-%d", s > 0 ? ", " : "", names[spans[s].seen],
		    (int)((spans[s].from_ms - T0) / HOUR),
		    (int)((spans[s].to_ms - T0) / HOUR));
	ck_assert_str_eq(text, want);
}

START_TEST(silence_of_a_partial_look_proves_nothing)
{
	const struct mipo_xview *view;

	begin();
	look(T0, "2", true);
	look(T0 + 1 * HOUR, "", false);
	look(T0 + 2 * HOUR, "8", false);
	look(T0 + 3 * HOUR, "8", true);
	view = only_view(INT64_MAX);
	ck_assert_uint_eq(view->n_pairs, 2);
	history_is(view, 0, "open 0-1, unknown 1-3, not 3-3");
	history_is(view, 1, "not 0-1, unknown 1-2, open 2-3");
	ck_assert_int_eq(mipo_xview_last_open(view, 0), T0);
	mipo_exposure_free(exposure);
}
END_TEST

START_TEST(order_of_arrival_is_of_no_matter)
{
	const struct mipo_xview *view;

	begin();
	look(T0 + 2 * HOUR, "2", true);
	look(T0, "2", true);
	look(T0 + 1 * HOUR, "", true);
	view = only_view(INT64_MAX);
	history_is(view, 0, "open 0-1, not 1-2, open 2-2");
	mipo_exposure_free(exposure);
}
END_TEST

START_TEST(a_hole_in_the_rhythm_is_unknown)
{
	const struct mipo_xview *view;
	struct mipo_xpoint *points;
	size_t n;

	begin();
	for (int h = 0; h < 5; h++)
		look(T0 + h * HOUR, "28", true);
	look(T0 + 20 * HOUR, "28", true);
	view = only_view(T0 + 30 * HOUR);
	history_is(
	    view, 0, "open 0-6, unknown 6-20, open 20-22, unknown 22-30");
	ck_ok(mipo_xview_points(view, &points, &n, &err));
	ck_assert_uint_eq(n, 8);
	ck_assert_uint_eq(points[0].open, 2);
	ck_assert(points[0].known);
	ck_assert_int_eq(points[5].at_ms, T0 + 6 * HOUR);
	ck_assert(!points[5].known);
	ck_assert_uint_eq(points[5].open, 0);
	ck_assert(points[6].known);
	ck_assert(!points[7].known);
	free(points);
	mipo_exposure_free(exposure);
}
END_TEST

START_TEST(another_scope_says_nothing_of_what_it_left_out)
{
	struct mipo_rec *start, *end = rec_of("{\"type\":\"scan.end\"}");
	const struct mipo_xview *view;

	begin();
	look(T0, "28", true);
	start = start_of(T0 + 1 * HOUR, "80", 2);
	ck_ok(mipo_exposure_start(exposure, start, &err));
	ck_ok(mipo_exposure_end(exposure, end, true, &err));
	mipo_rec_free(start);
	mipo_rec_free(end);
	view = only_view(T0 + 2 * HOUR);
	ck_assert_uint_eq(view->n_scopes, 2);
	history_is(view, 0, "open 0-2");
	history_is(view, 1, "open 0-1, not 1-2");
	mipo_exposure_free(exposure);
}
END_TEST

START_TEST(a_cut_look_still_saw_what_it_saw)
{
	struct mipo_rec *start;
	const struct mipo_xview *view;

	begin();
	look(T0, "2", true);
	start = start_of(T0 + 1 * HOUR, "22,80", 1);
	ck_ok(mipo_exposure_start(exposure, start, &err));
	ck_ok(see("198.18.0.2", 80));
	ck_ok(mipo_exposure_end(exposure, NULL, true, &err));
	mipo_rec_free(start);
	view = only_view(T0 + 2 * HOUR);
	ck_assert(!view->looks[1]->conclusive);
	history_is(view, 0, "open 0-1, unknown 1-2");
	history_is(view, 1, "not 0-1, open 1-2");
	mipo_exposure_free(exposure);
}
END_TEST

START_TEST(what_lies_outside_the_scope_is_refused)
{
	struct mipo_rec *start = start_of(T0, "22,80", 1);

	begin();
	ck_ok(mipo_exposure_start(exposure, start, &err));
	ck_fails(see("198.18.1.1", 22), MIPO_E_INPUT);
	ck_fails(see("198.18.0.1", 23), MIPO_E_INPUT);
	mipo_rec_free(start);
	mipo_exposure_free(exposure);
}
END_TEST

UNIT_MAIN("exposure", silence_of_a_partial_look_proves_nothing,
    order_of_arrival_is_of_no_matter, a_hole_in_the_rhythm_is_unknown,
    another_scope_says_nothing_of_what_it_left_out,
    a_cut_look_still_saw_what_it_saw, what_lies_outside_the_scope_is_refused);
