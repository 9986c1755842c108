#include "bin/mipo-scan/held.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/rec.h"

int
held_add(struct held *held, const struct mipo_obs *obs, struct mipo_err *err)
{
	void *rows = held->rows;

	if (mipo_grow(&rows, &held->cap, held->n + 1, sizeof(*held->rows),
		err) != 0)
		return -1;
	held->rows = rows;
	held->rows[held->n++] =
	    (struct held_row){.obs = *obs, .shown = false};
	return 0;
}

void
held_release(struct held *held)
{
	free(held->rows);
}

static int
by_port(const void *a, const void *b)
{
	const struct held_row *x = a, *y = b;
	int r = mipo_addr_cmp(&x->obs.ip, &y->obs.ip);

	return r != 0 ? r : x->obs.port - y->obs.port;
}

/* Once all are there. */
static void
settle(struct held *held)
{
	if (!held->sorted && held->n > 0)
		qsort(held->rows, held->n, sizeof(*held->rows), by_port);
	held->sorted = true;
}

void
held_take(struct held *held, const struct mipo_rec *found, held_put *put,
    void *arg)
{
	struct held_row key = {.shown = false}, *row = NULL;
	int64_t port = 0;

	(void)mipo_rec_int(found, "port", &port);
	key.obs.port = (uint16_t)port;
	settle(held);
	if (held->n > 0 &&
	    mipo_addr_parse(mipo_rec_str(found, "ip"), &key.obs.ip, NULL) ==
		0)
		row = bsearch(&key, held->rows, held->n, sizeof(key),
		    by_port);
	if (row == NULL)
		return;
	row->shown = true;
	put(arg, &row->obs, found);
}

void
held_rest(struct held *held, held_put *put, void *arg)
{
	settle(held);
	for (size_t i = 0; i < held->n; i++)
		if (!held->rows[i].shown)
			put(arg, &held->rows[i].obs, NULL);
}
