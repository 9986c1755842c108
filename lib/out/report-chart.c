#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "out/report.h"

#define STUB 6

/* One drawing, in units that are pixels at its natural width. */
struct chart {
	struct mipo_html *html;
	const struct mipo_xview *view;
	const struct mipo_xpoint *points;
	size_t n;
	struct mipo_axis x;
	int top, bottom;
	uint64_t most; /* the value at the top */
};

static int
y_of(const struct chart *chart, uint64_t n)
{
	return chart->bottom -
	       (int)((uint64_t)(chart->bottom - chart->top) * n / chart->most);
}

/* Where what is said at point i ends. */
static int64_t
until(const struct chart *chart, size_t i)
{
	return i + 1 < chart->n ? chart->points[i + 1].at_ms
				: chart->view->end_ms;
}

/* 1, 2 or 5 times a power of ten, for about four lines. */
static uint64_t
step_of(uint64_t most)
{
	uint64_t step = 1;

	for (;;) {
		if (most <= 4 * step)
			return step;
		if (most <= 8 * step)
			return 2 * step;
		if (most <= 20 * step)
			return 5 * step;
		step *= 10;
	}
}

static void
draw_grid(struct chart *chart, uint64_t step)
{
	for (uint64_t n = 0; n <= chart->most; n += step) {
		int y = y_of(chart, n);

		mipo_html(chart->html,
		    "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%d\" "
		    "y2=\"%d\"/><text class=\"label\" x=\"%d\" y=\"%d\" "
		    "text-anchor=\"end\">%lu</text>\n",
		    n == 0 ? "axis" : "grid", chart->x.left, chart->x.right, y,
		    y, chart->x.left - 8, y + 4, (unsigned long)n);
	}
}

static void
draw_tick(void *arg, int64_t ms, const char *label, bool strong)
{
	struct chart *chart = arg;
	int x = mipo_axis_x(&chart->x, ms);

	mipo_html(chart->html,
	    "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
	    strong ? "axis" : "grid", x, x, strong ? chart->top : chart->bottom,
	    chart->bottom + 5);
	mipo_html(chart->html,
	    "<text class=\"label\" x=\"%d\" y=\"%d\" "
	    "text-anchor=\"middle\">%s</text>\n",
	    x, chart->bottom + 38, label);
}

/* The step line over the spans that are known. */
static void
draw_line(struct chart *chart, const char *class, bool risky)
{
	bool pen = false;

	mipo_html(chart->html, "<path class=\"%s\" d=\"", class);
	for (size_t i = 0; i < chart->n; i++) {
		const struct mipo_xpoint *point = &chart->points[i];
		int y = y_of(chart, risky ? point->risky : point->open), x;

		if (!point->known) {
			pen = false;
			continue;
		}
		if (pen)
			mipo_html(chart->html, "V%d", y);
		else
			mipo_html(chart->html, "M%d %d",
			    mipo_axis_x(&chart->x, point->at_ms), y);
		x = mipo_axis_x(&chart->x, until(chart, i));
		if (i + 1 == chart->n) /* the last look is a moment */
			x += STUB;
		mipo_html(chart->html, "H%d", x);
		pen = true;
	}
	mipo_html(chart->html, "\"/>\n");
}

/* What is under the line, and the hatched spans where nothing is known. */
static void
draw_areas(struct chart *chart)
{
	for (size_t i = 0; i < chart->n; i++) {
		const struct mipo_xpoint *point = &chart->points[i];
		int x = mipo_axis_x(&chart->x, point->at_ms);
		int width = mipo_axis_x(&chart->x, until(chart, i)) - x;
		int y = point->known ? y_of(chart, point->open) : chart->top;

		if (width > 0 && y < chart->bottom)
			mipo_html(chart->html,
			    "<rect class=\"%s\" x=\"%d\" y=\"%d\" "
			    "width=\"%d\" height=\"%d\"/>\n",
			    point->known ? "area" : "hatch", x, y, width,
			    chart->bottom - y);
	}
}

static void
draw_look(struct chart *chart, const struct mipo_xlook *look)
{
	int x = mipo_axis_x(&chart->x, look->started_ms);
	int y = chart->bottom + 14;

	if (look->conclusive)
		mipo_html(chart->html,
		    "<circle class=\"look\" cx=\"%d\" "
		    "cy=\"%d\" r=\"%d\"/>",
		    x, y,
		    (int)chart->view->n_looks * 12 >
			    chart->x.right - chart->x.left
			? 2
			: 4);
	else
		mipo_html(chart->html,
		    "<path class=\"part\" "
		    "d=\"M%d %dl5 5l-5 5l-5 -5z\"/>",
		    x, y - 5);
}

/* The last values, beside the line, apart enough to be read. */
static void
draw_ends(struct chart *chart)
{
	const struct mipo_xpoint *last = &chart->points[chart->n - 1];
	int open = y_of(chart, last->open), risky = y_of(chart, last->risky);

	if (!last->known)
		return;
	if (risky - open < 15)
		risky = open + 15;
	mipo_html(chart->html,
	    "<text class=\"end openend\" x=\"%d\" "
	    "y=\"%d\">%lu open</text>\n",
	    chart->x.right + 12, open + 4, (unsigned long)last->open);
	mipo_html(chart->html,
	    "<text class=\"end riskyend\" x=\"%d\" "
	    "y=\"%d\">%lu risky</text>\n",
	    chart->x.right + 12, risky + 4, (unsigned long)last->risky);
}

