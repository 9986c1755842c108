#include "trust/report.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

/* Copies text; what is no printable ASCII as \\xNN, cut where it is full. */
static void
show(char *to, size_t size, const char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t at = 0; *text != '\0'; text++) {
		uint8_t c = (uint8_t)*text;
		bool plain = c >= 0x20 && c < 0x7f;

		if (at + (plain ? 1 : 4) >= size)
			break;
		if (plain) {
			to[at++] = (char)c;
		} else {
			to[at++] = '\\';
			to[at++] = 'x';
			to[at++] = digits[c >> 4];
			to[at++] = digits[c & 15];
		}
		to[at] = '\0';
	}
}

void
mipo_report_put(struct mipo_report *report, enum mipo_verdict verdict,
    const char *check, const char *fmt, ...)
{
	struct mipo_finding *row;
	char raw[sizeof(row->text)];
	va_list ap;

	if (report->n == MIPO_REPORT_MAX)
		return;
	row = &report->row[report->n++];
	row->check = check;
	row->verdict = verdict;
	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	row->text[0] = '\0';
	show(row->text, sizeof(row->text), raw);
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
