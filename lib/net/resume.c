#include "net/resume.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "data/rec.h"
#include "net/journal.h"
#include "net/resume-impl.h"
#include "net/sender.h"

#define MS	   UINT64_C(1000000)
#define MARK_NS	   (1000 * MS) /* from one mark to the next */
#define LAG_MIN_NS (1000 * MS)
#define HOSTS	   700 /* of one record: ranges of the longest fit */

/* Answers are waited for as long as at the end of the scan. */
static uint64_t
lag_of(const struct mipo_scanner *scan)
{
	uint64_t lag = scan->config.wait_ms * MS;

	if (scan->config.method == MIPO_METHOD_CONNECT)
		return (lag > 3500 * MS ? lag : 3500 * MS) + 1000 * MS;
	return lag < LAG_MIN_NS ? LAG_MIN_NS : lag;
}

int
mipo_resume_start(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_resume *resume;

	if (scan->config.journal == NULL)
		return 0;
	resume = scan->resume = mipo_calloc(1, sizeof(*resume), err);
	if (resume == NULL)
		return -1;
	resume->journal = scan->config.journal;
	resume->lag_ns = lag_of(scan);
	return mipo_resume_restore(scan, err);
}

void
mipo_resume_free(struct mipo_scanner *scan)
{
	struct mipo_resume *resume = scan->resume;

	if (resume == NULL)
		return;
	for (unsigned i = 0; i < MIPO_JOURNAL_PASSES; i++) {
		mipo_intervals_release(&resume->done[i]);
		mipo_intervals_release(&resume->unsent[i]);
	}
	mipo_rec_free(resume->absent);
	free(resume);
	scan->resume = NULL;
}

void
mipo_resume_answer(struct mipo_scanner *scan, const struct mipo_obs *obs)
{
	if (scan->resume != NULL)
		mipo_journal_obs(scan->resume->journal, obs);
}

/* ---- hosts that are absent, in runs */

struct mipo_rec *
mipo_resume_record(const struct mipo_scanner *scan, const char *type)
{
	struct mipo_rec *rec =
	    mipo_rec_start(type, &scan->resume->err);

	if (rec != NULL)
		mipo_rec_put_str(rec, "scan", scan->config.scan);
	return rec;
}

static void
write_absent(struct mipo_resume *resume)
{
	if (resume->absent != NULL)
		mipo_journal_rec(resume->journal, resume->absent);
	mipo_rec_free(resume->absent);
	resume->absent = NULL;
}

static void
end_run(struct mipo_scanner *scan)
{
	struct mipo_resume *resume = scan->resume;
	char text[2 * MIPO_ADDR_LEN];
	size_t len;

	if (!resume->in_run)
		return;
	resume->in_run = false;
	len = mipo_addr_format(&resume->run.first, text);
	if (mipo_addr_cmp(&resume->run.first, &resume->run.last) != 0) {
		text[len++] = '-';
		(void)mipo_addr_format(&resume->run.last, text + len);
	}
	if (resume->absent == NULL)
		resume->absent = mipo_resume_record(scan, "journal.absent");
	mipo_rec_add_str(resume->absent, "hosts", text);
	if (mipo_rec_len(resume->absent, "hosts") >= HOSTS)
		write_absent(resume);
}

void
mipo_resume_absent(struct mipo_scanner *scan, const struct mipo_addr *addr)
{
	struct mipo_resume *resume = scan->resume;
	struct mipo_addr next;

	if (resume == NULL)
		return;
	next = resume->run.last;
	if (resume->in_run && mipo_addr_add(&next, 1) &&
	    mipo_addr_cmp(&next, addr) == 0) {
		resume->run.last = *addr;
		return;
	}
	end_run(scan);
	resume->in_run = true;
	resume->run.first = resume->run.last = *addr;
}

void
mipo_resume_absent_end(struct mipo_scanner *scan)
{
	if (scan->resume == NULL)
		return;
	end_run(scan);
	write_absent(scan->resume);
}

/* ---- how far it is */

void
mipo_resume_heard(struct mipo_scanner *scan, uint64_t ns)
{
	if (scan->resume != NULL)
		scan->resume->heard_ns = ns;
}

void
mipo_resume_news(struct mipo_scanner *scan)
{
	if (scan->resume != NULL)
		scan->resume->news = true;
}

