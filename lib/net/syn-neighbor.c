#include "base/clock.h"
#include "base/err.h"
#include "net/scanner-impl.h"

#define MS	UINT64_C(1000000)
#define ROUNDS	3
#define WAIT_NS (500 * MS) /* for answers after a round */

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
	return 0;
}

/* Asks for all that are missing, at the scan's pace. */
static int
ask_all(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_addr addr;
	uint64_t entry = 0;
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
	}
	return 0;
}

static int
await_answers(struct mipo_scanner *scan, struct mipo_err *err)
{
	uint64_t now = mipo_clock_mono_ns(), until = now + WAIT_NS;

	while (mipo_neighbors_missing(scan->neighbors) > 0 && now < until &&
	    !mipo_scanner_tick(scan, 0)) {
		if (mipo_syn_pause(scan, until - now, err) != 0)
			return -1;
		now = mipo_clock_mono_ns();
	}
	return 0;
}

/* Nobody answered for this address: its pairs need no probe. */
static void
give_up(struct mipo_scanner *scan, const struct mipo_addr *addr)
{
	int64_t now = mipo_scanner_now_us();
	struct mipo_spot spot;
	struct mipo_obs obs;
	uint64_t pair;

	for (uint32_t i = 0; i < scan->space->n_ports; i++) {
		if (!mipo_space_find(scan->space, addr,
			scan->space->ports[i], &spot, &pair))
			return;
		if (!mipo_pairs_answer(
			&scan->pairs, pair, MIPO_UNREACHABLE))
			continue;
		scan->tally.unresolved++;
		mipo_scanner_obs(scan, &spot, MIPO_UNREACHABLE,
		    MIPO_R_NO_NEIGHBOR, now, &obs);
		mipo_scanner_emit(scan, &obs);
	}
}

/*
 * On-link hosts that did not answer are not there. Behind a gateway that
 * did not answer nothing was looked at: its pairs stay without a probe.
 */
static void
conclude(struct mipo_scanner *scan)
{
	char text[MIPO_ADDR_LEN];

	for (size_t i = 0; i < scan->space->n_segments; i++) {
		const struct mipo_segment *segment = &scan->space->segments[i];
		const struct mipo_hop *hop = &scan->routes.hops[segment->hop];
		struct mipo_addr addr = segment->first;

		if (hop->sys != 0 || !hop->ask || !hop->direct)
			continue;
		for (uint64_t j = 0; j < segment->count; j++) {
			if (mipo_neighbors_state(scan->neighbors,
				segment->neighbor + j) == MIPO_NEIGHBOR_ASKED)
				give_up(scan, &addr);
			(void)mipo_addr_add(&addr, 1);
		}
	}
	for (size_t i = 0; i < scan->routes.n_hops; i++) {
		const struct mipo_hop *hop = &scan->routes.hops[i];

		if (hop->sys != 0 || !hop->ask || hop->direct ||
		    mipo_neighbors_state(scan->neighbors, hop->neighbor) ==
			MIPO_NEIGHBOR_FOUND)
			continue;
		(void)mipo_addr_format(&hop->gateway, text);
		mipo_tally_why(
		    &scan->tally, "gateway %s does not answer", text);
	}
}

int
mipo_syn_resolve(struct mipo_scanner *scan, struct mipo_err *err)
{
	scan->phase = "neighbours";
	for (int i = 0; i < ROUNDS && !scan->stopped; i++) {
		if (mipo_neighbors_missing(scan->neighbors) == 0)
			return 0;
		if (ask_all(scan, err) != 0 || await_answers(scan, err) != 0)
			return -1;
	}
	if (!scan->stopped)
		conclude(scan);
	return 0;
}
