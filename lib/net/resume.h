/*
 * How a scan goes on by its journal: what it knew is restored before it
 * begins, and marks are written while it runs. A mark covers what was sent
 * so long ago that its answers, if there are any, stand above it: as long
 * as silence is waited for at the end. What was sent later is sent again.
 */
#ifndef MIPO_NET_RESUME_H
#define MIPO_NET_RESUME_H

#include "net/scanner-impl.h"

/* All of these do nothing without a journal. From the scan's own thread. */

/* Restores what was counted, and begins to write. */
int mipo_resume_start(struct mipo_scanner *scan, struct mipo_err *err);
/* What is known of a window's pairs, with its observations. */
int mipo_resume_enter(struct mipo_scanner *scan, struct mipo_err *err);
void mipo_resume_free(struct mipo_scanner *scan);

/* An answer came. */
void mipo_resume_answer(
    struct mipo_scanner *scan, const struct mipo_obs *obs);

/* A host that no probe goes to; and: these were all. */
void mipo_resume_absent(
    struct mipo_scanner *scan, const struct mipo_addr *addr);
void mipo_resume_absent_end(struct mipo_scanner *scan);

/* All that had arrived up to then has been read. */
void mipo_resume_heard(struct mipo_scanner *scan, uint64_t ns);

/* Often: notes how far the pass is, and writes a mark where one is due. */
void mipo_resume_tick(struct mipo_scanner *scan);

/* There is something to be said in the next mark. */
void mipo_resume_news(struct mipo_scanner *scan);

/* The walk of a pass begins; it is over: all of it was sent. */
void mipo_resume_walks(struct mipo_scanner *scan);
void mipo_resume_walked(struct mipo_scanner *scan);

/* The last mark. -1 when the journal could not be written. */
int mipo_resume_finish(struct mipo_scanner *scan, struct mipo_err *err);

/* The receipt's resumed, where there is a scan before. */
void mipo_resume_report(const struct mipo_scanner *scan,
    struct mipo_rec *rec, struct mipo_err *err);

/* From any thread: the probe at this place of the order did not leave. */
void mipo_resume_hole(struct mipo_scanner *scan, uint64_t index);

/* From any thread: whether this pass has probed the silent pair before. */
bool mipo_resume_skips(
    const struct mipo_scanner *scan, uint64_t index, uint64_t pair);

#endif
