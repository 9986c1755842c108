#include "data/canon.h"

#include <string.h>

#include "base/text.h"
#include "data/obs.h"
#include "data/rec-impl.h"
#include "data/rec.h"

/*
 * Reads canonical text in place. Whatever our emitter could not have
 * written ends the walk, so that "canonical" needs no second copy of the
 * record, no memory and no JSON library.
 */
struct walk {
	const char *p, *end;
	const char *want; /* key whose value is asked for */
	size_t want_len;
	unsigned want_depth; /* 1: of the top level, 2: of its objects */
	const char *found;
	size_t found_len;
	struct mipo_member *member; /* where top-level members are noted */
	size_t room, n;
};

static bool value(struct walk *w, unsigned depth);

static bool
eat(struct walk *w, char c)
{
	if (w->p == w->end || *w->p != c)
		return false;
	w->p++;
	return true;
}

static bool
word(struct walk *w, const char *s)
{
	size_t len = strlen(s);

	if ((size_t)(w->end - w->p) < len || memcmp(w->p, s, len) != 0)
		return false;
	w->p += len;
	return true;
}

/* Behind a backslash: the one escape that the byte has, and no other. */
static bool
escaped(struct walk *w)
{
	if (w->p == w->end)
		return false;
	if (*w->p != '\0' && strchr("\"\\bfnrt", *w->p) != NULL) {
		w->p++;
		return true;
	}
	if (w->end - w->p < 5 || memcmp(w->p, "u00", 3) != 0)
		return false;
	w->p += 5;
	if (w->p[-2] == '0')
		return w->p[-1] != '\0' &&
		    strchr("1234567bef", w->p[-1]) != NULL;
	return w->p[-2] == '1' && w->p[-1] != '\0' &&
	    strchr("0123456789abcdef", w->p[-1]) != NULL;
}

/* Where the run of bytes ends that stand for themselves, eight at a step. */
static const char *
plain(const char *p, const char *end)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t x, quote, slash;

	for (; end - p >= 8; p += 8) {
		memcpy(&x, p, 8);
		quote = x ^ (ones * '"');
		slash = x ^ (ones * '\\');
		if ((((x - ones * 0x20) | (quote - ones) | (slash - ones) |
			 x) & tops) != 0)
			break; /* perhaps: the caller looks at each byte */
	}
	return p;
}

static bool
string(struct walk *w)
{
	const char *start, *step;
	unsigned char all = 0;

	if (!eat(w, '"'))
		return false;
	start = w->p;
	w->p = step = plain(w->p, w->end);
	while (w->p < w->end) {
		unsigned char c = (unsigned char)*w->p++;

		if (c == '"')
			return all < 0x80 ||
			    mipo_text_is_utf8(
				start, (size_t)(w->p - 1 - start));
		if (c < 0x20 || (c == '\\' && !escaped(w)))
			return false;
		all |= c;
		if (w->p - step >= 8)
			w->p = step = plain(w->p, w->end);
	}
	return false;
}

static bool
number(struct walk *w)
{
	const char *start;
	int64_t n = 0;

	if (eat(w, '0'))
		return true;
	(void)eat(w, '-');
	for (start = w->p; w->p < w->end && w->p - start < 16; w->p++) {
		if (*w->p < '0' || *w->p > '9')
			break;
		n = n * 10 + (*w->p - '0');
	}
	if (w->p == start || *start == '0' || n > MIPO_INT_MAX)
		return false;
	return w->p == w->end || *w->p < '0' || *w->p > '9';
}

static bool
key(struct walk *w, const char **ret_key, size_t *ret_len)
{
	const char *p = w->p, *start;

	if (w->end - p < 4 || *p != '"' ||
	    mipo_rec_key_byte[(unsigned char)p[1]] != 2)
		return false;
	start = ++p;
	while (p < w->end && mipo_rec_key_byte[(unsigned char)*p] != 0)
		p++;
	if (w->end - p < 2 || p - start > 64 || p[0] != '"' || p[1] != ':')
		return false;
	w->p = p + 2;
	*ret_key = start;
	*ret_len = (size_t)(p - start);
	return true;
}

