#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "data/rec.h"
#include "net/identify.h"
#include "net/payload.h"
#include "net/resume-impl.h"
#include "net/resume.h"
#include "net/scanner-rate.h"
#include "net/watch.h"

#define MS	  UINT64_C(1000000)
#define ERRNO_MAX 256

/* ---- answers */

/* What the first answer of a pair tells beside its state. */
static void
note_first(struct mipo_scanner *scan, const struct mipo_spot *spot,
    uint64_t pair, const struct mipo_obs *obs)
{
	const bool sparing = obs->reason == MIPO_R_ICMP ||
	    obs->reason == MIPO_R_ERROR ||
	    (scan->udp && mipo_payloads_vary(scan->payloads, spot->port));

	if (obs->pass >= 0 && obs->pass < MIPO_JOURNAL_PASSES && !sparing)
		mipo_tally_answered(&scan->tally, (unsigned)obs->pass,
		    pair / scan->space->n_ports);
	if (scan->caps != NULL)
		mipo_caps_answer(scan->caps, spot, false);
	if (scan->config.method == MIPO_METHOD_CONNECT)
		return;
	scan->alive |= 1U << mipo_routes_hop(&scan->routes, spot)->path;
	if (scan->config.rate_auto)
		mipo_watch_add(scan, pair, (enum mipo_pstate)obs->state);
}

static int
take(void *arg, const struct mipo_obs *obs, struct mipo_err *err)
{
	struct mipo_scanner *scan = arg;
	struct mipo_obs again = *obs;
	struct mipo_spot spot;
	uint64_t pair;
	unsigned before;

	if (obs->proto != mipo_method_proto(scan->config.method) ||
	    !mipo_space_find(scan->space, &obs->ip, obs->port, &spot, &pair) ||
	    !mipo_scanner_has(scan, pair))
		return mipo_err_set(err, MIPO_E_INPUT,
		    "an observation that is not of this scan's pairs");
	if (obs->ts_ms > scan->resume->newest_ms)
		scan->resume->newest_ms = obs->ts_ms;
	if (!mipo_pairs_holds(&scan->pairs, pair))
		return 0; /* its window's */
	before = mipo_pairs_get(&scan->pairs, pair);
	if (!mipo_pairs_answer(
		&scan->pairs, pair, (enum mipo_pstate)obs->state))
		return 0;
	if (before == MIPO_PAIR_UNTOUCHED)
		note_first(scan, &spot, pair, obs);
	if (obs->state == MIPO_OPEN)
		mipo_identify_add(scan, pair, false);
	mipo_scanner_rtt(scan, obs->rtt_us);
	memcpy(again.scan, scan->config.scan, sizeof(again.scan));
	mipo_scanner_emit(scan, &again);
	return 0;
}

/* ---- silence */

/* Pairs that were probed, and whose answers were waited for. */
static void
silence(struct mipo_scanner *scan, const struct mipo_interval *done,
    const struct mipo_targets *absent)
{
	uint64_t x[MIPO_PERM_BATCH], i;
	struct mipo_spot spot;

	for (uint64_t at = done->first; at < done->end; at += MIPO_PERM_BATCH) {
		uint64_t left = done->end - at;
		size_t n = left < MIPO_PERM_BATCH ? (size_t)left
						  : MIPO_PERM_BATCH;

		mipo_perm_batch(scan->perm, at, n, x);
		for (size_t j = 0; j < n; j++) {
			if (absent != NULL) {
				mipo_space_at(scan->space, x[j], &spot);
				if (mipo_targets_find(absent, &spot.addr, &i))
					continue;
			}
			(void)mipo_pairs_swap(&scan->pairs, 0, x[j],
			    MIPO_PAIR_UNTOUCHED, MIPO_PAIR_SILENT);
		}
	}
}

static int
restore_done(struct mipo_scanner *scan, const struct mipo_journal_said *said,
    struct mipo_err *err)
{
	for (unsigned p = 0; p < MIPO_JOURNAL_PASSES; p++)
		for (size_t i = 0; i < said->done[p].n; i++) {
			const struct mipo_interval *done =
			    &said->done[p].items[i];

			if (done->first < scan->part.first ||
			    done->end > scan->part.end)
				return mipo_err_set(err, MIPO_E_INPUT,
				    "a mark beyond the end of the order");
			if (mipo_intervals_add(&scan->tally.passes[p].walked,
				done->first, done->end, err) != 0)
				return -1;
			scan->tally.n_passes = p + 1;
		}
	return 0;
}

/* ---- numbers */

static uint64_t
number(const struct mipo_rec *rec, const char *path)
{
	int64_t n = 0;

	(void)mipo_rec_int(rec, path, &n);
	return (uint64_t)n;
}

