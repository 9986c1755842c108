#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "net/discover.h"
#include "net/resume.h"
#include "net/scanner-rate.h"
#include "net/syn.h"

#define MS	UINT64_C(1000000)
#define ROUNDS	3	   /* before the first pass */
#define AGAIN	2	   /* before each later one */
#define WAIT_NS (500 * MS) /* for answers after a round */
#define NEARLY	16	   /* of as many all but one */
#define LOOK_NS (MIPO_RATE_LOOK_MS * MS)
#define MISSED_MAX 0.05	   /* hosts that may be taken for absent, at most */

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

static int
ask_rounds(struct mipo_scanner *scan, int n, struct mipo_err *err)
{
	scan->phase = "neighbours";
	while (n-- > 0 && !scan->stopped &&
	    mipo_neighbors_missing(scan->neighbors) > 0) {
		mipo_neighbors_round(scan->neighbors, scan->pass);
		if (ask_all(scan, err) != 0 || await_answers(scan, err) != 0)
			return -1;
	}
	return 0;
}

/* A host on the same link. */
struct host {
	struct mipo_addr addr;
	uint64_t entry;
	size_t path;
};

static void
each_host(struct mipo_scanner *scan,
    void (*visit)(struct mipo_scanner *, const struct host *))
{
	for (size_t i = 0; i < scan->space->n_segments; i++) {
		const struct mipo_segment *segment = &scan->space->segments[i];
		const struct mipo_hop *hop =
		    mipo_routes_direct(&scan->routes, segment);
		struct host host = {.addr = segment->first,
		    .entry = segment->neighbor};

		if (hop == NULL)
			continue;
		host.path = hop->path;
		for (uint64_t j = 0; j < segment->count; j++) {
			visit(scan, &host);
			(void)mipo_addr_add(&host.addr, 1);
			host.entry++;
		}
	}
}

/* The host's pair of its i-th port, if that goes straight to the host. */
static bool
pair_of(struct mipo_scanner *scan, const struct host *host, uint32_t i,
    struct mipo_spot *ret_spot, uint64_t *ret_pair)
{
	const struct mipo_hop *hop;

	if (!mipo_space_find(scan->space, &host->addr, scan->space->ports[i],
		ret_spot, ret_pair) ||
	    !mipo_pairs_holds(&scan->pairs, *ret_pair))
		return false;
	hop = mipo_routes_hop(&scan->routes, ret_spot);
	return hop->sys == 0 && hop->ask && hop->direct;
}

/* Turns those of the host's pairs, of our part, that have one value. */
static uint64_t
turn(struct mipo_scanner *scan, const struct host *host, unsigned value,
    unsigned into)
{
	struct mipo_spot spot;
	uint64_t pair, n = 0;

	for (uint32_t i = 0; i < scan->space->n_ports; i++)
		if (pair_of(scan, host, i, &spot, &pair) &&
		    mipo_pairs_get(&scan->pairs, pair) == value &&
		    mipo_scanner_has(scan, pair)) {
			mipo_pairs_set(&scan->pairs, pair, into);
			n++;
		}
	return n;
}

/* Nobody answered for this address so far: its pairs get no probe. */
static void
set_aside(struct mipo_scanner *scan, const struct host *host)
{
	if (mipo_neighbors_state(scan->neighbors, host->entry) ==
	    MIPO_NEIGHBOR_ASKED)
		(void)turn(
		    scan, host, MIPO_PAIR_UNTOUCHED, MIPO_PAIR_ABSENT);
}

static void
keep_absent(struct mipo_scanner *scan, const struct host *host)
{
	if (mipo_neighbors_state(scan->neighbors, host->entry) ==
	    MIPO_NEIGHBOR_ASKED)
		mipo_resume_absent(scan, &host->addr);
}

static void
take_back(struct mipo_scanner *scan, const struct host *host)
{
	if (mipo_neighbors_state(scan->neighbors, host->entry) ==
		MIPO_NEIGHBOR_FOUND &&
	    turn(scan, host, MIPO_PAIR_ABSENT, MIPO_PAIR_UNTOUCHED) > 0)
		mipo_neighbors_set_pass(
		    scan->neighbors, host->entry, scan->pass);
}

static void
greet(struct mipo_scanner *scan, const struct host *host)
{
	mipo_discover_greet(scan, &host->addr, host->entry);
}

