#include "bin/mipo-scan/held.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/obs.h"
#include "data/rec.h"

int
held_add(struct held *held, const struct mipo_obs *obs, struct mipo_err *err)
{
	void *rows = held->rows;

	if (mipo_grow(&rows, &held->cap, held->n + 1, sizeof(*held->rows),
		err) != 0)
		return -1;
	held->rows = rows;
	held->rows[held->n++] = *obs;
	return 0;
}

void
held_release(struct held *held)
{
	free(held->rows);
	free(held->shown);
}

static int
by_port(const void *a, const void *b)
{
	const struct mipo_obs *x = a, *y = b;
	int r = mipo_addr_cmp(&x->ip, &y->ip);

	return r != 0 ? r : x->port - y->port;
}

/* Once all are there. False where memory is out: they are then not shown. */
static bool
settle(struct held *held)
{
	if (held->sorted)
		return true;
	held->shown = mipo_calloc(held->n, sizeof(*held->shown), NULL);
	if (held->shown == NULL)
		return false;
	if (held->n > 0)
		qsort(held->rows, held->n, sizeof(*held->rows), by_port);
	held->sorted = true;
	return true;
}

void
held_take(struct held *held, const struct mipo_rec *found, held_put *put,
    void *arg)
{
	struct mipo_obs key = {.port = 0};
	const struct mipo_obs *row = NULL;
	int64_t port = 0;

	(void)mipo_rec_int(found, "port", &port);
	key.port = (uint16_t)port;
	if (held->n > 0 && settle(held) &&
	    mipo_addr_parse(mipo_rec_str(found, "ip"), &key.ip, NULL) == 0)
		row = bsearch(&key, held->rows, held->n, sizeof(key),
		    by_port);
	if (row == NULL)
		return;
	held->shown[row - held->rows] = true;
	put(arg, row, found);
}

void
held_rest(struct held *held, held_put *put, void *arg)
{
	if (held->n == 0 || !settle(held))
		return;
	for (size_t i = 0; i < held->n; i++)
		if (!held->shown[i])
			put(arg, &held->rows[i], NULL);
}
