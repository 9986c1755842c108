#include "base/text.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"

int
mipo_text_u64(const char *s, uint64_t min, uint64_t max, uint64_t *ret_n,
    struct mipo_err *err)
{
	uint64_t n = 0;
	const char *p = s;

	if (*p == '\0' || (*p == '0' && p[1] != '\0'))
		goto bad;
	for (; *p != '\0'; p++) {
		uint64_t digit = (uint64_t)(unsigned char)*p - '0';

		if (digit > 9 || n > (UINT64_MAX - digit) / 10)
			goto bad;
		n = n * 10 + digit;
	}
	if (n < min || n > max)
		goto bad;
	*ret_n = n;
	return 0;
bad:
	return mipo_err_set(err, MIPO_E_USAGE,
	    "\"%s\" is not a whole number from %llu to %llu", s,
	    (unsigned long long)min, (unsigned long long)max);
}

struct unit {
	const char *name;
	uint64_t times;
};

static const struct unit durations[] = {{"", 1000}, {"ms", 1}, {"s", 1000},
    {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {NULL, 0}};

static const struct unit sizes[] = {{"", 1}, {"K", 1U << 10},
    {"M", 1U << 20}, {"G", 1U << 30}, {"KiB", 1U << 10}, {"MiB", 1U << 20},
    {"GiB", 1U << 30}, {NULL, 0}};

static int
with_unit(const char *s, const struct unit *units, uint64_t *ret_n)
{
	char digits[21];
	size_t n = strspn(s, "0123456789");
	uint64_t value;

	if (n == 0 || n >= sizeof(digits))
		return -1;
	memcpy(digits, s, n);
	digits[n] = '\0';
	if (mipo_text_u64(digits, 0, UINT64_MAX, &value, NULL) != 0)
		return -1;
	for (; units->name != NULL; units++)
		if (strcmp(units->name, s + n) == 0)
			break;
	if (units->name == NULL || value > INT64_MAX / units->times)
		return -1;
	*ret_n = value * units->times;
	return 0;
}

int
mipo_text_duration(const char *s, uint64_t *ret_ms, struct mipo_err *err)
{
	if (with_unit(s, durations, ret_ms) != 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%s\" is not a duration such as 90s, 15m, 4h or 7d", s);
	return 0;
}

int
mipo_text_size(const char *s, uint64_t *ret_bytes, struct mipo_err *err)
{
	if (with_unit(s, sizes, ret_bytes) != 0)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "\"%s\" is not a size such as 4096, 64K or 1G", s);
	return 0;
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int
mipo_text_unhex(
    const char *s, void *ret_bytes, size_t len, struct mipo_err *err)
{
	unsigned char *out = ret_bytes;

	if (strlen(s) != 2 * len || strspn(s, "0123456789abcdef") != 2 * len)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "\"%.80s\" is not %zu lower-case hex digits", s, 2 * len);
	for (size_t i = 0; i < len; i++)
		out[i] = (unsigned char)(nibble(s[2 * i]) << 4 |
		    nibble(s[2 * i + 1]));
	return 0;
}

void
mipo_text_hex(const void *bytes, size_t len, char *ret_s)
{
	static const char digit[] = "0123456789abcdef";
	const unsigned char *b = bytes;

	for (size_t i = 0; i < len; i++) {
		*ret_s++ = digit[b[i] >> 4];
		*ret_s++ = digit[b[i] & 15];
	}
	*ret_s = '\0';
}

/*
 * How many bytes the UTF-8 sequence at s takes (RFC 3629), 0 if there is
 * none; its code point in *cp.
 */
static size_t
sequence(const unsigned char *s, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = s[0] < 0x80 ? 1
	    : s[0] < 0xc2      ? 0
	    : s[0] < 0xe0      ? 2
	    : s[0] < 0xf0      ? 3
	    : s[0] < 0xf5      ? 4
			       : 0;

	if (n == 0 || n > len)
		return 0;
	*cp = n == 1 ? s[0] : s[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (s[i] & 0x3f);
	}
	if (*cp < least[n] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return n;
}

bool
mipo_text_is_utf8(const void *bytes, size_t len)
{
	const unsigned char *s = bytes;
	uint32_t cp;
	size_t n;

	for (; len > 0; s += n, len -= n) {
		n = sequence(s, len, &cp);
		if (n == 0)
			return false;
	}
	return true;
}

/* Code points that move the cursor, reorder text or show nothing. */
static bool
is_hostile(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x61c ||
	    (cp >= 0x200b && cp <= 0x200f) ||
	    (cp >= 0x2028 && cp <= 0x202e) ||
	    (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff;
}

void
mipo_text_show(struct mipo_buf *buf, const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t cp;
	size_t n;

	for (; len > 0; s += n, len -= n) {
		n = sequence(s, len, &cp);
		if (n == 0) {
			n = 1;
			mipo_buf_putf(buf, "\\x%02x", s[0]);
		} else if (is_hostile(cp)) {
			mipo_buf_putf(
			    buf, cp < 0x80 ? "\\x%02x" : "\\u%04x", cp);
		} else {
			mipo_buf_put(buf, s, n);
		}
	}
}

/* Levenshtein's distance of two words of at most 31 bytes. */
static unsigned
distance(const char *a, const char *b)
{
	unsigned row[32], diagonal, above;
	size_t la = strlen(a), lb = strlen(b);

	if (la > 31 || lb > 31)
		return 99;
	for (size_t j = 0; j <= lb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned best = diagonal + (a[i - 1] != b[j - 1]);

			above = row[j];
			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			diagonal = above;
		}
	}
	return row[lb];
}

const char *
mipo_text_nearest(const char *word, const char *const *names)
{
	const char *best = NULL;
	unsigned least = 3; /* two slips of the hand, no more */

	for (; *names != NULL; names++) {
		unsigned d = distance(word, *names);

		if (d < least && d < strlen(word)) {
			least = d;
			best = *names;
		}
	}
	return best;
}
