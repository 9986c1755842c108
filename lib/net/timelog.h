/*
 * When which part of the order was sent: a ring of (index, time), so that a
 * reply's round trip is known without a time stamp a pair. What has left
 * the ring is not known any more.
 */
#ifndef MIPO_NET_TIMELOG_H
#define MIPO_NET_TIMELOG_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mipo_err;

/* One thread adds, another asks. */
struct mipo_timelog {
	pthread_mutex_t mutex;
	struct mipo_timelog_entry *ring;
	size_t head, n; /* of the oldest; how many */
	int64_t now_us, ahead_us; /* of the clocks */
	bool stepped;
};

int mipo_timelog_init(struct mipo_timelog *timelog, struct mipo_err *err);
void mipo_timelog_release(struct mipo_timelog *timelog);

/* Forgets all: passes and indices begin anew. */
void mipo_timelog_clear(struct mipo_timelog *timelog);

/*
 * From index of pass on (until the next entry) was sent at at_us, monotonic
 * microseconds. Passes and indices only grow.
 */
void mipo_timelog_add(struct mipo_timelog *timelog, unsigned pass,
    uint64_t index, int64_t at_us);

/* When index of pass was sent; -1 where that is not known. */
int64_t mipo_timelog_find(
    struct mipo_timelog *timelog, unsigned pass, uint64_t index);

/*
 * What both clocks say now, in microseconds, before packets are read: wall
 * time is that of the packets. Where it was set since the last time, the
 * packets may have their time from before or from after that.
 */
void mipo_timelog_clocks(
    struct mipo_timelog *timelog, int64_t mono_us, int64_t wall_us);

/*
 * Microseconds from a probe to its answer, which came at at_us of the wall
 * clock; -1 where that is not known for sure.
 */
int32_t mipo_timelog_rtt(struct mipo_timelog *timelog, unsigned pass,
    uint64_t index, int64_t at_us);

#endif
