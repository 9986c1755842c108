#include "bin/mipo-diff/diff.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "data/line.h"
#include "data/rec.h"
#include "judge/change.h"
#include "judge/diff.h"
#include "judge/snap.h"
#include "trust/hash.h"

/* A stream in the making: its lines, and the digest of them. */
struct stream {
	struct mipo_out *out;
	struct mipo_hash *hash;
	struct mipo_changes *changes;
	struct mipo_buf line;
	const char *proto;
	unsigned gate;
	bool table;
};

static void
one_change(void *arg, const struct mipo_change *change)
{
	struct stream *stream = arg;

	if (stream->table) {
		diff_table_row(
		    stream->out, change, stream->proto, stream->gate);
		return;
	}
	mipo_buf_clear(&stream->line);
	mipo_changes_emit(stream->changes, change, &stream->line);
	mipo_out_line(stream->out, stream->line.data, stream->line.len);
}

static int
put_start(struct stream *stream, const struct mipo_snap *old,
    const struct mipo_snap *new, bool first, struct mipo_err *err)
{
	struct mipo_rec *rec;
	int r;

	if (stream->table)
		return 0;
	rec = mipo_diff_start(old, new, stream->gate, err);
	if (rec == NULL)
		return -1;
	if (first)
		mipo_rec_put_bool(rec, "first", true);
	r = mipo_rec_ok(rec, err);
	mipo_out_rec(stream->out, rec);
	mipo_rec_free(rec);
	return r;
}

static int
put_end(struct stream *stream, const struct mipo_diff_sum *sum,
    struct mipo_err *err)
{
	uint8_t digest[MIPO_HASH_LEN];
	struct mipo_rec *rec;

	if (stream->table) {
		diff_table_end(stream->out, sum, stream->gate);
		return mipo_out_flush(stream->out, err);
	}
	mipo_hash_final(stream->hash, digest);
	rec = mipo_diff_end(sum, stream->gate, digest, err);
	if (rec == NULL)
		return -1;
	mipo_out_rec(stream->out, rec);
	mipo_rec_free(rec);
	if (mipo_buf_ok(&stream->line, err) != 0)
		return -1;
	return mipo_out_flush(stream->out, err);
}

static int
begin(struct stream *stream, const struct diff_opts *opts, unsigned gate,
    struct mipo_err *err)
{
	memset(stream, 0, sizeof(*stream));
	mipo_buf_init(&stream->line, MIPO_REC_MAX_WRITE);
	stream->gate = gate;
	stream->table = strcmp(opts->common.format, "table") == 0;
	stream->hash = mipo_hash_new(err);
	stream->out = mipo_out_new(STDOUT_FILENO, "standard output", err);
	if (stream->hash == NULL || stream->out == NULL)
		return -1;
	mipo_out_tap(stream->out, mipo_hash_sink, stream->hash);
	return 0;
}

static void
finish(struct stream *stream)
{
	mipo_changes_free(stream->changes);
	mipo_out_free(stream->out);
	mipo_hash_free(stream->hash);
	mipo_buf_release(&stream->line);
}

int
diff_write(const struct diff_opts *opts, const struct mipo_snap *old,
    const struct mipo_snap *new, unsigned gate,
    struct mipo_diff_sum *ret_sum, struct mipo_err *err)
{
	struct stream stream;
	int r = -1;

	if (begin(&stream, opts, gate, err) != 0)
		goto out;
	stream.proto = mipo_snap_proto(new);
	stream.changes =
	    mipo_changes_new(old, new, gate, mipo_clock_wall_ms(), err);
	if (stream.changes == NULL ||
	    mipo_diff_comparable(old, new, err) != 0 ||
	    put_start(&stream, old, new, false, err) != 0 ||
	    mipo_diff_run(old, new, one_change, &stream, ret_sum, err) != 0)
		goto out;
	r = put_end(&stream, ret_sum, err);
out:
	finish(&stream);
	return r;
}

int
diff_write_none(const struct diff_opts *opts, const struct mipo_snap *new,
    unsigned gate, bool first, const char *why,
    struct mipo_diff_sum *ret_sum, struct mipo_err *err)
{
	struct stream stream;
	int r = -1;

	memset(ret_sum, 0, sizeof(*ret_sum));
	(void)snprintf(ret_sum->reasons[ret_sum->n_reasons++],
	    sizeof(ret_sum->reasons[0]), "%s", why);
	if (begin(&stream, opts, gate, err) == 0 &&
	    put_start(&stream, NULL, new, first, err) == 0)
		r = put_end(&stream, ret_sum, err);
	finish(&stream);
	return r;
}
