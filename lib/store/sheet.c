#include "store/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "data/obs.h"
#include "data/rec.h"
#include "store/sheet-in.h"

int
mipo_sheet_new(const struct mipo_rec *start, struct mipo_sheet **ret_sheet,
    struct mipo_err *err)
{
	struct mipo_sheet *sheet = mipo_calloc(1, sizeof(*sheet), err);
	const char *silent = mipo_rec_str(start, "silent_as");

	if (sheet == NULL)
		return -1;
	sheet->base = -1;
	sheet->sorted = true;
	mipo_buf_init(&sheet->line, MIPO_REC_MAX_READ);
	if (silent != NULL)
		sheet->silent_as =
		    (uint8_t)mipo_pstate_find(silent, strlen(silent));
	sheet->start = mipo_rec_dup(start, err);
	if (sheet->start == NULL ||
	    mipo_rec_canon(start, &sheet->line, err) != 0 ||
	    mipo_scope_init(&sheet->scope, start, err) != 0) {
		mipo_sheet_free(sheet);
		return -1;
	}
	*ret_sheet = sheet;
	return 0;
}

void
mipo_sheet_free(struct mipo_sheet *sheet)
{
	if (sheet == NULL)
		return;
	mipo_scope_release(&sheet->scope);
	mipo_buf_release(&sheet->line);
	mipo_rec_free(sheet->start);
	free(sheet->rows);
	free(sheet->silent);
	free(sheet);
}

const struct mipo_rec *
mipo_sheet_start(const struct mipo_sheet *sheet)
{
	return sheet->start;
}

const char *
mipo_sheet_start_line(const struct mipo_sheet *sheet, size_t *ret_len)
{
	*ret_len = sheet->line.len;
	return sheet->line.data;
}

int
mipo_sheet_add(struct mipo_sheet *sheet, const struct mipo_obs *obs,
    struct mipo_err *err)
{
	void *rows = sheet->rows;
	struct row row = {.state = obs->state, .reason = obs->reason};
	char ip[MIPO_ADDR_LEN];

	if (!mipo_scope_key(&sheet->scope, &obs->ip, obs->port, &row.key)) {
		(void)mipo_addr_format(&obs->ip, ip);
		return mipo_err_set(err, MIPO_E_INPUT,
		    "%s port %u is not in the scope that scan.start tells",
		    ip, obs->port);
	}
	if (mipo_grow(&rows, &sheet->cap, sheet->n + 1, sizeof(row), err) !=
	    0)
		return -1;
	sheet->rows = rows;
	row.ts = obs->ts_ms;
	if (sheet->n > 0 && sheet->rows[sheet->n - 1].key >= row.key)
		sheet->sorted = false;
	sheet->rows[sheet->n++] = row;
	return 0;
}

static int
by_key(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	/* Of one pair: the state that stands, then the one seen first. */
	if (x->state != y->state)
		return x->state < y->state ? -1 : 1;
	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return x->reason - y->reason;
}

void
mipo_sheet_sort(struct mipo_sheet *sheet)
{
	size_t n = 0;

	if (!sheet->sorted) {
		qsort(sheet->rows, sheet->n, sizeof(*sheet->rows), by_key);
		for (size_t i = 0; i < sheet->n; i++)
			if (n == 0 ||
			    sheet->rows[n - 1].key != sheet->rows[i].key)
				sheet->rows[n++] = sheet->rows[i];
		sheet->n = n;
		sheet->sorted = true;
	}
	sheet->open = 0;
	for (size_t i = 0; i < sheet->n; i++)
		sheet->open += sheet->rows[i].state == MIPO_OPEN;
}

size_t
mipo_sheet_count(const struct mipo_sheet *sheet)
{
	return sheet->n;
}

size_t
mipo_sheet_open(const struct mipo_sheet *sheet)
{
	return sheet->open;
}

void
mipo_sheet_counts(
    const struct mipo_sheet *sheet, uint64_t ret_counts[MIPO_STATE_N])
{
	memset(ret_counts, 0, MIPO_STATE_N * sizeof(*ret_counts));
	for (size_t i = 0; i < sheet->n; i++)
		if (sheet->rows[i].state < MIPO_STATE_N)
			ret_counts[sheet->rows[i].state]++;
}

size_t
mipo_sheet_changes(const struct mipo_sheet *sheet)
{
	return sheet->changes;
}

void
mipo_sheet_set_base(struct mipo_sheet *sheet, int64_t base)
{
	sheet->base = base;
}

int64_t
mipo_sheet_base(const struct mipo_sheet *sheet)
{
	return sheet->base;
}