/* Whether key a stands before key b. */
static bool
before(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t n = alen < blen ? alen : blen;

	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i];
	return alen < blen;
}

/* Keeps what was asked for of a member that ends here. */
static void
note(struct walk *w, unsigned depth, const char *name, size_t len,
    const char *start)
{
	size_t value_len = (size_t)(w->p - start);

	if (depth == 1 && w->n < w->room) {
		w->member[w->n++] = (struct mipo_member){
		    name, len, start, value_len, w->found, w->found_len};
		w->found = NULL;
	}
	if (depth == w->want_depth && len == w->want_len &&
	    memcmp(name, w->want, len) == 0) {
		w->found = start;
		w->found_len = value_len;
	}
}

static bool
object(struct walk *w, unsigned depth)
{
	const char *old = "", *name, *start;
	size_t old_len = 0, len, count = 0;

	if (eat(w, '}'))
		return true;
	do {
		if (++count > MIPO_REC_MAX_KEYS || !key(w, &name, &len) ||
		    !before(old, old_len, name, len))
			return false;
		start = w->p;
		if (!value(w, depth + 1))
			return false;
		if (depth <= 2)
			note(w, depth, name, len, start);
		old = name;
		old_len = len;
	} while (eat(w, ','));
	return eat(w, '}');
}

static bool
list(struct walk *w, unsigned depth)
{
	if (eat(w, ']'))
		return true;
	do {
		if (!value(w, depth + 1))
			return false;
	} while (eat(w, ','));
	return eat(w, ']');
}

static bool
value(struct walk *w, unsigned depth)
{
	if (w->p == w->end)
		return false;
	switch (*w->p) {
	case '{':
		w->p++;
		return depth <= MIPO_REC_MAX_DEPTH && object(w, depth);
	case '[':
		w->p++;
		return depth <= MIPO_REC_MAX_DEPTH && list(w, depth);
	case '"':
		return string(w);
	case 't':
		return word(w, "true");
	case 'f':
		return word(w, "false");
	case 'n':
		return word(w, "null");
	default:
		return number(w);
	}
}

bool
mipo_canon_find(const char *text, size_t len, const char *name,
    const char **ret_value, size_t *ret_len)
{
	struct walk w = {
	    .p = text, .end = text + len, .want = name, .want_depth = 1};

	w.want_len = strlen(name);
	if (len < 2 || len > MIPO_REC_MAX_READ || *text != '{' ||
	    !value(&w, 1) || w.p != w.end || w.found == NULL)
		return false;
	*ret_value = w.found;
	*ret_len = w.found_len;
	return true;
}

bool
mipo_canon_members(const char *text, size_t len, const char *inner,
    struct mipo_member *member, size_t room, size_t *ret_n)
{
	struct walk w = {.p = text, .end = text + len, .want = inner,
	    .want_depth = 2, .member = member, .room = room};

	w.want_len = strlen(inner);
	if (len < 2 || len > MIPO_REC_MAX_READ || *text != '{' ||
	    !value(&w, 1) || w.p != w.end)
		return false;
	*ret_n = w.n;
	return true;
}

bool
mipo_rec_is_canon(const char *text, size_t len)
{
	struct walk w = {.p = text, .end = text + len, .want = ""};

	return len >= 2 && len <= MIPO_REC_MAX_READ && *text == '{' &&
	    value(&w, 1) && w.p == w.end;
}

bool
mipo_line_type(const char *line, size_t len, const char **ret_type,
    size_t *ret_len)
{
	const char *v;
	size_t n;

	if (!mipo_canon_find(line, len, "type", &v, &n) || *v != '"' ||
	    memchr(v, '\\', n) != NULL)
		return false;
	*ret_type = v + 1;
	*ret_len = n - 2;
	return true;
}
