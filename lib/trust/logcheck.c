#include "trust/logcheck.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/rec.h"
#include "trust/logcheck-impl.h"

#define MAX_THREADS 64

static void
lock(struct mipo_logcheck *check)
{
	(void)pthread_mutex_lock(&check->mutex);
}

static void
unlock(struct mipo_logcheck *check)
{
	(void)pthread_mutex_unlock(&check->mutex);
}

void
mipo_logcheck_fault(struct mipo_logcheck *check, enum mipo_logfault which,
    uint64_t seq, uint64_t prefix, const char *fmt, ...)
{
	struct mipo_fault *fault = &check->facts.fault[which];
	va_list ap;

	lock(check);
	if (fault->count++ == 0 || seq < fault->seq) {
		fault->seq = seq;
		check->prefix[which] = prefix;
		va_start(ap, fmt);
		(void)vsnprintf(fault->text, sizeof(fault->text), fmt, ap);
		va_end(ap);
	}
	unlock(check);
}

bool
mipo_logcheck_broke(
    struct mipo_logcheck *check, const struct mipo_err *err)
{
	if (err->code != MIPO_E_NOMEM)
		return false;
	lock(check);
	if (check->err.code == MIPO_E_NONE)
		check->err = *err;
	unlock(check);
	return true;
}

/* What has broken by now, as a call's result. */
static int
broken(struct mipo_logcheck *check, struct mipo_err *err)
{
	struct mipo_err broke;

	lock(check);
	broke = check->err;
	unlock(check);
	return broke.code == MIPO_E_NONE
	    ? 0
	    : mipo_err_set(err, broke.code, "%s", broke.text);
}

/* All three steps. Batches pass the second in the order of their numbers. */
static void
work_on(struct mipo_logcheck *check, struct batch *batch)
{
	mipo_logcheck_read(batch);
	lock(check);
	while (check->turn_no != batch->no)
		(void)pthread_cond_wait(&check->turn, &check->mutex);
	unlock(check);
	mipo_logcheck_order(check, batch);
	lock(check);
	check->turn_no++;
	(void)pthread_cond_broadcast(&check->turn);
	unlock(check);
	mipo_logcheck_sign(check, batch);
}

static struct batch *
take_batch(struct mipo_logcheck *check)
{
	struct batch *batch;

	while (check->queue == NULL && !check->stop)
		(void)pthread_cond_wait(&check->ready, &check->mutex);
	batch = check->queue;
	if (batch == NULL)
		return NULL;
	check->queue = batch->next;
	if (check->queue == NULL)
		check->queue_end = &check->queue;
	return batch;
}

static void
clear(struct batch *batch)
{
	batch->n_items = 0;
	batch->n_jobs = 0;
	batch->n_bytes = 0;
	batch->next = NULL;
}

static void *
worker(void *arg)
{
	struct mipo_logcheck *check = arg;
	struct batch *batch;

	lock(check);
	while ((batch = take_batch(check)) != NULL) {
		unlock(check);
		work_on(check, batch);
		clear(batch);
		lock(check);
		batch->next = check->idle_list;
		check->idle_list = batch;
		check->done++;
		(void)pthread_cond_signal(&check->idle);
	}
	unlock(check);
	return NULL;
}

static struct batch *
wait_idle(struct mipo_logcheck *check)
{
	struct batch *batch;

	while (check->idle_list == NULL)
		(void)pthread_cond_wait(&check->idle, &check->mutex);
	batch = check->idle_list;
	check->idle_list = batch->next;
	batch->next = NULL;
	return batch;
}

/* Gives the filled batch away and takes an empty one. */
static int
submit(struct mipo_logcheck *check, struct mipo_err *err)
{
	struct batch *batch = check->filling;

	batch->no = check->submitted++;
	if (check->n_threads == 0) {
		work_on(check, batch);
		clear(batch);
	} else {
		lock(check);
		*check->queue_end = batch;
		check->queue_end = &batch->next;
		(void)pthread_cond_signal(&check->ready);
		check->filling = wait_idle(check);
		unlock(check);
	}
	return broken(check, err);
}

static int
add_batch(struct mipo_logcheck *check, struct mipo_err *err)
{
	struct batch *batch = mipo_calloc(1, sizeof(*batch), err);

	if (batch == NULL)
		return -1;
	batch->next = check->idle_list;
	check->idle_list = batch;
	return 0;
}

/* As many threads as there are cores; fewer do it, and none does too. */
static int
start_threads(struct mipo_logcheck *check, struct mipo_err *err)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = check->opts.threads;

	if (n == 0)
		n = cores < 1 ? 1 : (size_t)cores;
	if (n > MAX_THREADS)
		n = MAX_THREADS;
	if (n == 1)
		return 0;
	check->threads = mipo_calloc(n, sizeof(*check->threads), err);
	if (check->threads == NULL)
		return -1;
	for (size_t i = 0; i < 2 * n; i++)
		if (add_batch(check, err) != 0)
			return -1;
	while (check->n_threads < n &&
	    pthread_create(&check->threads[check->n_threads], NULL, worker,
		check) == 0)
		check->n_threads++;
	return 0;
}

int
mipo_logcheck_new(const struct mipo_logcheck_opts *opts,
    struct mipo_logcheck **ret_check, struct mipo_err *err)
{
	struct mipo_logcheck *check = mipo_calloc(1, sizeof(*check), err);

