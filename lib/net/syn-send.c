#include <errno.h>
#include <time.h>

#include "base/clock.h"
#include "net/sport.h"
#include "net/syn.h"

#define MS	  UINT64_C(1000000)
#define STALL_NS  (1000 * MS)	/* a full queue that stays full */
#define DOWN_NS	  (3000 * MS)	/* an interface that stays down */
#define BACKOFF_MAX (32 * MS)
#define LOOKS	  4096
#define HEAR_NS	  500000 /* how long the ring is left to itself */

/* One walk: where it is in the order, and a batch of what comes next. */
struct walk {
	enum mipo_want want;
	uint64_t index; /* the next to look at */
	unsigned looks; /* left before others get their turn */
	uint64_t first; /* x[0] is the value at this index */
	size_t n;
	uint64_t x[MIPO_PERM_BATCH];
};

uint16_t
mipo_syn_sport(const struct mipo_scanner *scan, uint64_t pair, unsigned pass)
{
	uint64_t mixed = (pair * scan->spread) >> 56;

	return (uint16_t)(scan->sport + (mixed + pass) % MIPO_SPORTS);
}

/* The queued probes go out now. Mending goes back, and is not logged. */
static void
log_time(struct mipo_scanner *scan)
{
	if (!scan->mending)
		mipo_timelog_add(&scan->timelog, scan->pass, scan->chunk,
		    (int64_t)(mipo_clock_mono_ns() / 1000));
}

/* The kernel will not send to the pair, or cannot now. */
static void
refuse(struct mipo_scanner *scan, uint64_t pair, int sys)
{
	unsigned class = mipo_tally_refused(&scan->tally, sys);

	scan->tally.attempted++;
	if (mipo_pairs_get(&scan->pairs, pair) == MIPO_PAIR_SILENT)
		scan->tally.unrepeated++;
	else
		mipo_pairs_set(
		    &scan->pairs, pair, MIPO_PAIR_REFUSED + class);
}

/* The first n of the queue were taken. */
static void
accept(struct mipo_scanner *scan, struct mipo_wire *wire, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t pair = mipo_wire_tag(wire, i);
		unsigned value = mipo_pairs_get(&scan->pairs, pair);

		if (value == MIPO_PAIR_UNTOUCHED ||
		    value >= MIPO_PAIR_REFUSED)
			mipo_pairs_set(&scan->pairs, pair, MIPO_PAIR_SILENT);
	}
	mipo_wire_drop(wire, n);
	scan->tally.attempted += n;
	scan->tally.accepted += n;
	scan->tally.passes[scan->pass].probes += n;
}

/* How long it is worth trying again at once, by the error. */
static uint64_t
patience(int sys)
{
	switch (sys) {
	case ENOBUFS:
	case ENOMEM:
	case EAGAIN:
		return STALL_NS;
	case ENETDOWN:
	case ENXIO:
	case ENODEV:
		return DOWN_NS;
	default:
		return 0; /* it is about this destination */
	}
}

/*
 * The first of the queue was refused. Tried again after a while where that
 * may help; else given up, as is all that follows on a dead path until one
 * is taken again.
 */
static int
refused(struct mipo_scanner *scan, size_t path, int sys, uint64_t *backoff,
    struct mipo_err *err)
{
	struct mipo_wire *wire = scan->wires[path];
	uint64_t now = mipo_clock_mono_ns(), since = scan->dead_ns[path];

	if (patience(sys) > 0 && since == 0)
		since = scan->dead_ns[path] = now;
	if (patience(sys) > now - since && !scan->stopped) {
		/* Counted, but the pair's fate is still open. */
		(void)mipo_tally_refused(&scan->tally, sys);
		scan->tally.attempted++;
		if (mipo_syn_pause(scan, *backoff, err) != 0)
			return -1;
		log_time(scan);
		*backoff = *backoff * 2 > BACKOFF_MAX ? BACKOFF_MAX
						      : *backoff * 2;
		(void)mipo_scanner_tick(scan, scan->chunk);
		return 0;
	}
	refuse(scan, mipo_wire_tag(wire, 0), sys);
	mipo_wire_drop(wire, 1);
	return 0;
}

/* Empties the queue of a path, one way or the other. */
static int
flush(struct mipo_scanner *scan, size_t path, struct mipo_err *err)
{
	struct mipo_wire *wire = scan->wires[path];
	uint64_t backoff = MS;

	while (mipo_wire_queued(wire) > 0) {
		int sys;
		size_t n = mipo_wire_send(wire, &sys);

		if (n > 0) {
			accept(scan, wire, n);
			scan->dead_ns[path] = 0;
			backoff = MS;
		}
		if (sys != 0 && refused(scan, path, sys, &backoff, err) != 0)
			return -1;
	}
	scan->last_send_ns = mipo_clock_mono_ns();
	return 0;
}

