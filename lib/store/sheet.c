#include "store/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "data/cover.h"
#include "data/obs.h"
#include "data/presence.h"
#include "data/rec.h"
#include "store/sheet-in.h"

int
mipo_sheet_new(const struct mipo_rec *start, struct mipo_sheet **ret_sheet,
    struct mipo_err *err)
{
	struct mipo_sheet *sheet = mipo_calloc(1, sizeof(*sheet), err);

	if (sheet == NULL)
		return -1;
	sheet->base = -1;
	sheet->sorted = true;
	mipo_buf_init(&sheet->line, MIPO_REC_MAX_SCOPE);
	sheet->start = mipo_rec_dup(start, err);
	if (sheet->start == NULL ||
	    mipo_rec_canon(start, &sheet->line, err) != 0 ||
	    mipo_scope_init(&sheet->scope, start, err) != 0) {
		mipo_sheet_free(sheet);
		return -1;
	}
	sheet->silent_as = (uint8_t)mipo_cover_silent(sheet->scope.cover);
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
	free(sheet->hushed);
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

uint8_t
mipo_sheet_proto(const struct mipo_sheet *sheet)
{
	return sheet->scope.proto;
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
	if (sheet->n == 0 || row.ts < sheet->first_ms)
		sheet->first_ms = row.ts;
	if (sheet->n == 0 || row.ts > sheet->last_ms)
		sheet->last_ms = row.ts;
	if (sheet->n > 0 && sheet->rows[sheet->n - 1].key >= row.key)
		sheet->sorted = false;
	sheet->rows[sheet->n++] = row;
	return 0;
}

/* Of two rows of one pair: the state that stands, then the first seen. */
static bool
stands_over(const struct row *a, const struct row *b)
{
	if (a->state != b->state)
		return a->state < b->state;
	if (a->ts != b->ts)
		return a->ts < b->ts;
	return a->reason < b->reason;
}

#define DIGIT_BITS 16
#define DIGITS	   ((size_t)1 << DIGIT_BITS)

/* One pass of a radix sort by the digit at shift; stable. */
static void
pass(const struct row *from, struct row *to, size_t n, unsigned shift,
    size_t *at)
{
	size_t sum = 0;

	memset(at, 0, DIGITS * sizeof(*at));
	for (size_t i = 0; i < n; i++)
		at[from[i].key >> shift & (DIGITS - 1)]++;
	for (size_t d = 0; d < DIGITS; d++) {
		size_t here = at[d];

		at[d] = sum;
		sum += here;
	}
	for (size_t i = 0; i < n; i++)
		to[at[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
}

/* By key. Looks come scattered, by the million: comparing is too slow. */
static int
sort_rows(struct mipo_sheet *sheet, struct mipo_err *err)
{
	struct row *to = mipo_reallocarray(NULL, sheet->cap, sizeof(*to), err);
	size_t *at = mipo_calloc(DIGITS, sizeof(*at), err);
	uint64_t most = 0;

	if (to == NULL || at == NULL) {
		free(to);
		free(at);
		return -1;
	}
	for (size_t i = 0; i < sheet->n; i++)
		most |= sheet->rows[i].key;
	for (unsigned shift = 0; shift < 64 && most >> shift != 0;
	     shift += DIGIT_BITS) {
		struct row *from = sheet->rows;

		pass(from, to, sheet->n, shift, at);
		sheet->rows = to;
		to = from;
	}
	free(to);
	free(at);
	return 0;
}

static void
merge_rows(struct mipo_sheet *sheet)
{
	size_t n = 0;

	for (size_t i = 0; i < sheet->n; i++) {
		struct row *last = n == 0 ? NULL : &sheet->rows[n - 1];

		if (last == NULL || last->key != sheet->rows[i].key)
			sheet->rows[n++] = sheet->rows[i];
		else if (stands_over(&sheet->rows[i], last))
			*last = sheet->rows[i];
	}
	sheet->n = n;
}

int
mipo_sheet_sort(struct mipo_sheet *sheet, struct mipo_err *err)
{
	if (!sheet->sorted) {
		if (sort_rows(sheet, err) != 0)
			return -1;
		merge_rows(sheet);
		sheet->sorted = true;
	}
	sheet->open = 0;
	for (size_t i = 0; i < sheet->n; i++)
		sheet->open += sheet->rows[i].state == MIPO_OPEN;
	return 0;
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

bool
mipo_sheet_is_hosts(const struct mipo_sheet *sheet)
{
	return mipo_cover_proto(sheet->scope.cover) == MIPO_ICMP;
}

const char *
mipo_sheet_count_name(const struct mipo_sheet *sheet, unsigned state)
{
	static const char *const names[MIPO_STATE_N] = {
	    [MIPO_OPEN] = "open",
	    [MIPO_CLOSED] = "closed",
	    [MIPO_FILTERED] = "filtered",
	    [MIPO_OPEN_FILTERED] = "open_filtered",
	    [MIPO_UNREACHABLE] = "unreachable"};

	if (!mipo_sheet_is_hosts(sheet))
		return names[state];
	return state == MIPO_OPEN || state == MIPO_FILTERED
	    ? mipo_presence_name(state)
	    : NULL;
}

uint64_t
mipo_sheet_said(const struct mipo_sheet *sheet, const struct mipo_rec *end,
    unsigned state)
{
	const char *name = mipo_sheet_count_name(sheet, state);
	char path[32];
	int64_t n = 0;

	if (name == NULL)
		return 0;
	(void)snprintf(path, sizeof(path), "%s.%s",
	    mipo_sheet_is_hosts(sheet) ? "hosts" : "counts", name);
	return mipo_rec_int(end, path, &n) && n > 0 ? (uint64_t)n : 0;
}

size_t
mipo_sheet_changes(const struct mipo_sheet *sheet)
{
	return sheet->changes;
}

void
mipo_sheet_set_base(struct mipo_sheet *sheet, int64_t base, int weight)
{
	sheet->base = base;
	sheet->weight = weight;
}

bool
mipo_sheet_is_base(const struct mipo_sheet *sheet, int64_t base, int weight)
{
	return sheet->base == base && sheet->weight == weight;
}
