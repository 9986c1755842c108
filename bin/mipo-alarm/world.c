#include "bin/mipo-alarm/alarm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "data/cover.h"
#include "data/line.h"
#include "data/rec.h"
#include "judge/world.h"
#include "store/arrivals.h"
#include "store/scans.h"
#include "store/state.h"
#include "store/weight.h"

#define NONE SIZE_MAX

/*
 * All looks of the state, oldest first, and of each scope the rows that
 * count: the newest one that proves silence too, and a newer one, which
 * proves what it saw open.
 */
struct scope {
	size_t row; /* any one of the scope: its names */
	size_t whole, newest;
	struct mipo_cover *cover; /* of whole, else of newest; or NULL */
	char words[192];
	bool over; /* a newer look of another scope knows all of it better */
};

struct load {
	struct mipo_state *state;
	struct mipo_world *world;
	struct mipo_scan_row *rows;
	size_t n, cap;
	bool any_trusted;
	struct scope *scopes;
	size_t n_scopes, cap_scopes;
	struct mipo_err *err;
	int r;
};

static int
keep_row(void *arg, const struct mipo_scan_row *row)
{
	struct load *load = arg;
	void *rows = load->rows;

	load->r = mipo_grow(
	    &rows, &load->cap, load->n + 1, sizeof(*load->rows), load->err);
	if (load->r != 0)
		return -1;
	load->rows = rows;
	load->rows[load->n++] = *row;
	load->any_trusted = load->any_trusted ||
	    row->weight == MIPO_WEIGHT_TRUSTED;
	return 0;
}

static bool
same_place(const struct mipo_scan_row *a, const struct mipo_scan_row *b)
{
	return strcmp(a->network, b->network) == 0 &&
	    strcmp(a->vantage, b->vantage) == 0;
}

/*
 * A look that concludes nothing proves no silence, nor does one that is not
 * trusted once its place has one that is.
 */
static bool
is_weak(const struct load *load, const struct mipo_scan_row *row)
{
	if (row->weight != MIPO_WEIGHT_UNSIGNED || !load->any_trusted)
		return row->weight == MIPO_WEIGHT_OPEN;
	for (size_t i = 0; i < load->n; i++)
		if (load->rows[i].weight == MIPO_WEIGHT_TRUSTED &&
		    same_place(&load->rows[i], row))
			return true;
	return false;
}

static struct scope *
scope_of(struct load *load, size_t row)
{
	void *scopes = load->scopes;

	for (size_t i = 0; i < load->n_scopes; i++) {
		const struct mipo_scan_row *other =
		    &load->rows[load->scopes[i].row];

		if (same_place(other, &load->rows[row]) &&
		    strcmp(other->scope, load->rows[row].scope) == 0)
			return &load->scopes[i];
	}
	if (mipo_grow(&scopes, &load->cap_scopes, load->n_scopes + 1,
		sizeof(*load->scopes), load->err) != 0)
		return NULL;
	load->scopes = scopes;
	load->scopes[load->n_scopes] =
	    (struct scope){.row = row, .whole = NONE, .newest = NONE};
	return &load->scopes[load->n_scopes++];
}

static int
read_scope(struct load *load, struct scope *scope)
{
	size_t i = scope->whole == NONE ? scope->newest : scope->whole;
	struct mipo_rec *start;
	int r;

	if (mipo_scan_start(
		load->state, &load->rows[i], &start, load->err) != 0)
		return -1;
	mipo_cover_words(start, scope->words, sizeof(scope->words));
	r = mipo_cover_new(start, &scope->cover, load->err);
	mipo_rec_free(start);
	if (r == 0 || load->err->code != MIPO_E_INPUT)
		return r;
	mipo_err_clear(load->err); /* the look is left out, and said, below */
	return 0;
}

static bool
covers_all_of(const struct load *load, const struct scope *new,
    const struct scope *old)
{
	return new->whole != NONE && new->whole > old->newest &&
	    new->cover != NULL && old->cover != NULL &&
	    same_place(&load->rows[new->row], &load->rows[old->row]) &&
	    mipo_cover_lists(new->cover, MIPO_OPEN) &&
	    mipo_cover_common(new->cover, old->cover) ==
		mipo_cover_pairs(old->cover);
}

static int
note_end(struct load *load, const struct scope *scope,
    const struct mipo_scan_row *row)
{
	struct mipo_ended ended = {.failed = 0};

	memcpy(ended.network, row->network, sizeof(ended.network));
	memcpy(ended.vantage, row->vantage, sizeof(ended.vantage));
	memcpy(ended.scope, load->rows[scope->row].scope,
	    sizeof(ended.scope));
	memcpy(ended.words, scope->words, sizeof(ended.words));
	memcpy(ended.scan, row->scan, sizeof(ended.scan));
	memcpy(ended.verdict, row->verdict, sizeof(ended.verdict));
	return mipo_world_add_ended(load->world, &ended, load->err);
}

/* Whether it is complete, and not to be believed all the same. */
static bool
is_hollow(const struct load *load, size_t i)
{
	return strcmp(load->rows[i].verdict, "complete") == 0 &&
	    is_weak(load, &load->rows[i]);
}

static int
find_scopes(struct load *load)
{
	struct scope *scope;

	for (size_t i = 0; i < load->n; i++) {
		scope = scope_of(load, i);
		if (scope == NULL)
			return -1;
		scope->newest = i;
		if (strcmp(load->rows[i].verdict, "complete") == 0 &&
		    !is_hollow(load, i))
			scope->whole = i;
	}
	for (size_t i = 0; i < load->n_scopes; i++)
		if (read_scope(load, &load->scopes[i]) != 0)
			return -1;
	return 0;
}

