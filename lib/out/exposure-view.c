#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/cover.h"
#include "out/exposure-impl.h"
#include "out/exposure.h"

#define RHYTHM_MIN 4 /* looks that make a rhythm */

static const char *
text_of(const struct mipo_xlook *look, const char *key)
{
	const char *s = mipo_rec_str(look->start, key);

	return s != NULL ? s : "";
}

static int
view_cmp(const struct mipo_xlook *a, const struct mipo_xlook *b)
{
	int r = strcmp(text_of(a, "network"), text_of(b, "network"));

	if (r == 0)
		r = strcmp(text_of(a, "vantage"), text_of(b, "vantage"));
	return r != 0 ? r
		      : (int)mipo_cover_proto(a->cover) -
			    (int)mipo_cover_proto(b->cover);
}

/* By view, then time, then scan id: equal input gives equal output. */
static int
look_cmp(const void *pa, const void *pb)
{
	const struct mipo_xlook *a = *(struct mipo_xlook *const *)pa;
	const struct mipo_xlook *b = *(struct mipo_xlook *const *)pb;
	int r = view_cmp(a, b);

	if (r == 0)
		r = (a->started_ms > b->started_ms) -
		    (a->started_ms < b->started_ms);
	return r != 0 ? r : strcmp(text_of(a, "scan"), text_of(b, "scan"));
}

/* ---- scopes and their rhythm */

static void
number_scopes(struct mipo_xview *view)
{
	for (size_t i = 0; i < view->n_looks; i++) {
		struct mipo_xlook *look = view->looks[i];
		const char *scope = text_of(look, "scope_sha256");
		size_t j = 0;

		while (j < i && strcmp(scope, text_of(view->looks[j],
						  "scope_sha256")) != 0)
			j++;
		look->scope = j < i ? view->looks[j]->scope : view->n_scopes++;
	}
}

static int
i64_cmp(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

/* How long a look of this scope is believed; INT64_MAX without a rhythm. */
static int64_t
patience(const struct mipo_xview *view, size_t scope, int64_t *room)
{
	int64_t last = 0;
	size_t n = 0, looks = 0;

	for (size_t i = 0; i < view->n_looks; i++) {
		if (view->looks[i]->scope != scope)
			continue;
		if (looks++ > 0)
			room[n++] = view->looks[i]->started_ms - last;
		last = view->looks[i]->started_ms;
	}
	if (looks < RHYTHM_MIN)
		return INT64_MAX;
	qsort(room, n, sizeof(*room), i64_cmp);
	return 2 * room[n / 2];
}

static int
set_holds(struct mipo_xview *view, struct mipo_err *err)
{
	int64_t *room = mipo_calloc(view->n_looks, sizeof(*room), err);

	if (room == NULL)
		return -1;
	for (size_t scope = 0; scope < view->n_scopes; scope++) {
		int64_t most = patience(view, scope, room);

		for (size_t i = 0; i < view->n_looks; i++) {
			struct mipo_xlook *look = view->looks[i];

			if (look->scope == scope)
				look->hold_ms = most == INT64_MAX
						    ? most
						    : look->started_ms + most;
		}
	}
	free(room);
	return 0;
}

/* ---- views */

static int
union_pairs(struct mipo_xview *view, struct mipo_err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < view->n_looks; i++)
		n += view->looks[i]->n_open;
	view->pairs = mipo_calloc(n, sizeof(*view->pairs), err);
	if (view->pairs == NULL)
		return -1;
	n = 0;
	for (size_t i = 0; i < view->n_looks; i++) {
		const struct mipo_xlook *look = view->looks[i];

		if (look->n_open > 0)
			memcpy(view->pairs + n, look->open,
			    look->n_open * sizeof(*look->open));
		n += look->n_open;
	}
	view->n_pairs = mipo_xpair_sort(view->pairs, n);
	return 0;
}

