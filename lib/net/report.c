#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "data/rec.h"
#include "net/identify.h"
#include "net/pairs-all.h"
#include "net/scanner-impl.h"
#include "net/sender.h"

#define MAX_INTERVALS 500 /* of all errors; the receipt fits a log entry */
#define MAX_HOSTS     300

/* Places in the order whose pairs have one error. */
struct gap {
	struct mipo_rec *rec;
	uint64_t first, last; /* of the run that is going on */
	bool open, more;
};

static uint64_t
silent(const struct mipo_scanner *scan)
{
	return mipo_pairs_count(&scan->pairs, MIPO_PAIR_SILENT);
}

static uint64_t
count(const struct mipo_scanner *scan, enum mipo_pstate state)
{
	return mipo_pairs_count(
	    &scan->pairs, MIPO_PAIR_SEEN + (unsigned)state);
}

/* Pairs that something answered for; a missing neighbour does not. */
static uint64_t
answered(const struct mipo_scanner *scan)
{
	uint64_t n = 0;

	for (int i = MIPO_OPEN; i < MIPO_STATE_N; i++)
		n += count(scan, (enum mipo_pstate)i);
	return n - scan->tally.unresolved;
}

static void
put_count(struct mipo_rec *rec, const char *key, uint64_t n)
{
	mipo_rec_put_int(rec, key, (int64_t)n);
}

static void
close_gap(struct gap *gap, unsigned *budget)
{
	if (!gap->open)
		return;
	gap->open = false;
	if (*budget == 0) {
		gap->more = true;
		return;
	}
	--*budget;
	mipo_rec_add_pair(gap->rec, "indices", (int64_t)gap->first,
	    (int64_t)gap->last);
}

static void
note_gap(struct gap *gap, uint64_t index, unsigned *budget)
{
	if (gap->open && gap->last + 1 == index) {
		gap->last = index;
		return;
	}
	close_gap(gap, budget);
	gap->open = true;
	gap->first = gap->last = index;
}

static int
find_gaps_in(struct mipo_scanner *scan, const struct mipo_interval *range,
    struct gap *gaps, unsigned *budget, struct mipo_err *err)
{
	const unsigned n = scan->tally.n_errors;
	uint64_t x[MIPO_PERM_BATCH];

	for (uint64_t i = range->first; i < range->end; i += MIPO_PERM_BATCH) {
		uint64_t left = range->end - i;
		size_t m = left < MIPO_PERM_BATCH ? (size_t)left
						  : MIPO_PERM_BATCH;

		if (mipo_window_show(scan, i, err) != 0)
			return -1;
		mipo_perm_batch(scan->perm, i, m, x);
		for (size_t j = 0; j < m; j++) {
			unsigned value = mipo_pairs_get(&scan->pairs, x[j]);

			if (value >= MIPO_PAIR_REFUSED &&
			    value - MIPO_PAIR_REFUSED < n)
				note_gap(&gaps[value - MIPO_PAIR_REFUSED],
				    i + j, budget);
		}
	}
	return 0;
}

/* Goes through the order once, if any pair was left unsent at all. */
static int
find_gaps(struct mipo_scanner *scan, struct gap *gaps, struct mipo_err *err)
{
	/* What a later pass tried the first had walked over. */
	const struct mipo_intervals *walked = &scan->tally.passes[0].walked;
	unsigned budget = MAX_INTERVALS;
	int r = 0;

	if (mipo_pairs_refused(&scan->pairs) == 0)
		return 0;
	for (size_t i = 0; i < walked->n && r == 0; i++)
		r = find_gaps_in(
		    scan, &walked->items[i], gaps, &budget, err);
	for (unsigned i = 0; i < scan->tally.n_errors; i++)
		close_gap(&gaps[i], &budget);
	return r;
}

static int
put_errors(
    struct mipo_scanner *scan, struct mipo_rec *rec, struct mipo_err *err)
{
	struct gap gaps[MIPO_PAIR_ERRORS];
	const struct mipo_tally *tally = &scan->tally;
	int r;

	memset(gaps, 0, sizeof(gaps));
	for (unsigned i = 0; i < tally->n_errors; i++) {
		const char *name = strerrorname_np(tally->errors[i].sys);

		gaps[i].rec = mipo_rec_new(err);
		mipo_rec_put_str(gaps[i].rec, "errno",
		    tally->errors[i].sys == 0 || name == NULL ? "various"
							      : name);
		put_count(gaps[i].rec, "count", tally->errors[i].count);
		mipo_rec_put_list(gaps[i].rec, "indices");
	}
	r = find_gaps(scan, gaps, err);
	mipo_rec_put_list(rec, "send_errors");
	for (unsigned i = 0; i < tally->n_errors; i++) {
		if (gaps[i].more)
			mipo_rec_put_bool(gaps[i].rec, "more", true);
		mipo_rec_add_rec_take(rec, "send_errors", gaps[i].rec);
	}
	return r;
}

static void
put_counts(
    const struct mipo_scanner *scan, struct mipo_rec *rec, struct mipo_err *err)
{
	struct mipo_rec *sub = mipo_rec_new(err);

	if (scan->echo) {
		put_count(sub, "up", count(scan, MIPO_OPEN));
		put_count(sub, "silent",
		    silent(scan) + count(scan, MIPO_UNREACHABLE));
		mipo_rec_put_rec_take(rec, "hosts", sub);
		return;
	}
	put_count(sub, "open", count(scan, MIPO_OPEN));
	put_count(sub, "closed", count(scan, MIPO_CLOSED));
	put_count(sub, "filtered",
	    count(scan, MIPO_FILTERED) + (scan->udp ? 0 : silent(scan)));
	put_count(sub, "open_filtered",
	    count(scan, MIPO_OPEN_FILTERED) + (scan->udp ? silent(scan) : 0));
	put_count(sub, "unreachable", count(scan, MIPO_UNREACHABLE));
	mipo_rec_put_rec_take(rec, "counts", sub);
}

