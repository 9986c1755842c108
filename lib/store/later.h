/*
 * Looks that began later than one being recorded, for looks that come in
 * late: what a later one that concludes covered, it has settled.
 */
#ifndef MIPO_STORE_LATER_H
#define MIPO_STORE_LATER_H

#include <stdbool.h>
#include <stdint.h>

struct mipo_db;
struct mipo_err;
struct mipo_later;
struct mipo_scope;

/*
 * The looks of place that conclude, have no less than weight, and began
 * after started_ms.
 */
int mipo_later_new(struct mipo_db *db, int64_t place, int64_t started_ms,
    int weight, struct mipo_later **ret_later, struct mipo_err *err);
void mipo_later_free(struct mipo_later *later); /* NULL is nothing */

/* Whether one of them covers the pair that key names in scope. */
bool mipo_later_covers(const struct mipo_later *later,
    const struct mipo_scope *scope, uint64_t key);

/* What they say to a pair that an earlier look saw open. */
struct mipo_later_word {
	bool settled;  /* one that tells what is open covers it */
	uint8_t state; /* else what silence is to the first; 0: nothing */
	int64_t seq, started_ms; /* of that one */
};
void mipo_later_ask(const struct mipo_later *later,
    const struct mipo_scope *scope, uint64_t key,
    struct mipo_later_word *ret_word);

#endif