static int
fill_view(struct mipo_xview *view, struct mipo_xlook **looks, size_t n,
    int64_t to_ms, struct mipo_err *err)
{
	view->network = text_of(looks[0], "network");
	view->vantage = text_of(looks[0], "vantage");
	view->proto = mipo_cover_proto(looks[0]->cover);
	view->proto_name = view->proto == MIPO_UDP ? "UDP" : "TCP";
	view->looks = looks;
	view->n_looks = n;
	view->end_ms = looks[n - 1]->started_ms;
	if (to_ms != INT64_MAX && to_ms > view->end_ms)
		view->end_ms = to_ms;
	number_scopes(view);
	if (set_holds(view, err) != 0)
		return -1;
	return union_pairs(view, err);
}

int
mipo_exposure_views(struct mipo_exposure *exposure, int64_t to_ms,
    const struct mipo_xview **ret_views, size_t *ret_n, struct mipo_err *err)
{
	struct mipo_xlook **looks = exposure->looks;
	size_t n = exposure->n_looks;

	exposure->views = mipo_calloc(n, sizeof(*exposure->views), err);
	if (exposure->views == NULL)
		return -1;
	if (n > 0)
		qsort(looks, n, sizeof(struct mipo_xlook *), look_cmp);
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i + 1; j < n && view_cmp(looks[i], looks[j]) == 0; j++)
			continue;
		if (fill_view(&exposure->views[exposure->n_views++], looks + i,
			j - i, to_ms, err) != 0)
			return -1;
	}
	*ret_views = exposure->views;
	*ret_n = exposure->n_views;
	return 0;
}

/* ---- one pair */

struct tape {
	struct mipo_xspan *spans;
	size_t n;
};

static void
tape_add(struct tape *tape, int64_t from, int64_t to, enum mipo_seen seen)
{
	struct mipo_xspan *last =
	    tape->n > 0 ? &tape->spans[tape->n - 1] : NULL;

	if (last != NULL && last->seen == seen) {
		last->to_ms = to;
		return;
	}
	tape->spans[tape->n++] = (struct mipo_xspan){from, to, seen};
}

/* What look says from its moment until the next that speaks of the pair. */
static void
tape_look(struct tape *tape, const struct mipo_xlook *look, enum mipo_seen seen,
    int64_t until)
{
	int64_t from = look->started_ms, hold = look->hold_ms;

	if (hold >= until || seen == MIPO_SEEN_UNKNOWN) {
		tape_add(tape, from, until, seen);
		return;
	}
	tape_add(tape, from, hold, seen);
	tape_add(tape, hold, until, MIPO_SEEN_UNKNOWN);
}

static bool
has(const struct mipo_xpair *pairs, size_t n, const struct mipo_xpair *pair)
{
	return n > 0 &&
	       bsearch(pair, pairs, n, sizeof(*pair), mipo_xpair_cmp) != NULL;
}

static bool
has_open(const struct mipo_xlook *look, const struct mipo_xpair *pair)
{
	return has(look->open, look->n_open, pair);
}

/* Of a pair that it covers. */
static enum mipo_seen
seen_by(const struct mipo_xlook *look, const struct mipo_xpair *pair)
{
	if (has_open(look, pair))
		return MIPO_SEEN_OPEN;
	if (!look->conclusive)
		return MIPO_SEEN_UNKNOWN;
	return !look->doubt || has(look->shut, look->n_shut, pair)
		   ? MIPO_SEEN_NOT_OPEN
		   : MIPO_SEEN_UNKNOWN;
}

static bool
covers(const struct mipo_xlook *look, const struct mipo_xpair *pair)
{
	return mipo_cover_ip(look->cover, &pair->ip) &&
	       mipo_cover_port(look->cover, pair->port);
}

size_t
mipo_xview_spans(
    const struct mipo_xview *view, size_t i, struct mipo_xspan *ret_spans)
{
	const struct mipo_xpair *pair = &view->pairs[i];
	const struct mipo_xlook *last = NULL;
	struct tape tape = {.spans = ret_spans};
	enum mipo_seen seen = MIPO_SEEN_NEVER;

	for (size_t k = 0; k < view->n_looks; k++) {
		const struct mipo_xlook *look = view->looks[k];

		if (!covers(look, pair))
			continue;
		if (last != NULL)
			tape_look(&tape, last, seen, look->started_ms);
		seen = seen_by(look, pair);
		last = look;
	}
	if (last != NULL)
		tape_look(&tape, last, seen, view->end_ms);
	return tape.n;
}

