#include <string.h>

#include "data/line.h"
#include "data/rec.h"
#include "out/export.h"
#include "out/report.h"

/* The hatching of all drawings: lines of one width, not a colour alone. */
static const char defs[] =
    "<svg class=\"defs\" aria-hidden=\"true\"><defs><pattern id=\"void\" "
    "width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
    "patternTransform=\"rotate(45)\"><path class=\"void\" d=\"M0 0V6\"/>"
    "</pattern><pattern id=\"dense\" width=\"4\" height=\"4\" "
    "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
    "<path class=\"void\" d=\"M0 0V4\"/></pattern></defs></svg>\n";

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void
put_top(struct mipo_report *report)
{
	struct mipo_html *html = &report->html;

	mipo_html(html,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\"/>\n"
	    "<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src "
	    "&#39;none&#39;; style-src &#39;unsafe-inline&#39;\"/>\n"
	    "<meta name=\"generator\" content=\"%s\"/>\n"
	    "<title>Exposure report</title>\n<style>\n",
	    mipo_report_str(report->opts->start, "tool"));
	mipo_out_put(html->out, mipo_report_css, strlen(mipo_report_css));
	mipo_html(html, "</style>\n</head>\n<body>\n");
	mipo_out_put(html->out, defs, sizeof(defs) - 1);
}

/* From the first look to the end of what is shown. */
static void
put_period(struct mipo_report *report)
{
	int64_t from = INT64_MAX, to = INT64_MIN;
	struct mipo_html *html = &report->html;

	for (size_t v = 0; v < report->n_views; v++) {
		const struct mipo_xview *view = &report->views[v];

		if (view->looks[0]->started_ms < from)
			from = view->looks[0]->started_ms;
		if (view->end_ms > to)
			to = view->end_ms;
	}
	mipo_html(html, "<p class=\"sub\">");
	if (report->n_views == 1)
		mipo_html(html, "Network %s, seen from %s%s<br/>\n",
		    report->views[0].network, report->views[0].vantage,
		    report->views[0].proto == MIPO_UDP ? ", UDP ports" : "");
	else
		mipo_html(
		    html, "%zu views of networks<br/>\n", report->n_views);
	if (report->n_views > 0) {
		mipo_report_time(html, from);
		mipo_html(html, " to ");
		mipo_report_time(html, to);
		mipo_html(html, " UTC");
	}
	mipo_html(html, "</p>\n");
}

static void
put_lead(struct mipo_report *report)
{
	struct mipo_html *html = &report->html;

	if (report->n_looks == 0) {
		mipo_html(html,
		    "<p class=\"lead\">No look is among these "
		    "records: nothing is known of what is open.</p>\n");
		return;
	}
	if (report->n_open == 0)
		mipo_html(html, "<p class=\"lead\">The last looks saw no open "
				"port in their scope.");
	else
		mipo_html(html,
		    "<p class=\"lead\">The last looks saw %zu open "
		    "port%s on %zu host%s, %zu of a risky kind.",
		    report->n_open, plural(report->n_open), report->n_hosts,
		    plural(report->n_hosts), report->n_risky);
	if (report->n_unknown > 0)
		mipo_html(html,
		    " For %zu more, open before, the state is "
		    "unknown now.",
		    report->n_unknown);
	else if (!mipo_report_is_current(report))
		mipo_html(html, " A last look was not conclusive: there may be "
				"more.");
	mipo_html(html, "</p>\n");
}

static size_t
open_alarms(const struct mipo_report *report)
{
	size_t n = 0;

	for (size_t i = 0; i < report->alarms.n; i++)
		n += strcmp(mipo_report_str(report->alarms.recs[i], "state"),
			 "resolved") != 0;
	return n;
}

static void
put_facts(struct mipo_report *report)
{
	struct mipo_html *html = &report->html;
	size_t alarms = open_alarms(report);

	if (report->n_looks == 0)
		mipo_html(html,
		    "<dl class=\"facts\"><div><dt>Open ports</dt>"
		    "<dd><small>not known</small></dd></div>\n");
	else
		mipo_html(html,
		    "<dl class=\"facts\"><div><dt>Open ports</dt>"
		    "<dd>%zu</dd></div>\n<div class=\"%s\"><dt>Of a risky "
		    "kind</dt><dd>%zu</dd></div>\n",
		    report->n_open, report->n_risky > 0 ? "hot" : "",
		    report->n_risky);
	if (report->alarms_told || report->alarms.seen > 0)
		mipo_html(html,
		    "<div class=\"%s\"><dt>Alarms not resolved</dt><dd>%zu</dd>"
		    "</div>\n",
		    alarms > 0 ? "hot" : "", alarms);
	else
		mipo_html(html,
		    "<div><dt>Alarms not resolved</dt><dd><small>not "
		    "told</small></dd></div>\n");
	mipo_html(html,
	    "<div><dt>Conclusive looks</dt><dd>%zu <small>of %zu"
	    "</small></dd></div></dl>\n",
	    report->n_whole, report->n_looks);
}

void
mipo_report_head(struct mipo_report *report)
{
	struct mipo_html *html = &report->html;

	put_top(report);
	mipo_html(html, "<div class=\"page\">\n<header>\n"
			"<p class=\"mark\"><b>mipo</b> evidence</p>\n"
			"<h1>Exposure report</h1>\n");
	put_period(report);
	put_lead(report);
	put_facts(report);
	mipo_html(html,
	    "<p class=\"note\">This supports the collection of "
	    "evidence and certifies nothing. <a href=\"#boundary\">What this "
	    "shows, and what it does not</a> is part of it, and so are the "
	    "<a href=\"#gaps\">gaps</a>.</p>\n<nav aria-label=\"Sections\"><ul>"
	    "%s<li><a href=\"#now\">Open now</a></li>"
	    "<li><a href=\"#changes\">Changes</a></li>"
	    "<li><a href=\"#alarms\">Alarms</a></li>"
	    "<li><a href=\"#looks\">Scope and looks</a></li>"
	    "<li><a href=\"#gaps\">Gaps</a></li>"
	    "<li><a href=\"#verify\">Check this offline</a></li></ul></nav>\n"
	    "</header>\n<main>\n",
	    report->n_views == 0 ? ""
				 : "<li><a href=\"#time\">Over time</a></li>");
}
