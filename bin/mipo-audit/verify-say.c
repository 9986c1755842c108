#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "bin/mipo-audit/verify.h"
#include "data/line.h"
#include "data/rec.h"
#include "out/boundary.h"
#include "out/bundle-text.h"

static const char *
status_of(const struct verify *run)
{
	if (mipo_report_has(&run->report, MIPO_FAIL))
		return "tampered";
	return run->unmet ? "unproven" : "intact";
}

/* The one sentence on what proves that nothing is missing at the end. */
static void
complete(const struct verify *run, char *s, size_t size)
{
	const struct mipo_logfacts *facts = run->facts;
	uint64_t held = 0;

	for (int i = 0; i < ANCHORS; i++)
		if (run->has_anchor[i] &&
		    run->anchor[i].found == MIPO_ANCHOR_SAME &&
		    run->anchor[i].cp.size > held)
			held = run->anchor[i].cp.size;
	if (mipo_report_has(&run->report, MIPO_FAIL))
		(void)snprintf(s, size, "A log that fails is not complete, "
		    "whatever else it proves.");
	else if (facts->challenged)
		(void)snprintf(s, size, "Complete up to entry %llu, which "
		    "only the holder of the live key could add: it answers "
		    "your challenge.",
		    (unsigned long long)facts->challenge_seq);
	else if (held > 0)
		(void)snprintf(s, size, "Complete up to entry %llu, by the "
		    "checkpoint that you hold; nothing proves that records "
		    "after entry %llu do not exist.",
		    (unsigned long long)held - 1,
		    (unsigned long long)facts->entries - 1);
	else
		(void)snprintf(s, size, "Nothing proves that later records "
		    "do not exist.");
}

/* How far the log is good, where it is not good to its end. */
static void
put_first_bad(const struct verify *run, struct mipo_buf *buf)
{
	const struct mipo_logfacts *facts = run->facts;

	if (facts->first_bad == UINT64_MAX)
		return;
	mipo_buf_putf(buf, "First bad entry: %llu.",
	    (unsigned long long)facts->first_bad);
	if (facts->good_prefix == 0)
		mipo_buf_puts(buf, " No whole commit before it is good.\n");
	else
		mipo_buf_putf(buf, " Good are entries 0 to %llu, the whole "
		    "commits before it.\n",
		    (unsigned long long)facts->good_prefix - 1);
}

static void
put_head(const struct verify *run, struct mipo_buf *buf)
{
	const struct mipo_logfacts *facts = run->facts;

	mipo_buf_putf(buf, "log %s, %llu entries\n",
	    facts->has_genesis ? facts->genesis.origin : "(no genesis)",
	    (unsigned long long)facts->entries);
}

static void
put_text(const struct verify *run, struct mipo_buf *buf)
{
	char sentence[240];

	put_head(run, buf);
	for (size_t i = 0; i < run->report.n; i++) {
		const struct mipo_finding *row = &run->report.row[i];

		mipo_buf_putf(buf, "%-11s  %-10s  ",
		    mipo_verdict_name(row->verdict), row->check);
		mipo_text_show(buf, row->text, strlen(row->text));
		mipo_buf_putc(buf, '\n');
	}
	put_first_bad(run, buf);
	complete(run, sentence, sizeof(sentence));
	mipo_buf_putf(buf, "%s\n%s\n", sentence, status_of(run));
	if (run->opts->explain) {
		mipo_buf_puts(buf, "\n");
		mipo_bundle_by_hand(buf);
	}
}

/* ---- NDJSON */

static void
put_start(const struct verify *run, struct mipo_rec *rec)
{
	const struct mipo_logfacts *facts = run->facts;
	struct mipo_buf boundary;
	const char *text;

	mipo_buf_init(&boundary, MIPO_REC_MAX_WRITE);
	mipo_boundary_put(&boundary, 0);
	text = mipo_buf_str(&boundary, NULL);
	if (text != NULL)
		mipo_rec_put_str(rec, "boundary", text);
	mipo_buf_release(&boundary);
	mipo_rec_put_str(rec, "key", run->pinned ? run->key.id : "none");
	if (facts->has_genesis)
		mipo_rec_put_str(rec, "origin", facts->genesis.origin);
	mipo_rec_put_int(rec, "size", (int64_t)facts->entries);
}

static void
put_row(const struct mipo_finding *row, struct mipo_rec *rec)
{
	mipo_rec_put_str(rec, "check", row->check);
	mipo_rec_put_str(rec, "verdict", mipo_verdict_name(row->verdict));
	mipo_rec_put_str(rec, "text", row->text);
}

static void
put_end(const struct verify *run, struct mipo_rec *rec,
    const struct mipo_hash *hash)
{
	const struct mipo_logfacts *facts = run->facts;
	uint8_t digest[MIPO_HASH_LEN];
	char sentence[240];

	complete(run, sentence, sizeof(sentence));
	mipo_hash_peek(hash, digest);
	mipo_rec_put_str(rec, "complete", sentence);
	mipo_rec_put_int(rec, "count", (int64_t)run->report.n);
	if (facts->first_bad != UINT64_MAX)
		mipo_rec_put_int(
		    rec, "first_bad", (int64_t)facts->first_bad);
	mipo_rec_put_int(rec, "good_prefix", (int64_t)facts->good_prefix);
	mipo_rec_put_str(rec, "status", status_of(run));
	mipo_rec_put_hex(rec, "stream_sha256", digest, sizeof(digest));
}

/* Line i of the stream: the start, a row each, the end. */
static int
say_line(const struct verify *run, size_t i, struct mipo_out *out,
    const struct mipo_hash *hash, struct mipo_err *err)
{
	const char *type = i == 0	     ? "verify.start"
	    : i <= run->report.n ? "verify.check"
				 : "verify.end";
	struct mipo_rec *rec = mipo_rec_start(type, err);
	int r;

	if (rec == NULL)
		return -1;
	if (i == 0)
		put_start(run, rec);
	else if (i <= run->report.n)
		put_row(&run->report.row[i - 1], rec);
	else
		put_end(run, rec, hash);
	mipo_out_rec(out, rec);
	r = mipo_rec_ok(rec, err);
	mipo_rec_free(rec);
	return r;
}

static int
say_ndjson(const struct verify *run, struct mipo_err *err)
{
	struct mipo_out *out = mipo_out_new(STDOUT_FILENO, "stdout", err);
	struct mipo_hash *hash = mipo_hash_new(err);
	int r = out == NULL || hash == NULL ? -1 : 0;

	if (r == 0)
		mipo_out_tap(out, mipo_hash_sink, hash);
	for (size_t i = 0; r == 0 && i <= run->report.n + 1; i++)
		r = say_line(run, i, out, hash, err);
	if (r == 0)
		r = mipo_out_flush(out, err);
	if (out != NULL)
		mipo_out_free(out);
	mipo_hash_free(hash);
	return r;
}

static int
say_text(const struct verify *run, struct mipo_err *err)
{
	struct mipo_buf buf;
	int r;

	mipo_buf_init(&buf, 1 << 20);
	put_text(run, &buf);
	r = mipo_buf_ok(&buf, err);
	if (r == 0)
		r = mipo_file_write_all(
		    STDOUT_FILENO, buf.data, buf.len, err);
	mipo_buf_release(&buf);
	return r;
}

int
verify_say(const struct verify *run, struct mipo_err *err)
{
	if (strcmp(run->opts->common.format, "ndjson") == 0)
		return say_ndjson(run, err);
	return say_text(run, err);
}
