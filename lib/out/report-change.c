#include <string.h>

#include "base/text.h"
#include "data/rec.h"
#include "out/report.h"

/* ---- changes */

/* Marks as mipo-diff has them, and words for people. */
static const struct {
	const char *kind, *class, *mark, *text;
} kinds[] = {
    {"opened", "mark-plus", "+", "opened"},
    {"first_seen_open", "mark-plus", "+", "first seen open"},
    {"host_appeared", "mark-plus", "+", "host appeared"},
    {"closed", "mark-minus", "-", "closed"},
    {"filtered", "mark-minus", "-", "filtered"},
    {"host_gone", "mark-minus", "-", "host gone"},
    {"unfiltered", "mark-tilde", "~", "unfiltered"},
    {"silent", "mark-ask", "?", "silent"},
    {"uncovered", "mark-ask", "?", "no longer covered"},
};

static void
put_kind(struct mipo_html *html, const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0) {
			mipo_html(html, "<span class=\"%s\">%s</span>%s",
			    kinds[i].class, kinds[i].mark, kinds[i].text);
			return;
		}
	mipo_html(html, "%s", kind);
}

/* "192.0.2.1" and "22/tcp", where the record has them. */
static void
put_where(struct mipo_html *html, const struct mipo_rec *rec)
{
	const char *proto = mipo_report_str(rec, "proto");
	int64_t port;

	mipo_html(html, "<span class=\"nowrap\"><span class=\"addr\">%s</span>",
	    mipo_report_str(rec, "ip"));
	if (mipo_rec_int(rec, "port", &port))
		mipo_html(html, " <span class=\"port\">%ld/%s</span>",
		    (long)port, *proto == '\0' ? "tcp" : proto);
	mipo_html(html, "</span>");
}

static void
put_change(struct mipo_html *html, const struct mipo_rec *rec)
{
	size_t n = mipo_rec_len(rec, "ports");

	mipo_html(html, "<tr><th scope=\"row\"><span class=\"nowrap\">");
	put_kind(html, mipo_report_str(rec, "kind"));
	mipo_html(html, "</span></th><td data-label=\"Where\"><span>");
	put_where(html, rec);
	if (n > 0)
		mipo_html(html, " <span class=\"soft\">%zu open port%s</span>",
		    n, n == 1 ? "" : "s");
	mipo_html(html,
	    "</span></td><td data-label=\"Before\"><span>%s</span>"
	    "</td><td data-label=\"After\"><span>%s</span></td>"
	    "<td data-label=\"Look\"><code>%.8s</code></td></tr>\n",
	    mipo_report_str(rec, "before"), mipo_report_str(rec, "after"),
	    mipo_report_str(rec, "new_scan"));
}

/* Where the changes begin that one look saw, the last of which is end - 1. */
static size_t
block_of(const struct mipo_kept *changes, size_t end)
{
	const char *scan =
	    mipo_report_str(changes->recs[end - 1], "new_scan");
	size_t at = end - 1;

	while (at > 0 &&
	    strcmp(mipo_report_str(changes->recs[at - 1], "new_scan"),
		scan) == 0)
		at--;
	return at;
}

static void
put_changes(struct mipo_report *report)
{
	struct mipo_html *html = &report->html;
	const struct mipo_kept *changes = &report->changes;

	mipo_html(html,
	    "<div class=\"wide\"><table class=\"cards\"><caption>"
	    "From each look to the next that can be compared, newest first."
	    "</caption><thead><tr><th scope=\"col\">Change</th>"
	    "<th scope=\"col\">Where</th><th scope=\"col\">Before</th>"
	    "<th scope=\"col\">After</th><th scope=\"col\">Seen by look</th>"
	    "</tr></thead><tbody>\n");
	for (size_t end = changes->n, at; end > 0; end = at) {
		at = block_of(changes, end);
		for (size_t i = at; i < end; i++)
			put_change(html, changes->recs[i]);
	}
	mipo_html(html, "</tbody></table></div>\n");
	if (changes->seen > changes->n)
		mipo_html(html,
		    "<p>%lu earlier changes are in the csv export."
		    "</p>\n",
		    (unsigned long)(changes->seen - changes->n));
}

