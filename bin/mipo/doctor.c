#include "bin/mipo/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "base/buf.h"
#include "bin/mipo/mipo.h"
#include "data/line.h"
#include "data/rec.h"

static const struct {
	const char *name;
	void (*look)(struct doctor *doctor);
} checks[] = {{"privileges", doctor_privileges},
    {"interfaces", doctor_interfaces}, {"sandbox", doctor_sandbox},
    {"actor", doctor_actor}, {"clock", doctor_clock},
    {"programs", doctor_programs}, {"config", doctor_config},
    {"state", doctor_state}, {"filesystem", doctor_filesystem}};

struct doctor {
	const struct mipo_common *common;
	struct mipo_out *out;
	const char *check;
	bool table;
	bool broken;
};

static const char *const verdicts[] = {"ok", "limited", "broken"};

const struct mipo_common *
doctor_common(const struct doctor *doctor)
{
	return doctor->common;
}

static void
put_record(struct doctor *doctor, const struct finding *finding)
{
	struct mipo_rec *rec = mipo_rec_start("doctor", NULL);

	if (rec == NULL)
		return;
	mipo_rec_put_str(rec, "check", finding->check);
	mipo_rec_put_str(rec, "verdict", verdicts[finding->verdict]);
	mipo_rec_put_str(rec, "found", finding->found);
	if (finding->advice[0] != '\0')
		mipo_rec_put_str(rec, "advice", finding->advice);
	mipo_out_rec(doctor->out, rec);
	mipo_rec_free(rec);
}

static void
put_row(struct doctor *doctor, const struct finding *finding)
{
	struct mipo_buf row;

	mipo_buf_init(&row, 4096);
	mipo_buf_putf(&row, "%-8s %-11s ", verdicts[finding->verdict],
	    finding->check);
	mipo_text_show(&row, finding->found, strlen(finding->found));
	if (finding->advice[0] != '\0') {
		mipo_buf_putf(&row, "\n%-20s -> ", "");
		mipo_text_show(&row, finding->advice, strlen(finding->advice));
	}
	mipo_out_line(doctor->out, row.data, row.len);
	mipo_buf_release(&row);
}

void
doctor_say(struct doctor *doctor, enum verdict verdict, const char *advice,
    const char *fmt, ...)
{
	struct finding finding = {.check = doctor->check, .verdict = verdict};
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(finding.found, sizeof(finding.found), fmt, ap);
	va_end(ap);
	(void)snprintf(finding.advice, sizeof(finding.advice), "%s",
	    advice == NULL ? "" : advice);
	if (verdict == DOCTOR_BROKEN)
		doctor->broken = true;
	if (doctor->table)
		put_row(doctor, &finding);
	else
		put_record(doctor, &finding);
}

static int
run(void *arg, int argc, char **argv)
{
	const struct mipo_common *common = arg;
	struct doctor doctor = {.common = common,
	    .table = strcmp(common->format, "table") == 0};
	struct mipo_err err = {0};

	(void)argc;
	(void)argv;
	doctor.out = mipo_out_new(STDOUT_FILENO, "standard output", &err);
	if (doctor.out == NULL)
		return mipo_log_fail(&err, "doctor");
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		doctor.check = checks[i].name;
		checks[i].look(&doctor);
	}
	(void)mipo_out_flush(doctor.out, &err);
	mipo_out_free(doctor.out);
	if (err.code != MIPO_E_NONE)
		return mipo_log_fail(&err, "doctor");
	return doctor.broken ? 1 : 0;
}

const struct mipo_sub mipo_doctor = {.name = "doctor",
    .operands = "",
    .summary = "what works on this machine, and what to do about the rest",
    .size = sizeof(struct mipo_common),
    .run = run};
