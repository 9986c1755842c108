#include <string.h>

#include "data/obs.h"

/*
 * One pass over a canonical line: keys in byte order, each at its place.
 * Whatever is not as our emitter writes it makes the reader give up, and
 * the line goes to the general one.
 */
struct cursor {
	const char *p, *end;
	bool bad;
};

/* Constant s and len: a few loads and no call. */
static inline bool
equal(const char *p, const char *s, size_t len)
{
	uint64_t a, b, differ = 0;
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		memcpy(&a, p + i, 8);
		memcpy(&b, s + i, 8);
		differ |= a ^ b;
	}
	return differ == 0 && memcmp(p + i, s + i, len - i) == 0;
}

#define AT(c, s)                                                        \
	((size_t)((c)->end - (c)->p) >= sizeof(s) - 1 &&                \
	    equal((c)->p, (s), sizeof(s) - 1))
#define OPTIONAL(c, s) (AT(c, s) ? ((c)->p += sizeof(s) - 1, true) : false)
#define NEED(c, s)                                                      \
	do {                                                            \
		if (!OPTIONAL(c, s))                                    \
			(c)->bad = true;                                \
	} while (0)

static int32_t
number(struct cursor *c, int32_t min, int32_t max)
{
	const char *start = c->p;
	int64_t n = 0;

	while (c->p < c->end && c->p - start < 11 && *c->p >= '0' &&
	    *c->p <= '9')
		n = n * 10 + (*c->p++ - '0');
	if (c->p == start || n < min || n > max ||
	    (*start == '0' && c->p - start > 1))
		c->bad = true;
	return (int32_t)n;
}

/* Text up to the next quote, which is eaten; its length. */
static size_t
text(struct cursor *c, const char **ret_s)
{
	const char *quote = memchr(c->p, '"', (size_t)(c->end - c->p));
	size_t len;

	*ret_s = c->p;
	if (quote == NULL) {
		c->bad = true;
		return 0;
	}
	len = (size_t)(quote - c->p);
	c->p = quote + 1;
	return len;
}

/* An address in exactly the form that we write. */
static void
address(struct cursor *c, struct mipo_addr *addr)
{
	char form[MIPO_ADDR_LEN];
	const char *s;
	size_t len = text(c, &s);

	if (c->bad || mipo_addr_parse_n(s, len, addr) != 0) {
		c->bad = true;
		return;
	}
	if (addr->family == 6 && (mipo_addr_format(addr, form) != len ||
				     memcmp(form, s, len) != 0))
		c->bad = true;
}

