#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/line.h"
#include "data/rec.h"
#include "out/export.h"
#include "trust/hash.h"

/* An evidence stream: its start, every line as it came, its end. */
struct ndjson {
	struct mipo_out *out;
	struct mipo_hash *hash;
	uint64_t count;
};

static int
ndjson_feed(void *self, const struct mipo_item *item, struct mipo_err *err)
{
	struct ndjson *ndjson = self;

	(void)err;
	if (item->line == NULL)
		return 0;
	mipo_out_line(ndjson->out, item->line, item->len);
	ndjson->count++;
	return 0;
}

static int
ndjson_done(void *self, const char *why_partial, struct mipo_err *err)
{
	struct ndjson *ndjson = self;
	struct mipo_rec *end = mipo_rec_start("evidence.end", err);
	uint8_t digest[MIPO_HASH_LEN];
	int r;

	if (end == NULL)
		return -1;
	mipo_out_tap(ndjson->out, NULL, NULL);
	mipo_hash_final(ndjson->hash, digest);
	mipo_rec_put_int(end, "count", (int64_t)ndjson->count);
	mipo_rec_put_str(
	    end, "status", why_partial == NULL ? "complete" : "partial");
	if (why_partial != NULL)
		mipo_rec_put_str(end, "reason", why_partial);
	mipo_rec_put_hex(end, "stream_sha256", digest, sizeof(digest));
	r = mipo_rec_ok(end, err);
	if (r == 0)
		mipo_out_rec(ndjson->out, end);
	mipo_rec_free(end);
	return r;
}

static void
ndjson_free(void *self)
{
	struct ndjson *ndjson = self;

	mipo_out_tap(ndjson->out, NULL, NULL);
	mipo_hash_free(ndjson->hash);
	free(ndjson);
}

static int
ndjson_new(struct mipo_out *out, const struct mipo_export_opts *opts,
    struct mipo_sink *ret_sink, struct mipo_err *err)
{
	struct ndjson *ndjson = mipo_calloc(1, sizeof(*ndjson), err);

	if (ndjson == NULL)
		return -1;
	ndjson->out = out;
	ndjson->hash = mipo_hash_new(err);
	if (ndjson->hash == NULL) {
		free(ndjson);
		return -1;
	}
	mipo_out_tap(out, mipo_hash_sink, ndjson->hash);
	mipo_out_rec(out, opts->start);
	*ret_sink =
	    (struct mipo_sink){ndjson, ndjson_feed, ndjson_done, ndjson_free};
	return 0;
}

const struct mipo_exporter mipo_export_ndjson = {
    .name = "ndjson",
    .suffix = ".ndjson",
    .summary = "every record as it was, between a start and an end record",
    .new = ndjson_new,
};
