#include "data/rec.h"
#include "out/boundary.h"
#include "out/export.h"
#include "out/report.h"

/* ---- how a stranger checks this */

static void
put_log(struct mipo_html *html, const struct mipo_rec *start)
{
	mipo_html(html,
	    "<p>These records were read from a log of signed "
	    "entries. The log as it was then:</p>\n<dl class=\"scope\">"
	    "<dt>Log</dt><dd class=\"hash\">%s</dd>"
	    "<dt>Entries</dt><dd>%ld</dd>"
	    "<dt>Root</dt><dd class=\"hash\">%s</dd>"
	    "<dt>Key</dt><dd class=\"hash\">%s</dd></dl>\n",
	    mipo_report_str(start, "origin"),
	    (long)mipo_report_int(start, "size"),
	    mipo_report_str(start, "root"), mipo_report_str(start, "vkey"));
	mipo_html(html,
	    "<p>On the host that keeps the log, make a bundle of "
	    "the whole log. Carry it to a machine of your own and check it "
	    "there, with the key that the log&#39;s owner gave you by another "
	    "road than this report:</p>\n<pre>mipo-audit export -o bundle.tar\n"
	    "mipo-audit verify --key KEY bundle.tar</pre>\n"
	    "<p>The number of entries may have grown since; it must not have "
	    "shrunk, and the root above must be that of the first %ld "
	    "entries.</p>\n",
	    (long)mipo_report_int(start, "size"));
}

static void
put_streams(struct mipo_report *report)
{
	struct mipo_html *html = &report->html;
	size_t rows = 0;

	mipo_html(html,
	    "<table><caption>What each look sent, by its "
	    "digest.</caption><thead><tr><th scope=\"col\">Look</th>"
	    "<th scope=\"col\">Lines</th><th scope=\"col\">SHA-256 of the "
	    "lines before the receipt</th></tr></thead><tbody>\n");
	for (size_t v = 0; v < report->n_views; v++) {
		const struct mipo_xview *view = &report->views[v];

		for (size_t i = view->n_looks; i > 0; i--) {
			const struct mipo_xlook *look = view->looks[i - 1];

			if (look->end == NULL || rows++ >= MIPO_REPORT_ROWS)
				continue;
			mipo_html(html,
			    "<tr><th scope=\"row\"><span class=\"hash\">"
			    "%s</span></th><td>%ld</td><td><span "
			    "class=\"hash\">"
			    "%s</span></td></tr>\n",
			    mipo_report_str(look->start, "scan"),
			    (long)mipo_report_int(look->end, "records"),
			    mipo_report_str(look->end, "stream_sha256"));
		}
	}
	mipo_html(html, "</tbody></table>\n");
}

void
mipo_report_verify(struct mipo_report *report)
{
	const struct mipo_rec *start = report->opts->start;
	struct mipo_html *html = &report->html;

	mipo_html(html, "<section aria-labelledby=\"verify\">"
			"<h2 id=\"verify\">Check this offline</h2>\n");
	if (*mipo_report_str(start, "origin") != '\0')
		put_log(html, start);
	else
		mipo_html(html, "<p>This report was made from records on its "
				"input. Their streams were whole where nothing "
				"else is said "
				"above, but nothing here shows where they came "
				"from.</p>\n");
	mipo_html(html,
	    "<p>The report itself is a rendering and carries no "
	    "signature. Each look ends with a receipt that holds the digest of "
	    "the lines before it. With a look in a file:</p>\n"
	    "<pre>sed &#39;$d&#39; look.ndjson | sha256sum</pre>\n"
	    "<p>must print the digest of that look in this table.</p>\n");
	if (report->n_looks > 0)
		put_streams(report);
	mipo_html(html, "</section>\n");
}

/* ---- the boundary, and the end */

void
mipo_report_foot(struct mipo_report *report)
{
	const struct mipo_rec *start = report->opts->start;
	struct mipo_html *html = &report->html;

	mipo_html(html,
	    "<section class=\"verdict\" aria-labelledby=\"boundary\">"
	    "<h2 id=\"boundary\">%s</h2>\n",
	    mipo_boundary_title);
	for (size_t i = 0; mipo_boundary[i] != NULL; i++)
		mipo_html(html, "<p>%s</p>\n", mipo_boundary[i]);
	mipo_html(html, "</section>\n</main>\n<footer>Made ");
	mipo_report_time(html, report->opts->now_ms);
	mipo_html(html,
	    " UTC by %s. All times are UTC.</footer>\n"
	    "</div>\n</body>\n</html>\n",
	    mipo_report_str(start, "tool"));
}
