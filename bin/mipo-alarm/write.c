#include "bin/mipo-alarm/alarm.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/line.h"
#include "data/rec.h"
#include "trust/hash.h"

#define ID_SHOWN 12 /* digits of an id: enough to name it by */

struct alarm_writer {
	struct mipo_out *out;
	struct mipo_hash *hash;
	struct mipo_buf row;
	int64_t count;
	bool table;
};

static int
start(struct alarm_writer *writer, const char *network, struct mipo_err *err)
{
	struct mipo_rec *rec;
	int r;

	if (writer->table)
		return 0;
	rec = mipo_rec_start("alarm.start", err);
	if (rec == NULL)
		return -1;
	mipo_rec_put_str(rec, "network", network);
	r = mipo_rec_ok(rec, err);
	mipo_out_rec(writer->out, rec);
	mipo_rec_free(rec);
	return r;
}

struct alarm_writer *
alarm_writer_new(const struct mipo_common *common, const char *network,
    struct mipo_err *err)
{
	struct alarm_writer *writer = mipo_calloc(1, sizeof(*writer), err);

	if (writer == NULL)
		return NULL;
	mipo_buf_init(&writer->row, MIPO_REC_MAX_WRITE);
	writer->table = alarm_table(common);
	writer->hash = mipo_hash_new(err);
	writer->out = mipo_out_new(STDOUT_FILENO, "standard output", err);
	if (writer->hash != NULL && writer->out != NULL) {
		mipo_out_tap(writer->out, mipo_hash_sink, writer->hash);
		if (start(writer, network, err) == 0)
			return writer;
	}
	alarm_writer_free(writer);
	return NULL;
}

void
alarm_writer_free(struct alarm_writer *writer)
{
	if (writer == NULL)
		return;
	mipo_out_free(writer->out);
	mipo_hash_free(writer->hash);
	mipo_buf_release(&writer->row);
	free(writer);
}

/* One column, at least width wide, and a blank. */
static void
column(struct mipo_buf *row, const char *text, size_t most, size_t width)
{
	size_t from = row->len;
	size_t len = text == NULL ? 0 : strlen(text);

	if (len > 0)
		mipo_text_show(row, text, len > most ? most : len);
	while (!row->failed && row->len - from < width)
		mipo_buf_putc(row, ' ');
	mipo_buf_putc(row, ' ');
}

static void
put_row(struct alarm_writer *writer, const struct mipo_rec *alarm)
{
	struct mipo_buf *row = &writer->row;
	const char *summary = mipo_rec_str(alarm, "summary");

	mipo_buf_clear(row);
	column(row, mipo_rec_str(alarm, "severity"), 16, 8);
	column(row, mipo_rec_str(alarm, "state"), 16, 12);
	column(row, mipo_rec_str(alarm, "condition"), 16, 7);
	column(row, mipo_rec_str(alarm, "id"), ID_SHOWN, ID_SHOWN);
	column(row, mipo_rec_str(alarm, "since"), 24, 24);
	column(row, mipo_rec_str(alarm, "code"), 16, 3);
	if (summary != NULL)
		mipo_text_show(row, summary, strlen(summary));
	mipo_out_line(writer->out, row->data, row->len);
}

void
alarm_writer_put(struct alarm_writer *writer, const struct mipo_rec *alarm)
{
	writer->count++;
	if (writer->table)
		put_row(writer, alarm);
	else
		mipo_out_rec(writer->out, alarm);
}

int
alarm_writer_end(
    struct alarm_writer *writer, const char *status, struct mipo_err *err)
{
	uint8_t digest[MIPO_HASH_LEN];
	struct mipo_rec *rec;

	if (mipo_buf_ok(&writer->row, err) != 0)
		return -1;
	if (writer->table)
		return mipo_out_flush(writer->out, err);
	rec = mipo_rec_start("alarm.end", err);
	if (rec == NULL)
		return -1;
	mipo_hash_final(writer->hash, digest);
	mipo_rec_put_int(rec, "count", writer->count);
	mipo_rec_put_str(rec, "status", status);
	mipo_rec_put_hex(rec, "stream_sha256", digest, sizeof(digest));
	mipo_out_rec(writer->out, rec);
	mipo_rec_free(rec);
	return mipo_out_flush(writer->out, err);
}
