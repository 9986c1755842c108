#include <string.h>

#include "data/cover.h"
#include "data/shard.h"
#include "out/report.h"

#define GAPS_SHOWN 40

static size_t
put_partial_looks(struct mipo_report *report, const struct mipo_xview *view)
{
	struct mipo_html *html = &report->html;
	size_t n = 0;

	for (size_t i = 0; i < view->n_looks; i++) {
		const struct mipo_xlook *look = view->looks[i];

		if (look->conclusive || n++ >= GAPS_SHOWN)
			continue;
		mipo_html(html, "<li>The look of ");
		mipo_report_time(html, look->started_ms);
		mipo_html(html,
		    " (<code>%.8s</code>) concludes nothing from "
		    "silence: it is %s.</li>\n",
		    mipo_report_str(look->start, "scan"),
		    look->end == NULL ? "cut, without its end record"
		    : strcmp(mipo_shard_verdict(look->end), "complete") != 0
			? mipo_shard_verdict(look->end)
			: "not signed by a registered scanner");
	}
	return n;
}

/* Times in which what the last look said had grown too old. */
static size_t
put_silences(struct mipo_report *report, const struct mipo_xview *view)
{
	struct mipo_html *html = &report->html;
	char span[MIPO_WHEN_LEN];
	size_t n = 0;

	for (size_t i = 0; i < view->n_looks; i++) {
		const struct mipo_xlook *look = view->looks[i];
		int64_t next = view->end_ms;

		for (size_t j = view->n_looks; j > i + 1; j--)
			if (view->looks[j - 1]->scope == look->scope)
				next = view->looks[j - 1]->started_ms;
		if (look->hold_ms >= next || n++ >= GAPS_SHOWN)
			continue;
		mipo_report_span(next - look->started_ms, span);
		mipo_html(html,
		    "<li>No look of scope <code>%.8s</code> for %s, "
		    "from ",
		    mipo_report_str(look->start, "scope_sha256"), span);
		mipo_report_time(html, look->started_ms);
		mipo_html(html, " on: twice the usual time and more.</li>\n");
	}
	return n;
}

/* What the last look of each scope heard nothing of, where that is open. */
static size_t
put_doubts(struct mipo_report *report, const struct mipo_xview *view)
{
	struct mipo_html *html = &report->html;
	size_t n = 0;

	for (size_t s = 0; s < view->n_scopes; s++) {
		const struct mipo_xlook *last = NULL;
		int64_t pairs;

		for (size_t i = 0; i < view->n_looks; i++)
			if (view->looks[i]->scope == s)
				last = view->looks[i];
		pairs = mipo_report_int(last->end, "counts.open_filtered");
		if (pairs <= 0)
			continue;
		n++;
		mipo_html(html,
		    "<li>Of %lu pairs of scope <code>%.8s</code> %ld gave no "
		    "answer to the last look: they are open or filtered, which "
		    "silence by %s does not tell apart.</li>\n",
		    (unsigned long)mipo_cover_pairs(last->cover),
		    mipo_report_str(last->start, "scope_sha256"), (long)pairs,
		    view->proto_name);
	}
	return n;
}

static void
put_unseen(struct mipo_report *report, const struct mipo_xview *view)
{
	struct mipo_html *html = &report->html;

	for (size_t s = 0; s < view->n_scopes; s++) {
		const struct mipo_xlook *look;
		size_t i = 0;

		while (view->looks[i]->scope != s)
			i++;
		look = view->looks[i];
		mipo_html(html,
		    "<li>Network %s from %s, scope <code>%.8s</code>: "
		    "%s and every other protocol, %zu of 65535 %s ports of "
		    "each address, and every address that the scope does not "
		    "name.</li>\n",
		    view->network, view->vantage,
		    mipo_report_str(look->start, "scope_sha256"),
		    view->proto == MIPO_UDP ? "TCP" : "UDP",
		    65535 - mipo_cover_ports(look->cover),
		    view->proto_name);
	}
}

static size_t
put_unknown_now(struct mipo_report *report)
{
	struct mipo_html *html = &report->html;

	if (report->n_unknown > 0)
		mipo_html(html,
		    "<li>Of %zu port%s that %s seen open before, the "
		    "state is unknown now.</li>\n",
		    report->n_unknown, report->n_unknown == 1 ? "" : "s",
		    report->n_unknown == 1 ? "was" : "were");
	return report->n_unknown;
}

void
mipo_report_gaps(struct mipo_report *report, const char *why_partial)
{
	struct mipo_html *html = &report->html;
	size_t n = 0;

	mipo_html(html,
	    "<section aria-labelledby=\"gaps\">"
	    "<h2 id=\"gaps\">Gaps</h2>\n<h3>Within the scope</h3>\n<ul>\n");
	if (why_partial != NULL) {
		mipo_html(html,
		    "<li>The records that this report was made from "
		    "were not whole: %s.</li>\n",
		    why_partial);
		n++;
	}
	n += put_unknown_now(report);
	for (size_t v = 0; v < report->n_views; v++) {
		n += put_partial_looks(report, &report->views[v]);
		n += put_silences(report, &report->views[v]);
		n += put_doubts(report, &report->views[v]);
	}
	if (report->n_looks == 0) {
		mipo_html(html, "<li>There is no look among these records: "
				"they say nothing of what is open.</li>\n");
		n++;
	}
	if (n == 0)
		mipo_html(html, "<li>None that these records tell of: every "
				"look is conclusive.</li>\n");
	mipo_html(html, "</ul>\n<h3>Not looked at</h3>\n<ul>\n");
	for (size_t v = 0; v < report->n_views; v++)
		put_unseen(report, &report->views[v]);
	if (report->n_views == 0)
		mipo_html(html, "<li>Nothing was looked at.</li>\n");
	mipo_html(html, "</ul>\n</section>\n");
}
