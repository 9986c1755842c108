#include "data/schema.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "data/addr.h"
#include "data/rec.h"

/* Names come from our table and lists end at 1 MiB: a path is short. */
#define PATH_LEN 256

static void path_put(char ret_path[PATH_LEN], const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
path_put(char ret_path[PATH_LEN], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(ret_path, PATH_LEN, fmt, ap);
	va_end(ap);
}

const struct mipo_type *
mipo_type_find(const char *name)
{
	for (const struct mipo_type *t = mipo_types; t->name != NULL; t++) {
		size_t len = strlen(t->name);
		bool family = t->name[len - 1] == '.';

		if (family ? strncmp(t->name, name, len) == 0 &&
			    name[len] != '\0'
			   : strcmp(t->name, name) == 0)
			return t;
	}
	return NULL;
}

/* Whether s is one of the words in values. */
static bool
listed(const char *values, const char *s)
{
	size_t want = strlen(s);

	for (;;) {
		size_t len = strcspn(values, " ");

		if (len == want && memcmp(values, s, len) == 0)
			return true;
		if (values[len] == '\0')
			return false;
		values += len + 1;
	}
}

static bool
is_hex(const char *s, size_t len)
{
	return strlen(s) == len && strspn(s, "0123456789abcdef") == len;
}

static bool
is_time(const char *s)
{
	size_t len = strlen(s);
	int64_t ms;

	return len >= 24 && len <= 30 && s[19] == '.' && s[len - 1] == 'Z' &&
	    mipo_text_untime(s, &ms, NULL) == 0;
}

static bool
is_ip(const char *s)
{
	char form[MIPO_ADDR_LEN];
	struct mipo_addr addr;

	if (mipo_addr_parse(s, &addr, NULL) != 0)
		return false;
	(void)mipo_addr_format(&addr, form);
	return strcmp(form, s) == 0;
}

static bool
text_fits(const struct mipo_field *f, const char *s)
{
	long long len = (long long)strlen(s);

	switch (f->ftype) {
	case MIPO_F_STR:
		return len >= f->min && (f->max == 0 || len <= f->max);
	case MIPO_F_TIME:
		return is_time(s);
	case MIPO_F_HEX:
		return is_hex(s, (size_t)f->max);
	case MIPO_F_KEY:
		return strcmp(s, "none") == 0 || is_hex(s, 16);
	case MIPO_F_IP:
		return is_ip(s);
	default: /* ENUM, STRS */
		return f->values == NULL || listed(f->values, s);
	}
}

static bool
is_text(const struct mipo_rec *rec, const struct mipo_field *f,
    const char *path)
{
	const char *s = mipo_rec_str(rec, path);

	return s != NULL && text_fits(f, s);
}

static bool
is_int(const struct mipo_rec *rec, const struct mipo_field *f,
    const char *path)
{
	int64_t n;

	return mipo_rec_int(rec, path, &n) && n >= f->min && n <= f->max;
}

static bool
is_pair(const struct mipo_rec *rec, const struct mipo_field *f,
    const char *path)
{
	char at[PATH_LEN];
	int64_t first, last;

	(void)f;
	if (mipo_rec_len(rec, path) != 2)
		return false;
	path_put(at, "%s.0", path);
	if (!mipo_rec_int(rec, at, &first))
		return false;
	path_put(at, "%s.1", path);
	return mipo_rec_int(rec, at, &last) && first >= 0 && first <= last;
}

/* Whether every element of the list at path passes. */
static bool
each(const struct mipo_rec *rec, const struct mipo_field *f,
    const char *path,
    bool (*good)(const struct mipo_rec *, const struct mipo_field *,
	const char *))
{
	size_t n = mipo_rec_len(rec, path);
	char at[PATH_LEN];

	if (mipo_rec_kind(rec, path) != MIPO_K_LIST)
		return false;
	for (size_t i = 0; i < n; i++) {
		path_put(at, "%s.%zu", path, i);
		if (!good(rec, f, at))
			return false;
	}
	return true;
}

static bool
is_object(const struct mipo_rec *rec, const struct mipo_field *f,
    const char *path)
{
	(void)f;
	return mipo_rec_kind(rec, path) == MIPO_K_OBJ;
}

static bool
fits(const struct mipo_rec *rec, const struct mipo_field *f, const char *path)
{
	switch (f->ftype) {
	case MIPO_F_INT:
		return is_int(rec, f, path);
	case MIPO_F_BOOL:
		return mipo_rec_kind(rec, path) == MIPO_K_BOOL;
	case MIPO_F_OBJ:
		return is_object(rec, f, path);
	case MIPO_F_STRS:
		return each(rec, f, path, is_text);
	case MIPO_F_INTS:
		return each(rec, f, path, is_int);
	case MIPO_F_PAIRS:
		return each(rec, f, path, is_pair);
	case MIPO_F_OBJS:
		return each(rec, f, path, is_object);
	default:
		return is_text(rec, f, path);
	}
}

static int
refuse(const struct mipo_field *f, const char *path, struct mipo_err *err)
{
	static const char *const forms[] = {[MIPO_F_STR] = "text",
	    [MIPO_F_ENUM] = "one of", [MIPO_F_INT] = "an integer",
	    [MIPO_F_BOOL] = "true or false",
	    [MIPO_F_TIME] = "a time such as 2026-11-22T10:00:00.000Z",
	    [MIPO_F_HEX] = "lower-case hex digits",
	    [MIPO_F_KEY] = "16 lower-case hex digits or none",
	    [MIPO_F_IP] = "an IP address as RFC 5952 writes it",
	    [MIPO_F_OBJ] = "an object", [MIPO_F_STRS] = "a list of text",
	    [MIPO_F_INTS] = "a list of integers",
	    [MIPO_F_PAIRS] = "a list of [first,last]",
	    [MIPO_F_OBJS] = "a list of objects"};
	const char *form = forms[f->ftype];

	if (f->values != NULL)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "field \"%s\" must be %s: %s", path, form, f->values);
	if (f->ftype == MIPO_F_INT || f->ftype == MIPO_F_INTS)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "field \"%s\" must be %s from %lld to %lld", path, form,
		    f->min, f->max);
	if (f->ftype == MIPO_F_HEX)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "field \"%s\" must be %lld %s", path, f->max, form);
	return mipo_err_set(
	    err, MIPO_E_INPUT, "field \"%s\" must be %s", path, form);
}

