#include "net/syn.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "net/discover.h"
#include "net/payload.h"
#include "net/reroute.h"
#include "net/scanner-rate.h"
#include "net/sender.h"
#include "net/sport.h"
#include "net/udp.h"

#define MS UINT64_C(1000000)
#define SPACING_NS (1000 * MS) /* from a silent probe to its repetition */
#define MEND_NS (250 * MS)     /* before what was refused is tried again */
#define ECHOES	32		/* at most, where few probes were answered */
#define ECHO_NS (100 * MS)	/* between them */
#define SPARE_NS (1000 * MS)	/* for the answers to the last ones */
#define RING_MIN (2U << 20)
#define RING_MAX (16U << 20)
#define FILTER_MAX 16384
/* A filter sees no further than these headers, of fragments the first. */
#define BEHIND_OTHERS                                                         \
	" or (ip6[6] == 0 or ip6[6] == 60 or "                                \
	"(ip6[6] == 44 and ip6[42:2] & 0xfff8 == 0))"
#define SENDER_PPS 200000 /* what one sender does with ease */

static struct mipo_scanner_link *
link_of(struct mipo_scanner *scan, unsigned ifindex, const char ifname[16])
{
	struct mipo_scanner_link *link;

	for (size_t i = 0; i < scan->n_links; i++)
		if (scan->links[i].ifindex == ifindex)
			return &scan->links[i];
	link = &scan->links[scan->n_links++];
	link->ifindex = ifindex;
	memcpy(link->ifname, ifname, sizeof(link->ifname));
	return link;
}

/* On this machine itself there are no frames. */
static int
tag(const struct mipo_scanner *scan, struct mipo_wire_end *end,
    struct mipo_err *err)
{
	if (!end->from.ether && !end->loopback)
		return mipo_err_set(err, MIPO_E_USAGE,
		    "--vlan: frames that leave by %s are not made by us, and "
		    "cannot be tagged", end->ifname);
	end->from.vlan = end->from.ether ? scan->config.vlan : 0;
	return 0;
}

static int
open_wires(struct mipo_scanner *scan, struct mipo_err *err)
{
	for (size_t i = 0; i < scan->routes.n_paths; i++) {
		struct mipo_wire_end *end = &scan->routes.paths[i].end;
		struct mipo_scanner_link *link =
		    link_of(scan, end->ifindex, end->ifname);

		end->udp = scan->udp;
		end->echo = scan->echo;
		if (scan->config.vlan > 0 && tag(scan, end, err) != 0)
			return -1;
		link->loopback = end->loopback;
		link->ether |= end->from.ether;
		if (mipo_wire_open(end, "sendmmsg", false, &scan->wires[i],
			err) != 0)
			return -1;
	}
	return 0;
}

/* Answers need not come back by the link that the probe left by. */
static int
add_forks(struct mipo_scanner *scan, struct mipo_err *err)
{
	const struct mipo_routes *routes = &scan->routes;

	for (size_t i = 0; i < routes->n_forks; i++) {
		if (scan->n_links == MIPO_MAX_PATHS)
			return mipo_err_set(err, MIPO_E_USAGE,
			    "more than %d interfaces to listen on: split the "
			    "scan", MIPO_MAX_PATHS);
		link_of(scan, routes->forks[i].ifindex,
		    routes->forks[i].name)->ether |= routes->forks[i].ether;
	}
	return 0;
}

/* What may be for us by address: whatever link it comes in on. */
static void
put_hosts(const struct mipo_scanner *scan, const struct mipo_scanner_link *link,
    struct mipo_buf *buf)
{
	char text[MIPO_ADDR_LEN];
	const char * or = "";

	for (size_t i = 0; i < scan->routes.n_paths; i++) {
		const struct mipo_wire_end *end = &scan->routes.paths[i].end;

		if (end->loopback != link->loopback)
			continue;
		(void)mipo_addr_format(&end->from.addr, text);
		mipo_buf_putf(buf, "%sdst host %s", or, text);
		or = " or ";
	}
}

/*
 * SYN-ACKs and RSTs to our ports, and ICMP errors. libpcap knows no TCP
 * flags behind IPv6, so they are at byte 40 + 13.
 */
static void
put_tcp(const struct mipo_scanner *scan, struct mipo_buf *buf)
{
	unsigned first = scan->sport, last = first + MIPO_SPORTS;

	mipo_buf_putf(buf,
	    "(tcp dst portrange %u-%u and "
	    "tcp[13] & 6 != 0 and tcp[13] & 16 != 0) or "
	    "(ip6[6] == 6 and dst portrange %u-%u and ip6[53] & 6 != 0 and "
	    "ip6[53] & 16 != 0) or "
	    "(" MIPO_SYN_ERRORS4 ") or (" MIPO_SYN_ERRORS6 ")",
	    first, last, first, last);
}