static void
restore_errors(struct mipo_scanner *scan, const struct mipo_rec *mark)
{
	char path[64];

	for (size_t i = 0; i < mipo_rec_len(mark, "send_errors"); i++) {
		const char *name, *known;
		int sys = 1;

		(void)snprintf(
		    path, sizeof(path), "send_errors.%zu.errno", i);
		name = mipo_rec_str(mark, path);
		while (sys < ERRNO_MAX &&
		    ((known = strerrorname_np(sys)) == NULL ||
			strcmp(known, name) != 0))
			sys++;
		(void)snprintf(
		    path, sizeof(path), "send_errors.%zu.count", i);
		scan->tally.errors[mipo_tally_refused(
		    &scan->tally, sys == ERRNO_MAX ? 0 : sys)].count +=
		    number(mark, path) - 1;
	}
}

static void
restore_numbers(struct mipo_scanner *scan, const struct mipo_rec *mark)
{
	struct mipo_tally *tally = &scan->tally;
	char path[64];

	tally->attempted = scan->resume->attempted =
	    number(mark, "attempted");
	tally->accepted = scan->resume->accepted = scan->sent_before =
	    number(mark, "accepted");
	tally->capture_received = number(mark, "capture_received");
	tally->capture_drops = number(mark, "capture_drops");
	tally->duplicates = number(mark, "duplicates");
	tally->rejected = number(mark, "rejected");
	tally->unrepeated = number(mark, "unrepeated");
	tally->sending_ns = number(mark, "sending_ms") * MS;
	for (size_t i = 0; i < mipo_rec_len(mark, "passes"); i++) {
		uint64_t pass;

		(void)snprintf(path, sizeof(path), "passes.%zu.pass", i);
		pass = number(mark, path);
		(void)snprintf(path, sizeof(path), "passes.%zu.probes", i);
		tally->passes[pass].probes = number(mark, path);
		if (pass >= tally->n_passes)
			tally->n_passes = (unsigned)pass + 1;
	}
	for (size_t i = 0; i < mipo_rec_len(mark, "faults"); i++) {
		(void)snprintf(path, sizeof(path), "faults.%zu", i);
		mipo_tally_why(tally, "%s", mipo_rec_str(mark, path));
		tally->capture_lost = true;
	}
	restore_errors(scan, mark);
}

/* The scan began when the first of its parts did. */
static void
restore_start(struct mipo_scanner *scan, const struct mipo_rec *first)
{
	struct mipo_tally *tally = &scan->tally;
	int64_t began;

	if (mipo_text_untime(mipo_rec_str(first, "ts"), &began, NULL) != 0)
		return;
	if (began < tally->started_ms)
		tally->started_ns -=
		    (uint64_t)(tally->started_ms - began) * MS;
	tally->started_ms = began;
}

/* Where the clock was set back since, time goes on from the last answer. */
static void
restore_now(struct mipo_scanner *scan)
{
	int64_t now = mipo_scanner_wall_ms(scan, mipo_clock_mono_ns());

	if (scan->resume->newest_ms > now)
		scan->tally.started_ns -=
		    (uint64_t)(scan->resume->newest_ms - now) * MS;
}

int
mipo_resume_restore(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_journal *journal = scan->resume->journal;
	const struct mipo_journal_said *said = mipo_journal_said(journal);

	if (said->first == NULL)
		return 0;
	restore_start(scan, said->first);
	if (said->mark == NULL)
		return 0;
	if (restore_done(scan, said, err) != 0)
		return mipo_err_prefix(err, "%s", mipo_journal_path(journal));
	restore_numbers(scan, said->mark);
	return 0;
}

int
mipo_resume_enter(struct mipo_scanner *scan, struct mipo_err *err)
{
	const struct mipo_journal_said *said;
	const struct mipo_targets *absent;
	struct mipo_interval part;

	if (scan->resume == NULL)
		return 0;
	said = mipo_journal_said(scan->resume->journal);
	if (said->first == NULL)
		return 0;
	if (mipo_journal_each(scan->resume->journal, take, scan, err) != 0)
		return -1;
	restore_now(scan);
	absent = said->absent;
	if (absent != NULL && mipo_targets_count(absent) == 0)
		absent = NULL;
	for (size_t i = 0; i < said->done[0].n; i++) {
		part = said->done[0].items[i];
		if (part.first < scan->window.first)
			part.first = scan->window.first;
		if (part.end > scan->window.end)
			part.end = scan->window.end;
		if (part.first < part.end)
			silence(scan, &part, absent);
	}
	return 0;
}

void
mipo_resume_report(const struct mipo_scanner *scan, struct mipo_rec *rec,
    struct mipo_err *err)
{
	const struct mipo_journal_said *said;
	struct mipo_rec *sub;

	if (scan->resume == NULL)
		return;
	said = mipo_journal_said(scan->resume->journal);
	if (said->first == NULL)
		return;
	sub = mipo_rec_new(err);
	mipo_rec_put_int(sub, "times", (int64_t)said->n_scans);
	mipo_rec_put_list(sub, "scans");
	for (uint64_t i = 0; i < said->n_scans && i < MIPO_JOURNAL_SCANS; i++)
		mipo_rec_add_str(sub, "scans", said->scans[i]);
	mipo_rec_put_hex(sub, "journal_sha256", said->sha256,
	    sizeof(said->sha256));
	mipo_rec_put_bool(sub, "uncounted", said->uncounted);
	mipo_rec_put_rec_take(rec, "resumed", sub);
}
