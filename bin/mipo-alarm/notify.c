#include "bin/mipo-alarm/alarm.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "data/line.h"
#include "data/rec.h"
#include "judge/alarm-stream.h"
#include "kit/conf.h"
#include "out/channel.h"

#define MOST (64 * 1024 * 1024) /* bytes of one delivery */

struct notify_opts {
	struct mipo_common common;
	const char *config;
	struct mipo_list channels;
	bool allow_none;
};

static const struct mipo_opt rows[] = {
    {.name = "channel", .kind = MIPO_OPT_LIST, .arg = "NAME",
	.offset = offsetof(struct notify_opts, channels),
	.help = "a channel of the configuration; all where none is named"},
    {.name = "allow-none", .kind = MIPO_OPT_FLAG,
	.offset = offsetof(struct notify_opts, allow_none),
	.help = "no channel in the configuration is no error"},
    {.name = "config", .letter = 'c', .kind = MIPO_OPT_STR, .arg = "FILE",
	.offset = offsetof(struct notify_opts, config),
	.help = "the configuration to read, alone"},
    {.name = NULL}};

/* What came in: the lines that tell of a transition, as they were. */
struct intake {
	struct mipo_buf lines;
	struct mipo_alarm_stream stream;
	bool cut;
};

static int
take(struct intake *in, const char *line, size_t len, struct mipo_err *err)
{
	struct mipo_rec *alarm;

	if (mipo_alarm_stream_line(
		&in->stream, line, len, &alarm, err) != 0)
		return -1;
	if (alarm != NULL &&
	    strcmp(mipo_rec_str(alarm, "event"), "standing") != 0) {
		mipo_buf_put(&in->lines, line, len);
		mipo_buf_putc(&in->lines, '\n');
	}
	mipo_rec_free(alarm);
	return 0;
}

static int
read_all(struct intake *in, struct mipo_err *err)
{
	struct mipo_lines *lines;
	const char *line;
	size_t len;
	int r;

	if (mipo_cli_need_stdin(err) != 0)
		return -1;
	lines = mipo_lines_new(STDIN_FILENO, "stdin", err);
	if (lines == NULL)
		return -1;
	while ((r = mipo_lines_next(lines, &line, &len, err)) == 1)
		if (take(in, line, len, err) != 0) {
			r = mipo_lines_fail(lines, err);
			break;
		}
	in->cut = mipo_alarm_stream_cut(&in->stream, lines) ||
	    !mipo_alarm_stream_begun(&in->stream);
	mipo_lines_free(lines);
	return r == 0 ? mipo_buf_ok(&in->lines, err) : -1;
}

/* Each channel is tried, whatever became of the others. */
static int
deliver(const char *kind, const struct mipo_channel *channel,
    const char *doing, const struct intake *in)
{
	const struct mipo_channel_kind *road = mipo_channel_kind_find(kind);
	enum mipo_delivery how;
	struct mipo_err err = {0};

	if (road == NULL)
		mipo_err_set(&err, MIPO_E_USAGE,
		    "there is no kind of channel \"%s\"", kind);
	if (road == NULL || road->check(channel, &err) != 0) {
		(void)bin_fail(&err, doing);
		return 2;
	}
	if (in->lines.len == 0 ||
	    road->deliver(channel, in->lines.data, in->lines.len, &how,
		&err) == 0)
		return 0;
	(void)bin_fail(&err, doing);
	return 5;
}

static int
to_one(const struct mipo_conf_channel *conf, const struct intake *in)
{
	struct mipo_channel channel = {.name = conf->at.title,
	    .argv = conf->command, .limit_ms = conf->limit_ms};
	char doing[128];

	(void)snprintf(doing, sizeof(doing), "channel %s", channel.name);
	return deliver(conf->type, &channel, doing, in);
}

static int
worse(int a, int b)
{
	return a == 2 || b == 2 ? 2 : a > b ? a : b;
}

static int
to_named(const struct notify_opts *opts, const struct mipo_conf *conf,
    const struct intake *in)
{
	const struct mipo_conf_channel *channel;
	struct mipo_err err = {0};
	int status = 0;

	for (size_t i = 0; i < opts->channels.n; i++) {
		if (mipo_conf_channel(conf, opts->channels.items[i], &channel,
			&err) != 0) {
			status = worse(status, bin_fail(&err, "--channel"));
			mipo_err_clear(&err);
			continue;
		}
		status = worse(status, to_one(channel, in));
	}
	return status;
}

static int
to_configured(const struct notify_opts *opts, const struct intake *in)
{
	const struct mipo_conf_channel *const *all;
	struct mipo_conf *conf = NULL;
	struct mipo_err err = {0};
	int status = 0;

	if (mipo_conf_load(opts->config, opts->common.system, &conf, &err) !=
	    0)
		return bin_fail(&err, "reading the configuration");
	all = mipo_conf_channels(conf);
	if (opts->channels.n > 0) {
		status = to_named(opts, conf, in);
	} else if (*all == NULL && !opts->allow_none && in->lines.len > 0) {
		mipo_log(MIPO_LOG_ERROR,
		    "there is no channel in the configuration, and no "
		    "PROGRAM was given");
		status = 2;
	} else {
		for (; *all != NULL; all++)
			status = worse(status, to_one(*all, in));
	}
	mipo_conf_free(conf);
	return status;
}

static int
send_all(const struct notify_opts *opts, char **argv, int argc,
    const struct intake *in)
{
	struct mipo_channel channel = {.name = argc > 0 ? argv[0] : NULL,
	    .argv = (const char *const *)argv};

	if (argc == 0)
		return to_configured(opts, in);
	if (opts->channels.n == 0)
		return deliver("exec", &channel, "", in);
	mipo_log(MIPO_LOG_ERROR, "either --channel or PROGRAM");
	return 2;
}

static int
run_notify(void *arg, int argc, char **argv)
{
	struct intake in = {.cut = false};
	struct mipo_err err = {0};
	int status;

	mipo_buf_init(&in.lines, MOST);
	if (mipo_alarm_stream_init(&in.stream, &err) != 0 ||
	    read_all(&in, &err) != 0) {
		status = bin_fail(&err, "reading alarms");
	} else {
		status = send_all(arg, argv, argc, &in);
		if (in.cut)
			mipo_log(MIPO_LOG_WARN,
			    "the stream of alarms has no end record");
		else if (in.stream.unsure)
			mipo_log(MIPO_LOG_INFO,
			    "the alarms were judged on inconclusive streams");
		if ((in.cut || in.stream.unsure) && status != 2)
			status = 3;
	}
	mipo_alarm_stream_release(&in.stream);
	mipo_buf_release(&in.lines);
	return status;
}

const struct mipo_sub alarm_notify = {
    .name = "notify",
    .operands = "[PROGRAM [ARG...]]",
    .summary = "hand what became of alarms to channels",
    .opts = rows,
    .size = sizeof(struct notify_opts),
    .max_operands = -1,
    .run = run_notify,
    .formats = "",
    .writes = true,
};
