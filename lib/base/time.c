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
	struct tm tm = {0}, back;
	int f[6], ms, zone;
	const char *rest;
	time_t t;

	if (strlen(s) < 20 || strlen(s) > 40 ||
	    fixed(s, "dddd-dd-ddTdd:dd:dd", f) != 0)
		goto bad;
	rest = fraction(s + 19, &ms);
	if (rest == NULL || offset_seconds(rest, &zone) != 0 || f[0] < 1970)
		goto bad;
	tm.tm_year = f[0] - 1900;
	tm.tm_mon = f[1] - 1;
	tm.tm_mday = f[2];
	tm.tm_hour = f[3];
	tm.tm_min = f[4];
	tm.tm_sec = f[5];
	t = timegm(&tm);
	if (gmtime_r(&t, &back) == NULL || back.tm_mon != f[1] - 1 ||
	    back.tm_mday != f[2] || back.tm_hour != f[3] ||
	    back.tm_min != f[4] || back.tm_sec != f[5])
		goto bad; /* 30 February, 10:75, second 61 */
	*ret_ms = ((int64_t)t - zone) * 1000 + ms;
	return 0;
bad:
	return mipo_err_set(err, MIPO_E_INPUT,
	    "\"%.40s\" is not a time such as 2026-11-22T10:00:00.000Z", s);
}
