/*
 * A stream of alarms, alarm.start to alarm.end, as it comes in: held to the
 * count and the digest of its end record. Several may follow one another.
 */
#ifndef MIPO_JUDGE_ALARM_STREAM_H
#define MIPO_JUDGE_ALARM_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_err;
struct mipo_hash;
struct mipo_lines;
struct mipo_rec;

/* All but unsure is the stream's own. */
struct mipo_alarm_stream {
	struct mipo_hash *hash;
	uint64_t count;
	bool begun, inside, cut;
	bool unsure; /* an end record says inconclusive */
};

int mipo_alarm_stream_init(
    struct mipo_alarm_stream *stream, struct mipo_err *err);
void mipo_alarm_stream_release(struct mipo_alarm_stream *stream);

/*
 * Takes a line. *ret_alarm: the alarm that it is, the caller's to free, or
 * NULL. E_INPUT for what is no record, or an alarm outside any stream;
 * E_TAMPERED for an end record that does not fit the lines before it.
 */
int mipo_alarm_stream_line(struct mipo_alarm_stream *stream, const char *line,
    size_t len, struct mipo_rec **ret_alarm, struct mipo_err *err);

/* At the end of lines: whether any stream came, and one without its end. */
bool mipo_alarm_stream_begun(const struct mipo_alarm_stream *stream);
bool mipo_alarm_stream_cut(
    const struct mipo_alarm_stream *stream, const struct mipo_lines *lines);

#endif
