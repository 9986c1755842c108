/* The streams that a log's recorded scans name, and objects held to them. */
#ifndef MIPO_OUT_BUNDLE_STREAMS_H
#define MIPO_OUT_BUNDLE_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/hash.h"

struct mipo_report;

/* Zero it. */
struct mipo_streams {
	struct mipo_stream_seen {
		uint8_t digest[MIPO_HASH_LEN];
		size_t place; /* of its entry, among them */
		bool here;    /* its object was found */
	} *seen;
	size_t n, cap;
	size_t at; /* behind the last that was found */
	bool no_memory;
};

void mipo_streams_release(struct mipo_streams *streams);

/* Adds one; in the shape of a logcheck's scan callback. */
void mipo_streams_add(void *streams, const uint8_t stream[MIPO_HASH_LEN]);

/* Whether digest is among those not yet passed; passes it. */
bool mipo_streams_find(struct mipo_streams *streams,
    const uint8_t digest[MIPO_HASH_LEN]);

/*
 * The row about them, at the end: bad is a fault that was found, or empty.
 * Only _release may follow.
 */
void mipo_streams_report(struct mipo_streams *streams, const char *bad,
    struct mipo_report *report);

#endif
