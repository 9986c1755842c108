#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "net/connects.h"
#include "net/dial.h"
#include "net/host.h"
#include "net/identify.h"
#include "net/resume.h"
#include "net/scanner-rate.h"

#define MS	 UINT64_C(1000000)
#define SHORT_NS (5000 * MS) /* how long a shortage may hold up the rest */
#define BATCH	 256
#define AGAIN_US 900000
#define BLUR_NS	 (250 * MS) /* between two looks: when it was is not known */

/* What connect(2) said in the end, as state and reason; 0: silence. */
static enum mipo_pstate
state_of(int sys, enum mipo_reason *ret_reason)
{
	switch (sys) {
	case 0:
	case ECONNRESET: /* only what was connected can be reset, */
	case EPIPE:	 /* or be closed by the other side */
		*ret_reason = MIPO_R_CONNECTED;
		return MIPO_OPEN;
	case ECONNREFUSED:
		*ret_reason = MIPO_R_REFUSED;
		return MIPO_CLOSED;
	case ETIMEDOUT:
		return 0;
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EHOSTDOWN:
		*ret_reason = MIPO_R_ERROR;
		return MIPO_UNREACHABLE;
	default:
		*ret_reason = MIPO_R_ERROR;
		return MIPO_FILTERED;
	}
}

/* What the rate is chosen by. */
static void
note_answer(struct mipo_scanner *scan, const struct mipo_spot *spot,
    bool tells, int32_t rtt)
{
	mipo_scanner_rtt(scan, tells ? rtt : -1);
	if (!scan->config.rate_auto)
		return;
	mipo_caps_answer(scan->caps, spot, tells);
	scan->heard += tells;
	/* The kernel asks again after a second (RFC 6298, 5.7). */
	scan->late += tells && rtt >= AGAIN_US &&
	    scan->min_rtt_us < (uint32_t)rtt / 2;
}

/* began_ns 0: how long it took is not known. */
static void
answer(struct mipo_scanner *scan, uint64_t pair, const struct mipo_spot *spot,
    int sys, uint64_t began_ns)
{
	int64_t rtt = began_ns == 0
	    ? -1 : (int64_t)((mipo_clock_mono_ns() - began_ns) / 1000);
	enum mipo_reason reason = MIPO_R_NO_ANSWER;
	enum mipo_pstate state = state_of(sys, &reason);
	const bool tells = state == MIPO_OPEN || state == MIPO_CLOSED;
	struct mipo_obs obs;

	if (state == 0 || !mipo_pairs_answer(&scan->pairs, pair, state))
		return;
	if (state == MIPO_OPEN)
		mipo_identify_add(scan, pair, false);
	if (tells)
		mipo_tally_answered(&scan->tally, scan->pass,
		    pair / scan->space->n_ports);
	mipo_scanner_obs(
	    scan, spot, state, reason, mipo_scanner_now_us(), &obs);
	obs.pass = (int16_t)scan->pass;
	obs.rtt_us = rtt > 0 && rtt <= INT32_MAX ? (int32_t)rtt : -1;
	note_answer(scan, spot, tells, obs.rtt_us);
	mipo_scanner_answer(scan, &obs);
}

static bool
has_no_probe(const struct mipo_scanner *scan, uint64_t pair)
{
	unsigned value = mipo_pairs_get(&scan->pairs, pair);

	return value == MIPO_PAIR_UNTOUCHED || value >= MIPO_PAIR_REFUSED;
}

static void
refuse(struct mipo_scanner *scan, uint64_t pair, int sys)
{
	unsigned class = mipo_tally_refused(&scan->tally, sys);

	scan->tally.attempted++;
	mipo_scanner_unspend(scan);
	if (scan->resume != NULL)
		mipo_resume_hole(scan, mipo_perm_inverse(scan->perm, pair));
	if (has_no_probe(scan, pair))
		mipo_pairs_set(
		    &scan->pairs, pair, MIPO_PAIR_REFUSED + class);
	else
		scan->tally.unrepeated++;
}

/* What has begun is waited for; where epoll has no room, to the end. */
static void
await(struct mipo_scanner *scan, int fd, uint64_t pair, uint64_t now)
{
	struct mipo_connects *c = scan->connects;
	struct epoll_event event = {.events = EPOLLOUT};

	event.data.u32 = mipo_connects_add(c, fd, pair, now);
	(void)epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &event);
}

