#include "trust/entry.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "data/canon.h"
#include "data/rec.h"

#define FIELDS 10
#define DATA   2 /* the place of data among them */

void
mipo_stamp_now(struct mipo_stamp *ret_stamp)
{
	ret_stamp->time_ms = mipo_clock_wall_ms();
	ret_stamp->mono_ms = (int64_t)(mipo_clock_mono_ns() / 1000000);
	mipo_clock_boot_id(ret_stamp->boot);
}

void
mipo_log_id(const void *genesis, size_t len, char ret_log[MIPO_LOGID_LEN])
{
	uint8_t digest[MIPO_HASH_LEN];

	mipo_hash(genesis, len, digest);
	mipo_text_hex(digest, 8, ret_log);
}

int
mipo_entry_rec(
    struct mipo_span span, struct mipo_rec **ret_rec, struct mipo_err *err)
{
	return mipo_rec_parse(span.p, span.len, ret_rec, err);
}

/* Without its quotes; false for what is no string. */
static bool
unquote(struct mipo_span value, struct mipo_span *ret_text)
{
	if (value.len < 2 || value.p[0] != '"')
		return false;
	ret_text->p = value.p + 1;
	ret_text->len = value.len - 2;
	return true;
}

/* The value of a lower-case hex digit and 16; 0 for another byte. */
static const uint8_t nibble[256] = {['0'] = 16, ['1'] = 17, ['2'] = 18,
    ['3'] = 19, ['4'] = 20, ['5'] = 21, ['6'] = 22, ['7'] = 23, ['8'] = 24,
    ['9'] = 25, ['a'] = 26, ['b'] = 27, ['c'] = 28, ['d'] = 29, ['e'] = 30,
    ['f'] = 31};

static bool
is_hex(struct mipo_span span, size_t digits)
{
	uint8_t all = 16;

	if (span.len != digits)
		return false;
	for (size_t i = 0; i < digits; i++)
		all &= nibble[(uint8_t)span.p[i]];
	return all != 0;
}

static bool
is_who(struct mipo_span kind)
{
	return mipo_span_is(kind, "person") || mipo_span_is(kind, "rule") ||
	    mipo_span_is(kind, "system");
}

static bool
is_known_by(struct mipo_span word)
{
	return mipo_span_is(word, "loginuid") ||
	    mipo_span_is(word, "peercred") ||
	    mipo_span_is(word, "session") || mipo_span_is(word, "key") ||
	    mipo_span_is(word, "token") || mipo_span_is(word, "sudo-env") ||
	    mipo_span_is(word, "none");
}

static bool
take_hex(struct mipo_span value, char *ret_text, size_t digits)
{
	struct mipo_span text;

	if (!unquote(value, &text) || !is_hex(text, digits))
		return false;
	memcpy(ret_text, text.p, digits);
	ret_text[digits] = '\0';
	return true;
}

/* The text is canonical already: digits only need to be counted. */
static bool
take_int(struct mipo_span value, int64_t *ret_n)
{
	int64_t n = 0;

	if (value.len == 0 || value.p[0] < '0' || value.p[0] > '9')
		return false;
	for (size_t i = 0; i < value.len; i++)
		n = n * 10 + (value.p[i] - '0');
	*ret_n = n;
	return true;
}

/*
 * The text before word at *p, which moves behind word; false where another
 * comes. What is read here is known to be canonical, so that a quote which
 * no backslash escapes ends a text.
 */
static bool
next_text(const char **p, const char *end, const char *word,
    struct mipo_span *ret_text)
{
	size_t len = strlen(word);
	const char *at = *p - 1, *back;

	do {
		at = memchr(at + 1, '"', (size_t)(end - at - 1));
		if (at == NULL)
			return false;
		for (back = at; back > *p && back[-1] == '\\'; back--)
			;
	} while ((at - back) % 2 == 1);
	if ((size_t)(end - at) < len || memcmp(at, word, len) != 0)
		return false;
	*ret_text = (struct mipo_span){*p, (size_t)(at - *p)};
	*p = at + len;
	return true;
}

static bool
take_actor(struct mipo_span value, struct mipo_entry *entry)
{
	const char *p = value.p, *end = value.p + value.len;
	struct mipo_span none, kind, known_by, side;

	entry->actor = value;
	return next_text(&p, end, "\"id\":\"", &none) &&
	    mipo_span_is(none, "{") &&
	    next_text(&p, end, "\",\"kind\":\"", &entry->id) &&
	    next_text(&p, end, "\",\"known_by\":\"", &kind) &&
	    next_text(&p, end, "\",\"side\":\"", &known_by) &&
	    next_text(&p, end, "\"}", &side) && p == end &&
	    entry->id.len >= 1 && entry->id.len <= 255 &&
	    is_who(kind) && is_known_by(known_by) && is_hex(side, 64);
}

static bool
take_boot(struct mipo_span value, struct mipo_entry *entry)
{
	return take_hex(value, entry->stamp.boot, 32);
}

/* Its type was found on the way (take_fields). */
static bool
take_data(struct mipo_span value, struct mipo_entry *entry)
{
	entry->data = value;
	return value.p[0] == '{';
}