int
mipo_syn_resolve(struct mipo_scanner *scan, struct mipo_err *err)
{
	if (ask_rounds(scan, ROUNDS, err) != 0)
		return -1;
	if (scan->echo)
		each_host(scan, greet);
	if (mipo_neighbors_missing(scan->neighbors) > 0)
		each_host(scan, keep_absent);
	mipo_resume_absent_end(scan);
	return 0;
}

void
mipo_syn_set_aside(struct mipo_scanner *scan)
{
	if (mipo_neighbors_missing(scan->neighbors) > 0)
		each_host(scan, set_aside);
}

int
mipo_syn_resolve_again(struct mipo_scanner *scan, struct mipo_err *err)
{
	if (ask_rounds(scan, AGAIN, err) != 0)
		return -1;
	if (scan->echo)
		each_host(scan, greet);
	if (mipo_pairs_count(&scan->pairs, MIPO_PAIR_ABSENT) > 0)
		each_host(scan, take_back);
	return 0;
}

/* Whether hosts of the path may be there although they never answered. */
static bool
may_be_there(const struct mipo_scanner *scan, size_t path)
{
	const struct mipo_neighbor_tally *tally =
	    mipo_neighbors_tally(scan->neighbors, path);

	return tally->first + tally->late == 0 ||
	    mipo_tally_missed(tally->first, tally->late,
		mipo_neighbors_rounds(scan->neighbors)) > MISSED_MAX;
}

static void
give_up(struct mipo_scanner *scan, const struct host *host)
{
	int64_t now = mipo_scanner_now_us();
	struct mipo_spot spot;
	struct mipo_obs obs;
	uint64_t pair;

	for (uint32_t i = 0; i < scan->space->n_ports; i++) {
		if (!pair_of(scan, host, i, &spot, &pair) ||
		    mipo_pairs_get(&scan->pairs, pair) != MIPO_PAIR_ABSENT)
			continue;
		(void)mipo_pairs_answer(&scan->pairs, pair, MIPO_UNREACHABLE);
		scan->tally.unresolved++;
		mipo_scanner_obs(scan, &spot, MIPO_UNREACHABLE,
		    MIPO_R_NO_NEIGHBOR, now, &obs);
		mipo_scanner_emit(scan, &obs);
	}
}

/*
 * A host that did not answer is not there, where enough others say that it
 * would have been heard. Of one found after the last pass nothing is known.
 */
static void
settle(struct mipo_scanner *scan, const struct host *host)
{
	if (mipo_neighbors_state(scan->neighbors, host->entry) ==
		MIPO_NEIGHBOR_ASKED &&
	    !may_be_there(scan, host->path))
		give_up(scan, host);
	else
		scan->tally.unknown += turn(
		    scan, host, MIPO_PAIR_ABSENT, MIPO_PAIR_UNTOUCHED);
}

static void
doubt_path(struct mipo_scanner *scan, size_t path)
{
	const struct mipo_neighbor_tally *tally =
	    mipo_neighbors_tally(scan->neighbors, path);
	int64_t loss = mipo_tally_ratio(tally->first, tally->late);

	if (loss >= 0 && may_be_there(scan, path))
		mipo_tally_doubt(&scan->tally,
		    "hosts on %s that did not answer may be there: "
		    "about %lld %% of requests to neighbours were lost",
		    scan->routes.paths[path].end.ifname,
		    (long long)loss / 10000);
}

void
mipo_syn_settle(struct mipo_scanner *scan)
{
	if (scan->echo)
		each_host(scan, greet);
	if (mipo_pairs_count(&scan->pairs, MIPO_PAIR_ABSENT) > 0)
		each_host(scan, settle);
}

void
mipo_syn_judge(struct mipo_scanner *scan)
{
	char text[MIPO_ADDR_LEN];

	for (size_t i = 0; i < scan->routes.n_paths; i++)
		if (scan->tally.unknown > 0)
			doubt_path(scan, i);
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

/* Straight to its link address: broadcasts may be lost more often. */
int
mipo_syn_echo(struct mipo_scanner *scan, struct mipo_err *err)
{
	uint8_t bytes[MIPO_FRAME_MAX];
	struct mipo_addr addr;
	uint64_t entry;
	size_t len;

	for (size_t i = 0; i < scan->routes.n_paths; i++) {
		if (!mipo_neighbors_echo(scan->neighbors, i, &addr, &entry))
			continue;
		if (mipo_frame_who_has(&scan->routes.paths[i].end.from, &addr,
			bytes, &len, err) != 0)
			return -1;
		memcpy(bytes, mipo_neighbors_mac(scan->neighbors, entry), 6);
		(void)mipo_wire_send_one(scan->wires[i], bytes, len);
	}
	return 0;
}
