/* What resume*.c share. */
#ifndef MIPO_NET_RESUME_IMPL_H
#define MIPO_NET_RESUME_IMPL_H

#include "base/err.h"
#include "data/target.h"
#include "net/journal.h"
#include "net/scanner-impl.h"

#define MIPO_SHOTS 32
#define MIPO_UNSENT_RUNS 1000 /* of one record */

/* How far a pass was at a time. */
struct mipo_shot {
	uint64_t at_ns;
	unsigned pass, n;
	struct mipo_interval parts[MIPO_HANDS];
};

struct mipo_resume {
	struct mipo_journal *journal;
	struct mipo_intervals done[MIPO_JOURNAL_PASSES]; /* and waited for */
	/* Refused, in any order, and not yet written; under refusals. */
	struct mipo_intervals unsent[MIPO_JOURNAL_PASSES];
	size_t n_unsent; /* ever */
	struct mipo_shot shots[MIPO_SHOTS]; /* a ring */
	unsigned head, n_shots;
	uint64_t lag_ns, look_ns, mark_ns, heard_ns;
	uint64_t attempted, accepted; /* by the scans before */
	int64_t newest_ms;	      /* of what these observed */
	uint64_t began; /* accepted, when the walk began */
	bool walking;
	bool news;    /* to be written in a mark */
	bool full;    /* what was sent since is not known: it is not done */
	bool in_run;
	struct mipo_range run;	 /* of absent hosts */
	struct mipo_rec *absent; /* on its way */
	struct mipo_err err;
};

/* resume.c: a record of this scan's; resume-mark.c: writes a mark. */
struct mipo_rec *mipo_resume_record(
    const struct mipo_scanner *scan, const char *type);
void mipo_resume_mark(struct mipo_scanner *scan, bool last);
/* Writes what was refused, where there is at least so much of it. */
void mipo_resume_unsent(struct mipo_scanner *scan, size_t least);

/* resume-restore.c */
int mipo_resume_restore(struct mipo_scanner *scan, struct mipo_err *err);

#endif
