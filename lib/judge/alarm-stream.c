#include "judge/alarm-stream.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "data/line.h"
#include "data/rec.h"
#include "data/schema.h"
#include "trust/hash.h"

int
mipo_alarm_stream_init(struct mipo_alarm_stream *stream, struct mipo_err *err)
{
	memset(stream, 0, sizeof(*stream));
	stream->hash = mipo_hash_new(err);
	return stream->hash == NULL ? -1 : 0;
}

void
mipo_alarm_stream_release(struct mipo_alarm_stream *stream)
{
	mipo_hash_free(stream->hash);
	stream->hash = NULL;
}

static void
begin(struct mipo_alarm_stream *stream)
{
	stream->cut = stream->cut || stream->inside;
	stream->begun = stream->inside = true;
	stream->count = 0;
	mipo_hash_reset(stream->hash);
}

static int
end(struct mipo_alarm_stream *stream, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	const char *sum = mipo_rec_str(rec, "stream_sha256");
	char hex[2 * MIPO_HASH_LEN + 1];
	uint8_t digest[MIPO_HASH_LEN];
	int64_t count = -1;

	mipo_hash_final(stream->hash, digest);
	mipo_text_hex(digest, sizeof(digest), hex);
	if (sum == NULL || strcmp(sum, hex) != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "alarm.end's stream_sha256 is not that of the lines "
		    "before it");
	if (!mipo_rec_int(rec, "count", &count) ||
	    (uint64_t)count != stream->count)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "alarm.end counts %lld alarms, %llu came",
		    (long long)count, (unsigned long long)stream->count);
	stream->inside = false;
	stream->unsure |= strcmp(mipo_rec_str(rec, "status"), "ok") != 0;
	return 0;
}

/* What the record does to the stream. */
static int
step(struct mipo_alarm_stream *stream, const struct mipo_rec *rec,
    const char *type, struct mipo_err *err)
{
	bool alarm = strcmp(type, "alarm") == 0;

	if (strcmp(type, "alarm.start") == 0)
		begin(stream);
	if (!alarm && strcmp(type, "alarm.end") != 0)
		return 0;
	if (!stream->inside)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "%s without the alarm.start before it", type);
	if (!alarm)
		return end(stream, rec, err);
	stream->count++;
	return 0;
}

int
mipo_alarm_stream_line(struct mipo_alarm_stream *stream, const char *line,
    size_t len, struct mipo_rec **ret_alarm, struct mipo_err *err)
{
	struct mipo_rec *rec = NULL;
	const char *type;

	if (mipo_rec_parse(line, len, &rec, err) != 0)
		return -1;
	if (mipo_rec_check(rec, err) != 0)
		goto fail;
	type = mipo_rec_str(rec, "type");
	if (step(stream, rec, type, err) != 0)
		goto fail;
	mipo_hash_add(stream->hash, line, len);
	mipo_hash_add(stream->hash, "\n", 1);
	*ret_alarm = strcmp(type, "alarm") == 0 ? rec : NULL;
	if (*ret_alarm == NULL)
		mipo_rec_free(rec);
	return 0;
fail:
	mipo_rec_free(rec);
	return -1;
}

bool
mipo_alarm_stream_begun(const struct mipo_alarm_stream *stream)
{
	return stream->begun;
}

bool
mipo_alarm_stream_cut(
    const struct mipo_alarm_stream *stream, const struct mipo_lines *lines)
{
	return stream->cut || stream->inside || mipo_lines_cut(lines);
}