void
mipo_report_changes(struct mipo_report *report)
{
	struct mipo_html *html = &report->html;
	size_t open = 0;

	for (size_t i = 0; i < report->diffs.n; i++)
		open += strcmp(mipo_report_str(report->diffs.recs[i], "status"),
			    "inconclusive") == 0;
	mipo_html(html, "<section aria-labelledby=\"changes\">"
			"<h2 id=\"changes\">Changes</h2>\n");
	if (report->changes.n > 0)
		put_changes(report);
	else if (report->diffs.seen > 0)
		mipo_html(html,
		    "<p>No change in %lu comparison%s of one look "
		    "with the next.</p>\n",
		    (unsigned long)report->diffs.seen,
		    report->diffs.seen == 1 ? "" : "s");
	else
		mipo_html(html,
		    "<p>No difference of looks was among the records.%s"
		    "</p>\n",
		    report->n_views == 0 ? "" :
			" The histories above show what came and went.");
	if (open > 0)
		mipo_html(html,
		    "<p>%zu of the comparisons %s inconclusive: a "
		    "look was not complete, so that more may have changed than "
		    "is told here.</p>\n",
		    open, open == 1 ? "is" : "are");
	mipo_html(html, "</section>\n");
}

/* ---- alarms */

static int
rank_of(const struct mipo_rec *alarm)
{
	const char *state = mipo_report_str(alarm, "state");

	return strcmp(state, "open") == 0	    ? 0
	       : strcmp(state, "acknowledged") == 0 ? 1
						    : 2;
}

static void
put_alarm_state(struct mipo_html *html, const struct mipo_rec *rec)
{
	static const char *const classes[] = {"risk", "warn", "ok"};
	const char *reason = mipo_report_str(rec, "reason");
	const char *actor = mipo_report_str(rec, "actor.id");

	if (*actor == '\0')
		actor = mipo_report_str(rec, "actor");
	mipo_html(html,
	    "<td data-label=\"State\"><span><span "
	    "class=\"tag %s\">%s</span>",
	    classes[rank_of(rec)], mipo_report_str(rec, "state"));
	if (*actor != '\0')
		mipo_html(
		    html, " <span class=\"small soft\">by %s</span>", actor);
	if (*reason != '\0')
		mipo_html(
		    html, " <span class=\"small soft\">%s</span>", reason);
	if (strcmp(mipo_report_str(rec, "condition"), "unknown") == 0)
		mipo_html(html, " <span class=\"small soft\">whether it still "
				"holds is unknown</span>");
	mipo_html(html, "</span></td></tr>\n");
}

static void
put_alarm(struct mipo_html *html, const struct mipo_rec *rec)
{
	int64_t since = mipo_report_ms(rec, "since");
	const char *severity = mipo_report_str(rec, "severity");

	mipo_html(html,
	    "<tr><th scope=\"row\">%s <span class=\"small soft\">"
	    "%s %s</span></th><td data-label=\"Severity\"><span><span "
	    "class=\"tag %s\">%s</span></span></td>"
	    "<td data-label=\"Where\"><span>",
	    mipo_report_str(rec, "summary"), mipo_report_str(rec, "code"),
	    mipo_report_str(rec, "rule"), severity, severity);
	put_where(html, rec);
	mipo_html(html, "</span></td><td data-label=\"Since\"><span>");
	mipo_report_time(html, since != 0 ? since : mipo_report_ms(rec, "ts"));
	mipo_html(html, "</span></td>");
	put_alarm_state(html, rec);
}

static void
put_alarms(struct mipo_report *report)
{
	const struct mipo_kept *alarms = &report->alarms;
	struct mipo_html *html = &report->html;

	mipo_html(html,
	    "<div class=\"wide\"><table class=\"cards\"><caption>"
	    "As they stand, open ones first. An alarm that somebody "
	    "acknowledged is not settled.</caption><thead><tr>"
	    "<th scope=\"col\">Alarm</th><th scope=\"col\">Severity</th>"
	    "<th scope=\"col\">Where</th><th scope=\"col\">Since</th>"
	    "<th scope=\"col\">State</th></tr></thead><tbody>\n");
	for (int rank = 0; rank < 3; rank++)
		for (size_t i = 0; i < alarms->n; i++)
			if (rank_of(alarms->recs[i]) == rank)
				put_alarm(html, alarms->recs[i]);
	mipo_html(html, "</tbody></table></div>\n");
}

void
mipo_report_alarms(struct mipo_report *report)
{
	struct mipo_html *html = &report->html;

	mipo_html(html, "<section aria-labelledby=\"alarms\">"
			"<h2 id=\"alarms\">Alarms</h2>\n");
	if (report->alarms.n > 0)
		put_alarms(report);
	else if (report->alarms_told)
		mipo_html(html, "<p>No alarm.</p>\n");
	else
		mipo_html(html, "<p>Alarms were not among the records: nothing "
				"is said about them.</p>\n");
	mipo_html(html, "</section>\n");
}
