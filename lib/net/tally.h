/* What happened while scanning, in numbers; the receipt is made of it. */
#ifndef MIPO_NET_TALLY_H
#define MIPO_NET_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "data/addr.h"
#include "net/hostloss.h"
#include "net/pairs.h"
#include "net/intervals.h"

#define MIPO_MAX_PASSES	  64
#define MIPO_MAX_CANARIES 32

/* One error that the kernel refused probes with. */
struct mipo_tally_error {
	int sys;	/* 0: several, once all classes are in use */
	uint64_t count; /* refusals; a probe refused twice counts twice */
};

struct mipo_tally_pass {
	struct mipo_intervals walked; /* of the order */
	uint64_t probes; /* that the kernel took */
	uint64_t belated; /* of these, the first of their pairs; not pass 0 */
	uint64_t answered; /* pairs whose host first answered one of them;
			      in time, or else it is the next pass's */
};

struct mipo_canary {
	struct mipo_addr addr;
	uint16_t port;
	uint64_t probes; /* that the kernel took */
	bool seen;
};

struct mipo_tally {
	int64_t started_ms; /* wall */
	uint64_t started_ns, ended_ns, sending_ns;
	uint64_t attempted, accepted; /* probes */
	struct mipo_tally_error errors[MIPO_PAIR_ERRORS];
	unsigned n_errors;
	struct mipo_tally_pass passes[MIPO_MAX_PASSES + 1];
	unsigned n_passes;
	uint64_t late_neighbors; /* in windows that are past */
	uint64_t unresolved; /* pairs whose host no neighbour answered for */
	uint64_t unknown;    /* pairs that nothing is concluded on */
	uint64_t unrepeated; /* refusals of what went to silent pairs */
	int64_t loss_ppm;    /* by mipo_tally_loss, or as the neighbours say */
	struct mipo_hostloss hosts;
	uint64_t duplicates, rejected;
	uint64_t capture_received, capture_drops;
	bool counted; /* with those of this scan's captures */
	struct mipo_canary canaries[MIPO_MAX_CANARIES];
	unsigned n_canaries;
	struct mipo_tally_error canary_errors[MIPO_PAIR_ERRORS];
	unsigned n_canary_errors;
	bool stopped;	    /* by the caller */
	bool capture_lost;  /* a capture failed; answers may be missing */
	bool doubtful;	    /* silence is not to be believed */
	char why[8][160];   /* further reasons against completeness */
	unsigned n_plain, n_why; /* the plain ones first, then doubts */
};

/* The class of an error: 0..MIPO_PAIR_ERRORS - 1; and counted once more. */
unsigned mipo_tally_class(struct mipo_tally *tally, int sys);
unsigned mipo_tally_refused(struct mipo_tally *tally, int sys);

/* The same for a probe to a canary, which is none of the scan's. */
void mipo_tally_refused_canary(struct mipo_tally *tally, int sys);

/*
 * A pair of the host of that number had its first answer, which was one to
 * the probe of that pass.
 */
void mipo_tally_answered(
    struct mipo_tally *tally, unsigned pass, uint64_t host);

/* The pass begins. */
void mipo_tally_pass(struct mipo_tally *tally, unsigned pass);

/*
 * A sentence against completeness, plain: it is no doubt, and stands before
 * them. Beyond the eighth sentence the last are dropped.
 */
void mipo_tally_why(struct mipo_tally *tally, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, and the look is degraded by it. */
void mipo_tally_doubt(struct mipo_tally *tally, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Loss in parts of a million where of what is there first answered at once
 * and late only when it was asked once more; -1 where both are 0.
 */
int64_t mipo_tally_ratio(uint64_t first, uint64_t late);

/*
 * How many hosts are to be expected that are there and missed every one of
 * the rounds of requests, where first were found in the first round and
 * late in others. It is cautious where these are few.
 */
double mipo_tally_missed(uint64_t first, uint64_t late, unsigned rounds);

/*
 * Loss of one probe in parts of a million, from how many pairs answered
 * only to the second pass (ICMP errors are not counted: they are sparing by
 * design); -1 where there is nothing to tell it from.
 * silent: pairs that never answered.
 */
int64_t mipo_tally_loss(const struct mipo_tally *tally, uint64_t silent);

/* Frees what the passes hold. */
void mipo_tally_release(struct mipo_tally *tally);

#endif
