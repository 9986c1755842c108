#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/rec-impl.h"
#include "data/rec.h"

#define LAST_MS INT64_C(253402300799999) /* the end of the year 9999 */

struct mipo_rec *
mipo_rec_start(const char *type, struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rec_new(err);

	mipo_rec_put_int(rec, "v", 1);
	mipo_rec_put_str(rec, "type", type);
	mipo_rec_put_time(rec, "ts", mipo_clock_wall_ms());
	if (rec != NULL && mipo_rec_ok(rec, err) != 0) {
		mipo_rec_free(rec);
		return NULL;
	}
	return rec;
}

int
mipo_rec_ok(const struct mipo_rec *rec, struct mipo_err *err)
{
	if (rec == NULL)
		return mipo_err_nomem(err);
	if (rec->bad.code == MIPO_E_NONE)
		return 0;
	return mipo_err_set(err, rec->bad.code, "%s", rec->bad.text);
}

static void
bad(struct mipo_rec *rec, const char *key, const char *why)
{
	(void)mipo_err_set(
	    &rec->bad, MIPO_E_INPUT, "key \"%.80s\": %s", key, why);
}

/* Takes value; NULL stands for memory that was not there. */
static void
put_take(struct mipo_rec *rec, const char *key, json_t *value)
{
	if (!mipo_rec_key_ok(key, strlen(key))) {
		json_decref(value);
		bad(rec, key, "not of the form [a-z][a-z0-9_]{0,63}");
	} else if (json_object_set_new_nocheck(rec->root, key, value) != 0) {
		(void)mipo_err_nomem(&rec->bad);
	}
}

static void
add_take(struct mipo_rec *rec, const char *key, json_t *value)
{
	json_t *list = json_object_get(rec->root, key);

	if (list == NULL) {
		mipo_rec_put_list(rec, key);
		list = json_object_get(rec->root, key);
	}
	if (list != NULL && !json_is_array(list)) {
		json_decref(value);
		bad(rec, key, "not a list");
	} else if (json_array_append_new(list, value) != 0) {
		(void)mipo_err_nomem(&rec->bad);
	}
}

/* The value, or NULL: no memory, or told in rec->bad. */
static json_t *
text(struct mipo_rec *rec, const char *key, const char *s)
{
	if (s == NULL || !mipo_text_is_utf8(s, strlen(s))) {
		bad(rec, key, s == NULL ? "no text" : "not UTF-8");
		return NULL;
	}
	return json_string_nocheck(s);
}

static json_t *
number(struct mipo_rec *rec, const char *key, int64_t n)
{
	if (n > MIPO_INT_MAX || n < -MIPO_INT_MAX) {
		bad(rec, key, "an integer beyond 2^53-1");
		return NULL;
	}
	return json_integer(n);
}

/* The object of sub, which is used up. */
static json_t *
object_take(struct mipo_rec *rec, struct mipo_rec *sub)
{
	json_t *root;

	if (sub == NULL)
		return NULL;
	if (sub->bad.code != MIPO_E_NONE && rec->bad.code == MIPO_E_NONE)
		rec->bad = sub->bad;
	root = json_incref(sub->root);
	mipo_rec_free(sub);
	return root;
}

void
mipo_rec_put_str(struct mipo_rec *rec, const char *key, const char *s)
{
	if (rec != NULL)
		put_take(rec, key, text(rec, key, s));
}

void
mipo_rec_put_int(struct mipo_rec *rec, const char *key, int64_t n)
{
	if (rec != NULL)
		put_take(rec, key, number(rec, key, n));
}

void
mipo_rec_put_bool(struct mipo_rec *rec, const char *key, bool b)
{
	if (rec != NULL)
		put_take(rec, key, json_boolean(b));
}

void
mipo_rec_put_hex(
    struct mipo_rec *rec, const char *key, const void *p, size_t len)
{
	char *s;

	if (rec == NULL)
		return;
	s = mipo_reallocarray(NULL, 2 * len + 1, 1, &rec->bad);
	if (s == NULL)
		return;
	mipo_text_hex(p, len, s);
	mipo_rec_put_str(rec, key, s);
	free(s);
}

void
mipo_rec_put_time(struct mipo_rec *rec, const char *key, int64_t ms)
{
	char s[MIPO_TIME_LEN];

	if (rec == NULL)
		return;
	if (ms < 0 || ms > LAST_MS)
		bad(rec, key, "a time outside of the years 1970 to 9999");
	mipo_text_time(ms, s);
	mipo_rec_put_str(rec, key, s);
}

void
mipo_rec_put_list(struct mipo_rec *rec, const char *key)
{
	if (rec != NULL)
		put_take(rec, key, json_array());
}

void
mipo_rec_put_rec_take(
    struct mipo_rec *rec, const char *key, struct mipo_rec *sub)
{
	if (rec == NULL)
		mipo_rec_free(sub);
	else
		put_take(rec, key, object_take(rec, sub));
}

void
mipo_rec_add_str(struct mipo_rec *rec, const char *key, const char *s)
{
	if (rec != NULL)
		add_take(rec, key, text(rec, key, s));
}

void
mipo_rec_add_int(struct mipo_rec *rec, const char *key, int64_t n)
{
	if (rec != NULL)
		add_take(rec, key, number(rec, key, n));
}

void
mipo_rec_add_rec_take(
    struct mipo_rec *rec, const char *key, struct mipo_rec *sub)
{
	if (rec == NULL)
		mipo_rec_free(sub);
	else
		add_take(rec, key, object_take(rec, sub));
}

/* Elements are never changed, so that records may share them. */
void
mipo_rec_add_all(
    struct mipo_rec *rec, const char *key, const struct mipo_rec *from)
{
	json_t *more = json_object_get(from->root, key), *list;

	if (rec == NULL || more == NULL)
		return;
	if (!mipo_rec_has(rec, key))
		mipo_rec_put_list(rec, key);
	list = json_object_get(rec->root, key);
	if (list != NULL && (!json_is_array(list) || !json_is_array(more)))
		bad(rec, key, "not a list");
	else if (json_array_extend(list, more) != 0)
		(void)mipo_err_nomem(&rec->bad);
}

void
mipo_rec_add_pair(
    struct mipo_rec *rec, const char *key, int64_t a, int64_t b)
{
	json_t *pair;

	if (rec == NULL)
		return;
	pair = json_array();
	if (json_array_append_new(pair, number(rec, key, a)) != 0 ||
	    json_array_append_new(pair, number(rec, key, b)) != 0) {
		json_decref(pair);
		pair = NULL;
	}
	add_take(rec, key, pair);
}

void
mipo_rec_del(struct mipo_rec *rec, const char *key)
{
	if (rec != NULL)
		(void)json_object_del(rec->root, key);
}
