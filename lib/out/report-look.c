#include <stdio.h>
#include <string.h>

#include "data/rec.h"
#include "data/cover.h"
#include "data/shard.h"
#include "out/report.h"

#define LIST_SHOWN 200

/* ---- what was to be looked at */

static void
put_list(struct mipo_html *html, const struct mipo_rec *rec, const char *key,
    const char *element)
{
	size_t n = mipo_rec_len(rec, key);
	char path[64];

	for (size_t i = 0; i < n && i < LIST_SHOWN; i++) {
		(void)snprintf(path, sizeof(path), "%s.%zu", key, i);
		mipo_html(html, "%s<%s>%s</%s>", i == 0 ? "" : ", ", element,
		    mipo_report_str(rec, path), element);
	}
	if (n > LIST_SHOWN)
		mipo_html(html, " and %zu more", n - LIST_SHOWN);
	if (n == 0)
		mipo_html(html, "none");
}

static void
put_scope(struct mipo_html *html, const struct mipo_xview *view,
    const struct mipo_xlook *look)
{
	const struct mipo_rec *start = look->start;

	mipo_html(html, "<dl class=\"scope\"><dt>Addresses</dt><dd>");
	put_list(html, start, "targets", "code");
	mipo_html(html, "</dd><dt>Left out</dt><dd>");
	put_list(html, start, "exclusions", "code");
	mipo_html(html,
	    "</dd><dt>Ports</dt><dd><code>%s</code> (%s, %zu of "
	    "65535)</dd><dt>Pairs</dt><dd>%lu pairs of address and port</dd>"
	    "<dt>Method</dt><dd>%s</dd><dt>Scope digest</dt>"
	    "<dd class=\"hash\">%s</dd>",
	    mipo_report_str(start, "ports"),
	    view->proto_name, mipo_cover_ports(look->cover),
	    (unsigned long)mipo_cover_pairs(look->cover),
	    mipo_report_str(start, "method"),
	    mipo_report_str(start, "scope_sha256"));
	if (mipo_rec_len(start, "fence_sha256") > 0) {
		mipo_html(html,
		    "<dt>Scope files</dt><dd class=\"hash\">");
		put_list(html, start, "fence_sha256", "span");
		mipo_html(html, "</dd>");
	}
	if (mipo_rec_has(start, "contact"))
		mipo_html(html, "<dt>Contact</dt><dd>%s</dd>",
		    mipo_report_str(start, "contact"));
	mipo_html(html, "</dl>\n");
}

/* ---- what was looked at */

static bool
is_baseline(const struct mipo_report *report, const char *scan)
{
	for (size_t i = 0; i < report->baselines.n; i++)
		if (strcmp(mipo_report_str(report->baselines.recs[i], "scan"),
			scan) == 0)
			return true;
	return false;
}

/* The log entry that recorded this look, or NULL. */
static const struct mipo_rec *
entry_of(const struct mipo_report *report, const char *scan)
{
	for (size_t i = 0; i < report->entries.n; i++)
		if (strcmp(mipo_report_str(report->entries.recs[i], "scan"),
			scan) == 0)
			return report->entries.recs[i];
	return NULL;
}

static void
put_verdict(struct mipo_html *html, const struct mipo_xlook *look)
{
	const char *verdict = look->end == NULL
				  ? "interrupted"
				  : mipo_shard_verdict(look->end);
	bool complete = strcmp(verdict, "complete") == 0;
	uint64_t i, n;

	mipo_html(html,
	    "<td data-label=\"Verdict\"><span><span "
	    "class=\"tag %s\">%s</span>",
	    complete ? "ok" : "warn", verdict);
	if (look->end != NULL && mipo_shard_get(look->end, &i, &n))
		mipo_html(html, " <span class=\"small soft\">shard %lu of "
				"%lu</span>",
		    (unsigned long)i, (unsigned long)n);
	if (look->end != NULL && mipo_rec_len(look->end, "reasons") > 0) {
		mipo_html(html, " <span class=\"small soft\">");
		put_list(html, look->end, "reasons", "span");
		mipo_html(html, "</span>");
	}
	mipo_html(html, "</span></td>");
}