/* How looks ended, oldest first; a hollow one says not that scans go well. */
static int
note_ends(struct load *load)
{
	for (size_t i = 0; i < load->n; i++)
		if (!is_hollow(load, i) &&
		    note_end(load, scope_of(load, i), &load->rows[i]) != 0)
			return -1;
	return 0;
}

/*
 * What was looked at again as part of something else ended well, there; and
 * counts no more, where that look tells all.
 */
static int
pass_over(struct load *load)
{
	for (size_t i = 0; i < load->n_scopes; i++) {
		struct scope *old = &load->scopes[i];
		const struct scope *best = NULL;

		for (size_t j = 0; !old->over && j < load->n_scopes; j++) {
			const struct scope *new = &load->scopes[j];

			if (!covers_all_of(load, new, old))
				continue;
			old->over = mipo_cover_tells_open(new->cover);
			if (best == NULL || old->over)
				best = new;
		}
		if (best != NULL &&
		    note_end(load, old, &load->rows[best->whole]) != 0)
			return -1;
	}
	return 0;
}

/*
 * A look that says nothing that can be read is as if it were not there, in
 * *ret_snap NULL: it must not keep the others from being judged.
 */
static int
read_look(struct load *load, const struct mipo_scan_row *row,
    struct mipo_snap **ret_snap)
{
	struct mipo_lines *lines;
	int r;

	*ret_snap = NULL;
	if (mipo_scan_open(load->state, row, &lines, load->err) != 0)
		return mipo_err_prefix(load->err, "look %s", row->scan);
	r = mipo_snap_read(lines, ret_snap, load->err);
	mipo_lines_free(lines);
	if (r == 0 || (load->err->code != MIPO_E_INPUT &&
			  load->err->code != MIPO_E_INCONCLUSIVE))
		return r;
	mipo_log(MIPO_LOG_WARN, "look %s is left out: %s", row->scan,
	    load->err->text);
	mipo_err_clear(load->err);
	return 0;
}

static int
add_look(struct load *load, size_t i)
{
	struct mipo_snap *snap;

	if (load->rows[i].proto == MIPO_ICMP) /* no rule is of hosts */
		return 0;
	if (read_look(load, &load->rows[i], &snap) != 0)
		return -1;
	if (snap == NULL)
		return 0;
	if (is_weak(load, &load->rows[i]))
		mipo_snap_weaken(snap);
	return mipo_world_add_look_take(load->world, snap, load->err);
}

static bool
counts(const struct load *load, size_t row)
{
	for (size_t i = 0; i < load->n_scopes; i++)
		if (load->scopes[i].whole == row ||
		    load->scopes[i].newest == row)
			return !load->scopes[i].over;
	return false;
}

static int
add_baseline(struct load *load, const struct mipo_scan_row *like)
{
	struct mipo_scan_row row;
	struct mipo_snap *snap;
	bool found;

	if (mipo_baseline_find(load->state, like->network, like->vantage,
		like->scope, &row, &found, load->err) != 0)
		return -1;
	if (!found)
		return 0;
	if (read_look(load, &row, &snap) != 0)
		return -1;
	if (snap == NULL)
		return 0;
	return mipo_world_add_baseline_take(load->world, snap, load->err);
}

static int
add_arrival(void *arg, const struct mipo_arrival *arrival)
{
	struct load *load = arg;
	struct mipo_subject subject = {.network = arrival->network,
	    .vantage = arrival->vantage,
	    .ip = arrival->ip,
	    .proto = arrival->proto,
	    .port = arrival->port,
	    .scope = "",
	    .heard = arrival->heard,
	    .heard_ms = arrival->heard_ms};

	if (arrival->came_up)
		load->r = mipo_world_add_arrival(
		    load->world, &subject, load->err);
	if (load->r == 0 && *arrival->heard != '\0')
		load->r = mipo_world_add_heard(
		    load->world, &subject, load->err);
	return load->r;
}

static int
load_all(struct load *load)
{
	struct mipo_scan_filter filter = {.newest_first = false};

	if (mipo_scans_each(load->state, &filter, keep_row, load,
		load->err) != 0 ||
	    load->r != 0 || find_scopes(load) != 0 || note_ends(load) != 0 ||
	    pass_over(load) != 0)
		return -1;
	for (size_t i = 0; i < load->n; i++)
		if (counts(load, i) && add_look(load, i) != 0)
			return -1;
	for (size_t i = 0; i < load->n_scopes; i++)
		if (add_baseline(
			load, &load->rows[load->scopes[i].row]) != 0)
			return -1;
	if (mipo_arrivals_each(load->state, add_arrival, load, load->err) !=
	    0)
		return -1;
	return load->r;
}

int
alarm_load_world(struct mipo_state *state, struct mipo_world *world,
    const char *scan, bool *ret_weak, struct mipo_err *err)
{
	struct load load = {.state = state, .world = world, .err = err};
	int r;

	mipo_world_forget(world);
	r = load_all(&load);
	if (scan != NULL)
		*ret_weak = false;
	for (size_t i = 0; scan != NULL && i < load.n; i++)
		if (strcmp(load.rows[i].scan, scan) == 0)
			*ret_weak = load.rows[i].weight == MIPO_WEIGHT_OPEN;
	for (size_t i = 0; i < load.n_scopes; i++)
		mipo_cover_free(load.scopes[i].cover);
	free(load.rows);
	free(load.scopes);
	mipo_world_news_only_wakes(world);
	return r;
}
