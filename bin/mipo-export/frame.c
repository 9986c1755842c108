#include "bin/mipo-export/export.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "data/line.h"
#include "data/rec.h"
#include "trust/hash.h"

struct export_frame {
	struct mipo_intake *intake;
	struct mipo_hash *hash;
	struct mipo_buf line;
};

int
export_frame_new(struct mipo_intake *intake, struct export_frame **ret_frame,
    struct mipo_err *err)
{
	struct export_frame *frame = mipo_calloc(1, sizeof(*frame), err);

	if (frame == NULL)
		return -1;
	frame->intake = intake;
	mipo_buf_init(&frame->line, MIPO_REC_MAX_READ);
	frame->hash = mipo_hash_new(err);
	if (frame->hash == NULL) {
		export_frame_free(frame);
		return -1;
	}
	*ret_frame = frame;
	return 0;
}

void
export_frame_free(struct export_frame *frame)
{
	if (frame == NULL)
		return;
	mipo_hash_free(frame->hash);
	mipo_buf_release(&frame->line);
	free(frame);
}

int
export_frame_line(struct export_frame *frame, const char *line, size_t len,
    struct mipo_err *err)
{
	mipo_hash_add(frame->hash, line, len);
	mipo_hash_add(frame->hash, "\n", 1);
	return mipo_intake_line(frame->intake, line, len, err);
}

int
export_frame_rec(struct export_frame *frame, const struct mipo_rec *rec,
    struct mipo_err *err)
{
	mipo_buf_clear(&frame->line);
	if (mipo_rec_canon(rec, &frame->line, err) != 0)
		return -1;
	return export_frame_line(frame, frame->line.data, frame->line.len, err);
}

void
export_frame_digest(struct export_frame *frame, uint8_t ret_digest[32])
{
	mipo_hash_peek(frame->hash, ret_digest);
}
