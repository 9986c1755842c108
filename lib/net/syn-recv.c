#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "net/decode.h"
#include "net/discover.h"
#include "net/identify.h"
#include "net/payload.h"
#include "net/reroute.h"
#include "net/resume.h"
#include "net/scanner-rate.h"
#include "net/sender.h"
#include "net/sport.h"
#include "net/syn.h"
#include "net/udp.h"

#define READ_MAX 4096	  /* packets of one link before others get a turn */
#define REPEAT_US 900000 /* nobody repeats a SYN-ACK before */
#define CLOSE_US 100	  /* between two looks at one clock */
#define LAG_US	 50000	  /* so far behind, all counts as read */
#define CATCH_UP 65536	  /* reads: far more than a ring holds */
#define NAP_NS	 50000000 /* the longest sleep: progress and signals wait */

/* For the sink: the scan, and where the packet came in. */
struct arrival {
	struct mipo_scanner *scan;
	struct mipo_scanner_link *link;
};

/* RFC 792 and RFC 4443 codes, as states; 0: it says nothing on the port. */
static enum mipo_pstate
icmp_state(const struct mipo_reply *reply)
{
	/* Codes 0 to 15 of "destination unreachable". */
	static const uint8_t v4[16] = {MIPO_UNREACHABLE, MIPO_UNREACHABLE,
	    MIPO_FILTERED, MIPO_FILTERED, 0, MIPO_UNREACHABLE,
	    MIPO_UNREACHABLE, MIPO_UNREACHABLE, MIPO_UNREACHABLE,
	    MIPO_FILTERED, MIPO_FILTERED, MIPO_UNREACHABLE, MIPO_UNREACHABLE,
	    MIPO_FILTERED, MIPO_FILTERED, MIPO_FILTERED};
	static const uint8_t v6[7] = {MIPO_UNREACHABLE, MIPO_FILTERED,
	    MIPO_UNREACHABLE, MIPO_UNREACHABLE, MIPO_FILTERED, MIPO_FILTERED,
	    MIPO_UNREACHABLE};
	bool six = reply->us.family == 6;
	uint8_t type = reply->icmp_type, code = reply->icmp_code;

	if (type == (six ? 1 : 3))
		return six ? (code < 7 ? v6[code] : MIPO_UNREACHABLE)
			   : (code < 16 ? v4[code] : MIPO_UNREACHABLE);
	if (type == (six ? 3 : 11))
		return MIPO_UNREACHABLE; /* a loop, or too far */
	if (type == (six ? 4 : 12))
		return MIPO_FILTERED;
	return 0; /* too big: says nothing on the port */
}

static enum mipo_pstate
state_of(const struct mipo_reply *reply)
{
	if (reply->echo)
		return mipo_discover_state(reply);
	if (reply->proto == MIPO_UDP && mipo_udp_state(reply) != 0)
		return mipo_udp_state(reply);
	switch (reply->kind) {
	case MIPO_REPLY_SYN_ACK:
		return MIPO_OPEN;
	case MIPO_REPLY_RST:
		return MIPO_CLOSED;
	case MIPO_REPLY_ICMP:
		return icmp_state(reply);
	default:
		return 0;
	}
}

bool
mipo_syn_is_ours(const struct mipo_scanner *scan,
    const struct mipo_spot *spot, const struct mipo_reply *reply)
{
	const struct mipo_hop *hop = mipo_routes_hop(&scan->routes, spot);
	const struct mipo_addr *us;
	uint32_t seq;

	if (hop->sys != 0)
		return false;
	us = &scan->routes.paths[hop->path].end.from.addr;
	if (mipo_addr_cmp(us, &reply->us) != 0)
		return false;
	seq = mipo_cookie(&scan->cookie, us, &spot->addr, reply->us_port,
	    reply->target_port);
	return reply->seq == seq ||
	    (reply->kind == MIPO_REPLY_RST && reply->seq + 1 == seq);
}

/* Which probe of the pair that was: hosts may be found for later passes. */
static unsigned
ordinal(const struct mipo_scanner *scan, const struct mipo_spot *spot, int pass)
{
	const struct mipo_hop *hop = mipo_routes_hop(&scan->routes, spot);
	unsigned first = 0, n = (unsigned)pass;

	if (hop->ask)
		first = mipo_neighbors_pass(scan->neighbors,
		    hop->direct ? spot->segment->neighbor + spot->offset
				: hop->neighbor);
	return n < first ? 0 : n - first;
}

/* The pass whose probe went from that source port; -1: none did so far. */
static int
pass_of(const struct mipo_scanner *scan, uint64_t pair, uint16_t us_port)
{
	unsigned first = mipo_syn_sport(scan, pair, 0);
	unsigned pass = (us_port - first + MIPO_SPORTS) % MIPO_SPORTS;

	return pass <= mipo_scanner_last_pass(scan) ? (int)pass : -1;
}

/* Microseconds from the probe; -1 where they are not known. */
static int32_t
round_trip(const struct mipo_scanner *scan, uint64_t pair, int pass,
    int64_t at_us)
{
	uint64_t index;

	if (pass == 0 && scan->mended)
		return -1;
	index = mipo_perm_inverse(scan->perm, pair);
	return mipo_timelog_rtt(mipo_senders_timelog(scan, index),
	    (unsigned)pass, index, at_us);
}

