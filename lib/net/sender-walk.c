#include <errno.h>
#include <time.h>

#include "base/clock.h"
#include "net/discover.h"
#include "net/resume.h"
#include "net/sender.h"
#include "net/syn.h"
#include "net/udp.h"

#define MS	  UINT64_C(1000000)
#define STALL_NS  (1000 * MS)	/* a full queue that stays full */
#define DOWN_NS	  (3000 * MS)	/* an interface that stays down */
#define BACKOFF_MAX (32 * MS)
#define NAP_MAX	  (20 * MS)
#define DEAF_NS	  (250 * MS) /* that long nobody read what has come */
#define LOOKS	  4096
#define FRESH	  (UINT64_C(1) << 63) /* of a tag: the pair's first probe */

/* Adds to a number that only this thread writes. */
static void
count(_Atomic uint64_t *number, uint64_t n)
{
	atomic_store_explicit(number,
	    atomic_load_explicit(number, memory_order_relaxed) + n,
	    memory_order_relaxed);
}

/* The queued probes go out then; -1: not known. Mending is not logged. */
static void
log_time(struct mipo_sender *sender, int64_t at_us)
{
	if (!sender->scan->mending)
		mipo_timelog_add(&sender->timelog, sender->scan->pass,
		    sender->chunk, at_us);
}

static void
nap(uint64_t ns)
{
	const struct timespec ts = {
	    .tv_nsec = (long)(ns < NAP_MAX ? ns : NAP_MAX)};

	(void)nanosleep(&ts, NULL);
}

/* One more that the kernel said no to. */
static void
tell(struct mipo_sender *sender, int sys)
{
	struct mipo_scanner *scan = sender->scan;

	if (sys == MIPO_WIRE_FULL)
		return; /* it was not asked */
	count(&sender->attempted, 1);
	(void)pthread_mutex_lock(&scan->refusals);
	(void)mipo_tally_refused(&scan->tally, sys);
	(void)pthread_mutex_unlock(&scan->refusals);
}

/* The kernel will not send the probe of that tag, or cannot now. */
static void
give_up(struct mipo_sender *sender, uint64_t tag, int sys)
{
	struct mipo_scanner *scan = sender->scan;
	unsigned class;

	mipo_scanner_unspend(scan);
	(void)pthread_mutex_lock(&scan->refusals);
	class = mipo_tally_class(&scan->tally, sys);
	if ((tag & FRESH) == 0)
		scan->tally.unrepeated++;
	(void)pthread_mutex_unlock(&scan->refusals);
	if (scan->resume != NULL)
		mipo_resume_hole(scan,
		    mipo_perm_inverse(sender->perm, tag & ~FRESH));
	if ((tag & FRESH) != 0)
		(void)mipo_pairs_swap(&scan->pairs, sender->hand,
		    tag & ~FRESH, MIPO_PAIR_SILENT,
		    MIPO_PAIR_REFUSED + class);
}

