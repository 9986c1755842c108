#include "net/timelog.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define RING	32768 /* entries, a power of two */
#define STEP_US 1000  /* what is less is not told from reading it slowly */
#define READ_US 50000 /* how long packets are read after the clocks */

struct mipo_timelog_entry {
	uint64_t index;
	int64_t at_us;
	unsigned pass;
};

int
mipo_timelog_init(struct mipo_timelog *timelog, struct mipo_err *err)
{
	memset(timelog, 0, sizeof(*timelog));
	(void)pthread_mutex_init(&timelog->mutex, NULL);
	timelog->ring = mipo_calloc(RING, sizeof(*timelog->ring), err);
	return timelog->ring == NULL ? -1 : 0;
}

void
mipo_timelog_release(struct mipo_timelog *timelog)
{
	free(timelog->ring);
	timelog->ring = NULL;
}

void
mipo_timelog_clear(struct mipo_timelog *timelog)
{
	(void)pthread_mutex_lock(&timelog->mutex);
	timelog->head = timelog->n = 0;
	(void)pthread_mutex_unlock(&timelog->mutex);
}

static struct mipo_timelog_entry *
entry_at(const struct mipo_timelog *timelog, size_t i)
{
	return &timelog->ring[(timelog->head + i) % RING];
}

void
mipo_timelog_add(struct mipo_timelog *timelog, unsigned pass, uint64_t index,
    int64_t at_us)
{
	struct mipo_timelog_entry *entry;

	(void)pthread_mutex_lock(&timelog->mutex);
	if (timelog->n == RING) {
		timelog->head = (timelog->head + 1) % RING;
		timelog->n--;
	}
	entry = entry_at(timelog, timelog->n++);
	entry->pass = pass;
	entry->index = index;
	entry->at_us = at_us;
	(void)pthread_mutex_unlock(&timelog->mutex);
}

static bool
is_behind(
    const struct mipo_timelog_entry *entry, unsigned pass, uint64_t index)
{
	return entry->pass != pass ? entry->pass > pass
				   : entry->index > index;
}

static int64_t
find(const struct mipo_timelog *timelog, unsigned pass, uint64_t index)
{
	size_t lo = 0, hi = timelog->n;
	const struct mipo_timelog_entry *entry;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (is_behind(entry_at(timelog, mid), pass, index))
			hi = mid;
		else
			lo = mid + 1;
	}
	if (lo == 0)
		return -1;
	entry = entry_at(timelog, lo - 1);
	return entry->pass == pass ? entry->at_us : -1;
}

int64_t
mipo_timelog_find(struct mipo_timelog *timelog, unsigned pass, uint64_t index)
{
	int64_t at_us;

	(void)pthread_mutex_lock(&timelog->mutex);
	at_us = find(timelog, pass, index);
	(void)pthread_mutex_unlock(&timelog->mutex);
	return at_us;
}

void
mipo_timelog_clocks(
    struct mipo_timelog *timelog, int64_t mono_us, int64_t wall_us)
{
	const int64_t ahead = wall_us - mono_us;
	const int64_t moved = ahead - timelog->ahead_us;

	timelog->stepped = timelog->now_us != 0 &&
	    (moved > STEP_US || moved < -STEP_US);
	timelog->now_us = mono_us;
	timelog->ahead_us = ahead;
}

int32_t
mipo_timelog_rtt(struct mipo_timelog *timelog, unsigned pass,
    uint64_t index, int64_t at_us)
{
	const int64_t sent = mipo_timelog_find(timelog, pass, index);
	const int64_t at = at_us - timelog->ahead_us;

	if (sent < 0 || timelog->stepped || at <= sent ||
	    at > timelog->now_us + READ_US || at - sent > INT32_MAX)
		return -1;
	return (int32_t)(at - sent);
}
