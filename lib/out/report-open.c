#include <stdio.h>
#include <string.h>

#include "data/ports.h"
#include "out/report.h"

#define STRIP_WIDTH 176

static const struct mipo_xpair *
pair_of(const struct mipo_now *now)
{
	return &now->view->pairs[now->i];
}

static bool
is_risky(const struct mipo_now *now)
{
	const struct mipo_service *service =
	    mipo_service_of(now->view->proto, pair_of(now)->port);

	return service != NULL && service->risky;
}

static void
strip_bar(struct mipo_html *html, const char *class, int x, int width)
{
	mipo_html(html,
	    "<rect class=\"%s\" x=\"%d\" y=\"2\" width=\"%d\" "
	    "height=\"10\"/>",
	    class, x, width > 2 ? width : 2);
}

void
mipo_report_strip(
    struct mipo_report *report, const struct mipo_now *now, bool risky)
{
	const struct mipo_xview *view = now->view;
	struct mipo_axis axis = {
	    view->looks[0]->started_ms, view->end_ms, 0, STRIP_WIDTH - 2};
	struct mipo_html *html = &report->html;
	size_t n = mipo_xview_spans(view, now->i, report->spans);

	if (axis.to_ms <= axis.from_ms)
		axis.to_ms = axis.from_ms + 1;
	mipo_html(html,
	    "<svg class=\"strip\" viewBox=\"0 0 %d 14\" "
	    "preserveAspectRatio=\"none\" aria-hidden=\"true\">"
	    "<path class=\"rail\" d=\"M0 7H%d\"/>",
	    STRIP_WIDTH, STRIP_WIDTH);
	for (size_t s = 0; s < n; s++) {
		int x = mipo_axis_x(&axis, report->spans[s].from_ms);
		int width = mipo_axis_x(&axis, report->spans[s].to_ms) - x;

		if (s + 1 == n)
			width = STRIP_WIDTH - x; /* the last look is a moment */
		if (report->spans[s].seen == MIPO_SEEN_OPEN)
			strip_bar(html, risky ? "hotbar" : "bar", x, width);
		else if (report->spans[s].seen == MIPO_SEEN_UNKNOWN)
			strip_bar(html, "blank", x, width);
		if (report->spans[s].seen == MIPO_SEEN_UNKNOWN)
			strip_bar(html, "dense", x, width);
	}
	mipo_html(html, "</svg>");
}

static void
put_pair(struct mipo_html *html, const struct mipo_now *now)
{
	const struct mipo_service *service =
	    mipo_service_of(now->view->proto, pair_of(now)->port);
	char ip[MIPO_ADDR_LEN];

	(void)mipo_addr_format(&pair_of(now)->ip, ip);
	mipo_html(html,
	    "<th scope=\"row\"><span class=\"addr\">%s</span></th>"
	    "<td data-label=\"Port\"><span class=\"port\">%u/%s</span></td>"
	    "<td data-label=\"Commonly\"><span>",
	    ip, (unsigned)pair_of(now)->port,
	    mipo_proto_name(now->view->proto));
	if (now->seen == MIPO_SEEN_UNKNOWN)
		mipo_html(html, "<span class=\"tag warn\">unknown now</span> ");
	if (service == NULL) {
		mipo_html(html, "<span class=\"soft\">not in the catalog"
				"</span></span></td>");
		return;
	}
	mipo_html(html, "%s <span class=\"soft nowrap\">%s</span>",
	    service->name, service->class_);
	if (service->risky)
		mipo_html(html,
		    " <span class=\"tag risk\">risky</span>"
		    "<span class=\"small soft\">%s</span>",
		    service->reason);
	mipo_html(html, "</span></td>");
}

static void
put_history(struct mipo_report *report, const struct mipo_now *now)
{
	mipo_html(&report->html, "<td data-label=\"History\"><span>");
	mipo_report_strip(report, now, is_risky(now));
	mipo_html(&report->html, "</span></td></tr>\n");
}

