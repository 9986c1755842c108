/*
 * Canaries among what is scanned: pairs that answered are probed again
 * through the scan, from a source port of their own. One that does not answer
 * again tells of loss while there is time to go slower.
 */
#ifndef MIPO_NET_WATCH_H
#define MIPO_NET_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "data/obs.h"

#define MIPO_WATCHED 64

struct mipo_reply;
struct mipo_scanner;

struct mipo_watched {
	uint64_t pair, sent_ns;
	bool out;	/* a probe of it is under way */
	uint8_t missed; /* of its last eight, a bit each */
};

/* All zero bytes are an empty one. The numbers are for reading. */
struct mipo_watch {
	struct mipo_watched items[MIPO_WATCHED];
	unsigned n, turn;
	uint64_t probes, due, lost; /* due: answered, or given up */
};

/* The pair answered with that state: it may become a canary. */
void mipo_watch_add(
    struct mipo_scanner *scan, uint64_t pair, enum mipo_pstate state);

/* Probes some that have no probe under way; gives up those that are late. */
void mipo_watch_turn(struct mipo_scanner *scan);

/* A reply to the canaries' port; true where it was one of these. */
bool mipo_watch_reply(
    struct mipo_scanner *scan, const struct mipo_reply *reply);

#endif
