#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "data/rec-impl.h"
#include "data/rec.h"

static void
escape(struct mipo_buf *buf, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *known = strchr(from, c);
	char s[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

	if (known == NULL) {
		mipo_buf_put(buf, s, 6);
		return;
	}
	s[1] = to[known - from];
	mipo_buf_put(buf, s, 2);
}

static void
put_string(struct mipo_buf *buf, const char *s, size_t len)
{
	size_t from = 0;

	mipo_buf_putc(buf, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		mipo_buf_put(buf, s + from, i - from);
		escape(buf, c);
		from = i + 1;
	}
	mipo_buf_put(buf, s + from, len - from);
	mipo_buf_putc(buf, '"');
}

static int put(struct mipo_buf *buf, json_t *value, unsigned depth,
    struct mipo_err *err);

struct member {
	const char *key;
	json_t *value;
};

static int
by_key(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(x->key, y->key);
}

/* Few keys are sorted on the stack: no allocation a line. */
static int
put_object(struct mipo_buf *buf, json_t *value, unsigned depth,
    struct mipo_err *err)
{
	struct member few[48], *members = few;
	size_t n = json_object_size(value), i = 0;
	void *it = json_object_iter(value);
	int r = 0;

	if (n > sizeof(few) / sizeof(*few))
		members = mipo_calloc(n, sizeof(*members), err);
	if (members == NULL)
		return -1;
	for (; it != NULL; it = json_object_iter_next(value, it), i++) {
		members[i].key = json_object_iter_key(it);
		members[i].value = json_object_iter_value(it);
	}
	qsort(members, n, sizeof(*members), by_key);
	for (i = 0; i < n && r == 0; i++) {
		mipo_buf_putc(buf, i == 0 ? '{' : ',');
		put_string(buf, members[i].key, strlen(members[i].key));
		mipo_buf_putc(buf, ':');
		r = put(buf, members[i].value, depth + 1, err);
	}
	mipo_buf_puts(buf, n == 0 ? "{}" : "}");
	if (members != few)
		free(members);
	return r;
}

static int
put_list(struct mipo_buf *buf, json_t *value, unsigned depth,
    struct mipo_err *err)
{
	size_t n = json_array_size(value);

	mipo_buf_putc(buf, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			mipo_buf_putc(buf, ',');
		if (put(buf, json_array_get(value, i), depth + 1, err) != 0)
			return -1;
	}
	mipo_buf_putc(buf, ']');
	return 0;
}

static int
put(struct mipo_buf *buf, json_t *value, unsigned depth, struct mipo_err *err)
{
	if (depth > MIPO_REC_MAX_DEPTH &&
	    (json_is_object(value) || json_is_array(value)))
		return mipo_err_set(err, MIPO_E_INTERNAL,
		    "a record nested deeper than %d", MIPO_REC_MAX_DEPTH);
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return put_object(buf, value, depth, err);
	case JSON_ARRAY:
		return put_list(buf, value, depth, err);
	case JSON_STRING:
		put_string(buf, json_string_value(value),
		    json_string_length(value));
		return 0;
	case JSON_INTEGER:
		mipo_buf_put_i64(buf, json_integer_value(value));
		return 0;
	case JSON_TRUE:
		mipo_buf_puts(buf, "true");
		return 0;
	case JSON_FALSE:
		mipo_buf_puts(buf, "false");
		return 0;
	default: /* reals never enter a record */
		mipo_buf_puts(buf, "null");
		return 0;
	}
}

int
mipo_rec_canon(
    const struct mipo_rec *rec, struct mipo_buf *buf, struct mipo_err *err)
{
	size_t before = buf->len;

	if (mipo_rec_ok(rec, err) == 0 && mipo_buf_ok(buf, err) == 0 &&
	    put(buf, rec->root, 1, err) == 0 && mipo_buf_ok(buf, err) == 0)
		return 0;
	buf->len = before;
	return -1;
}