static void
put_coverage(struct mipo_html *html, const struct mipo_xlook *look)
{
	int64_t loss = mipo_report_int(look->end, "loss_ppm");
	int64_t drops = mipo_report_int(look->end, "capture_drops");
	char percent[32];

	if (look->end == NULL) {
		mipo_html(html,
		    "<td data-label=\"Coverage\"><span>not told"
		    "</span></td><td data-label=\"Loss\"><span>not told</span>"
		    "</td>");
		return;
	}
	mipo_html(html,
	    "<td data-label=\"Coverage\"><span>%ld planned, "
	    "%ld answered</span></td><td data-label=\"Loss\"><span>",
	    (long)mipo_report_int(look->end, "planned"),
	    (long)mipo_report_int(look->end, "answered"));
	(void)snprintf(percent, sizeof(percent), "%ld.%02ld %%",
	    (long)(loss / 10000), (long)(loss % 10000 / 100));
	mipo_html(html, "%s", loss < 0 ? "not measured" : percent);
	if (drops > 0)
		mipo_html(html,
		    " <span class=\"small soft\">%ld capture drops"
		    "</span>",
		    (long)drops);
	mipo_html(html, "</span></td>");
}

static void
put_signer(struct mipo_report *report, const struct mipo_xlook *look)
{
	const struct mipo_rec *entry =
	    entry_of(report, mipo_report_str(look->start, "scan"));
	struct mipo_html *html = &report->html;
	const char *class;
	char text[96];

	mipo_report_signer(report, look->end, &class, text);
	mipo_html(html,
	    "<td data-label=\"Scanner\"><span><span class=\"tag "
	    "%s\">%s</span>",
	    class, text);
	if (entry != NULL)
		mipo_html(html,
		    " <span class=\"small soft\">recorded by %s, log "
		    "entry %ld</span>",
		    mipo_report_str(entry, "actor.id"),
		    (long)mipo_report_int(entry, "seq"));
	mipo_html(html, "</span></td></tr>\n");
}

static void
put_look(struct mipo_report *report, const struct mipo_xlook *look)
{
	const char *scan = mipo_report_str(look->start, "scan");
	struct mipo_html *html = &report->html;

	mipo_html(html, "<tr><th scope=\"row\">");
	mipo_report_time(html, look->started_ms);
	if (is_baseline(report, scan))
		mipo_html(html, " <span class=\"small soft\">approved as "
				"baseline</span>");
	mipo_html(
	    html, "</th><td data-label=\"Look\"><code>%.8s</code></td>", scan);
	put_verdict(html, look);
	put_coverage(html, look);
	mipo_html(html,
	    "<td data-label=\"Open\" class=\"num\"><span>%zu</span>"
	    "</td>",
	    look->n_open);
	put_signer(report, look);
}

static void
put_looks(
    struct mipo_report *report, const struct mipo_xview *view, size_t scope)
{
	struct mipo_html *html = &report->html;
	size_t rows = 0;

	mipo_html(html,
	    "<div class=\"wide\"><table class=\"cards\"><caption>"
	    "Looks of this scope, newest first.</caption><thead><tr>"
	    "<th scope=\"col\">Started (UTC)</th><th scope=\"col\">Look</th>"
	    "<th scope=\"col\">Verdict</th>"
	    "<th scope=\"col\">Coverage</th><th scope=\"col\">Loss</th>"
	    "<th scope=\"col\" class=\"num\">Open</th><th scope=\"col\">Scanner"
	    "</th></tr></thead><tbody>\n");
	for (size_t i = view->n_looks; i > 0; i--) {
		if (view->looks[i - 1]->scope != scope)
			continue;
		if (rows++ < MIPO_REPORT_ROWS)
			put_look(report, view->looks[i - 1]);
	}
	mipo_html(html, "</tbody></table></div>\n");
	if (rows > MIPO_REPORT_ROWS)
		mipo_html(html,
		    "<p>%zu earlier looks are in the csv export."
		    "</p>\n",
		    rows - MIPO_REPORT_ROWS);
}

void
mipo_report_looks(struct mipo_report *report)
{
	struct mipo_html *html = &report->html;

	mipo_html(html, "<section aria-labelledby=\"looks\">"
			"<h2 id=\"looks\">Scope and looks</h2>\n");
	if (report->n_views == 0)
		mipo_html(html, "<p>None.</p>\n");
	for (size_t v = 0; v < report->n_views; v++) {
		const struct mipo_xview *view = &report->views[v];

		mipo_report_view(report, view);
		for (size_t s = 0; s < view->n_scopes; s++) {
			size_t i = 0;

			while (view->looks[i]->scope != s)
				i++;
			put_scope(html, view, view->looks[i]);
			put_looks(report, view, s);
		}
	}
	mipo_html(html, "</section>\n");
}