/* Lower-case words joined by dots, as record types are. */
static bool
take_kind(struct mipo_span value, struct mipo_entry *entry)
{
	if (!unquote(value, &entry->kind) || entry->kind.len < 1 ||
	    entry->kind.len > 64)
		return false;
	for (size_t i = 0; i < entry->kind.len; i++) {
		char c = entry->kind.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			c == '_' || c == '.'))
			return false;
	}
	return true;
}

static bool
take_log(struct mipo_span value, struct mipo_entry *entry)
{
	return take_hex(value, entry->log, 16);
}

static bool
take_mono(struct mipo_span value, struct mipo_entry *entry)
{
	return take_int(value, &entry->stamp.mono_ms);
}

static bool
take_prev(struct mipo_span value, struct mipo_entry *entry)
{
	const uint8_t *p = (const uint8_t *)value.p + 1;
	uint8_t all = 16;

	if (value.len != 2 * MIPO_HASH_LEN + 2 || value.p[0] != '"')
		return false;
	entry->prev_at = value.p + 1;
	for (size_t i = 0; i < MIPO_HASH_LEN; i++, p += 2) {
		uint8_t hi = nibble[p[0]], lo = nibble[p[1]];

		all &= hi & lo;
		entry->prev[i] = (uint8_t)(hi << 4 | (lo & 15));
	}
	return all != 0;
}

static bool
take_seq(struct mipo_span value, struct mipo_entry *entry)
{
	int64_t n;

	if (!take_int(value, &n))
		return false;
	entry->seq = (uint64_t)n;
	return true;
}

/* One time has one text: UTC, milliseconds. */
static bool
take_time(struct mipo_span value, struct mipo_entry *entry)
{
	struct mipo_span text;
	char s[MIPO_TIME_LEN];

	if (!unquote(value, &text) || text.len != MIPO_TIME_LEN - 1 ||
	    text.p[19] != '.' || text.p[23] != 'Z')
		return false;
	memcpy(s, text.p, text.len);
	s[text.len] = '\0';
	return mipo_text_untime(s, &entry->stamp.time_ms, NULL) == 0;
}

static bool
take_v(struct mipo_span value, struct mipo_entry *entry)
{
	(void)entry;
	return mipo_span_is(value, "1");
}

/* The fields, in the order in which canonical text has them. */
static const struct {
	const char *name;
	size_t len;
	bool (*take)(struct mipo_span value, struct mipo_entry *entry);
} fields[FIELDS] = {
    {"actor", 5, take_actor},
    {"boot", 4, take_boot},
    {"data", 4, take_data},
    {"kind", 4, take_kind},
    {"log", 3, take_log},
    {"mono", 4, take_mono},
    {"prev", 4, take_prev},
    {"seq", 3, take_seq},
    {"time", 4, take_time},
    {"v", 1, take_v},
};

static int
take_fields(const struct mipo_member *m, struct mipo_entry *entry,
    struct mipo_err *err)
{
	for (size_t i = 0; i < FIELDS; i++) {
		const char *name = fields[i].name;

		if (m[i].key_len != fields[i].len ||
		    memcmp(m[i].key, name, fields[i].len) != 0)
			return mipo_err_set(err, MIPO_E_INPUT,
			    "another field where %s belongs", name);
		if (!fields[i].take(
			(struct mipo_span){m[i].value, m[i].len}, entry))
			return mipo_err_set(err, MIPO_E_INPUT,
			    "field %s is not of its form", name);
	}
	return 0;
}

/* A record that an entry carries gives it its kind. */
static bool
kind_fits(const struct mipo_member *data, struct mipo_entry *entry)
{
	struct mipo_span raw = {data->inner, data->inner_len};

	entry->type = (struct mipo_span){"", 0};
	if (raw.p != NULL && !unquote(raw, &entry->type))
		return false;
	if (mipo_span_is(entry->kind, "genesis") ||
	    mipo_span_is(entry->kind, "seal"))
		return entry->type.len == 0;
	return entry->kind.len == entry->type.len &&
	    memcmp(entry->kind.p, entry->type.p, entry->kind.len) == 0;
}

int
mipo_entry_parse(const void *bytes, size_t len, struct mipo_entry *ret_entry,
    struct mipo_err *err)
{
	struct mipo_member m[FIELDS + 1];
	struct mipo_entry entry;
	size_t n;

	if (len > MIPO_ENTRY_MAX)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "%zu bytes, an entry has at most %d", len,
		    MIPO_ENTRY_MAX);
	if (!mipo_canon_members(bytes, len, "type", m, FIELDS + 1, &n))
		return mipo_err_set(
		    err, MIPO_E_INPUT, "not canonical JSON of our subset");
	if (n != FIELDS)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "an entry has exactly %d fields", FIELDS);
	if (take_fields(m, &entry, err) != 0)
		return -1;
	if (!kind_fits(&m[DATA], &entry))
		return mipo_err_set(err, MIPO_E_INPUT,
		    "kind is not the type of the record in data");
	*ret_entry = entry;
	return 0;
}
