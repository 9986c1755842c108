#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/ports.h"
#include "data/rec.h"
#include "data/shard.h"
#include "out/export.h"
#include "out/report.h"

/* ---- collecting */

static int
keep(struct mipo_kept *kept, const struct mipo_rec *rec, size_t most,
    struct mipo_err *err)
{
	void *recs = kept->recs;

	kept->seen++;
	if (mipo_grow(
		&recs, &kept->cap, kept->n + 1, sizeof(*kept->recs), err) != 0)
		return -1;
	kept->recs = recs;
	if (kept->n == most) { /* the oldest goes */
		mipo_rec_free(kept->recs[0]);
		kept->n--;
		memmove(
		    kept->recs, kept->recs + 1, kept->n * sizeof(*kept->recs));
	}
	kept->recs[kept->n] = mipo_rec_dup(rec, err);
	if (kept->recs[kept->n] == NULL)
		return -1;
	kept->n++;
	return 0;
}

static void
kept_free(struct mipo_kept *kept)
{
	for (size_t i = 0; i < kept->n; i++)
		mipo_rec_free(kept->recs[i]);
	free(kept->recs);
}

/* Of one alarm the newest record counts. */
static int
keep_alarm(struct mipo_report *report, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	struct mipo_kept *alarms = &report->alarms;
	const char *id = mipo_report_str(rec, "id");
	struct mipo_rec *copy;

	for (size_t i = 0; i < alarms->n; i++) {
		if (strcmp(mipo_report_str(alarms->recs[i], "id"), id) != 0)
			continue;
		copy = mipo_rec_dup(rec, err);
		if (copy == NULL)
			return -1;
		mipo_rec_free(alarms->recs[i]);
		alarms->recs[i] = copy;
		return 0;
	}
	return keep(alarms, rec, SIZE_MAX, err);
}

static int
take_record(struct mipo_report *report, const struct mipo_item *item,
    struct mipo_err *err)
{
	const struct {
		const char *type;
		struct mipo_kept *kept;
		size_t most;
	} kinds[] = {
	    {"access.scanner", &report->scanners, SIZE_MAX},
	    {"change", &report->changes, MIPO_REPORT_ROWS},
	    {"diff.end", &report->diffs, SIZE_MAX},
	    {"evidence.baseline", &report->baselines, SIZE_MAX},
	    {"evidence.logged", &report->entries, SIZE_MAX},
	};

	if (strcmp(item->type, "alarm.start") == 0)
		report->alarms_told = true;
	if (strcmp(item->type, "alarm") == 0)
		return keep_alarm(report, item->rec, err);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(item->type, kinds[i].type) == 0)
			return keep(
			    kinds[i].kept, item->rec, kinds[i].most, err);
	return 0;
}

/*
 * Silence proves something only in a complete look; and where scanners are
 * registered, only in one that such a scanner signed.
 */
static bool
is_conclusive(struct mipo_report *report, const struct mipo_rec *end)
{
	const char *class;
	char text[96];

	if (strcmp(mipo_shard_verdict(end), "complete") != 0)
		return false;
	mipo_report_signer(report, end, &class, text);
	return strcmp(class, "critical") != 0 &&
	       (report->scanners.n == 0 || strcmp(class, "ok") == 0);
}

static int
report_feed(void *self, const struct mipo_item *item, struct mipo_err *err)
{
	struct mipo_report *report = self;

	switch (item->kind) {
	case MIPO_ITEM_RECORD:
		return take_record(report, item, err);
	case MIPO_ITEM_LOOK:
		return mipo_exposure_start(report->exposure, item->rec, err);
	case MIPO_ITEM_OBS:
		return mipo_exposure_obs(report->exposure, item->obs, err);
	case MIPO_ITEM_LOOK_END:
		return mipo_exposure_end(report->exposure, item->rec,
		    is_conclusive(report, item->rec), err);
	case MIPO_ITEM_LOOK_CUT:
		return mipo_exposure_end(report->exposure, NULL, false, err);
	case MIPO_ITEM_OTHER:
		break;
	}
	return 0;
}

/* ---- what it comes to */

/* What the spans of its history come to. */
static void
settle_times(struct mipo_now *now, const struct mipo_xspan *spans, size_t n)
{
	bool open = false;

	for (size_t s = 0; s < n; s++) {
		if (spans[s].seen == MIPO_SEEN_OPEN && !open) {
			open = true;
			now->gaps = false;
			now->opened_ms = spans[s].from_ms;
			now->from_start = s == 0;
		} else if (spans[s].seen == MIPO_SEEN_NOT_OPEN) {
			if (open)
				now->gone_ms = spans[s].from_ms;
			open = false;
		} else if (spans[s].seen == MIPO_SEEN_UNKNOWN) {
			now->gaps = true;
		}
	}
	now->seen = spans[n - 1].seen;
}

