#include "bin/mipo-alarm/alarm.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "data/line.h"
#include "data/rec.h"
#include "kit/table.h"
#include "trust/hash.h"

#define ID_SHOWN 12 /* digits of an id: enough to name it by */

static const char *const heads[] = {"SEVERITY", "STATE", "CONDITION", "ID",
    "SINCE", "CODE", "SUMMARY", NULL};

struct alarm_writer {
	struct mipo_out *out;
	struct mipo_hash *hash;
	struct mipo_table *table; /* NULL: records */
	int64_t count;
};

static int
start(struct alarm_writer *writer, const char *network, struct mipo_err *err)
{
	struct mipo_rec *rec;
	int r;

	if (writer->table != NULL)
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
	if (bin_table(common))
		writer->table = mipo_table_new(heads, err);
	writer->hash = mipo_hash_new(err);
	writer->out = mipo_out_new(STDOUT_FILENO, "standard output", err);
	if (writer->hash != NULL && writer->out != NULL &&
	    bin_table(common) == (writer->table != NULL)) {
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
	mipo_table_free(writer->table);
	free(writer);
}

static const char *
text(const struct mipo_rec *rec, const char *key)
{
	const char *s = mipo_rec_str(rec, key);

	return s == NULL ? "" : s;
}

static void
put_row(struct mipo_table *table, const struct mipo_rec *alarm)
{
	const char *id = text(alarm, "id");

	mipo_table_text(table, text(alarm, "severity"));
	mipo_table_text(table, text(alarm, "state"));
	mipo_table_text(table, text(alarm, "condition"));
	mipo_table_n(table, id, strnlen(id, ID_SHOWN));
	mipo_table_text(table, text(alarm, "since"));
	mipo_table_text(table, text(alarm, "code"));
	mipo_table_text(table, text(alarm, "summary"));
}

void
alarm_writer_put(struct alarm_writer *writer, const struct mipo_rec *alarm)
{
	writer->count++;
	if (writer->table != NULL)
		put_row(writer->table, alarm);
	else
		mipo_out_rec(writer->out, alarm);
}

int
alarm_writer_end(
    struct alarm_writer *writer, const char *status, struct mipo_err *err)
{
	uint8_t digest[MIPO_HASH_LEN];
	struct mipo_rec *rec;

	if (writer->table != NULL)
		return mipo_table_print(writer->table, STDOUT_FILENO, err);
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