static int
flush_all(struct mipo_scanner *scan, struct mipo_err *err)
{
	for (size_t i = 0; i < scan->routes.n_paths; i++)
		if (mipo_wire_queued(scan->wires[i]) > 0 &&
		    flush(scan, i, err) != 0)
			return -1;
	return 0;
}

/* The next hop's address, or why there is none. */
static const uint8_t *
next_mac(const struct mipo_scanner *scan, const struct mipo_hop *hop,
    const struct mipo_spot *spot, int *ret_sys)
{
	static const uint8_t none[6];
	uint64_t entry;

	*ret_sys = hop->sys;
	if (hop->sys != 0 || !hop->ask)
		return none;
	entry = hop->direct ? spot->segment->neighbor + spot->offset
			    : hop->neighbor;
	if (mipo_neighbors_state(scan->neighbors, entry) !=
	    MIPO_NEIGHBOR_FOUND)
		*ret_sys = EHOSTUNREACH;
	return mipo_neighbors_mac(scan->neighbors, entry);
}

/* Queues the pair's probe. */
static int
put(struct mipo_scanner *scan, uint64_t pair, struct mipo_err *err)
{
	struct mipo_spot spot;
	const struct mipo_hop *hop;
	const struct mipo_addr *us;
	struct mipo_probe probe;
	int sys;

	mipo_space_at(scan->space, pair, &spot);
	hop = &scan->routes.hops[spot.segment->hop];
	probe.mac = next_mac(scan, hop, &spot, &sys);
	if (sys != 0) {
		refuse(scan, pair, sys);
		return 0;
	}
	us = &scan->routes.paths[hop->path].end.from.addr;
	probe.dst = &spot.addr;
	probe.dport = spot.port;
	probe.sport = mipo_syn_sport(scan, pair, scan->pass);
	probe.seq = mipo_cookie(
	    &scan->cookie, us, &spot.addr, probe.sport, probe.dport);
	mipo_wire_put(scan->wires[hop->path], &probe, pair);
	if (mipo_wire_queued(scan->wires[hop->path]) == MIPO_WIRE_BATCH)
		return flush(scan, hop->path, err);
	return 0;
}

/* The next pair that is wanted; false at the end, or when looks are up. */
static bool
next(struct mipo_scanner *scan, struct walk *walk, uint64_t *ret_pair)
{
	const uint64_t end = scan->space->pairs;

	while (walk->index < end && walk->looks-- > 0) {
		if (walk->index >= walk->first + walk->n) {
			uint64_t left = end - walk->index;

			walk->first = walk->index;
			walk->n = left < MIPO_PERM_BATCH ? (size_t)left
							 : MIPO_PERM_BATCH;
			mipo_perm_batch(
			    scan->perm, walk->first, walk->n, walk->x);
			mipo_pairs_expect(&scan->pairs, walk->x, walk->n);
		}
		*ret_pair = walk->x[walk->index++ - walk->first];
		if (mipo_scanner_wants(scan, walk->want, *ret_pair))
			return true;
	}
	return false;
}

/* Hands up to n probes to the kernel; only those that it took are spent. */
static int
send_some(struct mipo_scanner *scan, struct walk *walk, uint64_t n,
    struct mipo_err *err)
{
	uint64_t before = scan->tally.accepted, pair;

	scan->chunk = walk->index;
	log_time(scan);
	walk->looks = LOOKS;
	while (n-- > 0 && next(scan, walk, &pair))
		if (put(scan, pair, err) != 0)
			return -1;
	if (flush_all(scan, err) != 0)
		return -1;
	mipo_pace_spend(&scan->pace, scan->tally.accepted - before);
	return 0;
}

int
mipo_syn_walk(
    struct mipo_scanner *scan, enum mipo_want want, struct mipo_err *err)
{
	struct walk walk = {.want = want};
	struct mipo_tally_pass *pass = &scan->tally.passes[scan->pass];
	uint64_t began = mipo_clock_mono_ns(), now = began, heard = 0, due;

	mipo_pace_start(&scan->pace, scan->config.rate, began);
	scan->phase = "probing";
	scan->mending = want == MIPO_WANT_REFUSED;
	scan->mended |= scan->mending;
	scan->tally.n_passes = scan->pass + 1;
	while (walk.index < scan->space->pairs &&
	    !mipo_scanner_tick(scan, walk.index)) {
		due = mipo_pace_due(&scan->pace, now, MIPO_WIRE_BATCH);
		if (due == 0 &&
		    mipo_syn_pause(scan, mipo_pace_wait(&scan->pace), err) != 0)
			return -1;
		if (due > 0 && send_some(scan, &walk, due, err) != 0)
			return -1;
		if (now - heard >= HEAR_NS) {
			if (mipo_syn_receive(scan, err) != 0)
				return -1;
			heard = now;
		}
		if (walk.index > pass->walked)
			pass->walked = walk.index;
		now = mipo_clock_mono_ns();
	}
	scan->tally.sending_ns += mipo_clock_mono_ns() - began;
	return 0;
}