/* It ended with sys; its socket is in no slot any more. */
static void
finish(struct mipo_scanner *scan, int fd, uint64_t pair,
    const struct mipo_spot *spot, int sys, uint64_t began_ns)
{
	bool self = sys == 0 && mipo_dial_is_self(fd);

	answer(scan, pair, spot, self ? ECONNREFUSED : sys, began_ns);
	if (sys == ECONNREFUSED)
		mipo_connects_keep(
		    scan->connects, fd, mipo_dial_family(&spot->addr));
	else
		mipo_connects_hang_up(fd);
}

/* The kernel took it. */
static void
took(struct mipo_scanner *scan, uint64_t pair, uint64_t now)
{
	scan->tally.attempted++;
	scan->tally.accepted++;
	scan->tally.passes[scan->pass].probes++;
	scan->last_send_ns = now;
	if (!has_no_probe(scan, pair))
		return;
	mipo_pairs_set(&scan->pairs, pair, MIPO_PAIR_SILENT);
	if (scan->pass > 0)
		scan->tally.passes[scan->pass].belated++;
}

/*
 * Whether what is lacking is to be waited for: as long as there are
 * connections of ours that will end, and else for a while. Local ports may
 * all be in other hands, and an address of ours may be lacking for good,
 * whatever we hold.
 */
static bool
is_passing(struct mipo_connects *c, int sys, bool v6)
{
	uint64_t *since = &c->short_ns[v6], now = mipo_clock_mono_ns();

	if (!mipo_dial_lacks(sys))
		return false;
	if (sys != EADDRNOTAVAIL && c->used > 0)
		return true;
	if (*since == 0)
		*since = now;
	return now - *since < SHORT_NS;
}

/*
 * Begins to connect; 0, or the error that kept it from beginning. Near
 * hosts have answered before we can wait for them.
 */
static int
begin(struct mipo_scanner *scan, uint64_t pair, const struct mipo_spot *spot)
{
	struct mipo_connects *c = scan->connects;
	uint64_t now = mipo_clock_mono_ns();
	int fd = mipo_connects_socket(c, mipo_dial_family(&spot->addr));
	int sys;

	if (fd < 0)
		return errno;
	sys = mipo_dial(fd, &spot->addr, spot->port);
	if (sys != 0 && sys != EINPROGRESS && sys != ECONNREFUSED) {
		(void)close(fd);
		return sys;
	}
	if (sys == EINPROGRESS)
		sys = mipo_dial(fd, &spot->addr, spot->port);
	took(scan, pair, now);
	if (sys == EALREADY)
		await(scan, fd, pair, now);
	else
		finish(scan, fd, pair, spot, sys, now);
	return 0;
}

int
mipo_connect_start(struct mipo_scanner *scan, uint64_t pair)
{
	struct mipo_spot spot;
	int sys = ENETUNREACH;

	mipo_space_at(scan->space, pair, &spot);
	if (mipo_host_may(&spot.addr))
		sys = begin(scan, pair, &spot);
	if (sys == 0)
		scan->connects->short_ns[spot.addr.family == 6] = 0;
	else if (is_passing(scan->connects, sys, spot.addr.family == 6))
		return sys;
	else
		refuse(scan, pair, sys);
	return 0;
}

bool
mipo_connect_ask(struct mipo_scanner *scan, uint32_t i, bool in_time)
{
	const struct mipo_connect slot = scan->connects->slots[i];
	struct mipo_spot spot;
	int sys;

	mipo_space_at(scan->space, slot.pair, &spot);
	sys = mipo_dial(slot.fd, &spot.addr, spot.port);
	if (sys == EALREADY)
		return false;
	(void)mipo_connects_leave(scan->connects, i);
	finish(scan, slot.fd, slot.pair, &spot, sys,
	    in_time ? slot.began_ns : 0);
	return true;
}

int
mipo_connect_collect(
    struct mipo_scanner *scan, uint64_t ns, struct mipo_err *err)
{
	struct mipo_connects *c = scan->connects;
	struct epoll_event events[BATCH];
	const uint64_t now = mipo_clock_mono_ns();
	int wait = ns == 0 ? 0 : (int)(ns / MS) + 1, n, ended;

	do {
		bool in_time;

		n = epoll_wait(c->epoll, events, BATCH, wait);
		if (n < 0)
			return errno == EINTR
			    ? 0 : mipo_err_sys(err, errno, "epoll");
		in_time = mipo_clock_mono_ns() - c->told_ns < BLUR_NS;
		ended = 0;
		for (int i = 0; i < n; i++)
			ended += mipo_connect_ask(
			    scan, events[i].data.u32, in_time);
		wait = 0;
	} while (n == BATCH && ended > 0);
	if (n < BATCH) {
		c->told_ns = now;
		mipo_resume_heard(scan, now);
	}
	return 0;
}
