/* The parts of mipo-export, between its own files only. */
#ifndef MIPO_EXPORT_EXPORT_H
#define MIPO_EXPORT_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "bin/common.h"
#include "out/intake.h"

struct mipo_err;
struct mipo_out;
struct mipo_rec;
struct mipo_state;

struct export_opts {
	struct mipo_common common;
	const char *from, *to;
};

/* Where the records come from: open until everything was fed. */
struct export_source {
	struct mipo_state *state; /* NULL: the named inputs */
	struct mipo_intake_window window;
	struct mipo_rec *start; /* evidence.start */
	int argc;
	char **argv;
	struct export_log *log; /* what the state's log told */
};

/* Runs one exporter; the exit status. */
int export_run(
    const char *name, const struct export_opts *opts, int argc, char **argv);

/* evidence.start without what only a log can tell. NULL on failure. */
struct mipo_rec *export_start(const char *source,
    const struct mipo_intake_window *window, struct mipo_err *err);

/*
 * Opens the state and reads its log: adds origin, size, root and vkey to
 * source->start.
 */
int export_state_open(struct export_source *source,
    const struct mipo_common *common, struct mipo_err *err);

/* Feeds the state's records: scanners, looks, differences, alarms. */
int export_state_feed(struct export_source *source, struct mipo_intake *intake,
    struct mipo_err *err);
void export_state_close(struct export_source *source);

/* What the log told, one snapshot. */
struct export_log;

int export_log_read(struct mipo_state *state, struct export_log **ret_log,
    struct mipo_rec *start, struct mipo_err *err);
void export_log_free(struct export_log *log);

/* Feeds scanners, log entries of looks, and baselines, in log order. */
int export_log_feed(const struct export_log *log, struct mipo_intake *intake,
    struct mipo_err *err);

/* Looks of later log entries came after the log was read. */
uint64_t export_log_size(const struct export_log *log);

/* A stream between its start and end records, fed line by line. */
struct export_frame;

int export_frame_new(struct mipo_intake *intake,
    struct export_frame **ret_frame, struct mipo_err *err);
int export_frame_line(struct export_frame *frame, const char *line, size_t len,
    struct mipo_err *err);
int export_frame_rec(struct export_frame *frame, const struct mipo_rec *rec,
    struct mipo_err *err);
void export_frame_digest(struct export_frame *frame, uint8_t ret_digest[32]);
void export_frame_free(struct export_frame *frame);

/* Feeds the difference of two recorded looks as a stream. */
struct mipo_snap;
int export_diff_feed(const struct mipo_snap *old, const struct mipo_snap *new,
    int64_t at_ms, struct mipo_intake *intake, struct mipo_err *err);

#endif
