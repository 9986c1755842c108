#include "trust/report.h"

#include <stdarg.h>
#include <stdio.h>

void
mipo_report_put(struct mipo_report *report, enum mipo_verdict verdict,
    const char *check, const char *fmt, ...)
{
	struct mipo_finding *row;
	va_list ap;

	if (report->n == MIPO_REPORT_MAX)
		return;
	row = &report->row[report->n++];
	row->check = check;
	row->verdict = verdict;
	va_start(ap, fmt);
	(void)vsnprintf(row->text, sizeof(row->text), fmt, ap);
	va_end(ap);
	for (char *p = row->text; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f) /* quoted foreign bytes */
			*p = '?';
}

const char *
mipo_verdict_name(enum mipo_verdict verdict)
{
	static const char *const names[] = {
	    [MIPO_PASS] = "PASS",
	    [MIPO_FAIL] = "FAIL",
	    [MIPO_NOT_CHECKED] = "NOT CHECKED",
	};

	return names[verdict];
}

bool
mipo_report_has(const struct mipo_report *report, enum mipo_verdict verdict)
{
	for (size_t i = 0; i < report->n; i++)
		if (report->row[i].verdict == verdict)
			return true;
	return false;
}
