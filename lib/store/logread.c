#include "store/logread.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/inside.h"
#include "store/state.h"

struct mipo_logread {
	struct mipo_state *state;
	struct mipo_q *rows, *note, *newest, *nodes;
	uint64_t size;
};

static int
prepare(struct mipo_logread *reader, struct mipo_err *err)
{
	struct mipo_db *db = mipo_state_db(reader->state);
	int64_t size;

	if (mipo_db_number(db,
		"SELECT coalesce(max(seq) + 1, 0) FROM leaf", 0, &size,
		err) != 0 ||
	    mipo_q_new(db,
		"SELECT seq, body FROM leaf WHERE seq>=?1 ORDER BY seq",
		&reader->rows, err) != 0 ||
	    mipo_q_new(db,
		"SELECT size, body FROM note WHERE size>?1 ORDER BY size",
		&reader->note, err) != 0 ||
	    mipo_q_new(db,
		"SELECT size, body FROM note ORDER BY size DESC LIMIT 1",
		&reader->newest, err) != 0)
		return -1;
	reader->size = (uint64_t)size;
	return mipo_logread_seek(reader, 0, err);
}

int
mipo_logread_open(struct mipo_state *state, struct mipo_logread **ret_reader,
    struct mipo_err *err)
{
	struct mipo_logread *reader = mipo_calloc(1, sizeof(*reader), err);

	if (reader == NULL)
		return -1;
	if (mipo_state_read_begin(state, err) != 0) {
		free(reader);
		return -1;
	}
	reader->state = state;
	if (prepare(reader, err) != 0) {
		mipo_logread_close(reader);
		return -1;
	}
	*ret_reader = reader;
	return 0;
}

void
mipo_logread_close(struct mipo_logread *reader)
{
	if (reader == NULL)
		return;
	mipo_q_done(reader->rows);
	mipo_q_done(reader->note);
	mipo_q_done(reader->newest);
	mipo_q_done(reader->nodes);
	mipo_state_read_end(reader->state);
	free(reader);
}

uint64_t
mipo_logread_size(const struct mipo_logread *reader)
{
	return reader->size;
}

int
mipo_logread_seek(
    struct mipo_logread *reader, uint64_t seq, struct mipo_err *err)
{
	if (seq > INT64_MAX)
		return mipo_err_set(
		    err, MIPO_E_USAGE, "entry %llu: no log is that long",
		    (unsigned long long)seq);
	mipo_q_again(reader->rows);
	mipo_q_int(reader->rows, 1, (int64_t)seq);
	return 0;
}

int
mipo_logread_next(struct mipo_logread *reader, struct mipo_logrow *ret_row,
    struct mipo_err *err)
{
	int r = mipo_q_step(reader->rows, err);

	if (r > 0) {
		ret_row->seq = (uint64_t)mipo_q_col_int(reader->rows, 0);
		ret_row->body =
		    mipo_q_col_blob(reader->rows, 1, &ret_row->len);
	}
	return r;
}

static int
get_note(struct mipo_q *q, struct mipo_noterow *ret_note, struct mipo_err *err)
{
	int r = mipo_q_step(q, err);

	if (r > 0) {
		ret_note->size = (uint64_t)mipo_q_col_int(q, 0);
		ret_note->body = mipo_q_col_blob(q, 1, &ret_note->len);
	}
	return r;
}

int
mipo_logread_checkpoint(struct mipo_logread *reader,
    struct mipo_noterow *ret_note, struct mipo_err *err)
{
	int r;

	mipo_q_again(reader->newest);
	r = get_note(reader->newest, ret_note, err);
	if (r == 0)
		return mipo_err_set(
		    err, MIPO_E_TAMPERED, "the log has no checkpoint");
	return r < 0 ? -1 : 0;
}

int
mipo_logread_note(struct mipo_logread *reader, uint64_t after,
    struct mipo_noterow *ret_note, struct mipo_err *err)
{
	if (after > INT64_MAX)
		return 0;
	mipo_q_again(reader->note);
	mipo_q_int(reader->note, 1, (int64_t)after);
	return get_note(reader->note, ret_note, err);
}

int
mipo_logread_node(struct mipo_logread *reader, struct mipo_noderow *ret_node,
    struct mipo_err *err)
{
	int r;

	if (reader->nodes == NULL &&
	    mipo_q_new(mipo_state_db(reader->state),
		"SELECT last, level, hash FROM node ORDER BY last, level",
		&reader->nodes, err) != 0)
		return -1;
	r = mipo_q_step(reader->nodes, err);
	if (r > 0) {
		ret_node->last = mipo_q_col_int(reader->nodes, 0);
		ret_node->level = mipo_q_col_int(reader->nodes, 1);
		ret_node->hash =
		    mipo_q_col_blob(reader->nodes, 2, &ret_node->len);
	}
	return r;
}

int
mipo_logread_strays(struct mipo_logread *reader, uint64_t *ret_entries,
    uint64_t *ret_notes, struct mipo_err *err)
{
	struct mipo_db *db = mipo_state_db(reader->state);
	int64_t entries, notes;

	if (mipo_db_number(db, "SELECT count(*) FROM leaf WHERE seq<0", 0,
		&entries, err) != 0 ||
	    mipo_db_number(db, "SELECT count(*) FROM note WHERE size<=0", 0,
		&notes, err) != 0)
		return -1;
	*ret_entries = (uint64_t)entries;
	*ret_notes = (uint64_t)notes;
	return 0;
}