/* How long it is worth trying again at once, by the error. */
static uint64_t
patience(int sys)
{
	switch (sys) {
	case ENOBUFS:
	case ENOMEM:
	case EAGAIN:
	case MIPO_WIRE_FULL:
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
static void
refused(struct mipo_sender *sender, size_t path, int sys, uint64_t *backoff)
{
	struct mipo_scanner *scan = sender->scan;
	struct mipo_wire *wire = sender->wires[path];
	uint64_t now = mipo_clock_mono_ns(), since = sender->dead_ns[path];

	if (patience(sys) > 0 && since == 0)
		since = sender->dead_ns[path] = now;
	tell(sender, sys);
	if (patience(sys) > now - since && !scan->stopped) {
		nap(*backoff);
		log_time(sender, -1); /* some have gone, and some have not */
		*backoff = *backoff * 2 > BACKOFF_MAX ? BACKOFF_MAX
						      : *backoff * 2;
		return;
	}
	give_up(sender, mipo_wire_tag(wire, 0), sys);
	mipo_wire_drop(wire, 1);
}

/* How many of the first n that are queued are their pair's first. */
static uint64_t
first_probes(const struct mipo_wire *wire, size_t n)
{
	uint64_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += (mipo_wire_tag(wire, i) & FRESH) != 0;
	return found;
}

/* Empties the queue of a path, one way or the other. */
static void
flush(struct mipo_sender *sender, size_t path)
{
	struct mipo_wire *wire = sender->wires[path];
	uint64_t backoff = MS;

	while (mipo_wire_queued(wire) > 0) {
		int sys;
		size_t n = mipo_wire_send(wire, &sys);

		if (n > 0) {
			if (sender->scan->pass > 0)
				count(&sender->belated, first_probes(wire, n));
			mipo_wire_drop(wire, n);
			count(&sender->attempted, n);
			count(&sender->accepted, n);
			sender->dead_ns[path] = 0;
			backoff = MS;
		}
		if (sys != 0)
			refused(sender, path, sys, &backoff);
	}
	sender->last_ns = mipo_clock_mono_ns();
}

int
mipo_syn_next_mac(const struct mipo_scanner *scan,
    const struct mipo_spot *spot, uint8_t ret_mac[6])
{
	const struct mipo_hop *hop = mipo_routes_hop(&scan->routes, spot);

	if (hop->sys != 0 || !hop->ask)
		return hop->sys;
	return mipo_neighbors_get(scan->neighbors, hop->direct
		    ? spot->segment->neighbor + spot->offset
		    : hop->neighbor, ret_mac) ? 0 : EHOSTUNREACH;
}

/*
 * The pair has a probe from now on, before one can be answered; its tag. An
 * answer that comes late meanwhile is the better knowledge.
 */
static uint64_t
mark(struct mipo_sender *sender, uint64_t pair)
{
	struct mipo_pairs *pairs = &sender->scan->pairs;
	unsigned value = mipo_pairs_get(pairs, pair);

	if (value != MIPO_PAIR_UNTOUCHED && value < MIPO_PAIR_REFUSED)
		return pair;
	return mipo_pairs_swap(
	    pairs, sender->hand, pair, value, MIPO_PAIR_SILENT)
	    ? pair | FRESH : pair;
}

static void
syn_probe(const struct mipo_scanner *scan, const struct mipo_addr *us,
    const struct mipo_spot *spot, uint64_t pair, struct mipo_probe *ret_probe)
{
	ret_probe->dst = &spot->addr;
	ret_probe->dport = spot->port;
	ret_probe->sport = mipo_syn_sport(scan, pair, scan->pass);
	ret_probe->seq = mipo_cookie(&scan->cookie, us, &spot->addr,
	    ret_probe->sport, ret_probe->dport);
}

/* Queues the pair's probe. */
static void
put(struct mipo_sender *sender, uint64_t pair)
{
	struct mipo_scanner *scan = sender->scan;
	struct mipo_spot spot;
	const struct mipo_hop *hop;
	const struct mipo_addr *us;
	struct mipo_probe probe;
	uint64_t tag = mark(sender, pair);
	uint8_t mac[6] = {0};
	int sys;

	mipo_space_at(scan->space, pair, &spot);
	hop = mipo_routes_hop(&scan->routes, &spot);
	sys = mipo_syn_next_mac(scan, &spot, mac);
	if (sys != 0) {
		tell(sender, sys);
		give_up(sender, tag, sys);
		return;
	}
	us = &scan->routes.paths[hop->path].end.from.addr;
	probe.mac = mac;
	if (scan->udp)
		mipo_udp_probe(scan, us, &spot, scan->pass, &probe);
	else if (scan->echo)
		mipo_discover_probe(scan, us, &spot, scan->pass, &probe);
	else
		syn_probe(scan, us, &spot, pair, &probe);
	mipo_wire_put(sender->wires[hop->path], &probe, tag);
	if (mipo_wire_queued(sender->wires[hop->path]) == MIPO_WIRE_BATCH)
		flush(sender, hop->path);
}

/*
 * The next pair that is wanted; false at the end, when looks are up, or when
 * no probe is left for it: it was then not walked over.
 */
static bool
next(struct mipo_sender *sender, uint64_t *ret_pair)
{
	struct mipo_scanner *scan = sender->scan;
	uint64_t index = sender->index;

	while (index < sender->part.end && sender->looks-- > 0) {
		if (index >= sender->first + sender->n) {
			uint64_t left = sender->part.end - index;

			sender->first = index;
			sender->n = left < MIPO_PERM_BATCH
			    ? (size_t)left : MIPO_PERM_BATCH;
			mipo_perm_batch(
			    sender->perm, index, sender->n, sender->x);
			mipo_pairs_expect(
			    &scan->pairs, sender->x, sender->n);
		}
		*ret_pair = sender->x[index++ - sender->first];
		if (mipo_scanner_wants(scan, sender->want, *ret_pair) &&
		    !mipo_resume_skips(scan, index - 1, *ret_pair)) {
			bool may = mipo_scanner_spend(scan);

			if (!may)
				scan->spent = true;
			sender->index = may ? index : index - 1;
			return may;
		}
	}
	sender->index = index;
	return false;
}

/* Hands up to n probes to the kernel; only those that it took are spent. */
static void
send_some(struct mipo_sender *sender, uint64_t n)
{
	uint64_t before = sender->accepted, pair;

	sender->chunk = sender->index;
	log_time(sender, (int64_t)(mipo_clock_mono_ns() / 1000));
	sender->looks = LOOKS;
	while (n-- > 0 && next(sender, &pair))
		put(sender, pair);
	for (size_t i = 0; i < sender->scan->routes.n_paths; i++)
		if (mipo_wire_queued(sender->wires[i]) > 0)
			flush(sender, i);
	sender->flushed = sender->index;
	mipo_pace_spend(&sender->pace, sender->accepted - before);
}

/* What one sender may send a second; 0: without limit. */
static uint64_t
share(const struct mipo_scanner *scan)
{
	uint64_t pps = scan->pps;

	return pps == 0 ? 0 : (pps + scan->n_senders - 1) / scan->n_senders;
}

void *
mipo_sender_run(void *arg)
{
	struct mipo_sender *sender = arg;
	struct mipo_scanner *scan = sender->scan;
	uint64_t due;

	mipo_pace_start(&sender->pace, share(scan), mipo_clock_mono_ns());
	while (sender->index < sender->part.end && !mipo_scanner_over(scan)) {
		const uint64_t now = mipo_clock_mono_ns();
		const uint64_t heeded = scan->heeded_ns;

		sender->pace.rate = share(scan);
		due = mipo_pace_due(&sender->pace, now, MIPO_WIRE_BATCH);
		if (heeded < now && now - heeded > DEAF_NS)
			nap(MS);
		else if (due == 0)
			nap(mipo_pace_wait(&sender->pace));
		else
			send_some(sender, due);
	}
	sender->running = false;
	return NULL;
}
