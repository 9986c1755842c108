#include <netinet/in.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "net/connects.h"
#include "net/resume.h"
#include "net/scanner-rate.h"

#define MS	    UINT64_C(1000000)
#define PATIENCE_NS (3500 * MS) /* the kernel has then asked three times */
#define NAP_NS	    (50 * MS)
#define SPACING_NS  (1000 * MS) /* from one try to the next */
#define BATCH	    256
#define LOOKS	    4096 /* at pairs, in one turn */
#define LOOK_MIN_NS (25 * MS)
#define LOOK_MAX_NS (100 * MS)
#define LOOK_RTTS   4

/*
 * Caps by the ways that connections will take, as far as can be said before:
 * where an interface is down the kernel will say so of what goes there.
 */
static int
open_caps(struct mipo_scanner *scan, struct mipo_err *err)
{
	const struct mipo_flow like = {
	    .proto = IPPROTO_TCP, .uid = geteuid()};
	struct mipo_routes routes = {.n_hops = 0};
	struct mipo_netlink *netlink = NULL;
	struct mipo_err why = {0};
	bool known = mipo_netlink_open(&netlink, &why) == 0 &&
	    mipo_routes_find(scan->space, &like, netlink, &routes, &why) == 0;
	int r = mipo_caps_new(
	    scan->space, known ? &routes : NULL, &scan->caps, err);

	mipo_routes_release(&routes);
	mipo_netlink_free(netlink);
	return r;
}

int
mipo_connect_open(struct mipo_scanner *scan, struct mipo_err *err)
{
	if (scan->config.rate_auto && open_caps(scan, err) != 0)
		return -1;
	return mipo_connects_open(
	    MIPO_CONNECTS_MOST, &scan->connects, err);
}

void
mipo_connect_close(struct mipo_scanner *scan)
{
	mipo_connects_free(scan->connects);
	scan->connects = NULL;
}

/*
 * Gives up on those that are too old: they stay silent. A pass that is not
 * the last concludes nothing of it. We may have been held up, or epoll may
 * not know of it: the kernel has the last word.
 */
static void
expire(struct mipo_scanner *scan)
{
	struct mipo_connects *c = scan->connects;
	uint64_t now = mipo_clock_mono_ns();
	uint64_t age = scan->config.wait_ms * MS;
	bool last = scan->spent || scan->pass == scan->config.retries;

	if (age > PATIENCE_NS && (!last || c->unused == MIPO_CONNECTS_NONE))
		age = PATIENCE_NS;
	if (age < SPACING_NS && !last)
		age = SPACING_NS;
	while (c->oldest != MIPO_CONNECTS_NONE &&
	    now - c->slots[c->oldest].began_ns >= age)
		if (!mipo_connect_ask(scan, c->oldest, false))
			mipo_connects_drop(c, c->oldest);
}

/* Where a walk over the order is. */
struct walk {
	enum mipo_want want;
	uint64_t index;
	bool has_pair; /* pair was looked up and is still to be started */
	bool is_short; /* something lacked for it */
	uint64_t pair;
};

/* Whether pairs are still to be looked up or started. */
static bool
has_more(const struct mipo_scanner *scan, const struct walk *walk)
{
	return walk->has_pair ||
	    (walk->index < scan->window.end && !scan->spent);
}

/* What was walked; not the pair that is still to be started. */
static int
note_walked(struct mipo_scanner *scan, const struct walk *walk,
    struct mipo_err *err)
{
	scan->connected = walk->index - walk->has_pair;
	return mipo_intervals_add(&scan->tally.passes[scan->pass].walked,
	    scan->window.first, scan->connected, err);
}

/*
 * Starts up to n; fewer where the order ends, room is short, or most pairs
 * are not wanted.
 */
static uint64_t
start_some(struct mipo_scanner *scan, struct walk *walk, uint64_t n)
{
	uint64_t done = 0, looks = LOOKS;

	while (done < n && scan->connects->unused != MIPO_CONNECTS_NONE) {
		if (!walk->has_pair) {
			if (walk->index == scan->window.end || looks-- == 0)
				break;
			walk->pair =
			    mipo_perm_at(scan->perm, walk->index++);
			if (!mipo_scanner_wants(
				scan, walk->want, walk->pair) ||
			    mipo_resume_skips(
				scan, walk->index - 1, walk->pair))
				continue;
			if (!mipo_scanner_spend(scan)) {
				scan->spent = true;
				walk->index--;
				break;
			}
		}
		walk->is_short = mipo_connect_start(scan, walk->pair) != 0;
		walk->has_pair = walk->is_short;
		if (walk->is_short)
			break;
		done++;
	}
	return done;
}

