#include "data/addr.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

/* Up to three digits with no leading zero, at most 255; NULL if not so. */
static const char *
octet(const char *s, const char *end, uint8_t *ret_n)
{
	unsigned n = 0;
	const char *p = s;

	for (; p < end && p - s < 3 && *p >= '0' && *p <= '9'; p++)
		n = n * 10 + (unsigned)(*p - '0');
	if (p == s || n > 255 || (*s == '0' && p - s > 1))
		return NULL;
	*ret_n = (uint8_t)n;
	return p;
}

static int
parse_v4(const char *s, size_t len, struct mipo_addr *ret_addr)
{
	struct mipo_addr addr = {.family = 4};
	const char *p = s, *end = s + len;

	for (int i = 0; i < 4; i++) {
		if (i > 0 && (p == end || *p++ != '.'))
			return -1;
		p = octet(p, end, &addr.b[i]);
		if (p == NULL)
			return -1;
	}
	if (p != end)
		return -1;
	*ret_addr = addr;
	return 0;
}

/* IPv6 has a colon behind four digits at the latest. */
static bool
has_colon(const char *s, size_t len)
{
	for (size_t i = 0; i < len && i < 5; i++)
		if (s[i] == ':')
			return true;
	return false;
}

int
mipo_addr_parse_n(const char *s, size_t len, struct mipo_addr *ret_addr)
{
	struct mipo_addr addr = {.family = 6};
	char text[MIPO_ADDR_LEN];

	if (len < 2 || len >= sizeof(text))
		return -1;
	if (!has_colon(s, len))
		return parse_v4(s, len, ret_addr);
	memcpy(text, s, len);
	text[len] = '\0';
	if (strlen(text) != len || inet_pton(AF_INET6, text, addr.b) != 1)
		return -1;
	*ret_addr = addr;
	return 0;
}

int
mipo_addr_parse(
    const char *s, struct mipo_addr *ret_addr, struct mipo_err *err)
{
	if (mipo_addr_parse_n(s, strlen(s), ret_addr) == 0)
		return 0;
	if (strchr(s, '%') != NULL)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%.80s\" names a zone, which is not taken", s);
	return mipo_err_set(
	    err, MIPO_E_USAGE, "\"%.80s\" is not an IP address", s);
}

static char *
put_octet(char *p, unsigned n)
{
	if (n >= 100)
		*p++ = (char)('0' + n / 100);
	if (n >= 10)
		*p++ = (char)('0' + n / 10 % 10);
	*p++ = (char)('0' + n % 10);
	return p;
}

static char *
put_v4(char *p, const uint8_t *b)
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			*p++ = '.';
		p = put_octet(p, b[i]);
	}
	return p;
}

static char *
put_group(char *p, unsigned n)
{
	static const char digit[] = "0123456789abcdef";

	for (int shift = 12; shift >= 0; shift -= 4)
		if (shift == 0 || n >> shift != 0)
			*p++ = digit[n >> shift & 15];
	return p;
}

/* The first longest run of two or more zero groups (RFC 5952, 4.2). */
static void
longest_zeros(const unsigned group[8], int *ret_at, int *ret_len)
{
	int at = 0, len = 0;

	*ret_at = -1;
	*ret_len = 1;
	for (int i = 0; i < 8; i++) {
		len = group[i] == 0 ? len + 1 : 0;
		at = len == 1 ? i : at;
		if (len > *ret_len) {
			*ret_at = at;
			*ret_len = len;
		}
	}
}

static char *
put_v6(char *p, const uint8_t *b)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	unsigned group[8];
	int at, len;

	if (memcmp(b, mapped, sizeof(mapped)) == 0) {
		memcpy(p, "::ffff:", 7);
		return put_v4(p + 7, b + 12); /* RFC 5952, 5 */
	}
	for (int i = 0; i < 8; i++)
		group[i] = (unsigned)b[2 * i] << 8 | b[2 * i + 1];
	longest_zeros(group, &at, &len);
	for (int i = 0; i < 8; i++) {
		if (i == at) {
			*p++ = ':';
			i += len - 1;
			if (i == 7)
				*p++ = ':';
			continue;
		}
		if (i > 0)
			*p++ = ':';
		p = put_group(p, group[i]);
	}
	return p;
}

size_t
mipo_addr_format(const struct mipo_addr *addr, char ret_s[MIPO_ADDR_LEN])
{
	char *end = addr->family == 4 ? put_v4(ret_s, addr->b)
				      : put_v6(ret_s, addr->b);

	*end = '\0';
	return (size_t)(end - ret_s);
}

int
mipo_addr_cmp(const struct mipo_addr *a, const struct mipo_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->b, b->b, mipo_addr_size(a));
}

size_t
mipo_addr_size(const struct mipo_addr *addr)
{
	return addr->family == 4 ? 4 : 16;
}

bool
mipo_addr_add(struct mipo_addr *addr, uint64_t n)
{
	struct mipo_addr sum = *addr;

	for (size_t i = mipo_addr_size(addr); i-- > 0 && n != 0;) {
		uint64_t low = (n & 0xff) + sum.b[i];

		sum.b[i] = (uint8_t)low;
		n = (n >> 8) + (low >> 8);
	}
	if (n != 0)
		return false;
	*addr = sum;
	return true;
}

/* The low or high 64 bits; an IPv4 address is all in the low ones. */
static uint64_t
half(const struct mipo_addr *addr, bool high)
{
	uint64_t n = 0;
	size_t from = high ? 0 : 8, to = from + 8;

	if (addr->family == 4) {
		from = 0;
		to = high ? 0 : 4;
	}
	for (size_t i = from; i < to; i++)
		n = n << 8 | addr->b[i];
	return n;
}

uint64_t
mipo_addr_distance(const struct mipo_addr *a, const struct mipo_addr *b)
{
	uint64_t low = half(b, false) - half(a, false);
	uint64_t high = half(b, true) - half(a, true);

	if (half(b, false) < half(a, false))
		high--;
	return high == 0 ? low : UINT64_MAX;
}

void
mipo_addr_network(const struct mipo_addr *addr, unsigned bits,
    struct mipo_addr *ret_first, struct mipo_addr *ret_last)
{
	struct mipo_addr first = *addr, last = *addr;

	for (unsigned i = 0; i < mipo_addr_size(addr); i++) {
		unsigned keep = bits >= 8 * (i + 1) ? 8
		    : bits <= 8 * i		    ? 0
						    : bits - 8 * i;
		uint8_t host = (uint8_t)(0xff >> keep);

		first.b[i] &= (uint8_t)~host;
		last.b[i] |= host;
	}
	*ret_first = first;
	*ret_last = last;
}

int
mipo_addr_parse_cidr(const char *s, struct mipo_addr *ret_first,
    struct mipo_addr *ret_last, struct mipo_err *err)
{
	const char *slash = strchr(s, '/');
	struct mipo_addr given, first, last;
	char text[MIPO_ADDR_LEN];
	uint64_t bits;

	if (slash == NULL ||
	    mipo_addr_parse_n(s, (size_t)(slash - s), &given) != 0 ||
	    mipo_text_u64(slash + 1, 0, 8 * mipo_addr_size(&given), &bits,
		NULL) != 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%.80s\" is not a network such as 192.0.2.0/24", s);
	mipo_addr_network(&given, (unsigned)bits, &first, &last);
	if (mipo_addr_cmp(&first, &given) != 0) {
		(void)mipo_addr_format(&first, text);
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%.80s\" has host bits set: the network is %s/%u", s,
		    text, (unsigned)bits);
	}
	*ret_first = first;
	*ret_last = last;
	return 0;
}