static void
settle(struct mipo_report *report, const struct mipo_xview *view, size_t i)
{
	struct mipo_now *now = &report->nows[report->n_nows++];
	size_t n = mipo_xview_spans(view, i, report->spans);
	const struct mipo_service *service =
	    mipo_service_of(view->proto, view->pairs[i].port);

	now->view = view;
	now->i = i;
	settle_times(now, report->spans, n);
	now->last_ms = mipo_xview_last_open(view, i);
	report->n_unknown += now->seen == MIPO_SEEN_UNKNOWN;
	report->n_open += now->seen == MIPO_SEEN_OPEN;
	report->n_risky +=
	    now->seen == MIPO_SEEN_OPEN && service != NULL && service->risky;
}

static const struct mipo_addr *
ip_of(const struct mipo_now *now)
{
	return &now->view->pairs[now->i].ip;
}

/* Whether the rows at..end-1, in order of address, have it open. */
static bool
has_open(const struct mipo_now *nows, size_t at, size_t end,
    const struct mipo_addr *ip)
{
	size_t high = end;

	while (at < high) {
		size_t mid = at + (high - at) / 2;

		if (mipo_addr_cmp(ip_of(&nows[mid]), ip) < 0)
			at = mid + 1;
		else
			high = mid;
	}
	while (at < end && mipo_addr_cmp(ip_of(&nows[at]), ip) == 0)
		if (nows[at++].seen == MIPO_SEEN_OPEN)
			return true;
	return false;
}

/* Whether an earlier view of the network, as of TCP, has the host. */
static bool
is_counted(const struct mipo_report *report, const struct mipo_now *now)
{
	size_t at = 0;

	for (const struct mipo_xview *view = report->views; view < now->view;
	     at += view->n_pairs, view++)
		if (strcmp(view->network, now->view->network) == 0 &&
		    has_open(report->nows, at, at + view->n_pairs,
			ip_of(now)))
			return true;
	return false;
}

/* Hosts with an open port; the rows are in order of address. */
static void
count_hosts(struct mipo_report *report)
{
	const struct mipo_now *last = NULL;

	for (size_t i = 0; i < report->n_nows; i++) {
		const struct mipo_now *now = &report->nows[i];

		if (now->seen != MIPO_SEEN_OPEN)
			continue;
		if (last == NULL || last->view != now->view ||
		    mipo_addr_cmp(ip_of(last), ip_of(now)) != 0)
			report->n_hosts += !is_counted(report, now);
		last = now;
	}
}

static int
prepare(struct mipo_report *report, struct mipo_err *err)
{
	size_t pairs = 0, room = 1;

	for (size_t v = 0; v < report->n_views; v++) {
		pairs += report->views[v].n_pairs;
		if (MIPO_XSPANS(&report->views[v]) > room)
			room = MIPO_XSPANS(&report->views[v]);
	}
	report->nows = mipo_calloc(pairs, sizeof(*report->nows), err);
	report->spans = mipo_calloc(room, sizeof(*report->spans), err);
	if (report->nows == NULL || report->spans == NULL)
		return -1;
	for (size_t v = 0; v < report->n_views; v++) {
		const struct mipo_xview *view = &report->views[v];

		for (size_t i = 0; i < view->n_pairs; i++)
			settle(report, view, i);
		report->n_looks += view->n_looks;
		for (size_t i = 0; i < view->n_looks; i++)
			report->n_whole += view->looks[i]->conclusive;
	}
	count_hosts(report);
	return 0;
}

static int
report_done(void *self, const char *why_partial, struct mipo_err *err)
{
	struct mipo_report *report = self;

	if (mipo_exposure_views(report->exposure, report->opts->to_ms,
		&report->views, &report->n_views, err) != 0 ||
	    prepare(report, err) != 0)
		return -1;
	mipo_report_head(report);
	if (report->n_views > 0 && mipo_report_charts(report, err) != 0)
		return -1;
	mipo_report_open(report);
	mipo_report_changes(report);
	mipo_report_alarms(report);
	mipo_report_looks(report);
	mipo_report_gaps(report, why_partial);
	mipo_report_verify(report);
	mipo_report_foot(report);
	return mipo_html_ok(&report->html, err);
}

/* ---- the row */

static void
report_free(void *self)
{
	struct mipo_report *report = self;

	kept_free(&report->scanners);
	kept_free(&report->alarms);
	kept_free(&report->changes);
	kept_free(&report->diffs);
	kept_free(&report->baselines);
	kept_free(&report->entries);
	mipo_exposure_free(report->exposure);
	mipo_html_release(&report->html);
	free(report->nows);
	free(report->spans);
	free(report);
}

static int
report_new(struct mipo_out *out, const struct mipo_export_opts *opts,
    struct mipo_sink *ret_sink, struct mipo_err *err)
{
	struct mipo_report *report = mipo_calloc(1, sizeof(*report), err);

	if (report == NULL)
		return -1;
	report->opts = opts;
	mipo_html_init(&report->html, out);
	report->exposure = mipo_exposure_new(err);
	if (report->exposure == NULL) {
		report_free(report);
		return -1;
	}
	*ret_sink =
	    (struct mipo_sink){report, report_feed, report_done, report_free};
	return 0;
}

const struct mipo_exporter mipo_export_report = {
    .name = "report",
    .suffix = ".html",
    .summary = "one HTML page for people: exposure over time, and its gaps",
    .new = report_new,
};
