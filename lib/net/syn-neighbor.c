#include <string.h>

#include "base/err.h"
#include "net/discover.h"
#include "net/resume.h"
#include "net/syn.h"

#define MS	UINT64_C(1000000)
#define ROUNDS	3	   /* before the first pass */
#define AGAIN	2	   /* before each later one */
#define MISSED_MAX 0.05	   /* hosts that may be taken for absent, at most */

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

/*
 * Nobody answered for this address so far. One that the kernel let nobody
 * ask for counts as well while it may still be asked for.
 */
static bool
is_away(const struct mipo_scanner *scan, const struct host *host)
{
	enum mipo_neighbor_state state =
	    mipo_neighbors_state(scan->neighbors, host->entry);

	return state == MIPO_NEIGHBOR_ASKED ||
	    (state == MIPO_NEIGHBOR_UNASKED && scan->sweep.on);
}

/* Its pairs get no probe. */
static void
set_aside(struct mipo_scanner *scan, const struct host *host)
{
	if (is_away(scan, host))
		(void)turn(
		    scan, host, MIPO_PAIR_UNTOUCHED, MIPO_PAIR_ABSENT);
}

static void
keep_absent(struct mipo_scanner *scan, const struct host *host)
{
	if (is_away(scan, host))
		mipo_resume_absent(scan, &host->addr);
}

/* Asked for while others were probed: it was found, or cannot be asked for. */
static void
take_late(struct mipo_scanner *scan, const struct host *host)
{
	if (!is_away(scan, host))
		(void)turn(scan, host, MIPO_PAIR_ABSENT, MIPO_PAIR_UNTOUCHED);
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
	if (mipo_syn_ask(scan, ROUNDS, err) != 0)
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
mipo_syn_resolve_late(
    struct mipo_scanner *scan, bool *ret_more, struct mipo_err *err)
{
	uint64_t absent = mipo_pairs_count(&scan->pairs, MIPO_PAIR_ABSENT);

	*ret_more = false;
	if (!scan->sweep.beside)
		return 0;
	scan->sweep.beside = false;
	if (mipo_syn_sweep_end(scan, err) != 0)
		return -1;
	if (mipo_scanner_over(scan))
		return 0;
	each_host(scan, take_late);
	*ret_more =
	    mipo_pairs_count(&scan->pairs, MIPO_PAIR_ABSENT) < absent;
	return 0;
}

int
mipo_syn_resolve_again(struct mipo_scanner *scan, struct mipo_err *err)
{
	if (mipo_syn_ask(scan, AGAIN, err) != 0)
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
