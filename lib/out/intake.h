/*
 * Lines of NDJSON to items: looks are checked as they pass, and so are the
 * count and digest of diff, alarm and evidence streams. Streams follow each
 * other in any order; evidence streams hold others.
 */
#ifndef MIPO_OUT_INTAKE_H
#define MIPO_OUT_INTAKE_H

#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_lines;
struct mipo_sink;

struct mipo_intake;

/*
 * What is passed on: looks that began and records made in [from, to), and
 * what was said before from and still stands: scanners, baselines, alarms
 * that are not resolved. An alarm is of the time since which it stands.
 */
struct mipo_intake_window {
	int64_t from_ms; /* INT64_MIN: from the first */
	int64_t to_ms;	 /* INT64_MAX: to the last */
};

/* Feeds sink, which stays the caller's. */
struct mipo_intake *mipo_intake_new(const struct mipo_sink *sink,
    const struct mipo_intake_window *window, struct mipo_err *err);
void mipo_intake_free(struct mipo_intake *intake);

/*
 * All lines of one input, whose name and line number are in the errors.
 * E_INPUT: a bad record; E_TAMPERED: a stream's count or digest does not
 * hold. An input without a line, a stream that is still open at the end, or
 * a last line without LF, is noted (below) and no error.
 */
int mipo_intake_lines(struct mipo_intake *intake, struct mipo_lines *lines,
    struct mipo_err *err);

/* One line, without LF, that the program itself adds (from the state). */
int mipo_intake_line(struct mipo_intake *intake, const char *line,
    size_t len, struct mipo_err *err);

/* Notes that something was not whole: what it was, and where. */
int mipo_intake_lacks(struct mipo_intake *intake, const char *what,
    const char *where, struct mipo_err *err);

/* What was not whole, as one line; NULL when all was. Stays the intake's. */
const char *mipo_intake_partial(const struct mipo_intake *intake);

/* How many items were passed on. */
uint64_t mipo_intake_count(const struct mipo_intake *intake);

#endif
