#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/addr.h"
#include "data/obs.h"
#include "data/ports.h"
#include "data/target.h"
#include "store/db.h"
#include "store/later.h"
#include "store/sheet-in.h"
#include "store/weight.h"

/* One walk through sheet and index side by side, both in order of keys. */
struct walk {
	struct mipo_sheet *sheet;
	const struct mipo_later *later;
	bool concludes;
	int64_t started_ms;
	size_t at; /* next row of the sheet */
};

static bool
stands(const struct walk *walk, const struct row *row)
{
	return !mipo_later_covers(walk->later, &walk->sheet->scope, row->key);
}

static int
hush(struct walk *walk, const struct row *row, uint8_t before,
    const struct mipo_later_word *word, struct mipo_err *err)
{
	struct mipo_sheet *sheet = walk->sheet;
	void *hushed = sheet->hushed;
	struct hushed one = {.row = *row};

	if (mipo_grow(&hushed, &sheet->hushed_cap, sheet->hushed_n + 1,
		sizeof(one), err) != 0)
		return -1;
	if (before == 0) {
		one.seq = word->seq;
		one.ts = word->started_ms;
		one.state = word->state;
		sheet->changes++;
	}
	sheet->hushed = hushed;
	sheet->hushed[sheet->hushed_n++] = one;
	return 0;
}

/* A row of the sheet against what the index has for it (0: nothing). */
static int
judge(struct walk *walk, struct row *row, uint8_t before,
    struct mipo_err *err)
{
	struct mipo_later_word word;

	row->mark = SAME;
	if (row->state == before ||
	    (!walk->concludes && row->state != MIPO_OPEN))
		return 0;
	if (!stands(walk, row)) {
		if (row->state != MIPO_OPEN ||
		    (before != 0 && before != MIPO_OPEN_FILTERED))
			return 0;
		mipo_later_ask(
		    walk->later, &walk->sheet->scope, row->key, &word);
		if (word.settled)
			return 0;
		if (before != 0 || word.state != 0)
			return hush(walk, row, before, &word, err);
	}
	row->mark = before == 0 ? NEW : CHANGED;
	walk->sheet->changes++;
	return 0;
}

/* A binding of the index that the look covers and does not list. */
static int
fell_silent(struct walk *walk, uint64_t key, uint8_t before,
    struct mipo_err *err)
{
	struct mipo_sheet *sheet = walk->sheet;
	void *rows = sheet->silent;
	struct row row = {.key = key, .state = sheet->silent_as,
	    .mark = CHANGED, .ts = walk->started_ms};

	if (!walk->concludes || sheet->silent_as == 0 ||
	    sheet->silent_as == before || !stands(walk, &row))
		return 0;
	if (mipo_grow(&rows, &sheet->silent_cap, sheet->silent_n + 1,
		sizeof(row), err) != 0)
		return -1;
	sheet->silent = rows;
	sheet->silent[sheet->silent_n++] = row;
	sheet->changes++;
	return 0;
}

/* The index has state before for key. */
static int
meet(struct walk *walk, uint64_t key, uint8_t before, struct mipo_err *err)
{
	struct mipo_sheet *sheet = walk->sheet;

	while (walk->at < sheet->n && sheet->rows[walk->at].key < key)
		if (judge(walk, &sheet->rows[walk->at++], 0, err) != 0)
			return -1;
	if (walk->at == sheet->n || sheet->rows[walk->at].key != key)
		return fell_silent(walk, key, before, err);
	return judge(walk, &sheet->rows[walk->at++], before, err);
}

static int
one_range(struct walk *walk, struct mipo_q *q, uint64_t first_i,
    const struct mipo_range *range, struct mipo_err *err)
{
	const struct mipo_ports *ports = walk->sheet->scope.ports;
	int r;

	while ((r = mipo_q_step(q, err)) > 0) {
		size_t len;
		const void *p = mipo_q_col_blob(q, 0, &len);
		int64_t port = mipo_q_col_int(q, 1);
		int64_t state = mipo_q_col_int(q, 2);
		struct mipo_addr ip;
		uint64_t i;

		if (!mipo_ipkey_get(p, len, &ip) || port < 0 ||
		    port > 65535 || state <= 0 || state >= MIPO_STATE_N)
			return mipo_err_set(err, MIPO_E_TAMPERED,
			    "the index has a binding that cannot be: "
			    "mipo-store rebuild");
		if (!mipo_ports_has(ports, (uint16_t)port))
			continue;
		i = first_i + mipo_addr_distance(&range->first, &ip);
		if (meet(walk, i << 16 | (uint64_t)port, (uint8_t)state,
			err) != 0)
			return -1;
	}
	return r;
}

static int
all_ranges(struct walk *walk, struct mipo_q *q, int64_t place,
    struct mipo_err *err)
{
	const struct mipo_targets *targets = walk->sheet->scope.targets;
	size_t n;
	const struct mipo_range *ranges = mipo_targets_ranges(targets, &n);
	uint64_t i = 0;

	for (size_t k = 0; k < n; k++) {
		struct mipo_ipkey first, last;

		mipo_ipkey_set(&first, &ranges[k].first);
		mipo_ipkey_set(&last, &ranges[k].last);
		mipo_q_int(q, 1, place);
		mipo_q_blob(q, 2, first.b, first.len);
		mipo_q_blob(q, 3, last.b, last.len);
		mipo_q_int(q, 4, walk->sheet->scope.proto);
		if (one_range(walk, q, i, &ranges[k], err) != 0)
			return -1;
		mipo_q_again(q);
		i += mipo_addr_distance(&ranges[k].first, &ranges[k].last) +
		    1;
	}
	return 0;
}

int
mipo_sheet_compare(struct mipo_sheet *sheet, struct mipo_db *db,
    int64_t place, int weight, int64_t started_ms, struct mipo_err *err)
{
	struct walk walk = {.sheet = sheet,
	    .concludes = weight > MIPO_WEIGHT_OPEN,
	    .started_ms = started_ms};
	struct mipo_later *later = NULL;
	struct mipo_q *q = NULL;
	int r = -1;

	sheet->changes = sheet->silent_n = sheet->hushed_n = 0;
	if (mipo_later_new(db, place, started_ms, weight, &later, err) != 0 ||
	    mipo_q_new(db, "SELECT ip, port, state FROM binding WHERE place=?1 "
		"AND proto=?4 AND ip BETWEEN ?2 AND ?3 ORDER BY ip, port",
		&q, err) != 0)
		goto out;
	walk.later = later;
	r = all_ranges(&walk, q, place, err);
	while (r == 0 && walk.at < sheet->n)
		r = judge(&walk, &sheet->rows[walk.at++], 0, err);
out:
	mipo_q_done(q);
	mipo_later_free(later);
	return r;
}