/*
 * The rate follows what becomes of connections, as soon as a few round trips
 * allow: that what was asked slower would have had an answer by now.
 */
static void
look(struct mipo_scanner *scan, const struct walk *walk)
{
	uint64_t ns = scan->max_rtt_us * UINT64_C(1000) * LOOK_RTTS;
	struct mipo_rate_seen total = {.canaries = 0};

	if (ns == 0 || ns > LOOK_MAX_NS)
		ns = LOOK_MAX_NS;
	scan->lacking += walk->is_short;
	if (!mipo_scanner_rate_due(
		scan, ns < LOOK_MIN_NS ? LOOK_MIN_NS : ns))
		return;
	mipo_scanner_rate_look(scan, &total);
	scan->pace.rate = scan->pps;
}

static int
walk_order(struct mipo_scanner *scan, enum mipo_want want, struct mipo_err *err)
{
	struct mipo_connects *c = scan->connects;
	struct walk walk = {.want = want, .index = scan->window.first};
	uint64_t began = mipo_clock_mono_ns(), wait;

	mipo_tally_pass(&scan->tally, scan->pass);
	scan->connected = scan->window.first;
	mipo_resume_walks(scan);
	while (has_more(scan, &walk) || c->used > 0) {
		bool more = has_more(scan, &walk);
		uint64_t due = mipo_pace_due(
		    &scan->pace, mipo_clock_mono_ns(), BATCH);
		uint64_t done = more ? start_some(scan, &walk, due) : 0;

		scan->phase = more ? "probing" : "waiting";
		mipo_pace_spend(&scan->pace, done);
		if (note_walked(scan, &walk, err) != 0)
			return -1;
		wait = NAP_NS;
		if (more && c->unused != MIPO_CONNECTS_NONE &&
		    !walk.is_short && mipo_pace_wait(&scan->pace) < NAP_NS)
			wait = mipo_pace_wait(&scan->pace);
		if (mipo_connect_collect(scan, wait, err) != 0)
			return -1;
		expire(scan);
		if (more)
			look(scan, &walk);
		if (mipo_scanner_tick(
			scan, walk.index - scan->window.first))
			break;
		if (more)
			scan->tally.sending_ns +=
			    mipo_clock_mono_ns() - began;
		began = mipo_clock_mono_ns();
	}
	mipo_resume_walked(scan);
	return 0;
}

/* Until it is a second since the last began. */
static int
space_out(struct mipo_scanner *scan, struct mipo_err *err)
{
	uint64_t until = scan->last_send_ns + SPACING_NS;

	scan->phase = "waiting";
	while (mipo_clock_mono_ns() < until &&
	    !mipo_scanner_tick(scan, mipo_window_pairs(scan)))
		if (mipo_connect_collect(scan, NAP_NS, err) != 0)
			return -1;
	return 0;
}

int
mipo_connect_begin(struct mipo_scanner *scan, struct mipo_err *err)
{
	(void)err;
	mipo_scanner_rate_start(scan);
	mipo_pace_start(&scan->pace, scan->pps, mipo_clock_mono_ns());
	return 0;
}

int
mipo_connect_run(struct mipo_scanner *scan, struct mipo_err *err)
{
	enum mipo_want want = MIPO_WANT_NEW;

	scan->connects->told_ns = mipo_clock_mono_ns();
	for (;;) {
		if (walk_order(scan, want, err) != 0)
			return -1;
		if (mipo_scanner_over(scan) ||
		    scan->pass == scan->config.retries ||
		    (mipo_scanner_silent(scan) == 0 &&
			mipo_pairs_refused(&scan->pairs) == 0))
			return 0;
		if (space_out(scan, err) != 0)
			return -1;
		scan->pass++;
		mipo_scanner_rate_pass(scan);
		scan->pace.rate = scan->pps;
		want = MIPO_WANT_SILENT;
	}
}
