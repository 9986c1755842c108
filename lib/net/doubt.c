#include "net/course.h"
#include "net/reroute.h"
#include "net/scanner-impl.h"

#define FEW	  32	  /* answers that say little on loss */
#define MS_US	  1000
#define WAIT_MIN_MS UINT64_C(1000)

/* Answers, each of which shows that the way there and back is one. */
static uint64_t
answers(const struct mipo_scanner *scan)
{
	uint64_t n = 0;

	for (unsigned i = MIPO_OPEN; i < MIPO_UNREACHABLE; i++)
		n += mipo_pairs_count(&scan->pairs, MIPO_PAIR_SEEN + i);
	return n;
}

/*
 * As the probes say; where these are few, together with the requests to
 * neighbours that lie behind the same links.
 */
static int64_t
estimate(const struct mipo_scanner *scan)
{
	const struct mipo_tally *tally = &scan->tally;
	uint64_t first = tally->passes[0].answered;
	uint64_t late = tally->passes[1].answered;
	int64_t loss = mipo_tally_loss(tally, mipo_scanner_silent(scan));

	if (tally->n_passes >= 2 && first + late >= FEW)
		return mipo_hostloss_worse(&tally->hosts, loss);
	if (tally->n_passes < 2 || scan->neighbors == NULL)
		return loss;
	for (size_t i = 0; i < scan->routes.n_paths; i++) {
		const struct mipo_neighbor_tally *near =
		    mipo_neighbors_tally(scan->neighbors, i);

		first += near->first + near->heard;
		late += near->late + near->echoes - near->heard;
	}
	return mipo_tally_ratio(first, late);
}

/*
 * To UDP silence is the usual answer, and to who is there; and neither
 * open|filtered nor silent claims much.
 */
static void
doubt_loss(struct mipo_scanner *scan)
{
	if (scan->tally.loss_ppm >= 0 || mipo_scanner_silent(scan) == 0 ||
	    ((scan->udp || scan->echo) && scan->tally.n_passes > 1))
		return;
	mipo_tally_doubt(&scan->tally, "loss could not be measured: %s",
	    scan->tally.n_passes < 2
		? "what stayed silent was tried only once"
		: "no try was answered");
}

static void
doubt_wait(struct mipo_scanner *scan)
{
	const uint64_t took = scan->max_rtt_us / MS_US;
	const uint64_t wait = scan->config.wait_ms;

	if (mipo_pairs_count(&scan->pairs, MIPO_PAIR_SILENT) == 0)
		return;
	if (wait < WAIT_MIN_MS)
		mipo_tally_doubt(&scan->tally,
		    "less than a second was waited for answers");
	else if (wait < 2 * took)
		mipo_tally_doubt(&scan->tally,
		    "a wait of %llu ms is too short: answers took %llu ms",
		    (unsigned long long)wait, (unsigned long long)took);
}

/* Whether one of a segment's pairs with the port is. */
static bool
is_silent(const struct mipo_scanner *scan, const struct mipo_segment *segment,
    uint32_t port)
{
	const uint64_t n = scan->space->n_ports;
	uint64_t pair = segment->index * n + port;

	for (uint64_t i = 0; i < segment->count; i++, pair += n)
		if (mipo_pairs_get(&scan->pairs, pair) <= MIPO_PAIR_SILENT &&
		    mipo_scanner_has(scan, pair))
			return true;
	return false;
}

/* Whether silence, or a missing neighbour, is all there was on the path. */
static bool
has_silence(const struct mipo_scanner *scan, size_t path)
{
	const struct mipo_space *space = scan->space;

	for (size_t i = 0; i < space->n_segments; i++) {
		const struct mipo_segment *segment = &space->segments[i];

		for (uint32_t j = 0; j < space->n_ports; j++) {
			const struct mipo_hop *hop = mipo_routes_at(
			    &scan->routes, segment, space->ports[j]);

			if (hop->sys == 0 && hop->path == path &&
			    is_silent(scan, segment, j))
				return true;
		}
	}
	return false;
}

static void
doubt_path(struct mipo_scanner *scan, const struct mipo_wire_end *end)
{
	char text[MIPO_ADDR_LEN];

	(void)mipo_addr_format(&end->from.addr, text);
	mipo_tally_doubt(&scan->tally,
	    "nothing answered %s on %s: the link may be dead", text,
	    end->ifname);
}

/* A dead link is as silent as one behind which all is filtered. */
static void
doubt_paths(struct mipo_scanner *scan)
{
	if (scan->config.method == MIPO_METHOD_CONNECT &&
	    mipo_scanner_silent(scan) > 0 && answers(scan) == 0)
		mipo_tally_doubt(&scan->tally,
		    "nothing answered: the way there may be dead");
	for (size_t i = 0; i < scan->routes.n_paths; i++) {
		const struct mipo_wire_end *end = &scan->routes.paths[i].end;
		const struct mipo_neighbor_tally *near =
		    mipo_neighbors_tally(scan->neighbors, i);

		if (!end->loopback && (scan->alive & 1U << i) == 0 &&
		    near->first + near->late + near->heard == 0 &&
		    has_silence(scan, i))
			doubt_path(scan, end);
	}
}

static void
doubt_repeats(struct mipo_scanner *scan)
{
	if (scan->tally.unrepeated > 0)
		mipo_tally_doubt(&scan->tally,
		    "%llu tries of what was silent were refused",
		    (unsigned long long)scan->tally.unrepeated);
}

/* Pairs of hosts that were found late had fewer tries. */
static void
doubt_late(struct mipo_scanner *scan)
{
	uint64_t late = scan->tally.late_neighbors;

	if (scan->neighbors == NULL || scan->echo ||
	    mipo_pairs_count(&scan->pairs, MIPO_PAIR_SILENT) == 0)
		return;
	for (uint64_t i = 0; i < mipo_neighbors_count(scan->neighbors); i++)
		late += mipo_neighbors_pass(scan->neighbors, i) > 0;
	if (late > 0)
		mipo_tally_doubt(&scan->tally,
		    "%llu neighbours were found late, and ports behind them "
		    "tried less often", (unsigned long long)late);
}

/* One try is not two, whatever kept the others back. */
static void
doubt_belated(struct mipo_scanner *scan)
{
	const struct mipo_tally *tally = &scan->tally;
	uint64_t n = tally->n_passes == 0
	    ? 0 : tally->passes[tally->n_passes - 1].belated;

	if (n > 0 && mipo_pairs_count(&scan->pairs, MIPO_PAIR_SILENT) > 0)
		mipo_tally_doubt(&scan->tally,
		    "%llu pairs could be probed for the first time in the "
		    "last pass", (unsigned long long)n);
}

/* What nothing is known of was not looked at, whatever the cause. */
static void
doubt_unknown(struct mipo_scanner *scan)
{
	if (scan->tally.unknown > 0)
		mipo_tally_doubt(&scan->tally,
		    "of %llu pairs nothing is known",
		    (unsigned long long)scan->tally.unknown);
}

void
mipo_scanner_doubt(struct mipo_scanner *scan)
{
	static void (*const doubts[])(struct mipo_scanner *) = {doubt_loss,
	    doubt_wait, doubt_paths, mipo_reroute_doubt, mipo_course_doubt,
	    doubt_repeats, doubt_late, doubt_belated, doubt_unknown};

	scan->tally.loss_ppm = estimate(scan);
	if (scan->stopped)
		return;
	for (size_t i = 0; i < sizeof(doubts) / sizeof(*doubts); i++)
		doubts[i](scan);
}
