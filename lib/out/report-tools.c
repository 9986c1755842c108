#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/text.h"
#include "data/rec.h"
#include "out/report.h"
#include "trust/key.h"
#include "trust/receipt.h"

void
mipo_report_when(int64_t ms, char ret_s[MIPO_WHEN_LEN])
{
	char iso[MIPO_TIME_LEN];

	mipo_text_time(ms, iso);
	(void)snprintf(ret_s, MIPO_WHEN_LEN, "%.10s %.8s", iso, iso + 11);
}

void
mipo_report_time(struct mipo_html *html, int64_t ms)
{
	char iso[MIPO_TIME_LEN], when[MIPO_WHEN_LEN];

	mipo_text_time(ms, iso);
	mipo_report_when(ms, when);
	mipo_html(html, "<time datetime=\"%s\">%s</time>", iso, when);
}

void
mipo_report_day(int64_t ms, char ret_s[MIPO_WHEN_LEN])
{
	static const char names[12][4] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t t = (time_t)(ms / 1000);
	struct tm tm = {0};

	(void)gmtime_r(&t, &tm);
	(void)snprintf(ret_s, MIPO_WHEN_LEN, "%d %s %d", tm.tm_mday,
	    names[tm.tm_mon], tm.tm_year + 1900);
}

void
mipo_report_span(int64_t ms, char ret_s[MIPO_WHEN_LEN])
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {
	    {86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
	int64_t seconds = ms / 1000, n;
	size_t i = 0;

	/* Two of a unit at least, so that little is lost to rounding. */
	while (i < 3 && seconds < 2 * units[i].seconds)
		i++;
	n = seconds / units[i].seconds;
	(void)snprintf(ret_s, MIPO_WHEN_LEN, "%" PRId64 " %s%s", n,
	    units[i].name, n == 1 ? "" : "s");
}

const char *
mipo_report_str(const struct mipo_rec *rec, const char *path)
{
	const char *s = rec == NULL ? NULL : mipo_rec_str(rec, path);

	return s == NULL ? "" : s;
}

int64_t
mipo_report_ms(const struct mipo_rec *rec, const char *path)
{
	int64_t ms = 0;

	if (mipo_text_untime(mipo_report_str(rec, path), &ms, NULL) != 0)
		return 0;
	return ms;
}

int64_t
mipo_report_int(const struct mipo_rec *rec, const char *path)
{
	int64_t n = 0;

	if (rec != NULL)
		(void)mipo_rec_int(rec, path, &n);
	return n;
}

void
mipo_report_view(struct mipo_report *report, const struct mipo_xview *view)
{
	if (report->n_views > 1)
		mipo_html(&report->html,
		    "<h3>Network %s, seen from %s%s</h3>\n", view->network,
		    view->vantage,
		    view->proto == MIPO_UDP ? ", UDP ports" : "");
}

bool
mipo_report_is_current(const struct mipo_report *report)
{
	for (size_t v = 0; v < report->n_views; v++) {
		const struct mipo_xview *view = &report->views[v];

		for (size_t s = 0; s < view->n_scopes; s++) {
			const struct mipo_xlook *last = NULL;

			for (size_t i = 0; i < view->n_looks; i++)
				if (view->looks[i]->scope == s)
					last = view->looks[i];
			if (!last->conclusive || last->hold_ms < view->end_ms)
				return false;
		}
	}
	return report->n_views > 0;
}

/* The registered scanner whose key made the receipt, or NULL. */
static const struct mipo_rec *
find_scanner(
    const struct mipo_report *report, const char *key, struct mipo_pub *ret_pub)
{
	for (size_t i = report->scanners.n; i > 0; i--) {
		const struct mipo_rec *rec = report->scanners.recs[i - 1];
		const char *pub = mipo_report_str(rec, "pub");
		uint8_t pk[MIPO_PK_LEN];
		size_t len;

		if (strcmp(mipo_report_str(rec, "key"), key) == 0 &&
		    mipo_unb64(pub, strlen(pub), pk, sizeof(pk), &len, NULL) ==
			0 &&
		    len == sizeof(pk)) {
			mipo_pub_set(ret_pub, pk);
			return rec;
		}
	}
	return NULL;
}

void
mipo_report_signer(struct mipo_report *report, const struct mipo_rec *end,
    const char **ret_class, char ret_text[96])
{
	const char *key = mipo_report_str(end, "key");
	enum mipo_receipt_state state = MIPO_RECEIPT_UNSIGNED;
	const struct mipo_rec *scanner;
	struct mipo_pub pub;

	scanner = find_scanner(report, key, &pub);
	if (end != NULL &&
	    mipo_receipt_check(end, scanner == NULL ? NULL : &pub, &state,
		&report->html.err) != 0)
		state = MIPO_RECEIPT_BAD; /* and the page will not be made */
	*ret_class = "warn";
	if (state == MIPO_RECEIPT_GOOD) {
		*ret_class = "ok";
		(void)snprintf(ret_text, 96, "signed by %s",
		    mipo_report_str(scanner, "name"));
	} else if (state == MIPO_RECEIPT_BAD) {
		*ret_class = "critical";
		(void)snprintf(ret_text, 96, "signature does not hold");
	} else if (state == MIPO_RECEIPT_UNKNOWN && report->scanners.n > 0) {
		(void)snprintf(ret_text, 96, "signed by unregistered key");
	} else if (state == MIPO_RECEIPT_UNKNOWN) {
		*ret_class = "soft";
		(void)snprintf(ret_text, 96, "signed, key not checked here");
	} else {
		(void)snprintf(ret_text, 96, "not signed");
	}
}