void
mipo_resume_hole(struct mipo_scanner *scan, uint64_t index)
{
	struct mipo_resume *resume = scan->resume;

	if (resume == NULL || scan->mending)
		return;
	(void)pthread_mutex_lock(&scan->refusals);
	if (resume->n_unsent == MIPO_JOURNAL_UNSENT ||
	    mipo_intervals_append(&resume->unsent[scan->pass], index,
		index + 1, NULL) != 0)
		resume->full = true;
	else
		resume->n_unsent++;
	(void)pthread_mutex_unlock(&scan->refusals);
}

/* The places up to which each hand has sent, now. */
static void
look(struct mipo_scanner *scan, uint64_t now)
{
	struct mipo_resume *resume = scan->resume;
	struct mipo_shot *shot;

	if (resume->n_shots == MIPO_SHOTS)
		return;
	shot = &resume->shots[(resume->head + resume->n_shots++) % MIPO_SHOTS];
	shot->at_ns = resume->look_ns = now;
	shot->pass = scan->pass;
	shot->n = scan->n_senders;
	for (unsigned k = 0; k < scan->n_senders; k++) {
		shot->parts[k].first = scan->senders[k].part.first;
		shot->parts[k].end = scan->senders[k].flushed;
	}
	if (shot->n == 0) {
		shot->n = 1;
		shot->parts[0].first = scan->window.first;
		shot->parts[0].end = scan->connected;
	}
	(void)pthread_mutex_lock(&scan->refusals);
	if (resume->full)
		resume->n_shots--; /* it may have what is not known unsent */
	(void)pthread_mutex_unlock(&scan->refusals);
}

/* What was sent so long before that moment is done. */
static int
settle(struct mipo_resume *resume, uint64_t ns)
{
	while (resume->n_shots > 0) {
		const struct mipo_shot *shot = &resume->shots[resume->head];

		if (shot->at_ns + resume->lag_ns > ns)
			return 0;
		for (unsigned k = 0; k < shot->n; k++)
			if (mipo_intervals_add(&resume->done[shot->pass],
				shot->parts[k].first, shot->parts[k].end,
				&resume->err) != 0)
				return -1;
		resume->head = (resume->head + 1) % MIPO_SHOTS;
		resume->n_shots--;
		resume->news = true;
	}
	return 0;
}

void
mipo_resume_tick(struct mipo_scanner *scan)
{
	struct mipo_resume *resume = scan->resume;
	uint64_t now = mipo_clock_mono_ns();

	if (resume == NULL)
		return;
	if (resume->walking && !scan->mending &&
	    now - resume->look_ns >= resume->lag_ns / (MIPO_SHOTS / 2))
		look(scan, now);
	mipo_resume_unsent(scan, MIPO_UNSENT_RUNS);
	if (now - resume->mark_ns >= MARK_NS) {
		(void)settle(resume, resume->heard_ns);
		resume->mark_ns = now;
		if (resume->news)
			mipo_resume_mark(scan, false);
	}
	if (resume->err.code != MIPO_E_NONE)
		scan->stopped = true;
}

void
mipo_resume_walks(struct mipo_scanner *scan)
{
	if (scan->resume == NULL)
		return;
	scan->resume->walking = true;
	scan->resume->began = scan->tally.accepted;
}

void
mipo_resume_walked(struct mipo_scanner *scan)
{
	struct mipo_resume *resume = scan->resume;

	if (resume == NULL)
		return;
	resume->walking = false;
	if (scan->mending)
		return;
	if (resume->n_shots == MIPO_SHOTS)
		resume->n_shots--; /* this one has all that the last has */
	look(scan, mipo_clock_mono_ns());
}

int
mipo_resume_finish(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_resume *resume = scan->resume;

	if (resume == NULL)
		return 0;
	/* Unless it was stopped, all was waited for. */
	(void)settle(resume, scan->stopped ? resume->heard_ns : UINT64_MAX);
	mipo_resume_mark(scan, true);
	if (resume->err.code == MIPO_E_NONE)
		return 0;
	*err = resume->err;
	return -1;
}

bool
mipo_resume_skips(
    const struct mipo_scanner *scan, uint64_t index, uint64_t pair)
{
	const struct mipo_journal_said *said;
	struct mipo_spot spot;
	unsigned value;
	uint64_t i;

	if (scan->resume == NULL || scan->pass == 0)
		return false;
	said = mipo_journal_said(scan->resume->journal);
	if (said->done[scan->pass].n == 0 ||
	    !mipo_intervals_has(&said->done[scan->pass], index))
		return false;
	value = mipo_pairs_get(&scan->pairs, pair);
	if (value != MIPO_PAIR_SILENT && value != MIPO_PAIR_LOST)
		return false;
	mipo_space_at(scan->space, pair, &spot);
	return !mipo_targets_find(said->absent, &spot.addr, &i);
}
