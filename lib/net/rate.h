/*
 * The rate that a scan chooses itself: it begins gently, grows while what is
 * heard shows no loss, and backs off when it does. Pure: what was seen comes
 * in with its time.
 */
#ifndef MIPO_NET_RATE_H
#define MIPO_NET_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MIPO_RATE_LOOK_MS  100	/* from one look to the next */
#define MIPO_RATE_BLIND	   10000 /* the most while nothing answers */
#define MIPO_MAX_BACKOFFS  64	/* that are kept; others are counted */

/* What was seen since the look before. */
struct mipo_rate_seen {
	uint64_t canaries; /* probes of what is known to answer, now due */
	uint64_t lost;	   /* of these, those that had no answer */
	uint64_t heard;	   /* answers of any sort */
	uint64_t late;	   /* of these, those to the kernel's second try */
	uint64_t dropped;  /* packets, by the capture */
	uint64_t refused;  /* packets, by a full queue of the kernel's */
	uint64_t lacking;  /* times that no socket or local port was left */
	bool faded;	   /* fewer answer than before (caps.h) */
	uint64_t allowed;  /* the most by the caps; 0: they say nothing */
	uint64_t sent, ms; /* probes, in that time; 0 ms: it is not known */
	bool blind;	   /* nothing told whether what was sent arrived */
	unsigned lag;	   /* looks until what was sent can have told it */
};

struct mipo_backoff {
	uint64_t at_ms;
	uint64_t from, to; /* packets a second */
	const char *why;   /* one sentence */
};

/* For reading. */
struct mipo_rate {
	uint64_t pps;
	uint64_t least;	  /* it never goes below */
	uint64_t ceiling; /* where there was loss; from there on slowly */
	uint64_t most;	  /* the highest that there was */
	bool doubled;	  /* by the last step */
	unsigned settle;  /* looks until what was sent before is through */
	unsigned wait;	  /* looks until what this rate does can be seen */
	unsigned dark;	  /* blind looks in a row */
	struct mipo_backoff backoffs[MIPO_MAX_BACKOFFS];
	uint64_t n_backoffs; /* may be more than are kept */
};

/* Begins with that rate. */
void mipo_rate_start(struct mipo_rate *rate, uint64_t pps);

/*
 * Not faster than that from now on, at_ms after the start. Where that is
 * hardly slower it stays as it is.
 */
void mipo_rate_hold(struct mipo_rate *rate, uint64_t pps, const char *why,
    uint64_t at_ms);

/* A look, at_ms after the start: pps may change. */
void mipo_rate_look(struct mipo_rate *rate,
    const struct mipo_rate_seen *seen, uint64_t at_ms);

#endif
