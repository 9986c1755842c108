#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/text.h"

void
mipo_text_time(int64_t ms, char ret_s[MIPO_TIME_LEN])
{
	static const int64_t last = 253402300799999; /* end of 9999 */
	struct tm tm;
	time_t t;

	if (ms < 0)
		ms = 0;
	if (ms > last)
		ms = last;
	t = (time_t)(ms / 1000);
	(void)gmtime_r(&t, &tm);
	(void)strftime(ret_s, MIPO_TIME_LEN, "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(ret_s + 19, 6, ".%03uZ", (unsigned)(ms % 1000) % 1000U);
}

/*
 * Days since 1970-01-01 of a date from then to 9999, or -1 when there is no
 * such day. By arithmetic, because timegm holds a lock of the C library,
 * behind which readers on all cores would queue.
 */
static int64_t
days_of(int year, int month, int day)
{
	static const int before[] = {
	    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
	int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	int past = year - 1, length;

	if (year < 1970 || month < 1 || month > 12)
		return -1;
	length = before[month] - before[month - 1] + (month == 2 && leap);
	if (day < 1 || day > length)
		return -1;
	return (int64_t)past * 365 + past / 4 - past / 100 + past / 400 -
	    719162 + before[month - 1] + (month > 2 && leap) + day - 1;
}

/* The digits of pattern's 'd' places in s as numbers; other bytes equal. */
static int
fixed(const char *s, const char *pattern, int *ret_fields)
{
	int *field = ret_fields - 1;
	char before = '\0';

	for (; *pattern != '\0'; before = *pattern++, s++) {
		if (*pattern != 'd') {
			if (*s != *pattern)
				return -1;
			continue;
		}
		if (*s < '0' || *s > '9')
			return -1;
		if (before != 'd')
			*++field = 0;
		*field = *field * 10 + (*s - '0');
	}
	return 0;
}

static int
offset_seconds(const char *s, int *ret_seconds)
{
	int f[2];

	if (strcmp(s, "Z") == 0) {
		*ret_seconds = 0;
		return 0;
	}
	if ((*s != '+' && *s != '-') || strlen(s) != 6 ||
	    fixed(s + 1, "dd:dd", f) != 0 || f[0] > 23 || f[1] > 59)
		return -1;
	*ret_seconds = (f[0] * 60 + f[1]) * (*s == '-' ? -60 : 60);
	return 0;
}

static const char *
fraction(const char *s, int *ret_ms)
{
	int ms = 0, scale = 100;

	*ret_ms = 0;
	if (*s != '.')
		return s;
	for (s++; *s >= '0' && *s <= '9'; s++, scale /= 10)
		ms += (*s - '0') * scale;
	*ret_ms = ms;
	return s[-1] == '.' ? NULL : s;
}

int
mipo_text_untime(const char *s, int64_t *ret_ms, struct mipo_err *err)
{
	int f[6], ms, zone;
	const char *rest;
	int64_t days;

	if (strlen(s) < 20 || strlen(s) > 40 ||
	    fixed(s, "dddd-dd-ddTdd:dd:dd", f) != 0)
		goto bad;
	rest = fraction(s + 19, &ms);
	if (rest == NULL || offset_seconds(rest, &zone) != 0)
		goto bad;
	days = days_of(f[0], f[1], f[2]);
	if (days < 0 || f[3] > 23 || f[4] > 59 || f[5] > 59)
		goto bad;
	*ret_ms = (((days * 24 + f[3]) * 60 + f[4]) * 60 + f[5] - zone) *
		1000 + ms;
	return 0;
bad:
	return mipo_err_set(err, MIPO_E_INPUT,
	    "\"%.40s\" is not a time such as 2026-11-22T10:00:00.000Z", s);
}