/* What answers our probes, and who-has. */
static void
put_filter(const struct mipo_scanner *scan,
    const struct mipo_scanner_link *link, struct mipo_buf *buf)
{
	if (scan->config.vlan > 0 && link->ether)
		mipo_buf_putf(buf, "vlan %u and (", scan->config.vlan);
	mipo_buf_puts(buf, "((");
	put_hosts(scan, link, buf);
	mipo_buf_puts(buf, ") and (");
	(scan->udp	     ? mipo_udp_filter
		: scan->echo ? mipo_discover_filter
			     : put_tcp)(scan, buf);
	mipo_buf_puts(buf, BEHIND_OTHERS "))");
	if (link->ether)
		mipo_buf_puts(buf, " or (arp and arp[6:2] == 2) or "
				   "(icmp6 and ip6[40] == 136)");
	if (scan->config.vlan > 0 && link->ether)
		mipo_buf_puts(buf, ")");
}

/* Room for two seconds of answers, within bounds. */
static size_t
ring_size(const struct mipo_scanner *scan)
{
	uint64_t rate = scan->config.rate;
	uint64_t size = rate == 0 ? RING_MAX : rate * 2 * 256;

	if (size < RING_MIN)
		return RING_MIN;
	return size > RING_MAX ? RING_MAX : (size_t)size;
}

uint64_t
mipo_syn_memory(const struct mipo_scanner *scan)
{
	return scan->n_links * ring_size(scan);
}

static int
open_captures(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_buf filter;
	int r = 0;

	mipo_buf_init(&filter, FILTER_MAX);
	for (size_t i = 0; i < scan->n_links && r == 0; i++) {
		struct mipo_scanner_link *link = &scan->links[i];
		const char *text;

		mipo_buf_clear(&filter);
		put_filter(scan, link, &filter);
		text = mipo_buf_str(&filter, err);
		r = text == NULL
			? -1
			: mipo_capture_open(link->ifname, ring_size(scan), text,
			      &link->capture, err);
	}
	mipo_buf_release(&filter);
	return r;
}

/* As many as there are processors for us, where the rate is worth it. */
static unsigned
how_many(const struct mipo_scanner *scan)
{
	uint64_t rate = scan->config.rate, n = mipo_senders_possible();

	if (mipo_scanner_planned(scan) < MIPO_FEW_PAIRS ||
	    mipo_wire_alone(scan->config.send))
		return 1;
	if (rate > 0 && rate / SENDER_PPS + 1 < n)
		n = rate / SENDER_PPS + 1;
	return (unsigned)n;
}

int
mipo_syn_open(struct mipo_scanner *scan, struct mipo_err *err)
{
	if ((scan->udp && mipo_payloads_new(&scan->payloads, err) != 0) ||
	    mipo_sport_find(&scan->sport, err) != 0 ||
	    mipo_reroute_open(scan, err) != 0 ||
	    mipo_neighbors_new(
		scan->space, &scan->routes, &scan->neighbors, err) != 0 ||
	    (scan->config.rate_auto &&
		mipo_caps_new(
		    scan->space, &scan->routes, &scan->caps, err) != 0) ||
	    open_wires(scan, err) != 0 || add_forks(scan, err) != 0 ||
	    open_captures(scan, err) != 0 ||
	    mipo_senders_open(scan, how_many(scan), err) != 0)
		return -1;
	return scan->echo ? 0 : mipo_canary_open(scan, err);
}

void
mipo_syn_close(struct mipo_scanner *scan)
{
	mipo_canary_close(scan);
	for (size_t i = 0; i < scan->n_links; i++)
		mipo_capture_free(scan->links[i].capture);
	for (size_t i = 0; i < MIPO_MAX_PATHS; i++)
		mipo_wire_free(scan->wires[i]);
	mipo_neighbors_free(scan->neighbors);
	mipo_senders_close(scan);
	mipo_reroute_close(scan);
	mipo_routes_release(&scan->routes);
	mipo_payloads_free(scan->payloads);
}

/* Listens until a time, or until nothing is outstanding (if asked so). */
static int
linger(struct mipo_scanner *scan, uint64_t until_ns, bool all,
    struct mipo_err *err)
{
	uint64_t now;

