/*
 * What a look may prove. A look that concludes may close what was open,
 * cover what it lists not, and be the last one. One that does not proves
 * only what it saw open.
 */
#ifndef MIPO_STORE_WEIGHT_H
#define MIPO_STORE_WEIGHT_H

#include <stdint.h>

struct mipo_db;
struct mipo_err;
struct mipo_rec;

/* Kept in the index as numbers: more proves more. */
enum {
	MIPO_WEIGHT_OPEN,     /* only what it saw open */
	MIPO_WEIGHT_UNSIGNED, /* concludes where nobody is trusted */
	MIPO_WEIGHT_TRUSTED   /* concludes */
};

/* A look that ended more than this after its log entry is not believed. */
#define MIPO_WEIGHT_AHEAD_MS (5 * 60 * 1000)

struct mipo_weight {
	int weight;
	const char *trust; /* mipo_trust_of */
	/*
	 * Why it concludes nothing: "incomplete" (its verdict), "future" (it
	 * began or ended after its entry, or ended before it began),
	 * "untrusted" (a scanner is registered for its place, or for any, or
	 * its place has an earlier trusted look). In the index also
	 * "superseded" (by another of its id). "" where it concludes.
	 */
	const char *why;
};

/*
 * The weight of the look of start and end as the log's next entry, which
 * bears the time logged_ms (Unix ms). Order and time of entries are all
 * that it depends on, so that it comes out the same when derived anew.
 */
int mipo_weight_of(struct mipo_db *db, const struct mipo_rec *start,
    const struct mipo_rec *end, int64_t logged_ms,
    struct mipo_weight *ret_weight, struct mipo_err *err);

#endif
