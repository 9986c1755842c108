#include <string.h>

#include "base/err.h"
#include "data/rec-impl.h"
#include "data/rec.h"

/* The list element that the len digits at s name, or NULL. */
static json_t *
element(json_t *list, const char *s, size_t len)
{
	size_t n = 0;

	if (len == 0 || len > 9 || (*s == '0' && len > 1))
		return NULL;
	for (; len > 0; s++, len--) {
		if (*s < '0' || *s > '9')
			return NULL;
		n = n * 10 + (size_t)(*s - '0');
	}
	return json_array_get(list, n);
}

static json_t *
at(const struct mipo_rec *rec, const char *path)
{
	json_t *value = rec->root;

	for (;;) {
		size_t len = strcspn(path, ".");

		value = json_is_array(value)
		    ? element(value, path, len)
		    : json_object_getn(value, path, len);
		if (value == NULL || path[len] == '\0')
			return value;
		path += len + 1;
	}
}

enum mipo_kind
mipo_rec_kind(const struct mipo_rec *rec, const char *path)
{
	json_t *value = at(rec, path);

	if (value == NULL)
		return MIPO_K_NONE;
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return MIPO_K_OBJ;
	case JSON_ARRAY:
		return MIPO_K_LIST;
	case JSON_STRING:
		return MIPO_K_STR;
	case JSON_INTEGER:
		return MIPO_K_INT;
	case JSON_TRUE:
	case JSON_FALSE:
		return MIPO_K_BOOL;
	default:
		return MIPO_K_NULL;
	}
}

bool
mipo_rec_has(const struct mipo_rec *rec, const char *path)
{
	return at(rec, path) != NULL;
}

const char *
mipo_rec_str(const struct mipo_rec *rec, const char *path)
{
	return json_string_value(at(rec, path));
}

bool
mipo_rec_int(const struct mipo_rec *rec, const char *path, int64_t *ret_n)
{
	json_t *value = at(rec, path);

	if (!json_is_integer(value))
		return false;
	*ret_n = json_integer_value(value);
	return true;
}

bool
mipo_rec_bool(const struct mipo_rec *rec, const char *path, bool *ret_b)
{
	json_t *value = at(rec, path);

	if (!json_is_boolean(value))
		return false;
	*ret_b = json_is_true(value);
	return true;
}

size_t
mipo_rec_len(const struct mipo_rec *rec, const char *path)
{
	return json_array_size(at(rec, path));
}

int
mipo_rec_sub(const struct mipo_rec *rec, const char *path,
    struct mipo_rec **ret_sub, struct mipo_err *err)
{
	json_t *value = at(rec, path);
	struct mipo_rec *sub;

	if (!json_is_object(value))
		return mipo_err_set(
		    err, MIPO_E_INPUT, "no object \"%.80s\"", path);
	sub = mipo_rec_wrap_take(json_deep_copy(value), err);
	if (sub == NULL)
		return -1;
	*ret_sub = sub;
	return 0;
}

const char *
mipo_rec_next_key(const struct mipo_rec *rec, const char *key)
{
	void *it = json_object_iter(rec->root);
	const char *best = NULL;

	for (; it != NULL; it = json_object_iter_next(rec->root, it)) {
		const char *k = json_object_iter_key(it);

		if ((key == NULL || strcmp(k, key) > 0) &&
		    (best == NULL || strcmp(k, best) < 0))
			best = k;
	}
	return best;
}