static int check_fields(const struct mipo_rec *rec, const char *prefix,
    const struct mipo_field *f, struct mipo_err *err);

/* The fields inside of the object or the list of objects at path. */
static int
check_inside(const struct mipo_rec *rec, const char *path,
    const struct mipo_field *f, struct mipo_err *err)
{
	size_t n = mipo_rec_len(rec, path);
	char prefix[PATH_LEN];

	if (f->ftype == MIPO_F_OBJ) {
		path_put(prefix, "%s.", path);
		return check_fields(rec, prefix, f->sub, err);
	}
	for (size_t i = 0; i < n; i++) {
		path_put(prefix, "%s.%zu.", path, i);
		if (check_fields(rec, prefix, f->sub, err) != 0)
			return -1;
	}
	return 0;
}

static int
check_fields(const struct mipo_rec *rec, const char *prefix,
    const struct mipo_field *f, struct mipo_err *err)
{
	char joined[PATH_LEN];
	const char *path = joined;

	for (; f->name != NULL; f++) {
		if (*prefix == '\0')
			path = f->name;
		else
			path_put(joined, "%s%s", prefix, f->name);
		if (!mipo_rec_has(rec, path)) {
			if (f->need == MIPO_OPTIONAL ||
			    (f->need == MIPO_MEASURED &&
				mipo_rec_has(rec, "origin")))
				continue;
			return mipo_err_set(err, MIPO_E_INPUT,
			    "field \"%s\" is missing", path);
		}
		if (!fits(rec, f, path))
			return refuse(f, path, err);
		if (f->sub != NULL && check_inside(rec, path, f, err) != 0)
			return -1;
	}
	return 0;
}

int
mipo_rec_check(const struct mipo_rec *rec, struct mipo_err *err)
{
	const struct mipo_type *type;
	const char *name;

	if (check_fields(rec, "", mipo_common_fields, err) != 0)
		return mipo_err_prefix(err, "record");
	name = mipo_rec_str(rec, "type");
	type = mipo_type_find(name);
	if (type == NULL)
		return 0;
	if (check_fields(rec, "", type->fields, err) != 0)
		return mipo_err_prefix(err, "record %s", name);
	return 0;
}
