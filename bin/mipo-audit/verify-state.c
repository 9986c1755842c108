#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "bin/mipo-audit/verify.h"
#include "store/logread.h"
#include "store/state.h"

/* What is read side by side: entries, and the checkpoints at their sizes. */
struct walk {
	struct verify *run;
	struct mipo_logread *reader;
	uint64_t entries;
	uint64_t bad_rows; /* rows whose seq is not their place */
	uint64_t first_bad_row;
	struct mipo_noterow note; /* the next to come */
	bool has_note;
};

/* The note of the smallest size above after, kept until its turn. */
static int
next_note(struct walk *walk, uint64_t after, struct mipo_err *err)
{
	int got = mipo_logread_note(walk->reader, after, &walk->note, err);

	walk->has_note = got == 1;
	return got < 0 ? -1 : 0;
}

static int
take_note(struct walk *walk, struct mipo_err *err)
{
	struct mipo_buf *kept = &walk->run->note;

	mipo_buf_clear(kept);
	mipo_buf_put(kept, walk->note.body, walk->note.len);
	if (mipo_logcheck_note(walk->run->check, walk->note.body,
		walk->note.len, err) != 0)
		return -1;
	return next_note(walk, walk->note.size, err);
}

static int
take_row(
    struct walk *walk, const struct mipo_logrow *row, struct mipo_err *err)
{
	if (row->seq != walk->entries && walk->bad_rows++ == 0)
		walk->first_bad_row = walk->entries;
	walk->entries++;
	if (mipo_logcheck_entry(
		walk->run->check, row->body, row->len, NULL, err) != 0)
		return -1;
	while (walk->has_note && walk->note.size <= walk->entries)
		if (take_note(walk, err) != 0)
			return -1;
	return 0;
}

static int
walk_all(struct walk *walk, struct mipo_err *err)
{
	struct mipo_logrow row;
	int got;

	if (next_note(walk, 0, err) != 0)
		return -1;
	while ((got = mipo_logread_next(walk->reader, &row, err)) == 1)
		if (take_row(walk, &row, err) != 0)
			return -1;
	while (got == 0 && walk->has_note) /* beyond the last entry */
		if (take_note(walk, err) != 0)
			return -1;
	return got;
}

static void
put_rows(struct walk *walk)
{
	struct mipo_report *report = &walk->run->report;

	if (walk->bad_rows == 0)
		mipo_report_put(report, MIPO_PASS, "table",
		    "the database has each entry under its own number");
	else
		mipo_report_put(report, MIPO_FAIL, "table",
		    "entry %llu is not under its number in the database "
		    "(and %llu more)",
		    (unsigned long long)walk->first_bad_row,
		    (unsigned long long)walk->bad_rows - 1);
	mipo_logcheck_report(walk->run->facts, report);
	mipo_report_put(report, MIPO_NOT_CHECKED, "objects",
	    "mipo-store check holds the recorded streams to their names");
}

static int
check_log(struct verify *run, struct mipo_state *state, struct mipo_err *err)
{
	struct walk walk = {.run = run};
	int r = -1;

	if (mipo_logread_open(state, &walk.reader, err) != 0)
		return -1;
	if (mipo_logcheck_new(&run->check_opts, &run->check, err) == 0 &&
	    walk_all(&walk, err) == 0 &&
	    mipo_logcheck_finish(run->check, &run->facts, err) == 0) {
		put_rows(&walk);
		r = 0;
	}
	mipo_logread_close(walk.reader);
	return r;
}

int
verify_state(struct verify *run, const char *path, struct mipo_err *err)
{
	const struct mipo_common *common = &run->opts->common;
	struct mipo_state *state;
	char *found;
	int r = -1;

	if (mipo_state_find(path != NULL ? path : common->state,
		path == NULL && common->system, &found, err) != 0)
		return -1;
	if (mipo_state_open(found, false, &state, err) == 0) {
		r = check_log(run, state, err);
		mipo_state_close(state);
	}
	free(found);
	return r;
}
