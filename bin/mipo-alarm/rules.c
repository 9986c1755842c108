#include "bin/mipo-alarm/alarm.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "data/line.h"
#include "data/rec.h"
#include "judge/rule.h"

#define WIDTH  78
#define INDENT 16

/* A sentence in lines of at most WIDTH columns behind a label. */
static void
put_text(struct mipo_out *out, const char *label, const char *text)
{
	char row[WIDTH + 1];
	size_t len, cut;

	for (; *text != '\0'; text += len + strspn(text + len, " ")) {
		len = strlen(text);
		if (len > WIDTH - INDENT) {
			for (cut = WIDTH - INDENT; cut > 0 && text[cut] != ' ';)
				cut--;
			len = cut > 0 ? cut : WIDTH - INDENT;
		}
		(void)snprintf(row, sizeof(row), "      %-*s%.*s", INDENT - 6,
		    label, (int)len, text);
		mipo_out_line(out, row, strlen(row));
		label = "";
	}
}

static void
put_rule(struct mipo_out *out, const struct mipo_rule *rule)
{
	char row[160];

	(void)snprintf(row, sizeof(row), "%-4s  %-17s %-8s  %s", rule->code,
	    rule->id, mipo_severity_name(rule->severity), rule->title);
	mipo_out_line(out, row, strlen(row));
	put_text(out, "fires", rule->condition);
	put_text(out, "ends", rule->resolves);
	if (rule->worse != rule->severity)
		put_text(
		    out, mipo_severity_name(rule->worse), rule->worse_when);
}

static int
put_record(struct mipo_out *out, const struct mipo_rule *rule,
    struct mipo_err *err)
{
	struct mipo_rec *rec = mipo_rule_rec(rule, err);
	int r;

	if (rec == NULL)
		return -1;
	r = mipo_rec_ok(rec, err);
	mipo_out_rec(out, rec);
	mipo_rec_free(rec);
	return r;
}

static int
run_rules(void *arg, int argc, char **argv)
{
	const struct mipo_common *common = arg;
	struct mipo_err err = {0};
	struct mipo_out *out =
	    mipo_out_new(STDOUT_FILENO, "standard output", &err);
	int r = out == NULL ? -1 : 0;

	(void)argc;
	(void)argv;
	for (const struct mipo_rule *rule = mipo_rules;
	     r == 0 && rule->id != NULL; rule++) {
		if (bin_table(common))
			put_rule(out, rule);
		else
			r = put_record(out, rule, &err);
	}
	if (r == 0)
		r = mipo_out_flush(out, &err);
	mipo_out_free(out);
	return r == 0 ? 0 : bin_fail(&err, "writing");
}

const struct mipo_sub alarm_rules = {
    .name = "rules",
    .operands = "",
    .summary = "the rules: what each looks for, and what ends its alarms",
    .size = sizeof(struct mipo_common),
    .run = run_rules,
};
