/*
 * Of each scope of a place the look that concludes and counts most: the
 * trusted ones before the others, then the newest.
 */
#ifndef MIPO_STORE_COVERED_H
#define MIPO_STORE_COVERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/scope.h"

struct mipo_db;
struct mipo_err;

struct mipo_covered {
	int64_t place;
	struct mipo_cover_look {
		struct mipo_scope scope;
		uint64_t seq; /* of its log entry */
		int64_t started_ms;
		char trust[12];
	} *looks; /* what counts most first */
	size_t n, cap;
};

/*
 * Reads those of place, by the protocol's number in an IP header. Release it
 * also after a failure.
 */
int mipo_covered_init(struct mipo_covered *covered, struct mipo_db *db,
    int64_t place, uint8_t proto, struct mipo_err *err);
void mipo_covered_release(struct mipo_covered *covered);

/*
 * The first of them that holds the pair, and is that of seq, which lists it,
 * or leaves no pair untold; NULL: none does.
 */
const struct mipo_cover_look *mipo_covered_by(
    const struct mipo_covered *covered, const struct mipo_addr *ip,
    uint16_t port, uint64_t seq);

/*
 * Whether one of them that tells what is open, or (tells false) one that does
 * not, holds some address of first..last, and port (0: any).
 */
bool mipo_covered_some(const struct mipo_covered *covered,
    const struct mipo_addr *first, const struct mipo_addr *last,
    uint16_t port, bool tells);

#endif
