#include "net/watch.h"

#include "base/clock.h"
#include "net/decode.h"
#include "net/sport.h"
#include "net/syn.h"

#define MS	  UINT64_C(1000000)
#define AT_ONCE	  16 /* probes of one turn */
#define CLOSED	  16 /* that may be closed: who refuses may do so sparingly */
#define MISSED	  7  /* the last three: it is gone, or does not want to */
#define MISSES	  4  /* of the last eight: it answers as it likes */
#define EACH	  16 /* that one host may have */
#define PATIENCE_MIN (50 * MS)
#define PATIENCE_MAX (1000 * MS)

/* How many are of the pair's host. */
static unsigned
of_host(const struct mipo_scanner *scan, uint64_t pair)
{
	const uint64_t n_ports = scan->space->n_ports;
	unsigned n = 0;

	for (unsigned i = 0; i < scan->watch.n; i++)
		n += scan->watch.items[i].pair / n_ports == pair / n_ports;
	return n;
}

void
mipo_watch_add(
    struct mipo_scanner *scan, uint64_t pair, enum mipo_pstate state)
{
	struct mipo_watch *watch = &scan->watch;

	if (watch->n == MIPO_WATCHED || of_host(scan, pair) >= EACH ||
	    (state != MIPO_OPEN && (state != MIPO_CLOSED ||
				       watch->n >= CLOSED)))
		return;
	watch->items[watch->n++] = (struct mipo_watched){.pair = pair};
}

static uint64_t
patience(const struct mipo_scanner *scan)
{
	uint64_t ns = scan->max_rtt_us * UINT64_C(4000);

	return ns < PATIENCE_MIN ? PATIENCE_MIN
	    : ns > PATIENCE_MAX	 ? PATIENCE_MAX : ns;
}

static void
send_probe(struct mipo_scanner *scan, struct mipo_watched *item, uint64_t now)
{
	struct mipo_probe probe = {
	    .sport = (uint16_t)(scan->sport + MIPO_SPORTS)};
	const struct mipo_addr *us;
	const struct mipo_hop *hop;
	struct mipo_spot spot;
	uint8_t mac[6] = {0};

	mipo_space_at(scan->space, item->pair, &spot);
	hop = mipo_routes_hop(&scan->routes, &spot);
	if (mipo_syn_next_mac(scan, &spot, mac) != 0 ||
	    !mipo_scanner_spend(scan))
		return;
	us = &scan->routes.paths[hop->path].end.from.addr;
	probe.mac = mac;
	probe.dst = &spot.addr;
	probe.dport = spot.port;
	probe.seq = mipo_cookie(
	    &scan->cookie, us, &spot.addr, probe.sport, probe.dport);
	item->out = mipo_canary_send(scan, hop->path, &probe);
	if (!item->out)
		mipo_scanner_unspend(scan);
	item->sent_ns = now;
	scan->watch.probes += item->out;
}

/* Late, or gone for good: then another may take its place. */
static void
give_up(struct mipo_watch *watch, unsigned i)
{
	struct mipo_watched *item = &watch->items[i];

	watch->due++;
	watch->lost++;
	item->out = false;
	item->missed = (uint8_t)(item->missed << 1 | 1);
	if ((item->missed & MISSED) == MISSED ||
	    __builtin_popcount(item->missed) >= MISSES)
		*item = watch->items[--watch->n];
}

void
mipo_watch_turn(struct mipo_scanner *scan)
{
	struct mipo_watch *watch = &scan->watch;
	uint64_t now = mipo_clock_mono_ns(), late = patience(scan);
	unsigned n;

	for (unsigned i = watch->n; i-- > 0;)
		if (watch->items[i].out &&
		    now - watch->items[i].sent_ns > late)
			give_up(watch, i);
	n = watch->n < AT_ONCE ? watch->n : AT_ONCE;
	for (unsigned i = 0; i < n; i++) {
		struct mipo_watched *item =
		    &watch->items[watch->turn++ % watch->n];

		if (!item->out)
			send_probe(scan, item, now);
	}
}

bool
mipo_watch_reply(struct mipo_scanner *scan, const struct mipo_reply *reply)
{
	struct mipo_watch *watch = &scan->watch;
	struct mipo_spot spot;
	uint64_t pair;

	if (!mipo_space_find(scan->space, &reply->target, reply->target_port,
		&spot, &pair) || !mipo_syn_is_ours(scan, &spot, reply))
		return false;
	for (unsigned i = 0; i < watch->n; i++) {
		struct mipo_watched *item = &watch->items[i];

		if (item->pair != pair || !item->out)
			continue;
		item->out = false;
		item->missed = (uint8_t)(item->missed << 1);
		watch->due++;
		return true;
	}
	return true; /* late, or twice */
}
