#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/rec.h"
#include "judge/alarm.h"

#define ID_LEAST 6

/* The alarms, and a table of their numbers (from 1) by key. */
struct mipo_alarms {
	struct mipo_alarm **items;
	size_t n, cap;
	size_t *slots;
	size_t n_slots; /* a power of two, or 0 */
};

struct mipo_alarms *
mipo_alarms_new(struct mipo_err *err)
{
	return mipo_calloc(1, sizeof(struct mipo_alarms), err);
}

static void
free_alarm(struct mipo_alarm *alarm)
{
	if (alarm != NULL)
		mipo_rec_free(alarm->rec);
	free(alarm);
}

void
mipo_alarms_free(struct mipo_alarms *alarms)
{
	if (alarms == NULL)
		return;
	for (size_t i = 0; i < alarms->n; i++)
		free_alarm(alarms->items[i]);
	free(alarms->items);
	free(alarms->slots);
	free(alarms);
}

/* The slot of a key, or the free one where it belongs. Keys are digests. */
static size_t *
slot_of(const struct mipo_alarms *alarms, const char *key)
{
	size_t mask = alarms->n_slots - 1, at = 0;

	for (size_t i = 0; i < 12; i++)
		at = at * 31 + (unsigned char)key[i];
	for (at &= mask; alarms->slots[at] != 0; at = (at + 1) & mask)
		if (strcmp(alarms->items[alarms->slots[at] - 1]->key, key) ==
		    0)
			break;
	return &alarms->slots[at];
}

static struct mipo_alarm *
by_key(const struct mipo_alarms *alarms, const char *key)
{
	size_t *slot;

	if (alarms->n_slots == 0)
		return NULL;
	slot = slot_of(alarms, key);
	return *slot == 0 ? NULL : alarms->items[*slot - 1];
}

static int
index_all(struct mipo_alarms *alarms, struct mipo_err *err)
{
	size_t want = alarms->n_slots == 0 ? 64 : alarms->n_slots * 2;
	size_t *slots = mipo_calloc(want, sizeof(*slots), err);

	if (slots == NULL)
		return -1;
	free(alarms->slots);
	alarms->slots = slots;
	alarms->n_slots = want;
	for (size_t i = 0; i < alarms->n; i++)
		*slot_of(alarms, alarms->items[i]->key) = i + 1;
	return 0;
}

/* Puts a new alarm into the set, which owns it from then on. */
static int
insert(struct mipo_alarms *alarms, struct mipo_alarm *alarm,
    struct mipo_err *err)
{
	void *items = alarms->items;

	if (mipo_grow(&items, &alarms->cap, alarms->n + 1,
		sizeof(*alarms->items), err) != 0)
		return -1;
	alarms->items = items;
	if (2 * (alarms->n + 1) > alarms->n_slots &&
	    index_all(alarms, err) != 0)
		return -1;
	alarms->items[alarms->n] = alarm;
	*slot_of(alarms, alarm->key) = ++alarms->n;
	return 0;
}

int
mipo_alarms_add(struct mipo_alarms *alarms, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	struct mipo_alarm *alarm = mipo_calloc(1, sizeof(*alarm), err);
	struct mipo_alarm *old, swap;
	struct mipo_rec *copy;

	if (alarm == NULL)
		return -1;
	copy = mipo_rec_dup(rec, err);
	if (copy == NULL || mipo_alarm_set_take(alarm, copy, err) != 0) {
		free_alarm(alarm);
		return -1;
	}
	old = by_key(alarms, alarm->key);
	if (old != NULL) {
		swap = *old;
		*old = *alarm;
		*alarm = swap;
		free_alarm(alarm);
		return 0;
	}
	if (insert(alarms, alarm, err) != 0) {
		free_alarm(alarm);
		return -1;
	}
	return 0;
}

/* Rules of the table stand there in order; a rule that is not comes last. */
static int
order(const void *a, const void *b)
{
	const struct mipo_alarm *x = *(struct mipo_alarm *const *)a;
	const struct mipo_alarm *y = *(struct mipo_alarm *const *)b;
	int cmp;

	if (x->rule != y->rule) {
		if (x->rule == NULL || y->rule == NULL)
			return x->rule == NULL ? 1 : -1;
		return x->rule < y->rule ? -1 : 1;
	}
	cmp = mipo_addr_cmp(&x->subject.ip, &y->subject.ip);
	if (cmp == 0)
		cmp = (int)x->subject.port - (int)y->subject.port;
	if (cmp == 0)
		cmp = (int)x->subject.proto - (int)y->subject.proto;
	return cmp != 0 ? cmp : strcmp(x->key, y->key);
}

void
mipo_alarms_sort(struct mipo_alarms *alarms)
{
	if (alarms->n < 2)
		return;
	qsort(alarms->items, alarms->n, sizeof(*alarms->items), order);
	memset(alarms->slots, 0, alarms->n_slots * sizeof(*alarms->slots));
	for (size_t i = 0; i < alarms->n; i++)
		*slot_of(alarms, alarms->items[i]->key) = i + 1;
}

size_t
mipo_alarms_count(const struct mipo_alarms *alarms)
{
	return alarms->n;
}

struct mipo_alarm *
mipo_alarms_at(const struct mipo_alarms *alarms, size_t i)
{
	return alarms->items[i];
}

static const char *
id_of(const struct mipo_alarm *alarm)
{
	const char *id = mipo_rec_str(alarm->rec, "id");

	return id == NULL ? "" : id;
}

int
mipo_alarms_find(const struct mipo_alarms *alarms, const char *id,
    struct mipo_alarm **ret_alarm, struct mipo_err *err)
{
	struct mipo_alarm *found = NULL;
	size_t len = strlen(id);

	for (size_t i = 0; i < alarms->n; i++) {
		if (strcmp(id_of(alarms->items[i]), id) == 0) {
			*ret_alarm = alarms->items[i];
			return 0;
		}
		if (len < ID_LEAST ||
		    strncmp(id_of(alarms->items[i]), id, len) != 0)
			continue;
		if (found != NULL)
			return mipo_err_set(err, MIPO_E_NOTFOUND,
			    "several alarms' ids begin with %s", id);
		found = alarms->items[i];
	}
	if (found == NULL && len < ID_LEAST)
		return mipo_err_set(err, MIPO_E_NOTFOUND,
		    "%s is too short: an id's beginning has %d characters "
		    "or more", id, ID_LEAST);
	if (found == NULL)
		return mipo_err_set(
		    err, MIPO_E_NOTFOUND, "there is no alarm %s", id);
	*ret_alarm = found;
	return 0;
}

struct mipo_alarm *
mipo_alarms_need(struct mipo_alarms *alarms, const char *key,
    struct mipo_err *err)
{
	struct mipo_alarm *alarm = by_key(alarms, key);

	if (alarm != NULL)
		return alarm;
	alarm = mipo_calloc(1, sizeof(*alarm), err);
	if (alarm == NULL)
		return NULL;
	(void)snprintf(alarm->key, sizeof(alarm->key), "%s", key);
	if (insert(alarms, alarm, err) == 0)
		return alarm;
	free(alarm);
	return NULL;
}