static void
hex32(struct cursor *c, char ret_s[33])
{
	static const char hex[256] = {['0'] = 1, ['1'] = 1, ['2'] = 1,
	    ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1,
	    ['9'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1,
	    ['e'] = 1, ['f'] = 1};
	unsigned good = 0;

	if (c->end - c->p < 32) {
		c->bad = true;
		return;
	}
	for (int i = 0; i < 32; i++)
		good += (unsigned)hex[(unsigned char)c->p[i]];
	if (good != 32)
		c->bad = true;
	memcpy(ret_s, c->p, 32);
	ret_s[32] = '\0';
	c->p += 32;
}

static unsigned
digits(struct cursor *c, const char *s, int n)
{
	unsigned value = 0;

	for (int i = 0; i < n; i++) {
		unsigned d = (unsigned)(unsigned char)s[i] - '0';

		if (d > 9)
			c->bad = true;
		value = value * 10 + d;
	}
	return value;
}

/* Days from 1970 to a date that exists, by eras as in the emitter. */
static int64_t
days(struct cursor *c, unsigned y, unsigned m, unsigned d)
{
	static const uint8_t last[] = {
	    0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
	unsigned era, yoe, doy;

	if (c->bad || y < 1970 || m < 1 || m > 12 || d < 1 ||
	    d > last[m] + (unsigned)(m == 2 && leap)) {
		c->bad = true;
		return 0;
	}
	y -= m <= 2;
	era = y / 400;
	yoe = y % 400;
	doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	return (int64_t)era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 +
	    doy - 719468;
}

/* 2026-11-22T10:00:00.000Z, its milliseconds. */
static int64_t
time_ms(struct cursor *c)
{
	const char *s = c->p;
	unsigned h, min, sec, ms;
	int64_t day;

	if (c->end - s < 24 || s[4] != '-' || s[7] != '-' || s[10] != 'T' ||
	    s[13] != ':' || s[16] != ':' || s[19] != '.' || s[23] != 'Z') {
		c->bad = true;
		return 0;
	}
	h = digits(c, s + 11, 2);
	min = digits(c, s + 14, 2);
	sec = digits(c, s + 17, 2);
	ms = digits(c, s + 20, 3);
	day = days(c, digits(c, s, 4), digits(c, s + 5, 2),
	    digits(c, s + 8, 2));
	if (h > 23 || min > 59 || sec > 59)
		c->bad = true;
	c->p += 24;
	return day * 86400000 + (int64_t)h * 3600000 + min * 60000 +
	    sec * 1000 + ms;
}

static void
first_half(struct cursor *c, struct mipo_obs *obs)
{
	const char *s;
	size_t len;

	NEED(c, "{");
	if (OPTIONAL(c, "\"icmp_code\":")) {
		obs->icmp_code = (int16_t)number(c, 0, 255);
		NEED(c, ",");
	}
	if (OPTIONAL(c, "\"icmp_type\":")) {
		obs->icmp_type = (int16_t)number(c, 0, 255);
		NEED(c, ",");
	}
	NEED(c, "\"ip\":\"");
	address(c, &obs->ip);
	if (OPTIONAL(c, ",\"pass\":"))
		obs->pass = (int16_t)number(c, 0, INT16_MAX);
	NEED(c, ",\"port\":");
	obs->port = (uint16_t)number(c, 1, 65535);
	if (OPTIONAL(c, ",\"proto\":\"udp\",\"reason\":\""))
		obs->proto = MIPO_UDP;
	else
		NEED(c, ",\"proto\":\"tcp\",\"reason\":\"");
	len = text(c, &s);
	obs->reason = (uint8_t)mipo_reason_find(s, len);
	if (OPTIONAL(c, ",\"responder\":\"")) {
		obs->has_responder = true;
		address(c, &obs->responder);
	}
}

static void
second_half(struct cursor *c, struct mipo_obs *obs)
{
	const char *s;
	size_t len;

	if (OPTIONAL(c, ",\"rtt_us\":"))
		obs->rtt_us = number(c, 1, INT32_MAX);
	NEED(c, ",\"scan\":\"");
	hex32(c, obs->scan);
	NEED(c, "\",\"state\":\"");
	len = text(c, &s);
	obs->state = (uint8_t)mipo_pstate_find(s, len);
	NEED(c, ",\"ts\":\"");
	obs->ts_ms = time_ms(c);
	NEED(c, "\"");
	if (OPTIONAL(c, ",\"ttl\":"))
		obs->ttl = (int16_t)number(c, 0, 255);
	NEED(c, ",\"type\":\"obs\",\"v\":1");
	if (OPTIONAL(c, ",\"window\":"))
		obs->window = number(c, 0, 65535);
	NEED(c, "}");
}

int
mipo_obs_parse_fast(const char *line, size_t len, struct mipo_obs *ret_obs)
{
	struct cursor c = {.p = line, .end = line + len};
	struct mipo_obs obs = {.ttl = -1, .rtt_us = -1, .window = -1,
	    .pass = -1, .icmp_type = -1, .icmp_code = -1};

	first_half(&c, &obs);
	if (c.bad || obs.reason == 0)
		return 0;
	second_half(&c, &obs);
	if (c.bad || obs.state == 0 || c.p != c.end)
		return 0;
	*ret_obs = obs;
	return 1;
}