/* n addresses from first on, as text. */
static void
add_hosts(struct mipo_rec *rec, const struct mipo_addr *first, uint64_t n)
{
	struct mipo_addr last = *first;
	char text[2 * MIPO_ADDR_LEN];
	size_t len = mipo_addr_format(first, text);

	if (n > 1) {
		(void)mipo_addr_add(&last, n - 1);
		text[len++] = '-';
		(void)mipo_addr_format(&last, text + len);
	}
	mipo_rec_add_str(rec, "no_neighbor", text);
}

/* Whether any of the pairs of the host that they begin with is. */
static bool
is_lost(const struct mipo_scanner *scan, uint64_t pair)
{
	for (uint32_t i = 0; i < scan->space->n_ports; i++)
		if (mipo_pairs_get(&scan->pairs, pair + i) == MIPO_PAIR_LOST)
			return true;
	return false;
}

/* Whether nobody answered for the i-th host of segment, as was concluded. */
static bool
is_missing(const struct mipo_scanner *scan, const struct mipo_segment *segment,
    uint64_t i)
{
	return mipo_neighbors_state(scan->neighbors, segment->neighbor + i) ==
		MIPO_NEIGHBOR_ASKED &&
	    is_lost(scan, (segment->index + i) * scan->space->n_ports);
}

/* The on-link hosts that did not answer, in runs; budget runs at most. */
static void
put_runs(const struct mipo_scanner *scan, const struct mipo_segment *segment,
    struct mipo_rec *rec, unsigned *budget)
{
	uint64_t run = 0;

	for (uint64_t i = 0; i <= segment->count; i++) {
		struct mipo_addr first = segment->first;

		if (i < segment->count && is_missing(scan, segment, i)) {
			run++;
			continue;
		}
		if (run > 0 && *budget > 0) {
			(void)mipo_addr_add(&first, i - run);
			add_hosts(rec, &first, run);
			--*budget;
		} else if (run > 0) {
			mipo_rec_put_bool(rec, "no_neighbor_more", true);
		}
		run = 0;
	}
}

static void
put_missing(const struct mipo_scanner *scan, struct mipo_rec *rec)
{
	unsigned budget = MAX_HOSTS;

	for (size_t i = 0; i < scan->space->n_segments; i++) {
		const struct mipo_segment *segment = &scan->space->segments[i];

		if (mipo_routes_direct(&scan->routes, segment) != NULL)
			put_runs(scan, segment, rec, &budget);
	}
}

/* Intervals between probes, not probes: one probe has no rate. */
static uint64_t
send_pps(const struct mipo_tally *tally)
{
	if (tally->accepted <= tally->n_passes || tally->sending_ns == 0)
		return 0;
	return (uint64_t)((double)(tally->accepted - tally->n_passes) * 1e9 /
	    (double)tally->sending_ns);
}

static void
put_numbers(const struct mipo_scanner *scan, struct mipo_rec *rec)
{
	const struct mipo_tally *tally = &scan->tally;

	mipo_rec_put_time(rec, "started", tally->started_ms);
	mipo_rec_put_time(
	    rec, "ts", mipo_scanner_wall_ms(scan, tally->ended_ns));
	put_count(rec, "duration_ms",
	    (tally->ended_ns - tally->started_ns) / 1000000);
	put_count(rec, "planned", mipo_scanner_planned(scan));
	put_count(rec, "attempted", tally->attempted);
	put_count(rec, "accepted", tally->accepted);
	put_count(rec, "answered", answered(scan));
	put_count(rec, "send_pps", send_pps(tally));
	put_count(rec, "capture_received", tally->capture_received);
	put_count(rec, "capture_drops", tally->capture_drops);
	put_count(rec, "duplicates", tally->duplicates);
	put_count(rec, "rejected", tally->rejected);
	put_count(rec, "unknown", tally->unknown);
	mipo_rec_put_int(rec, "loss_ppm", tally->loss_ppm);
}

int
mipo_scanner_report(struct mipo_scanner *scan, const char *const *sandbox,
    struct mipo_rec *rec, bool *ret_complete, struct mipo_err *err)
{
	const enum mipo_method method = scan->config.method;
	const char *verdict;
	uint8_t digest[32];

	if (mipo_pairs_digest(&scan->pairs, scan->space,
		mipo_method_proto(method), mipo_method_silent(method), digest,
		err) != 0)
		return -1;
	mipo_rec_put_str(rec, "scan", scan->config.scan);
	put_numbers(scan, rec);
	if (put_errors(scan, rec, err) != 0)
		return -1;
	put_counts(scan, rec, err);
	mipo_scanner_report_order(scan, rec, err);
	mipo_scanner_report_rate(scan, rec, err);
	if (scan->identify != NULL)
		mipo_identify_report(scan->identify, rec, err);
	if (method != MIPO_METHOD_CONNECT) {
		mipo_senders_report(scan, rec);
		put_missing(scan, rec);
	}
	mipo_rec_put_list(rec, "sandbox");
	for (; *sandbox != NULL; sandbox++)
		mipo_rec_add_str(rec, "sandbox", *sandbox);
	verdict = mipo_scanner_report_why(scan, rec);
	mipo_rec_put_str(rec, "verdict", verdict);
	mipo_rec_put_hex(rec, "state_sha256", digest, sizeof(digest));
	*ret_complete = strcmp(verdict, "complete") == 0;
	return mipo_rec_ok(rec, err);
}
