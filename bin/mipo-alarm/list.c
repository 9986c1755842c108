#include "bin/mipo-alarm/alarm.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/text.h"
#include "data/line.h"
#include "data/rec.h"
#include "judge/alarm.h"
#include "store/state.h"

struct list_opts {
	struct mipo_common common;
	const char *previous;
	bool all;
	const char *severity;
};

#define PREVIOUS                                                        \
	{.name = "previous", .kind = MIPO_OPT_STR, .arg = "FILE",       \
	    .offset = offsetof(struct list_opts, previous),             \
	    .help = "alarms as eval wrote them (no state is used)"}

static const struct mipo_opt list_rows[] = {PREVIOUS,
    {.name = "all", .letter = 'a', .kind = MIPO_OPT_FLAG,
	.offset = offsetof(struct list_opts, all),
	.help = "resolved ones too"},
    {.name = "severity", .kind = MIPO_OPT_CHOICE, .arg = "SEVERITY",
	.choices = "info|low|medium|high|critical",
	.offset = offsetof(struct list_opts, severity),
	.help = "of this severity or more"},
    {.name = NULL}};

static const struct mipo_opt show_rows[] = {PREVIOUS, {.name = NULL}};

/* All alarms of the file or of the state; 0, or -1 with err. */
static int
load(const struct list_opts *opts, struct mipo_alarms *alarms, bool *ret_cut,
    struct mipo_err *err)
{
	struct mipo_state *state = NULL;
	char *path = NULL;
	int r = -1;

	*ret_cut = false;
	if (opts->previous != NULL)
		return alarm_load_file(opts->previous, alarms, ret_cut, err);
	if (alarm_open(&opts->common, false, &state, err) == 0) {
		if (state == NULL)
			(void)mipo_state_find(NULL, false, &path, err);
		else if (mipo_state_read_begin(state, err) == 0) {
			r = alarm_load_state(state, true, alarms, err);
			mipo_state_read_end(state);
		}
	}
	mipo_state_close(state);
	return r;
}

static bool
wanted(const struct list_opts *opts, const struct mipo_alarm *alarm)
{
	if (!opts->all && alarm->state == MIPO_ALARM_RESOLVED)
		return false;
	return opts->severity == NULL ||
	    (int)alarm->severity >= mipo_severity_find(opts->severity);
}

static int
list(const struct list_opts *opts, struct mipo_alarms *alarms, bool cut)
{
	struct mipo_err err = {0};
	struct alarm_writer *writer =
	    alarm_writer_new(&opts->common, alarm_network(alarms), &err);
	size_t n = 0;
	int r = -1;

	mipo_alarms_sort(alarms);
	for (size_t i = 0; writer != NULL && i < mipo_alarms_count(alarms);
	     i++)
		if (wanted(opts, mipo_alarms_at(alarms, i))) {
			alarm_writer_put(
			    writer, mipo_alarms_at(alarms, i)->rec);
			n++;
		}
	if (writer != NULL)
		r = alarm_writer_end(
		    writer, cut ? "inconclusive" : "ok", &err);
	alarm_writer_free(writer);
	if (r != 0)
		return bin_fail(&err, "writing");
	if (n == 0 && !cut && bin_table(&opts->common))
		mipo_log(MIPO_LOG_INFO, "no alarm%s%s is %s",
		    opts->severity == NULL ? "" : " of severity ",
		    opts->severity == NULL ? "" : opts->severity,
		    opts->all ? "there" : "open");
	return cut ? 3 : 0;
}

static int
run_list(void *arg, int argc, char **argv)
{
	const struct list_opts *opts = arg;
	struct mipo_err err = {0};
	struct mipo_alarms *alarms = mipo_alarms_new(&err);
	bool cut;
	int status;

	(void)argc;
	(void)argv;
	if (alarms == NULL || load(opts, alarms, &cut, &err) != 0)
		status = bin_fail(&err, "reading the alarms");
	else
		status = list(opts, alarms, cut);
	mipo_alarms_free(alarms);
	return status;
}

static void
put_field(
    struct mipo_out *out, const struct mipo_rec *rec, const char *key)
{
	const char *text = mipo_rec_str(rec, key);
	struct mipo_buf row;
	char number[40];
	int64_t n;

	if (text == NULL && mipo_rec_int(rec, key, &n)) {
		(void)snprintf(number, sizeof(number), "%lld", (long long)n);
		text = number;
	}
	mipo_buf_init(&row, MIPO_REC_MAX_READ);
	if (text != NULL) {
		mipo_buf_putf(&row, "%-12s ", key);
		mipo_text_show(&row, text, strlen(text));
		mipo_out_line(out, row.data, row.len);
	}
	for (size_t i = 0; i < mipo_rec_len(rec, key); i++) {
		(void)snprintf(number, sizeof(number), "%.12s.%zu", key, i);
		text = mipo_rec_str(rec, number);
		mipo_buf_clear(&row);
		mipo_buf_putf(&row, "%-12s ", i == 0 ? key : "");
		if (text != NULL)
			mipo_text_show(&row, text, strlen(text));
		mipo_out_line(out, row.data, row.len);
	}
	mipo_buf_release(&row);
}

static int
show(const struct list_opts *opts, const struct mipo_rec *rec)
{
	struct mipo_err err = {0};
	struct mipo_out *out =
	    mipo_out_new(STDOUT_FILENO, "standard output", &err);
	const char *key = NULL;
	int r = -1;

	if (out != NULL && !bin_table(&opts->common))
		mipo_out_rec(out, rec);
	else if (out != NULL)
		while ((key = mipo_rec_next_key(rec, key)) != NULL)
			put_field(out, rec, key);
	if (out != NULL)
		r = mipo_out_flush(out, &err);
	mipo_out_free(out);
	return r == 0 ? 0 : bin_fail(&err, "writing");
}

static int
run_show(void *arg, int argc, char **argv)
{
	const struct list_opts *opts = arg;
	struct mipo_err err = {0};
	struct mipo_alarms *alarms = mipo_alarms_new(&err);
	struct mipo_alarm *alarm;
	bool cut;
	int status;

	(void)argc;
	if (alarms == NULL || load(opts, alarms, &cut, &err) != 0 ||
	    mipo_alarms_find(alarms, argv[0], &alarm, &err) != 0)
		status = bin_fail(&err, "reading the alarms");
	else
		status = show(opts, alarm->rec);
	mipo_alarms_free(alarms);
	return status;
}

const struct mipo_sub alarm_list = {
    .name = "list",
    .operands = "",
    .summary = "the alarms that are not resolved",
    .opts = list_rows,
    .size = sizeof(struct list_opts),
    .run = run_list,
};

const struct mipo_sub alarm_show = {
    .name = "show",
    .operands = "ID",
    .summary = "one alarm with all that is known of it",
    .opts = show_rows,
    .size = sizeof(struct list_opts),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_show,
};