static void
put_row(struct mipo_report *report, const struct mipo_now *now)
{
	struct mipo_html *html = &report->html;

	mipo_html(html, "<tr>");
	put_pair(html, now);
	mipo_html(html, "<td data-label=\"Open since\"><span>");
	mipo_report_time(html, now->opened_ms);
	mipo_html(html,
	    "<span class=\"small soft nowrap\">%s%s%s</span></span>"
	    "</td>",
	    now->from_start ? "first look" : "",
	    now->from_start && now->gaps ? ", " : "",
	    now->gaps ? "with gaps" : "");
	put_history(report, now);
}

static void
put_gone_row(struct mipo_report *report, const struct mipo_now *now)
{
	struct mipo_html *html = &report->html;

	mipo_html(html, "<tr>");
	put_pair(html, now);
	mipo_html(html, "<td data-label=\"Last open\"><span>");
	mipo_report_time(html, now->last_ms);
	mipo_html(html, "<span class=\"small soft nowrap\">not at ");
	mipo_report_time(html, now->gone_ms);
	mipo_html(html, "</span></span></td>");
	put_history(report, now);
}

static void
put_columns(struct mipo_html *html, const struct mipo_xview *view, bool gone,
    const char *caption)
{
	char from[MIPO_WHEN_LEN], to[MIPO_WHEN_LEN];

	mipo_report_day(view->looks[0]->started_ms, from);
	mipo_report_day(view->end_ms, to);
	mipo_html(html,
	    "<div class=\"wide\"><table class=\"cards\"><caption>"
	    "%s</caption><thead><tr><th scope=\"col\">Address</th>"
	    "<th scope=\"col\">Port</th><th scope=\"col\">Commonly</th>"
	    "<th scope=\"col\">%s</th><th scope=\"col\">%s%s%s</th></tr>"
	    "</thead><tbody>\n",
	    caption, gone ? "Last seen open" : "Open since", from,
	    strcmp(from, to) == 0 ? "" : " to ",
	    strcmp(from, to) == 0 ? "" : to);
}

/* The rows of one view, those that are open or unknown, or those gone. */
static void
put_table(struct mipo_report *report, const struct mipo_xview *view, bool gone,
    const char *caption)
{
	struct mipo_html *html = &report->html;
	size_t rows = 0;

	for (size_t i = 0; i < report->n_nows; i++) {
		const struct mipo_now *now = &report->nows[i];

		if (now->view != view ||
		    gone != (now->seen == MIPO_SEEN_NOT_OPEN))
			continue;
		if (rows++ == 0)
			put_columns(html, view, gone, caption);
		if (rows <= MIPO_REPORT_ROWS)
			(gone ? put_gone_row : put_row)(report, now);
	}
	if (rows > 0)
		mipo_html(html, "</tbody></table></div>\n");
	if (rows > MIPO_REPORT_ROWS)
		mipo_html(html, "<p>%zu more rows are in the csv export.</p>\n",
		    rows - MIPO_REPORT_ROWS);
}

static size_t
count(
    const struct mipo_report *report, const struct mipo_xview *view, bool gone)
{
	size_t n = 0;

	for (size_t i = 0; i < report->n_nows; i++)
		n += report->nows[i].view == view &&
		     gone == (report->nows[i].seen == MIPO_SEEN_NOT_OPEN);
	return n;
}

void
mipo_report_open(struct mipo_report *report)
{
	struct mipo_html *html = &report->html;

	mipo_html(html, "<section aria-labelledby=\"now\">"
			"<h2 id=\"now\">Open now</h2>\n");
	if (report->n_views == 0)
		mipo_html(html, "<p>Not known: there is no look.</p>\n");
	for (size_t v = 0; v < report->n_views; v++) {
		const struct mipo_xview *view = &report->views[v];

		mipo_report_view(report, view);
		if (count(report, view, false) == 0)
			mipo_html(html, "<p>No port was seen open by the last "
					"looks.</p>\n");
		if (view->proto == MIPO_UDP)
			mipo_html(html, "<p>A UDP port is open here where it "
					"answered. What gave no answer may be "
					"open all the same.</p>\n");
		put_table(report, view, false,
		    "As of the last look of each "
		    "scope. A service name is what the port is commonly used "
		    "for, not what was found there.");
		if (count(report, view, true) > 0)
			mipo_html(html, "<h3>No longer open</h3>\n");
		put_table(report, view, true,
		    "Seen open by an earlier look, "
		    "and not by a later conclusive one.");
	}
	mipo_html(html, "</section>\n");
}
