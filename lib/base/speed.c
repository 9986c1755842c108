#include "base/speed.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"

#define BITS_MAX UINT64_C(1000000000000)
#define DIGITS	 "0123456789"

/* As others write it: 10Mbit, 1Gbit/s, 500kbps. */
static const struct {
	const char *name;
	uint64_t bits;
} units[] = {{"bit", 1}, {"bps", 1}, {"kbit", 1000}, {"kbps", 1000},
    {"Kbit", 1000}, {"Kbps", 1000}, {"Mbit", 1000000}, {"Mbps", 1000000},
    {"Gbit", 1000000000}, {"Gbps", 1000000000}};
#define N_UNITS (sizeof(units) / sizeof(*units))

/* The unit behind the digits; 0: it is none. */
static uint64_t
unit_of(const char *text)
{
	size_t len = strlen(text);

	if (len >= 5 && strcmp(text + len - 5, "bit/s") == 0)
		len -= 2;
	for (size_t i = 0; i < N_UNITS; i++)
		if (strlen(units[i].name) == len &&
		    strncmp(units[i].name, text, len) == 0)
			return units[i].bits;
	return 0;
}

/* Digits and perhaps a unit. */
static int
parse_number(const char *text, struct mipo_speed *ret_speed)
{
	const size_t len = strspn(text, DIGITS);
	const uint64_t unit = unit_of(text + len);
	char digits[16];

	if (len == 0 || len >= sizeof(digits) ||
	    (text[len] != '\0' && unit == 0))
		return -1;
	memcpy(digits, text, len);
	digits[len] = '\0';
	ret_speed->kind = unit > 0 ? MIPO_SPEED_BITS : MIPO_SPEED_PPS;
	if (mipo_text_u64(digits, 1,
		unit > 0 ? BITS_MAX / unit : MIPO_SPEED_MAX, &ret_speed->n,
		NULL) != 0)
		return -1;
	if (unit > 0)
		ret_speed->n *= unit;
	return 0;
}

int
mipo_speed_parse(
    const char *text, struct mipo_speed *ret_speed, struct mipo_err *err)
{
	struct mipo_speed speed = {.n = 0};

	if (strcmp(text, "auto") == 0)
		speed.kind = MIPO_SPEED_AUTO;
	else if (strcmp(text, "max") == 0)
		speed.kind = MIPO_SPEED_MOST;
	else if (parse_number(text, &speed) != 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "'%s' is none of auto, max, 1 to %llu probes a second, "
		    "and bits a second, such as 10Mbit", text,
		    (unsigned long long)MIPO_SPEED_MAX);
	*ret_speed = speed;
	return 0;
}