static void
draw(struct chart *chart, const char *class, int width, int ticks)
{
	const struct mipo_xpoint *last = &chart->points[chart->n - 1];
	uint64_t most = 1, step;

	for (size_t i = 0; i < chart->n; i++)
		if (chart->points[i].known && chart->points[i].open > most)
			most = chart->points[i].open;
	step = step_of(most);
	chart->most = (most + step - 1) / step * step;
	chart->top = 10;
	chart->bottom = 210;
	chart->x.left = 44;
	chart->x.right = width - 76;
	mipo_html(chart->html,
	    "<svg class=\"%s\" viewBox=\"0 0 %d 256\" "
	    "role=\"img\" aria-label=\"Open ports over time, at the end %lu, "
	    "of them %lu of a risky kind. The numbers follow as a table.\">\n",
	    class, width, (unsigned long)last->open,
	    (unsigned long)last->risky);
	draw_areas(chart);
	draw_grid(chart, step);
	mipo_axis_ticks(&chart->x, ticks, draw_tick, chart);
	draw_line(chart, "open", false);
	draw_line(chart, "risky", true);
	for (size_t i = 0; i < chart->view->n_looks; i++)
		draw_look(chart, chart->view->looks[i]);
	draw_ends(chart);
	mipo_html(chart->html, "</svg>\n");
}

static void
put_numbers(struct chart *chart)
{
	size_t from =
	    chart->n > MIPO_REPORT_ROWS ? chart->n - MIPO_REPORT_ROWS : 0;

	mipo_html(chart->html,
	    "<details><summary>The numbers as a table"
	    "</summary>\n<table><thead><tr><th scope=\"col\">From (UTC)</th>"
	    "<th scope=\"col\">Open</th><th scope=\"col\">Risky</th></tr>"
	    "</thead><tbody>\n");
	for (size_t i = from; i < chart->n; i++) {
		const struct mipo_xpoint *point = &chart->points[i];

		mipo_html(chart->html, "<tr><th scope=\"row\">");
		mipo_report_time(chart->html, point->at_ms);
		if (point->known)
			mipo_html(chart->html,
			    "</th><td>%lu</td><td>%lu</td></tr>\n",
			    (unsigned long)point->open,
			    (unsigned long)point->risky);
		else
			mipo_html(chart->html, "</th><td>unknown</td>"
					       "<td>unknown</td></tr>\n");
	}
	mipo_html(chart->html, "</tbody></table></details>\n");
}

static void
put_key(struct mipo_html *html)
{
	mipo_html(html,
	    "<ul class=\"key\" aria-hidden=\"true\">"
	    "<li><svg viewBox=\"0 0 28 12\"><rect class=\"area\" y=\"6\" "
	    "width=\"28\" height=\"6\"/><path class=\"open\" "
	    "d=\"M0 6H28\"/></svg>all open ports</li>"
	    "<li><svg viewBox=\"0 0 28 12\"><path class=\"risky\" "
	    "d=\"M0 6H28\"/></svg>of a risky kind</li>"
	    "<li><svg viewBox=\"0 0 28 12\"><rect class=\"hatch\" "
	    "width=\"28\" height=\"12\"/></svg>unknown</li>"
	    "<li><svg viewBox=\"0 0 28 12\"><circle class=\"look\" "
	    "cx=\"14\" cy=\"6\" r=\"4\"/></svg>a conclusive look</li>"
	    "<li><svg viewBox=\"0 0 28 12\"><path class=\"part\" "
	    "d=\"M14 1l5 5l-5 5l-5 -5z\"/></svg>one that is not</li></ul>\n");
}

static int
put_chart(struct mipo_report *report, const struct mipo_xview *view,
    struct mipo_err *err)
{
	struct mipo_xpoint *points;
	struct chart chart = {.html = &report->html, .view = view};

	if (mipo_xview_points(view, &points, &chart.n, err) != 0)
		return -1;
	chart.points = points;
	chart.x.from_ms = points[0].at_ms;
	chart.x.to_ms = view->end_ms;
	mipo_html(chart.html, "<figure>\n");
	put_key(chart.html);
	draw(&chart, "broad", 1072, 9);
	draw(&chart, "narrow", 440, 4);
	put_numbers(&chart);
	mipo_html(chart.html, "</figure>\n");
	free(points);
	return 0;
}

int
mipo_report_charts(struct mipo_report *report, struct mipo_err *err)
{
	int r = 0;

	mipo_html(&report->html,
	    "<section aria-labelledby=\"time\">"
	    "<h2 id=\"time\">Exposure over time</h2>\n"
	    "<p class=\"soft\">Each step is a look. What was seen holds until "
	    "the next look of the same scope; after a look that is not "
	    "conclusive, and after twice the usual time without one, the state "
	    "is unknown and is drawn as unknown.</p>\n");
	for (size_t i = 0; i < report->n_views && r == 0; i++) {
		const struct mipo_xview *view = &report->views[i];

		mipo_report_view(report, view);
		if (view->end_ms > view->looks[0]->started_ms)
			r = put_chart(report, view, err);
		else
			mipo_html(&report->html,
			    "<p>There is one look only: "
			    "what was before and after it is unknown.</p>\n");
	}
	mipo_html(&report->html, "</section>\n");
	return r;
}
