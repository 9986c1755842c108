/* What a verification found: a row a check, in the order they were made. */
#ifndef MIPO_TRUST_REPORT_H
#define MIPO_TRUST_REPORT_H

#include <stdbool.h>
#include <stddef.h>

enum mipo_verdict {
	MIPO_PASS,
	MIPO_FAIL,	 /* evidence of tampering */
	MIPO_NOT_CHECKED /* and why not */
};

#define MIPO_REPORT_MAX 32

struct mipo_finding {
	const char *check; /* one word, a literal */
	enum mipo_verdict verdict;
	char text[320]; /* the reason; other bytes than ASCII as \\xNN */
};

struct mipo_report {
	struct mipo_finding row[MIPO_REPORT_MAX];
	size_t n;
};

/* Adds a row. */
void mipo_report_put(struct mipo_report *report, enum mipo_verdict verdict,
    const char *check, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* "PASS", "FAIL", "NOT CHECKED". */
const char *mipo_verdict_name(enum mipo_verdict verdict);

/* Whether a row has this verdict. */
bool mipo_report_has(
    const struct mipo_report *report, enum mipo_verdict verdict);

#endif
