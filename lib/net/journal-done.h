/* What the part of one scan in a journal says to be done. */
#ifndef MIPO_NET_JOURNAL_DONE_H
#define MIPO_NET_JOURNAL_DONE_H

#include "net/journal.h"

struct mipo_done {
	struct mipo_intervals walked[MIPO_JOURNAL_PASSES]; /* by its mark */
	struct mipo_intervals unsent[MIPO_JOURNAL_PASSES]; /* in any order */
	size_t n_unsent; /* runs that were read */
};

/* A journal.mark, which replaces the one before, and a journal.unsent. */
int mipo_done_mark(struct mipo_done *done, const struct mipo_rec *rec,
    struct mipo_err *err);
int mipo_done_unsent(struct mipo_done *done, const struct mipo_rec *rec,
    struct mipo_err *err);

/*
 * The part is over: what it walked is added to all, without what did not
 * leave. done is empty then.
 */
int mipo_done_end(struct mipo_done *done,
    struct mipo_intervals all[MIPO_JOURNAL_PASSES], struct mipo_err *err);
void mipo_done_release(struct mipo_done *done);

#endif