/*
 * Whether a SYN-ACK is the other side's repetition of one that was lost: it
 * comes a second later (RFC 6298), where others take far less.
 */
static bool
is_repeated(const struct mipo_scanner *scan, const struct mipo_reply *reply,
    int32_t rtt)
{
	return reply->kind == MIPO_REPLY_SYN_ACK && rtt >= REPEAT_US &&
	    scan->min_rtt_us > 0 && scan->min_rtt_us < (uint32_t)rtt / 2;
}

static void
observe(struct mipo_scanner *scan, const struct mipo_spot *spot, int pass,
    const struct mipo_reply *reply, int32_t rtt, int64_t at_us)
{
	static const enum mipo_reason reasons[] = {
	    [MIPO_REPLY_SYN_ACK] = MIPO_R_SYN_ACK,
	    [MIPO_REPLY_RST] = MIPO_R_RST,
	    [MIPO_REPLY_UDP] = MIPO_R_UDP_REPLY,
	    [MIPO_REPLY_ECHO] = MIPO_R_ECHO,
	    [MIPO_REPLY_ICMP] = MIPO_R_ICMP};
	struct mipo_obs obs;

	mipo_scanner_obs(scan, spot, state_of(reply), reasons[reply->kind],
	    at_us, &obs);
	obs.pass = (int16_t)pass;
	obs.ttl = reply->ttl;
	obs.rtt_us = rtt;
	/* That a router gave up on a host takes long, and is silence too. */
	if ((!scan->echo || obs.state == MIPO_OPEN) &&
	    !is_repeated(scan, reply, rtt))
		mipo_scanner_rtt(scan, rtt);
	if (reply->kind == MIPO_REPLY_ICMP) {
		obs.icmp_type = reply->icmp_type;
		obs.icmp_code = reply->icmp_code;
		obs.has_responder = true;
		obs.responder = reply->from;
	} else if (reply->proto == MIPO_TCP) {
		obs.window = reply->window;
	}
	mipo_scanner_answer(scan, &obs);
}

/*
 * The pair, and the pass of its probe, that the reply is an answer to. A
 * scan of another shard beside us has the same key: not what it asked.
 */
static bool
match(const struct mipo_scanner *scan, const struct mipo_reply *reply,
    struct mipo_spot *ret_spot, uint64_t *ret_pair, int *ret_pass)
{
	if (reply->us_port < scan->sport ||
	    reply->us_port >= scan->sport + MIPO_SPORTS ||
	    (reply->proto == MIPO_UDP) != scan->udp ||
	    reply->echo != scan->echo)
		return false;
	if (scan->echo)
		return mipo_discover_match(
		    scan, reply, ret_spot, ret_pair, ret_pass);
	if (scan->udp)
		return mipo_udp_match(scan, reply, ret_spot, ret_pair,
			   ret_pass) &&
		    mipo_scanner_has(scan, *ret_pair);
	if (!mipo_space_find(scan->space, &reply->target, reply->target_port,
		ret_spot, ret_pair) ||
	    !mipo_syn_is_ours(scan, ret_spot, reply))
		return false;
	*ret_pass = pass_of(scan, *ret_pair, reply->us_port);
	return *ret_pass >= 0 && mipo_scanner_has(scan, *ret_pair);
}

/*
 * Whether its coming to one pass and not to another tells of loss: errors
 * are sparing, and of different questions one may be answered alone.
 */
static bool
tells_loss(const struct mipo_scanner *scan, const struct mipo_reply *reply,
    const struct mipo_spot *spot)
{
	return reply->kind != MIPO_REPLY_ICMP &&
	    !(scan->udp && mipo_payloads_vary(scan->payloads, spot->port));
}

/* An answer to a probe of a pair in scope, or it is rejected. */
static bool
take_answer(
    struct mipo_scanner *scan, const struct mipo_reply *reply, int64_t at_us)
{
	struct mipo_spot spot;
	uint64_t pair;
	unsigned before;
	int32_t rtt;
	int pass;

	if (!match(scan, reply, &spot, &pair, &pass) || state_of(reply) == 0)
		return false;
	before = mipo_pairs_get(&scan->pairs, pair);
	if (!mipo_pair_was_sent(before))
		return false; /* an answer to what nobody asked */
	scan->heard++;
	if (!mipo_pairs_answer(&scan->pairs, pair, state_of(reply))) {
		scan->tally.duplicates++;
		return true;
	}
	rtt = round_trip(scan, pair, pass, at_us);
	if (before == MIPO_PAIR_SILENT && tells_loss(scan, reply, &spot))
		mipo_tally_answered(&scan->tally,
		    ordinal(scan, &spot, pass) +
			is_repeated(scan, reply, rtt),
		    pair / scan->space->n_ports);
	scan->alive |= 1U << mipo_routes_hop(&scan->routes, &spot)->path;
	if (scan->config.rate_auto)
		mipo_watch_add(scan, pair, state_of(reply));
	if (reply->kind == MIPO_REPLY_SYN_ACK)
		mipo_identify_add(
		    scan, pair, reply->window == 0 && reply->bare);
	if (scan->config.rate_auto && before == MIPO_PAIR_SILENT)
		mipo_caps_answer(
		    scan->caps, &spot, tells_loss(scan, reply, &spot));
	observe(scan, &spot, pass, reply, rtt, at_us);
	return true;
}

