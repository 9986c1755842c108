/*
 * A sender: a thread that walks an interval of the order and hands its probes
 * to the kernel by sockets of its own. What it shares with the scan it reads,
 * or changes by atomics: the pairs, whether the scan is to end, the rate.
 */
#ifndef MIPO_NET_SENDER_H
#define MIPO_NET_SENDER_H

#include <pthread.h>

#include "net/scanner-impl.h"

#define MIPO_FEW_PAIRS 10000 /* not worth much to be sent fast */

struct mipo_sender {
	struct mipo_scanner *scan;
	unsigned hand; /* which of the pairs' hands is its own */
	struct mipo_interval part;
	struct mipo_perm *perm;
	struct mipo_wire *wires[MIPO_MAX_PATHS];
	uint64_t dead_ns[MIPO_MAX_PATHS]; /* since when a path takes nothing */
	struct mipo_pace pace;
	struct mipo_timelog timelog;

	/* the walk that it is on */
	enum mipo_want want;
	unsigned looks;	/* left before others get their turn */
	uint64_t first; /* x[0] is the value at this index */
	size_t n;
	uint64_t x[MIPO_PERM_BATCH];
	uint64_t chunk; /* the index that probes in the queues begin at */
	pthread_t thread;
	bool waiting; /* its walk has not begun */
	bool started;

	/* written by the sender alone, read by others */
	_Atomic uint64_t index; /* the next to look at */
	_Atomic uint64_t flushed; /* and what is before this has been sent */
	_Atomic uint64_t attempted, accepted;
	_Atomic uint64_t belated; /* first probes of pairs in a later pass */
	_Atomic uint64_t last_ns; /* of the last packet that went */
	_Atomic bool running;
};

/* How many can run at a time: by processors, and at most MIPO_HANDS - 1. */
unsigned mipo_senders_possible(void);

/* Sockets, order and memory of n senders: an equal part of all for each. */
int mipo_senders_open(
    struct mipo_scanner *scan, unsigned n, struct mipo_err *err);
void mipo_senders_close(struct mipo_scanner *scan);

/* A walk for one sort of pairs is to come, by all senders. */
void mipo_senders_want(struct mipo_scanner *scan, enum mipo_want want);

/* Each has its part of the window that was entered. */
void mipo_senders_window(struct mipo_scanner *scan);

/*
 * Starts those that have not walked so far, as many as the system has
 * threads for; *ret_more: there are others. -1 where it has none at all.
 */
int mipo_senders_start(
    struct mipo_scanner *scan, bool *ret_more, struct mipo_err *err);

/* Brings the tally up to date; how many indices are walked. */
uint64_t mipo_senders_count(struct mipo_scanner *scan);

/* Whether one of them still walks. */
bool mipo_senders_run(const struct mipo_scanner *scan);

/* Waits for the end of all, and notes what they walked. */
int mipo_senders_join(struct mipo_scanner *scan, struct mipo_err *err);

/* The time log that knows when index was sent. */
struct mipo_timelog *mipo_senders_timelog(
    const struct mipo_scanner *scan, uint64_t index);

/* report-send.c: which way the probes went. */
void mipo_senders_report(
    const struct mipo_scanner *scan, struct mipo_rec *rec);

/* sender-walk.c: the thread. */
void *mipo_sender_run(void *arg);

#endif
