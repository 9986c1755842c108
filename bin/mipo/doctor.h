/* What mipo doctor looks at: one row a check, one finding or more of each. */
#ifndef BIN_MIPO_DOCTOR_H
#define BIN_MIPO_DOCTOR_H

#include <stdbool.h>

#include "kit/cli.h"

struct mipo_err;

enum verdict {
	DOCTOR_OK,
	DOCTOR_LIMITED, /* works in part, or as far as it must */
	DOCTOR_BROKEN	/* something needed fails: exit status 1 */
};

/* What one look found. Texts are one line, without a full stop. */
struct finding {
	const char *check;
	enum verdict verdict;
	char found[320];
	char advice[320]; /* empty when there is nothing to do */
};

struct doctor;

/* Fills in a finding's texts and shows it. */
void doctor_say(struct doctor *doctor, enum verdict verdict,
    const char *advice, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* What the checks may ask. raw: whether raw sockets can be opened. */
const struct mipo_common *doctor_common(const struct doctor *doctor);
bool doctor_raw(void);

/* The checks, by their file. */
void doctor_privileges(struct doctor *doctor);
void doctor_sandbox(struct doctor *doctor);
void doctor_clock(struct doctor *doctor);
void doctor_actor(struct doctor *doctor);
void doctor_interfaces(struct doctor *doctor);
void doctor_programs(struct doctor *doctor);
void doctor_config(struct doctor *doctor);
void doctor_state(struct doctor *doctor);
void doctor_filesystem(struct doctor *doctor);

#endif