	scan->phase = "waiting";
	while (!mipo_scanner_tick(scan, mipo_window_pairs(scan)) &&
	    (all || mipo_pairs_count(&scan->pairs, MIPO_PAIR_SILENT) > 0)) {
		now = mipo_clock_mono_ns();
		if (now >= until_ns)
			break;
		if (mipo_syn_pause(scan, until_ns - now, err) != 0)
			return -1;
	}
	return mipo_syn_catch_up(scan, err);
}

/* Pairs that a further walk could still send to. */
static bool
has_more(const struct mipo_scanner *scan)
{
	return mipo_pairs_count(&scan->pairs, MIPO_PAIR_SILENT) > 0 ||
	       mipo_pairs_count(&scan->pairs, MIPO_PAIR_ABSENT) > 0 ||
	       mipo_pairs_refused(&scan->pairs) > 0;
}

/*
 * The first pass; then hosts that were found meanwhile; then, a little later,
 * what the kernel refused.
 */
static int
first_pass(struct mipo_scanner *scan, struct mipo_err *err)
{
	bool more;

	if (mipo_syn_walk(scan, MIPO_WANT_NEW, err) != 0 ||
	    mipo_syn_resolve_late(scan, &more, err) != 0 ||
	    (more && mipo_syn_walk(scan, MIPO_WANT_LATE, err) != 0))
		return -1;
	if (mipo_scanner_over(scan) || mipo_pairs_refused(&scan->pairs) == 0)
		return 0;
	if (linger(scan, mipo_clock_mono_ns() + MEND_NS, true, err) != 0)
		return -1;
	return mipo_syn_walk(scan, MIPO_WANT_REFUSED, err);
}

static int
passes(struct mipo_scanner *scan, struct mipo_err *err)
{
	if (first_pass(scan, err) != 0)
		return -1;
	while (scan->pass < scan->config.retries && !scan->spent &&
	    has_more(scan)) {
		if (linger(scan, scan->last_send_ns + SPACING_NS,
			mipo_pairs_count(&scan->pairs, MIPO_PAIR_ABSENT) > 0,
			err) != 0)
			return -1;
		if (scan->stopped || !has_more(scan))
			break;
		scan->pass++;
		if (mipo_syn_resolve_again(scan, err) != 0 ||
		    mipo_syn_walk(scan, MIPO_WANT_SILENT, err) != 0)
			return -1;
	}
	return 0;
}

/*
 * Where few probes were answered their loss says little. Known neighbours
 * are then asked while answers are waited for: silence counts only on a
 * link that is seen to live.
 */
static int
await_answers(struct mipo_scanner *scan, struct mipo_err *err)
{
	const struct mipo_tally_pass *passes = scan->tally.passes;
	const uint64_t wait = scan->config.wait_ms * MS;
	uint64_t until = scan->last_send_ns + wait, next;
	uint64_t spare = wait / 4 < SPARE_NS ? wait / 4 : SPARE_NS;

	for (int i = 0; i < ECHOES; i++) {
		next = mipo_clock_mono_ns() + ECHO_NS;
		if (next + spare > until || scan->stopped ||
		    mipo_pairs_count(&scan->pairs, MIPO_PAIR_SILENT) == 0 ||
		    passes[0].answered + passes[1].answered >= ECHOES)
			break;
		if (mipo_syn_echo(scan, err) != 0 ||
		    linger(scan, next, false, err) != 0)
			return -1;
	}
	return linger(scan, until, false, err);
}

static int
count_captures(struct mipo_scanner *scan, struct mipo_err *err)
{
	struct mipo_capture_stats stats;

	for (size_t i = 0; i < scan->n_links; i++) {
		if (mipo_capture_count(scan->links[i].capture, &stats, err) !=
		    0)
			return -1;
		scan->tally.capture_received += stats.received;
		scan->tally.capture_drops += stats.dropped;
	}
	scan->tally.counted = true;
	return 0;
}

int
mipo_syn_begin(struct mipo_scanner *scan, struct mipo_err *err)
{
	mipo_syn_rate_start(scan);
	mipo_pace_start(&scan->pace, scan->pps, mipo_clock_mono_ns());
	return mipo_canary_probe(scan, err) != 0 ||
	    mipo_syn_resolve(scan, err) != 0 ? -1 : 0;
}

int
mipo_syn_run(struct mipo_scanner *scan, struct mipo_err *err)
{
	mipo_syn_set_aside(scan);
	if (passes(scan, err) != 0)
		return -1;
	return scan->stopped ? 0 : await_answers(scan, err);
}

int
mipo_syn_end(struct mipo_scanner *scan, struct mipo_err *err)
{
	mipo_reroute_look(scan, true);
	return count_captures(scan, err);
}
