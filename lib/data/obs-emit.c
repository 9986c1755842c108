#include <string.h>

#include "base/buf.h"
#include "data/obs.h"

/* The longest line: fixed text, two addresses, every number at its most. */
#define OBS_MAX 512

#define PUT(p, s) (memcpy((p), (s), sizeof(s) - 1), (p) + sizeof(s) - 1)

static char *
put_str(char *p, const char *s)
{
	size_t len = strlen(s);

	memcpy(p, s, len);
	return p + len;
}

static char *
put_int(char *p, int64_t n)
{
	char tmp[20];
	size_t at = sizeof(tmp);

	do {
		tmp[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n != 0);
	memcpy(p, tmp + at, sizeof(tmp) - at);
	return p + (sizeof(tmp) - at);
}

static char *
put_digits(char *p, unsigned n, int width)
{
	for (int i = width - 1; i >= 0; i--, n /= 10)
		p[i] = (char)('0' + n % 10);
	return p + width;
}

/* Days since 1970 to a date, by eras of 400 years from 1 March. */
static char *
put_date(char *p, unsigned days)
{
	unsigned z = days + 719468, era = z / 146097, doe = z % 146097;
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9;

	p = put_digits(p, yoe + era * 400 + (month <= 2), 4);
	*p++ = '-';
	p = put_digits(p, month, 2);
	*p++ = '-';
	return put_digits(p, doy - (153 * mp + 2) / 5 + 1, 2);
}

static char *
put_time(char *p, int64_t ms)
{
	unsigned in_day = (unsigned)(ms % 86400000);

	p = put_date(p, (unsigned)(ms / 86400000));
	*p++ = 'T';
	p = put_digits(p, in_day / 3600000, 2);
	*p++ = ':';
	p = put_digits(p, in_day / 60000 % 60, 2);
	*p++ = ':';
	p = put_digits(p, in_day / 1000 % 60, 2);
	*p++ = '.';
	p = put_digits(p, in_day % 1000, 3);
	*p++ = 'Z';
	return p;
}

static char *
put_icmp(char *p, const struct mipo_obs *obs)
{
	if (obs->icmp_code >= 0) {
		p = PUT(p, "\"icmp_code\":");
		p = put_int(p, obs->icmp_code);
		*p++ = ',';
	}
	if (obs->icmp_type >= 0) {
		p = PUT(p, "\"icmp_type\":");
		p = put_int(p, obs->icmp_type);
		*p++ = ',';
	}
	return p;
}

static char *
put_first(char *p, const struct mipo_obs *obs)
{
	p = PUT(p, "\"ip\":\"");
	p += mipo_addr_format(&obs->ip, p);
	if (obs->pass >= 0) {
		p = PUT(p, "\",\"pass\":");
		p = put_int(p, obs->pass);
		p = PUT(p, ",\"port\":");
	} else {
		p = PUT(p, "\",\"port\":");
	}
	p = put_int(p, obs->port);
	p = obs->proto == MIPO_UDP
	    ? PUT(p, ",\"proto\":\"udp\",\"reason\":\"")
	    : PUT(p, ",\"proto\":\"tcp\",\"reason\":\"");
	p = put_str(p, mipo_reason_name(obs->reason));
	if (obs->has_responder) {
		p = PUT(p, "\",\"responder\":\"");
		p += mipo_addr_format(&obs->responder, p);
	}
	*p++ = '"';
	return p;
}

static char *
put_rest(char *p, const struct mipo_obs *obs)
{
	if (obs->rtt_us >= 0) {
		p = PUT(p, ",\"rtt_us\":");
		p = put_int(p, obs->rtt_us);
	}
	p = PUT(p, ",\"scan\":\"");
	p = put_str(p, obs->scan);
	p = PUT(p, "\",\"state\":\"");
	p = put_str(p, mipo_pstate_name(obs->state));
	p = PUT(p, "\",\"ts\":\"");
	p = put_time(p, obs->ts_ms);
	if (obs->ttl >= 0) {
		p = PUT(p, "\",\"ttl\":");
		p = put_int(p, obs->ttl);
		p = PUT(p, ",\"type\":\"obs\",\"v\":1");
	} else {
		p = PUT(p, "\",\"type\":\"obs\",\"v\":1");
	}
	if (obs->window >= 0) {
		p = PUT(p, ",\"window\":");
		p = put_int(p, obs->window);
	}
	*p++ = '}';
	return p;
}

void
mipo_obs_emit(struct mipo_buf *buf, const struct mipo_obs *obs)
{
	char *start = mipo_buf_reserve(buf, OBS_MAX), *p;

	if (start == NULL)
		return;
	p = start;
	*p++ = '{';
	p = put_icmp(p, obs);
	p = put_first(p, obs);
	p = put_rest(p, obs);
	buf->len += (size_t)(p - start);
}
