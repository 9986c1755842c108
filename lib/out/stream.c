#include "out/stream.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "data/rec.h"
#include "trust/hash.h"

#define DEPTH_MAX 4

/* What is counted; NULL counts every line after the start. */
struct kind {
	const char *start, *end, *counts;
};

static const struct kind kinds[] = {
    {"diff.start", "diff.end", "change"},
    {"alarm.start", "alarm.end", "alarm"},
    {"evidence.start", "evidence.end", NULL},
};

struct frame {
	const struct kind *kind;
	struct mipo_hash *hash;
	int64_t count;
};

struct mipo_streams {
	struct frame frames[DEPTH_MAX];
	size_t n;
	size_t cut; /* frames that another frame's end cut short */
};

struct mipo_streams *
mipo_streams_new(struct mipo_err *err)
{
	struct mipo_streams *streams = mipo_calloc(1, sizeof(*streams), err);

	for (size_t i = 0; streams != NULL && i < DEPTH_MAX; i++) {
		streams->frames[i].hash = mipo_hash_new(err);
		if (streams->frames[i].hash == NULL) {
			mipo_streams_free(streams);
			return NULL;
		}
	}
	return streams;
}

void
mipo_streams_free(struct mipo_streams *streams)
{
	if (streams == NULL)
		return;
	for (size_t i = 0; i < DEPTH_MAX; i++)
		mipo_hash_free(streams->frames[i].hash);
	free(streams);
}

static const struct kind *
kind_of(const char *type, bool end)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(end ? kinds[i].end : kinds[i].start, type) == 0)
			return &kinds[i];
	return NULL;
}

bool
mipo_streams_opens(const char *type)
{
	return kind_of(type, false) != NULL;
}

bool
mipo_streams_closes(const char *type)
{
	return kind_of(type, true) != NULL;
}

static void
add(struct mipo_streams *streams, const char *line, size_t len,
    const char *type)
{
	for (size_t i = 0; i < streams->n; i++) {
		struct frame *frame = &streams->frames[i];
		const char *counts = frame->kind->counts;

		mipo_hash_add(frame->hash, line, len);
		mipo_hash_add(frame->hash, "\n", 1);
		if (counts == NULL ||
		    (type != NULL && strcmp(type, counts) == 0))
			frame->count++;
	}
}

void
mipo_streams_skip(struct mipo_streams *streams, const char *line, size_t len)
{
	add(streams, line, len, NULL);
}

static int
open_frame(
    struct mipo_streams *streams, const struct kind *kind, struct mipo_err *err)
{
	struct frame *frame = &streams->frames[streams->n];

	if (streams->n == DEPTH_MAX)
		return mipo_err_set(err, MIPO_E_INPUT,
		    "%s: streams within streams, too deep", kind->start);
	streams->n++;
	frame->kind = kind;
	frame->count = kind->counts == NULL ? -1 : 0; /* not the start */
	mipo_hash_reset(frame->hash);
	return 0;
}

static int
close_frame(struct mipo_streams *streams, const struct kind *kind,
    const struct mipo_rec *rec, struct mipo_err *err)
{
	const char *want = mipo_rec_str(rec, "stream_sha256");
	uint8_t digest[MIPO_HASH_LEN];
	char have[2 * MIPO_HASH_LEN + 1];
	struct frame *frame;
	int64_t count;

	/* Whatever lies above was cut, and its end will not come. */
	while (streams->n > 0 && streams->frames[streams->n - 1].kind != kind) {
		streams->n--;
		streams->cut++;
	}
	if (streams->n == 0)
		return mipo_err_set(err, MIPO_E_INPUT, "%s without its %s",
		    kind->end, kind->start);
	frame = &streams->frames[--streams->n];
	mipo_hash_final(frame->hash, digest);
	mipo_text_hex(digest, sizeof(digest), have);
	if (want == NULL || strcmp(want, have) != 0)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "%s: stream_sha256 is not that of the lines before it",
		    kind->end);
	if (!mipo_rec_int(rec, "count", &count) || count != frame->count)
		return mipo_err_set(err, MIPO_E_TAMPERED,
		    "%s: count is not that of the lines before it", kind->end);
	return 0;
}

int
mipo_streams_feed(struct mipo_streams *streams, const struct mipo_rec *rec,
    const char *line, size_t len, struct mipo_err *err)
{
	const char *type = mipo_rec_str(rec, "type");
	const struct kind *kind = kind_of(type, false);

	if (kind != NULL && open_frame(streams, kind, err) != 0)
		return -1;
	kind = kind_of(type, true);
	if (kind != NULL && close_frame(streams, kind, rec, err) != 0)
		return -1;
	add(streams, line, len, type);
	return 0;
}

size_t
mipo_streams_end(struct mipo_streams *streams)
{
	size_t n = streams->n + streams->cut;

	streams->n = streams->cut = 0;
	return n;
}