	if (check == NULL)
		return -1;
	mipo_rec_init();
	check->opts = *opts;
	check->queue_end = &check->queue;
	mipo_tiles_init(&check->order.tiles);
	mipo_nodes_init(&check->order.nodes, &check->order.tiles);
	(void)pthread_mutex_init(&check->mutex, NULL);
	(void)pthread_cond_init(&check->ready, NULL);
	(void)pthread_cond_init(&check->turn, NULL);
	(void)pthread_cond_init(&check->idle, NULL);
	if (add_batch(check, err) != 0 || start_threads(check, err) != 0) {
		mipo_logcheck_free(check);
		return -1;
	}
	check->filling = wait_idle(check);
	*ret_check = check;
	return 0;
}

static void
free_list(struct batch *batch)
{
	while (batch != NULL) {
		struct batch *next = batch->next;

		free(batch);
		batch = next;
	}
}

static void
stop_threads(struct mipo_logcheck *check)
{
	lock(check);
	check->stop = true;
	(void)pthread_cond_broadcast(&check->ready);
	unlock(check);
	for (size_t i = 0; i < check->n_threads; i++)
		(void)pthread_join(check->threads[i], NULL);
	check->n_threads = 0;
}

void
mipo_logcheck_free(struct mipo_logcheck *check)
{
	if (check == NULL)
		return;
	stop_threads(check);
	(void)pthread_cond_destroy(&check->ready);
	(void)pthread_cond_destroy(&check->turn);
	(void)pthread_cond_destroy(&check->idle);
	(void)pthread_mutex_destroy(&check->mutex);
	free_list(check->idle_list);
	free(check->filling);
	free(check->threads);
	free(check->order.scanners);
	free(check);
}

/* A place for an item whose bytes are copied into the batch. */
static int
add_item(struct mipo_logcheck *check, enum item_kind kind, const void *bytes,
    size_t len, struct item **ret_item, struct mipo_err *err)
{
	struct batch *batch = check->filling;
	struct item *item;

	if ((batch->n_items == BATCH_ITEMS ||
		batch->n_bytes + len > BATCH_BYTES) &&
	    submit(check, err) != 0)
		return -1;
	batch = check->filling;
	item = &batch->item[batch->n_items++];
	memset(item, 0, sizeof(*item));
	item->kind = kind;
	item->bytes = batch->bytes + batch->n_bytes;
	item->len = len;
	memcpy(batch->bytes + batch->n_bytes, bytes, len);
	batch->n_bytes += len;
	*ret_item = item;
	return 0;
}

int
mipo_logcheck_entry(struct mipo_logcheck *check, const void *bytes,
    size_t len, const uint8_t *leaf, struct mipo_err *err)
{
	struct item *item;

	if (len > MIPO_ENTRY_MAX) /* what is cut here is too long still */
		len = MIPO_ENTRY_MAX + 1;
	if (add_item(check, ITEM_ENTRY, bytes, len, &item, err) != 0)
		return -1;
	item->expects = leaf != NULL;
	if (leaf != NULL)
		memcpy(item->expected, leaf, sizeof(item->expected));
	return 0;
}

int
mipo_logcheck_note(struct mipo_logcheck *check, const void *note, size_t len,
    struct mipo_err *err)
{
	struct item *item;

	if (len > MIPO_NOTE_MAX)
		len = MIPO_NOTE_MAX + 1;
	return add_item(check, ITEM_NOTE, note, len, &item, err);
}

int
mipo_logcheck_tile(struct mipo_logcheck *check,
    const struct mipo_tile_id *id, const uint8_t *hashes,
    struct mipo_err *err)
{
	struct item *item;

	if (add_item(check, ITEM_TILE, hashes,
		(size_t)id->width * MIPO_HASH_LEN, &item, err) != 0)
		return -1;
	item->tile = *id;
	return 0;
}

int
mipo_logcheck_node(struct mipo_logcheck *check, int64_t last, int64_t level,
    const void *hash, size_t len, struct mipo_err *err)
{
	struct item *item;

	if (len > MIPO_HASH_LEN) /* what is longer is wrong, also when cut */
		len = 0;
	if (add_item(check, ITEM_NODE, hash, len, &item, err) != 0)
		return -1;
	item->node.last = last;
	item->node.level = level;
	return 0;
}

/* The earliest entry that any check names, and what is good before it. */
static void
sum_up(struct mipo_logcheck *check)
{
	struct mipo_logfacts *facts = &check->facts;

	facts->first_bad = NO_SEQ;
	facts->good_prefix = facts->entries;
	for (int i = 0; i < MIPO_FAULT_N; i++) {
		const struct mipo_fault *fault = &facts->fault[i];

		if (fault->count > 0 && fault->seq < facts->first_bad) {
			facts->first_bad = fault->seq;
			facts->good_prefix = check->prefix[i];
		}
	}
	/* by another key, and not what the rest goes on from: put there */
	if (facts->fault[MIPO_FAULT_KEY].count > 0 && facts->first_bad <= 1)
		facts->first_bad = facts->good_prefix = 0;
}

int
mipo_logcheck_finish(struct mipo_logcheck *check,
    const struct mipo_logfacts **ret_facts, struct mipo_err *err)
{
	int r = submit(check, err);

	if (check->n_threads > 0) {
		lock(check);
		while (check->done < check->submitted)
			(void)pthread_cond_wait(&check->idle, &check->mutex);
		unlock(check);
		stop_threads(check);
	}
	if (r != 0 || broken(check, err) != 0)
		return -1;
	mipo_logcheck_end(check);
	sum_up(check);
	*ret_facts = &check->facts;
	return 0;
}
