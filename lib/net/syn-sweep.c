#include "base/clock.h"
#include "net/scanner-rate.h"
#include "net/syn.h"

#define MS	UINT64_C(1000000)
#define WAIT_NS (500 * MS) /* for answers after a round */
#define BRIEF_NS (100 * MS) /* most of them come in that time */
#define NEARLY	16	   /* of as many all but one */
#define LOOK_NS (MIPO_RATE_LOOK_MS * MS)
#define AT_ONCE	64	   /* requests */
#define NAP_NS	(5 * MS)

/* Asks for one; a request that the kernel refuses leaves it unasked. */
static int
ask(struct mipo_scanner *scan, uint64_t entry, const struct mipo_addr *addr,
    size_t path, struct mipo_err *err)
{
	const struct mipo_wire_end *end = &scan->routes.paths[path].end;
	uint8_t bytes[MIPO_FRAME_MAX];
	size_t len;
	int sys;

	if (mipo_frame_who_has(&end->from, addr, bytes, &len, err) != 0)
		return -1;
	sys = mipo_wire_send_one(scan->wires[path], bytes, len);
	if (sys == 0)
		mipo_neighbors_asked(scan->neighbors, entry);
	scan->last_send_ns = mipo_clock_mono_ns();
	return 0;
}

/*
 * Where nearly all that were asked have answered, the way there bears more,
 * of requests and of probes. Who is not there does not tell it, so that a
 * network with few hosts is asked as gently as it began.
 */
static void
hasten(struct mipo_scanner *scan, uint64_t asked, uint64_t *looked)
{
	uint64_t found = mipo_neighbors_count(scan->neighbors) -
	    mipo_neighbors_missing(scan->neighbors);

	if (!mipo_scanner_rate_due(scan, LOOK_NS) ||
	    mipo_neighbors_rounds(scan->neighbors) > 1 ||
	    found * NEARLY < asked * (NEARLY - 1))
		return;
	mipo_scanner_rate_near(scan, asked - *looked);
	scan->pace.rate = scan->pps;
	*looked = asked;
}

/* Asks for all that are missing, at the scan's pace. */
static int
ask_all(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_addr addr;
	uint64_t entry = 0, asked = 0, looked = 0;
	size_t path;

	while (!mipo_scanner_tick(scan, entry) &&
	    mipo_neighbors_next(scan->neighbors, &entry, &addr, &path)) {
		if (mipo_pace_due(&scan->pace, mipo_clock_mono_ns(), 1) == 0) {
			if (mipo_syn_pause(scan, mipo_pace_wait(&scan->pace),
				err) != 0)
				return -1;
			continue;
		}
		if (ask(scan, entry++, &addr, path, err) != 0 ||
		    mipo_syn_receive(scan, err) != 0)
			return -1;
		mipo_pace_spend(&scan->pace, 1);
		hasten(scan, ++asked, &looked);
	}
	return 0;
}

/* Whether no gateway is missing. */
static bool
has_gateways(const struct mipo_scanner *scan)
{
	for (size_t i = 0; i < scan->routes.n_hops; i++) {
		const struct mipo_hop *hop = &scan->routes.hops[i];

		if (hop->sys == 0 && hop->ask && !hop->direct &&
		    mipo_neighbors_state(scan->neighbors, hop->neighbor) !=
			MIPO_NEIGHBOR_FOUND)
			return false;
	}
	return true;
}

/*
 * Hosts that answered may be probed while others are still asked for; not
 * where somebody chose the rate, which is one of all that is sent.
 */
static bool
may_begin(const struct mipo_scanner *scan)
{
	return scan->config.rate == 0 && !scan->echo &&
	    mipo_neighbors_missing(scan->neighbors) <
	    mipo_neighbors_count(scan->neighbors) && has_gateways(scan);
}

/* After a round; in the first pass until something can be begun with. */
static int
await_answers(struct mipo_scanner *scan, bool first, struct mipo_err *err)
{
	uint64_t began = mipo_clock_mono_ns(), now = began;
	uint64_t until = scan->sweep.until_ns = began + WAIT_NS;

	while (mipo_neighbors_missing(scan->neighbors) > 0 && now < until &&
	    !mipo_scanner_tick(scan, 0)) {
		uint64_t left = until - now;

		if (first && may_begin(scan)) {
			scan->sweep.on = scan->sweep.beside =
			    now - began >= BRIEF_NS;
			left = NAP_NS;
		}
		if (scan->sweep.on)
			return 0;
		if (mipo_syn_pause(scan, left, err) != 0)
			return -1;
		now = mipo_clock_mono_ns();
	}
	return 0;
}

int
mipo_syn_ask(struct mipo_scanner *scan, unsigned rounds, struct mipo_err *err)
{
	struct mipo_sweep *sweep = &scan->sweep;

	scan->phase = "neighbours";
	sweep->rounds = rounds;
	while (sweep->rounds > 0 && !scan->stopped && !sweep->on &&
	    mipo_neighbors_missing(scan->neighbors) > 0) {
		sweep->rounds--;
		mipo_neighbors_round(scan->neighbors, scan->pass);
		if (ask_all(scan, err) != 0 ||
		    await_answers(scan, scan->pass == 0, err) != 0)
			return -1;
	}
	return 0;
}

/* Some of a round's requests, as many as the pace has now. */
static int
ask_some(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_sweep *sweep = &scan->sweep;
	struct mipo_addr addr;
	size_t path;

	for (int i = 0; i < AT_ONCE; i++) {
		if (!mipo_neighbors_next(
			scan->neighbors, &sweep->entry, &addr, &path)) {
			sweep->asking = false;
			sweep->until_ns = mipo_clock_mono_ns() + WAIT_NS;
			return 0;
		}
		if (mipo_pace_due(&scan->pace, mipo_clock_mono_ns(), 1) == 0)
			return 0;
		if (ask(scan, sweep->entry++, &addr, path, err) != 0)
			return -1;
		mipo_pace_spend(&scan->pace, 1);
	}
	return 0;
}

int
mipo_syn_sweep(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_sweep *sweep = &scan->sweep;

	if (!sweep->on)
		return 0;
	if (mipo_neighbors_missing(scan->neighbors) == 0)
		sweep->on = false;
	else if (sweep->asking)
		return ask_some(scan, err);
	else if (mipo_clock_mono_ns() < sweep->until_ns)
		return 0;
	else if (sweep->rounds == 0)
		sweep->on = false;
	else {
		sweep->rounds--;
		sweep->asking = true;
		sweep->entry = 0;
		mipo_neighbors_round(scan->neighbors, scan->pass);
	}
	return 0;
}

int
mipo_syn_sweep_end(struct mipo_scanner *scan, struct mipo_err *err)
{
	while (scan->sweep.on && !scan->spent && !mipo_scanner_tick(scan, 0)) {
		scan->phase = "neighbours";
		if (mipo_syn_sweep(scan, err) != 0 ||
		    mipo_syn_pause(scan, NAP_NS, err) != 0)
			return -1;
	}
	return 0;
}
