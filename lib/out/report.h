/*
 * The parts of the HTML report, between its own files only: what was
 * collected, and one function a section, in the order of the page.
 */
#ifndef MIPO_OUT_REPORT_H
#define MIPO_OUT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "out/exposure.h"
#include "out/html.h"

struct mipo_export_opts;
struct mipo_rec;

#define MIPO_REPORT_ROWS 2000 /* of one table; the rest is counted */

/* Records that are kept, in the order in which they came. */
struct mipo_kept {
	struct mipo_rec **recs;
	size_t n, cap;
	uint64_t seen; /* also those that were not kept */
};

/* A pair that was open at some time, as it stands at the end. */
struct mipo_now {
	const struct mipo_xview *view;
	size_t i; /* view->pairs[i] */
	enum mipo_seen seen;
	int64_t opened_ms; /* since then no look saw it otherwise */
	bool from_start;   /* open already when first looked at */
	bool gaps;	   /* and there were times unknown since */
	int64_t last_ms;   /* the last look that saw it open */
	int64_t gone_ms;   /* the first look after, that did not */
};

struct mipo_report {
	struct mipo_html html;
	const struct mipo_export_opts *opts;
	struct mipo_exposure *exposure;
	const struct mipo_xview *views;
	size_t n_views;
	struct mipo_now *nows; /* by view, then address and port */
	size_t n_nows;
	size_t n_open, n_risky, n_unknown, n_hosts, n_whole, n_looks;
	struct mipo_kept scanners, alarms, changes, diffs, baselines, entries;
	bool alarms_told; /* an alarm stream was there, be it empty */
	struct mipo_xspan *spans; /* room for any pair's history */
};

extern const char mipo_report_css[];

/* The sections. */
void mipo_report_head(struct mipo_report *report);
int mipo_report_charts(struct mipo_report *report, struct mipo_err *err);
void mipo_report_open(struct mipo_report *report);
void mipo_report_changes(struct mipo_report *report);
void mipo_report_alarms(struct mipo_report *report);
void mipo_report_looks(struct mipo_report *report);
void mipo_report_gaps(struct mipo_report *report, const char *why_partial);
void mipo_report_verify(struct mipo_report *report);
void mipo_report_foot(struct mipo_report *report);

/* ---- what several sections need */

#define MIPO_WHEN_LEN 32

/* "2026-11-22 10:00:05", UTC. */
void mipo_report_when(int64_t ms, char ret_s[MIPO_WHEN_LEN]);

/* The same as a time element. */
void mipo_report_time(struct mipo_html *html, int64_t ms);

/* "21 Nov 2026". */
void mipo_report_day(int64_t ms, char ret_s[MIPO_WHEN_LEN]);

/* "8 seconds", "3 hours", "12 days". */
void mipo_report_span(int64_t ms, char ret_s[MIPO_WHEN_LEN]);

/* A record's string or "", and its time in Unix ms (0: none). */
const char *mipo_report_str(const struct mipo_rec *rec, const char *path);
int64_t mipo_report_ms(const struct mipo_rec *rec, const char *path);
int64_t mipo_report_int(const struct mipo_rec *rec, const char *path);

/* The heading of a view, where there is more than one. */
void mipo_report_view(
    struct mipo_report *report, const struct mipo_xview *view);

/* Whether the last look of every scope of all views was conclusive. */
bool mipo_report_is_current(const struct mipo_report *report);

/* Who signed a look: class of a tag, and words. */
void mipo_report_signer(struct mipo_report *report,
    const struct mipo_rec *end, const char **ret_class, char ret_text[96]);

/* The part of a pair's history as a strip; wide enough for a table. */
void mipo_report_strip(struct mipo_report *report,
    const struct mipo_now *now, bool risky);

/* ---- time axis */

struct mipo_axis {
	int64_t from_ms, to_ms; /* to > from */
	int left, right;	/* in units of the drawing */
};

/* Where a time lies, cut to the axis. */
int mipo_axis_x(const struct mipo_axis *axis, int64_t ms);

/*
 * Calls tick for each mark, at most about most of them; label is text for
 * people, strong where a new day or year begins.
 */
void mipo_axis_ticks(const struct mipo_axis *axis, int most,
    void (*tick)(void *arg, int64_t ms, const char *label, bool strong),
    void *arg);

#endif
