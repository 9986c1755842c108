#include <string.h>

#include "data/rec.h"
#include "net/reroute.h"
#include "net/resume-impl.h"
#include "net/resume.h"

#define MS	 UINT64_C(1000000)
#define SPAN_MAX 2000 /* intervals of one mark: it is one record */

/* Of a walk by senders the probes are only added up at its end. */
static uint64_t
probes_of(const struct mipo_scanner *scan, unsigned pass)
{
	uint64_t n = scan->tally.passes[pass].probes;

	if (scan->resume->walking && scan->n_senders > 0 &&
	    pass == scan->pass)
		n += scan->tally.accepted - scan->resume->began;
	return n;
}

static void
put_passes(struct mipo_scanner *scan, struct mipo_rec *mark)
{
	struct mipo_resume *resume = scan->resume;
	size_t n = 0;

	mipo_rec_put_list(mark, "passes");
	for (unsigned i = 0; i < MIPO_JOURNAL_PASSES; i++) {
		const struct mipo_intervals *done = &resume->done[i];
		struct mipo_rec *pass;

		if (done->n == 0 && probes_of(scan, i) == 0)
			continue;
		pass = mipo_rec_new(&resume->err);
		mipo_rec_put_int(pass, "pass", i);
		mipo_rec_put_int(pass, "probes",
		    (int64_t)probes_of(scan, i));
		mipo_rec_put_list(pass, "intervals");
		/* Where there are more, the rest is done again. */
		for (size_t j = 0; j < done->n && n < SPAN_MAX; j++, n++)
			mipo_rec_add_pair(pass, "intervals",
			    (int64_t)done->items[j].first,
			    (int64_t)done->items[j].end - 1);
		mipo_rec_add_rec_take(mark, "passes", pass);
	}
}

static void
put_unsent(struct mipo_scanner *scan, unsigned pass,
    const struct mipo_interval *runs, size_t n)
{
	struct mipo_rec *rec = mipo_resume_record(scan, "journal.unsent");

	if (rec == NULL)
		return;
	mipo_rec_put_int(rec, "pass", pass);
	mipo_rec_put_list(rec, "runs");
	for (size_t i = 0; i < n; i++)
		mipo_rec_add_pair(rec, "runs", (int64_t)runs[i].first,
		    (int64_t)runs[i].end - 1);
	mipo_journal_rec(scan->resume->journal, rec);
	mipo_rec_free(rec);
}

void
mipo_resume_unsent(struct mipo_scanner *scan, size_t least)
{
	for (unsigned i = 0; i < MIPO_JOURNAL_PASSES; i++) {
		struct mipo_intervals unsent = {0};

		(void)pthread_mutex_lock(&scan->refusals);
		if (scan->resume->unsent[i].n >= least) {
			unsent = scan->resume->unsent[i];
			memset(&scan->resume->unsent[i], 0, sizeof(unsent));
		}
		(void)pthread_mutex_unlock(&scan->refusals);
		mipo_intervals_order(&unsent);
		for (size_t j = 0; j < unsent.n; j += MIPO_UNSENT_RUNS)
			put_unsent(scan, i, &unsent.items[j],
			    unsent.n - j < MIPO_UNSENT_RUNS
				? unsent.n - j : MIPO_UNSENT_RUNS);
		mipo_intervals_release(&unsent);
	}
}

static void
put_numbers(struct mipo_scanner *scan, struct mipo_rec *mark)
{
	const struct mipo_tally *tally = &scan->tally;
	uint64_t received = tally->capture_received;
	uint64_t drops = tally->capture_drops;
	struct mipo_capture_stats stats;

	for (size_t i = 0; i < scan->n_links && !tally->counted; i++)
		if (mipo_capture_count(
			scan->links[i].capture, &stats, NULL) == 0) {
			received += stats.received;
			drops += stats.dropped;
		}
	mipo_rec_put_int(mark, "attempted", (int64_t)tally->attempted);
	mipo_rec_put_int(mark, "accepted", (int64_t)tally->accepted);
	mipo_rec_put_int(mark, "capture_received", (int64_t)received);
	mipo_rec_put_int(mark, "capture_drops", (int64_t)drops);
	mipo_rec_put_int(mark, "duplicates", (int64_t)tally->duplicates);
	mipo_rec_put_int(mark, "rejected", (int64_t)tally->rejected);
	mipo_rec_put_int(mark, "unrepeated", (int64_t)tally->unrepeated);
	mipo_rec_put_int(
	    mark, "sending_ms", (int64_t)(tally->sending_ns / MS));
}

static void
put_faults(struct mipo_scanner *scan, struct mipo_rec *mark)
{
	const struct mipo_tally *tally = &scan->tally;
	char rerouted[MIPO_REROUTE_TEXT];

	mipo_rec_put_list(mark, "faults");
	if (mipo_reroute_says(scan, rerouted))
		mipo_rec_add_str(mark, "faults", rerouted);
	for (unsigned i = 0; i < tally->n_why; i++)
		mipo_rec_add_str(mark, "faults", tally->why[i]);
	for (unsigned i = 0; i < tally->n_canaries; i++)
		if (!tally->canaries[i].seen) {
			mipo_rec_add_str(mark, "faults",
			    "a listener of our own on loopback was not seen");
			break;
		}
	mipo_rec_put_list(mark, "send_errors");
	(void)pthread_mutex_lock(&scan->refusals);
	for (unsigned i = 0; i < tally->n_errors; i++) {
		struct mipo_rec *sub = mipo_rec_new(&scan->resume->err);
		const char *name = strerrorname_np(tally->errors[i].sys);

		mipo_rec_put_str(
		    sub, "errno", name == NULL ? "various" : name);
		mipo_rec_put_int(
		    sub, "count", (int64_t)tally->errors[i].count);
		mipo_rec_add_rec_take(mark, "send_errors", sub);
	}
	(void)pthread_mutex_unlock(&scan->refusals);
}

void
mipo_resume_mark(struct mipo_scanner *scan, bool last)
{
	struct mipo_resume *resume = scan->resume;
	struct mipo_rec *mark;

	mipo_resume_unsent(scan, 1);
	mark = mipo_resume_record(scan, "journal.mark");
	resume->news = false;
	put_numbers(scan, mark);
	put_faults(scan, mark);
	mipo_rec_put_bool(mark, "last", last);
	if (mark != NULL) {
		put_passes(scan, mark);
		mipo_journal_seal(resume->journal, mark);
	}
	mipo_rec_free(mark);
	if (resume->err.code == MIPO_E_NONE)
		(void)mipo_journal_flush(resume->journal, &resume->err);
}
