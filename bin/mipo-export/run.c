#include "config.h"

#include "bin/mipo-export/export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "data/line.h"
#include "data/rec.h"
#include "out/boundary.h"
#include "out/export.h"

static int
read_window(const struct export_opts *opts,
    struct mipo_intake_window *ret_window, struct mipo_err *err)
{
	ret_window->from_ms = INT64_MIN;
	ret_window->to_ms = INT64_MAX;
	if (opts->from != NULL &&
	    mipo_text_untime(opts->from, &ret_window->from_ms, err) != 0)
		return mipo_err_prefix(err, "--from");
	if (opts->to != NULL &&
	    mipo_text_untime(opts->to, &ret_window->to_ms, err) != 0)
		return mipo_err_prefix(err, "--to");
	if (ret_window->from_ms >= ret_window->to_ms)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--from is not before --to: nothing lies between");
	return 0;
}

struct mipo_rec *
export_start(const char *source, const struct mipo_intake_window *window,
    struct mipo_err *err)
{
	struct mipo_rec *start = mipo_rec_start("evidence.start", err);
	struct mipo_buf boundary;
	const char *text;

	if (start == NULL)
		return NULL;
	mipo_buf_init(&boundary, MIPO_REC_MAX_WRITE);
	mipo_boundary_put(&boundary, 0);
	text = mipo_buf_str(&boundary, err);
	if (text != NULL)
		mipo_rec_put_str(start, "boundary", text);
	mipo_rec_put_str(start, "source", source);
	mipo_rec_put_str(start, "tool", "mipo-export " PACKAGE_VERSION);
	if (window->from_ms != INT64_MIN)
		mipo_rec_put_time(start, "from", window->from_ms);
	if (window->to_ms != INT64_MAX)
		mipo_rec_put_time(start, "to", window->to_ms);
	mipo_buf_release(&boundary);
	if (text == NULL || mipo_rec_ok(start, err) != 0) {
		mipo_rec_free(start);
		return NULL;
	}
	return start;
}

/* ---- the named inputs */

static int
feed_fd(
    struct mipo_intake *intake, int fd, const char *name, struct mipo_err *err)
{
	struct mipo_lines *lines = mipo_lines_new(fd, name, err);
	int r;

	if (lines == NULL)
		return -1;
	r = mipo_intake_lines(intake, lines, err);
	mipo_lines_free(lines);
	return r;
}

static int
feed_input(struct mipo_intake *intake, const char *path, struct mipo_err *err)
{
	int fd, r;

	if (strcmp(path, "-") == 0) {
		if (mipo_cli_need_stdin(err) != 0)
			return -1;
		return feed_fd(intake, STDIN_FILENO, "stdin", err);
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return mipo_err_sys(err, errno, "%s", path);
	r = feed_fd(intake, fd, path, err);
	(void)close(fd);
	return r;
}

static int
check_inputs(int argc, char **argv, struct mipo_err *err)
{
	for (int i = 0; i < argc; i++)
		for (int j = 0; j < i; j++)
			if (strcmp(argv[i], argv[j]) == 0)
				return mipo_err_set(err, MIPO_E_USAGE,
				    "%s is given twice", argv[i]);
	return 0;
}

static int
source_open(struct export_source *source, const struct mipo_common *common,
    struct mipo_err *err)
{
	source->start = export_start(
	    source->argc > 0 ? "records" : "state", &source->window, err);
	if (source->start == NULL)
		return -1;
	if (source->argc > 0)
		return check_inputs(source->argc, source->argv, err);
	if (export_state_open(source, common, err) != 0)
		return mipo_err_prefix(
		    err, "no INPUT is named, so the state is meant");
	return 0;
}

static int
source_feed(struct export_source *source, struct mipo_intake *intake,
    struct mipo_err *err)
{
	for (int i = 0; i < source->argc; i++)
		if (feed_input(intake, source->argv[i], err) != 0)
			return -1;
	if (source->state != NULL)
		return export_state_feed(source, intake, err);
	return 0;
}

static void
source_close(struct export_source *source)
{
	export_state_close(source);
	mipo_rec_free(source->start);
}

/* ---- the artefact: first whole in a file without a name, then out */

static int
spool_copy(int fd, struct mipo_err *err)
{
	char chunk[65536];
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) != 0)
		return mipo_err_sys(err, errno, "temporary file");
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return mipo_err_sys(err, errno, "temporary file");
		if (mipo_file_write_all(STDOUT_FILENO, chunk, (size_t)n, err) !=
		    0)
			return -1;
	}
	return 0;
}

/* Everything from source through the exporter into out. */
static int
pump(const struct mipo_exporter *exporter, struct export_source *source,
    struct mipo_out *out, bool *ret_partial, struct mipo_err *err)
{
	struct mipo_export_opts opts = {.start = source->start,
	    .now_ms = mipo_clock_wall_ms(),
	    .to_ms = source->window.to_ms};
	struct mipo_intake *intake = NULL;
	struct mipo_sink sink = {0};
	const char *why;
	int r = -1;

	if (exporter->new (out, &opts, &sink, err) != 0)
		return -1;
	intake = mipo_intake_new(&sink, &source->window, err);
	if (intake == NULL || source_feed(source, intake, err) != 0)
		goto out;
	why = mipo_intake_partial(intake);
	if (why != NULL)
		mipo_log(MIPO_LOG_WARN, "%s: the artefact says so", why);
	*ret_partial = why != NULL;
	r = mipo_sink_done(&sink, why, err);
out:
	mipo_intake_free(intake);
	mipo_sink_free(&sink);
	return r == 0 ? mipo_out_flush(out, err) : -1;
}

static int
make(const struct mipo_exporter *exporter, struct export_source *source,
    bool *ret_partial, struct mipo_err *err)
{
	struct mipo_out *out;
	int fd = mipo_file_scratch("/tmp", err), r = -1;

	if (fd < 0)
		return -1;
	out = mipo_out_new(fd, "temporary file", err);
	if (out != NULL)
		r = pump(exporter, source, out, ret_partial, err);
	mipo_out_free(out);
	if (r == 0)
		r = spool_copy(fd, err);
	(void)close(fd);
	return r;
}

int
export_run(
    const char *name, const struct export_opts *opts, int argc, char **argv)
{
	struct export_source source = {.argc = argc, .argv = argv};
	struct mipo_err err = {0};
	bool partial = false;
	int status = 0;

	if (read_window(opts, &source.window, &err) != 0)
		return bin_fail(&err, "reading the options");
	if (source_open(&source, &opts->common, &err) != 0)
		status = bin_fail(&err, "opening the source");
	else if (make(mipo_exporter_find(name), &source, &partial, &err) != 0)
		status = bin_fail(&err, name);
	else if (partial)
		status = 3;
	source_close(&source);
	return status;
}
