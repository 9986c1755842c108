#include "data/rec.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/rec-impl.h"

static void
init(void)
{
	mipo_rec_hooks();
	json_object_seed(0);
}

void
mipo_rec_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, init);
}

struct mipo_rec *
mipo_rec_wrap_take(json_t *root, struct mipo_err *err)
{
	struct mipo_rec *rec = NULL;

	if (root == NULL)
		mipo_err_nomem(err);
	else
		rec = mipo_calloc(1, sizeof(*rec), err);
	if (rec == NULL)
		json_decref(root);
	else
		rec->root = root;
	return rec;
}

struct mipo_rec *
mipo_rec_new(struct mipo_err *err)
{
	mipo_rec_init();
	return mipo_rec_wrap_take(json_object(), err);
}

struct mipo_rec *
mipo_rec_dup(const struct mipo_rec *rec, struct mipo_err *err)
{
	struct mipo_rec *copy;

	copy = mipo_rec_wrap_take(json_deep_copy(rec->root), err);
	if (copy != NULL)
		copy->bad = rec->bad;
	return copy;
}

void
mipo_rec_free(struct mipo_rec *rec)
{
	if (rec == NULL)
		return;
	json_decref(rec->root);
	free(rec);
}

const unsigned char mipo_rec_key_byte[256] = {
    ['0'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ['_'] = 1,
    ['a'] = 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
};

bool
mipo_rec_key_ok(const char *key, size_t len)
{
	if (len == 0 || len > 64 ||
	    mipo_rec_key_byte[(unsigned char)key[0]] != 2)
		return false;
	for (size_t i = 1; i < len; i++)
		if (mipo_rec_key_byte[(unsigned char)key[i]] == 0)
			return false;
	return true;
}

static int check(json_t *value, unsigned depth, struct mipo_err *err);

static int
check_object(json_t *value, unsigned depth, struct mipo_err *err)
{
	void *it = json_object_iter(value);

	if (json_object_size(value) > MIPO_REC_MAX_KEYS)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "an object of more than %d keys", MIPO_REC_MAX_KEYS);
	for (; it != NULL; it = json_object_iter_next(value, it)) {
		const char *key = json_object_iter_key(it);

		if (!mipo_rec_key_ok(key, strlen(key)))
			return mipo_err_set(err, MIPO_E_INPUT,
			    "key \"%.80s\" is not of the form "
			    "[a-z][a-z0-9_]{0,63}", key);
		if (check(json_object_iter_value(it), depth + 1, err) != 0)
			return mipo_err_prefix(err, "%s", key);
	}
	return 0;
}

static int
check_list(json_t *value, unsigned depth, struct mipo_err *err)
{
	for (size_t i = 0; i < json_array_size(value); i++)
		if (check(json_array_get(value, i), depth + 1, err) != 0)
			return -1;
	return 0;
}

/* What our subset forbids and the library lets through. */
static int
check(json_t *value, unsigned depth, struct mipo_err *err)
{
	if (depth > MIPO_REC_MAX_DEPTH &&
	    (json_is_object(value) || json_is_array(value)))
		return mipo_err_set(err, MIPO_E_INPUT,
		    "nested deeper than %d", MIPO_REC_MAX_DEPTH);
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return check_object(value, depth, err);
	case JSON_ARRAY:
		return check_list(value, depth, err);
	case JSON_REAL:
		return mipo_err_set(
		    err, MIPO_E_INPUT, "a number that is not an integer");
	case JSON_INTEGER:
		if (json_integer_value(value) > MIPO_INT_MAX ||
		    json_integer_value(value) < -MIPO_INT_MAX)
			return mipo_err_set(err, MIPO_E_INPUT,
			    "an integer beyond 2^53-1");
		return 0;
	default:
		return 0;
	}
}

int
mipo_rec_parse(const char *text, size_t len, struct mipo_rec **ret_rec,
    struct mipo_err *err)
{
	return mipo_rec_parse_max(text, len, MIPO_REC_MAX_READ, ret_rec, err);
}

int
mipo_rec_parse_max(const char *text, size_t len, size_t max,
    struct mipo_rec **ret_rec, struct mipo_err *err)
{
	struct mipo_rec *rec;
	json_t *root;

	if (len > max)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "a record of %zu bytes, more than %zu", len, max);
	mipo_rec_init();
	if (mipo_rec_load(text, len, &root, err) != 0)
		return -1;
	rec = mipo_rec_wrap_take(root, err);
	if (rec == NULL)
		return -1;
	if (!json_is_object(root)) {
		mipo_rec_free(rec);
		return mipo_err_set(
		    err, MIPO_E_INPUT, "not a record: not an object");
	}
	if (check(root, 1, err) != 0) {
		mipo_rec_free(rec);
		return mipo_err_prefix(err, "not a record");
	}
	*ret_rec = rec;
	return 0;
}
