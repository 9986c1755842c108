#include <stdio.h>
#include <string.h>
#include <time.h>

#include "out/report.h"

#define S INT64_C(1000)
#define M (60 * S)
#define H (60 * M)
#define D (24 * H)

/* Steps between marks. Those of a month and longer follow the calendar. */
static const int64_t steps[] = {
    1 * S,
    2 * S,
    5 * S,
    10 * S,
    15 * S,
    30 * S,
    1 * M,
    2 * M,
    5 * M,
    10 * M,
    15 * M,
    30 * M,
    1 * H,
    2 * H,
    3 * H,
    6 * H,
    12 * H,
    1 * D,
    2 * D,
    7 * D,
    14 * D,
};

static const int months[] = {1, 3, 6, 12, 24, 60, 120, 600};

static const char month_names[12][4] = {"Jan", "Feb", "Mar", "Apr", "May",
    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int
mipo_axis_x(const struct mipo_axis *axis, int64_t ms)
{
	double part;

	if (ms <= axis->from_ms)
		return axis->left;
	if (ms >= axis->to_ms)
		return axis->right;
	part = (double)(ms - axis->from_ms) /
	       (double)(axis->to_ms - axis->from_ms);
	return axis->left + (int)(part * (axis->right - axis->left) + 0.5);
}

static struct tm
calendar(int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm = {0};

	(void)gmtime_r(&t, &tm);
	return tm;
}

typedef void tick_fn(void *, int64_t, const char *, bool);

static void
clock_ticks(
    const struct mipo_axis *axis, int64_t step, tick_fn *tick, void *arg)
{
	int64_t at = axis->from_ms - axis->from_ms % step;
	char label[32];
	int day = -1;

	for (; at <= axis->to_ms; at += step) {
		struct tm tm = calendar(at);
		bool fresh = tm.tm_yday != day;

		if (at < axis->from_ms)
			continue;
		if (step >= D ||
		    (fresh && tm.tm_hour + tm.tm_min == 0 && tm.tm_sec == 0))
			(void)snprintf(label, sizeof(label), "%d %s",
			    tm.tm_mday, month_names[tm.tm_mon]);
		else if (step < M)
			(void)snprintf(label, sizeof(label), "%02d:%02d:%02d",
			    tm.tm_hour, tm.tm_min, tm.tm_sec);
		else
			(void)snprintf(label, sizeof(label), "%02d:%02d",
			    tm.tm_hour, tm.tm_min);
		tick(arg, at, label, fresh && step < D && day >= 0);
		day = tm.tm_yday;
	}
}

static void
month_ticks(const struct mipo_axis *axis, int step, tick_fn *tick, void *arg)
{
	struct tm tm = calendar(axis->from_ms);
	int month = (tm.tm_year * 12 + tm.tm_mon) / step * step;
	char label[32];

	for (;; month += step) {
		struct tm first = {
		    .tm_mday = 1, .tm_mon = month % 12, .tm_year = month / 12};
		int64_t at = (int64_t)timegm(&first) * 1000;

		if (at > axis->to_ms)
			break;
		if (at < axis->from_ms)
			continue;
		if (step >= 12)
			(void)snprintf(
			    label, sizeof(label), "%d", 1900 + month / 12);
		else
			(void)snprintf(label, sizeof(label), "%s %d",
			    month_names[month % 12], 1900 + month / 12);
		tick(arg, at, label, month % 12 == 0);
	}
}

void
mipo_axis_ticks(
    const struct mipo_axis *axis, int most, tick_fn *tick, void *arg)
{
	int64_t range = axis->to_ms - axis->from_ms;
	size_t n = sizeof(months) / sizeof(*months);

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (range / steps[i] <= most) {
			clock_ticks(axis, steps[i], tick, arg);
			return;
		}
	for (size_t i = 0; i < n; i++)
		if (range / (months[i] * 30 * D) <= most || i + 1 == n) {
			month_ticks(axis, months[i], tick, arg);
			return;
		}
}