static void
sink(void *arg, const struct mipo_reply *reply, int64_t at_us)
{
	const struct arrival *arrival = arg;
	struct mipo_scanner *scan = arrival->scan;
	uint16_t vlan = arrival->link->ether ? scan->config.vlan : 0;

	arrival->link->at_us = at_us;
	if (reply->vlan != vlan)
		scan->tally.rejected++; /* of another network */
	else if (reply->kind == MIPO_REPLY_NEIGHBOR)
		/* Also those that the kernel asked for: nothing is wrong. */
		(void)mipo_neighbors_learn(scan->neighbors,
		    arrival->link->ifindex, &reply->target, reply->mac);
	else if (reply->kind == MIPO_REPLY_NONE ||
	    (!mipo_canary_reply(scan, reply) &&
		!take_answer(scan, reply, at_us)))
		scan->tally.rejected++;
}

/*
 * A capture that fails hears nothing any more, for a while or for good:
 * from here on silence means nothing, and the verdict will say so.
 */
static void
lose_capture(struct mipo_scanner *scan, const struct mipo_scanner_link *link,
    struct mipo_err *err)
{
	if (!scan->tally.capture_lost) {
		mipo_tally_why(&scan->tally,
		    "capture on %s failed: answers may be missing",
		    link->ifname);
		mipo_resume_news(scan);
	}
	scan->tally.capture_lost = true;
	mipo_err_clear(err);
}

/* Both clocks at one moment, as far as that can be had. */
static void
look_at_clocks(struct mipo_scanner *scan)
{
	int64_t before, wall, after;

	for (int i = 0; i < 8; i++) {
		before = (int64_t)(mipo_clock_mono_ns() / 1000);
		wall = mipo_scanner_now_us();
		after = (int64_t)(mipo_clock_mono_ns() / 1000);
		if (after - before < CLOSE_US)
			break;
	}
	for (unsigned i = 0; i < scan->n_senders; i++)
		mipo_timelog_clocks(&scan->senders[i].timelog, after, wall);
}

/* Whether all that had arrived by then, by the captures' clock, was read. */
static bool
is_read(const struct mipo_scanner *scan, int64_t then_us)
{
	for (size_t i = 0; i < scan->n_links; i++)
		if (!scan->links[i].empty && scan->links[i].at_us <= then_us)
			return false;
	return true;
}

/* What had arrived a moment before now was read. */
static void
listened(struct mipo_scanner *scan, uint64_t now)
{
	scan->heeded_ns = now;
	mipo_resume_heard(scan, now - LAG_US * UINT64_C(1000));
}

int
mipo_syn_receive(struct mipo_scanner *scan, struct mipo_err *err)
{
	const uint64_t now = mipo_clock_mono_ns();
	const int64_t then_us = mipo_scanner_now_us() - LAG_US;

	look_at_clocks(scan);
	for (size_t i = 0; i < scan->n_links; i++) {
		struct arrival arrival = {scan, &scan->links[i]};
		int n = mipo_capture_read(scan->links[i].capture, READ_MAX,
		    sink, &arrival, err);

		scan->links[i].empty = n < READ_MAX;
		if (n < 0)
			lose_capture(scan, &scan->links[i], err);
	}
	if (is_read(scan, then_us))
		listened(scan, now);
	return 0;
}

int
mipo_syn_catch_up(struct mipo_scanner *scan, struct mipo_err *err)
{
	const int64_t then_us = mipo_scanner_now_us();

	for (int i = 0; i < CATCH_UP; i++) {
		if (mipo_syn_receive(scan, err) != 0)
			return -1;
		if (is_read(scan, then_us) || scan->stopped)
			return 0;
		(void)mipo_scanner_tick(scan, mipo_window_pairs(scan));
	}
	mipo_tally_doubt(&scan->tally,
	    "more came than could be read: answers may be among it");
	return 0;
}

int
mipo_syn_pause(struct mipo_scanner *scan, uint64_t ns, struct mipo_err *err)
{
	struct pollfd fds[MIPO_MAX_PATHS];
	struct timespec nap = {0};

	mipo_reroute_look(scan, false);
	if (mipo_syn_receive(scan, err) != 0)
		return -1;
	for (size_t i = 0; i < scan->n_links; i++) {
		fds[i].fd = mipo_capture_fd(scan->links[i].capture);
		fds[i].events = POLLIN;
		fds[i].revents = 0;
	}
	nap.tv_nsec = ns < NAP_NS ? (long)ns : NAP_NS;
	if (ppoll(fds, scan->n_links, &nap, NULL) < 0 && errno != EINTR)
		return mipo_err_sys(err, errno, "poll");
	return 0;
}
