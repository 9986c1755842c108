/*
 * Progress on stderr: only on a terminal, TERM not dumb, CI unset, not
 * quiet; at most 4 updates a second; erased at the end.
 */
#ifndef MIPO_KIT_PROGRESS_H
#define MIPO_KIT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_progress {
	bool on;
	uint64_t started_ns, last_ns;
	const char *what; /* "scan": borrowed */
};

/* Nothing is ever shown when quiet or when stderr is no terminal. */
void mipo_progress_start(
    struct mipo_progress *progress, const char *what, bool quiet);

/* done of total (0: unknown) and a short text; computes rate and ETA. */
void mipo_progress_show(struct mipo_progress *progress, uint64_t done,
    uint64_t total, const char *text);

/* Erases the line, before other text; the next show draws it at once. */
void mipo_progress_erase(struct mipo_progress *progress);

/* Erases the line, for good. */
void mipo_progress_end(struct mipo_progress *progress);

#endif