int64_t
mipo_xview_last_open(const struct mipo_xview *view, size_t i)
{
	size_t k = view->n_looks;

	while (k > 1 && !has_open(view->looks[k - 1], &view->pairs[i]))
		k--;
	return view->looks[k - 1]->started_ms;
}

/* ---- all pairs */

/* Whether look number i grows too old before the next of its scope. */
static bool
grows_old(const struct mipo_xview *view, size_t i)
{
	const struct mipo_xlook *look = view->looks[i];

	for (size_t j = i + 1; j < view->n_looks; j++)
		if (view->looks[j]->scope == look->scope)
			return look->hold_ms < view->looks[j]->started_ms;
	return look->hold_ms < view->end_ms;
}

/* Every moment at which something may change, ascending, no copies. */
static size_t
moments(const struct mipo_xview *view, int64_t *ret_times)
{
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < view->n_looks; i++) {
		ret_times[n++] = view->looks[i]->started_ms;
		if (grows_old(view, i))
			ret_times[n++] = view->looks[i]->hold_ms;
	}
	qsort(ret_times, n, sizeof(*ret_times), i64_cmp);
	for (size_t i = 1; i < n; i++)
		if (ret_times[i] != ret_times[kept])
			ret_times[++kept] = ret_times[i];
	return kept + 1;
}

static bool
known_at(const struct mipo_xview *view, int64_t at)
{
	for (size_t scope = 0; scope < view->n_scopes; scope++) {
		const struct mipo_xlook *last = NULL;

		for (size_t i = 0; i < view->n_looks; i++)
			if (view->looks[i]->scope == scope &&
			    view->looks[i]->started_ms <= at)
				last = view->looks[i];
		if (last != NULL && (!last->conclusive || last->hold_ms <= at))
			return false;
	}
	return true;
}

static void
count_pair(const struct mipo_xview *view, size_t i, struct mipo_xspan *spans,
    struct mipo_xpoint *points, size_t n)
{
	const struct mipo_service *service =
	    mipo_service_of(view->proto, view->pairs[i].port);
	bool risky = service != NULL && service->risky;
	size_t n_spans = mipo_xview_spans(view, i, spans), at = 0;

	for (size_t s = 0; s < n_spans; s++) {
		bool last = s + 1 == n_spans;
		bool open = spans[s].seen == MIPO_SEEN_OPEN;

		if (!open && spans[s].seen != MIPO_SEEN_UNKNOWN)
			continue;
		while (at < n && points[at].at_ms < spans[s].from_ms)
			at++;
		for (; at < n && (last || points[at].at_ms < spans[s].to_ms);
		     at++) {
			points[at].open += open;
			points[at].risky += open && risky;
			points[at].known = points[at].known && open;
		}
	}
}

int
mipo_xview_points(const struct mipo_xview *view,
    struct mipo_xpoint **ret_points, size_t *ret_n, struct mipo_err *err)
{
	size_t room = MIPO_XSPANS(view), n;
	int64_t *times = mipo_calloc(room, sizeof(*times), err);
	struct mipo_xspan *spans = mipo_calloc(room, sizeof(*spans), err);
	struct mipo_xpoint *points = mipo_calloc(room, sizeof(*points), err);
	int r = -1;

	if (times != NULL && spans != NULL && points != NULL) {
		n = moments(view, times);
		for (size_t i = 0; i < n; i++) {
			points[i].at_ms = times[i];
			points[i].known = known_at(view, times[i]);
		}
		for (size_t i = 0; i < view->n_pairs; i++)
			count_pair(view, i, spans, points, n);
		*ret_points = points;
		*ret_n = n;
		points = NULL;
		r = 0;
	}
	free(times);
	free(spans);
	free(points);
	return r;
}
