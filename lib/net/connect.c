#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "net/connects.h"
#include "net/host.h"
#include "net/scanner-impl.h"

#define MS	   UINT64_C(1000000)
#define PATIENCE_NS (3500 * MS) /* the kernel has then asked three times */
#define NAP_NS	   (50 * MS)
#define SPACING_NS (1000 * MS) /* from one try to the next */

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

int
mipo_connect_open(struct mipo_scanner *scan, struct mipo_err *err)
{
	return mipo_connects_open(&scan->connects, err);
}

void
mipo_connect_close(struct mipo_scanner *scan)
{
	mipo_connects_free(scan->connects);
	scan->connects = NULL;
}

static socklen_t
fill_address(const struct mipo_spot *spot, union address *ret_at)
{
	memset(ret_at, 0, sizeof(*ret_at));
	if (spot->addr.family == 6) {
		ret_at->v6.sin6_family = AF_INET6;
		ret_at->v6.sin6_port = htons(spot->port);
		memcpy(&ret_at->v6.sin6_addr, spot->addr.b, 16);
		return sizeof(ret_at->v6);
	}
	ret_at->v4.sin_family = AF_INET;
	ret_at->v4.sin_port = htons(spot->port);
	memcpy(&ret_at->v4.sin_addr, spot->addr.b, 4);
	return sizeof(ret_at->v4);
}

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

static void
answer(struct mipo_scanner *scan, uint64_t pair, int sys, uint64_t began_ns)
{
	int64_t rtt =
	    (int64_t)((mipo_clock_mono_ns() - began_ns) / 1000);
	enum mipo_reason reason = MIPO_R_NO_ANSWER;
	enum mipo_pstate state = state_of(sys, &reason);
	struct mipo_spot spot;
	struct mipo_obs obs;

	if (state == 0 || !mipo_pairs_answer(&scan->pairs, pair, state))
		return;
	if (state == MIPO_OPEN || state == MIPO_CLOSED)
		scan->tally.passes[scan->pass].answered++;
	mipo_space_at(scan->space, pair, &spot);
	mipo_scanner_obs(
	    scan, &spot, state, reason, mipo_scanner_now_us(), &obs);
	obs.pass = (int16_t)scan->pass;
	obs.rtt_us = rtt > 0 && rtt <= INT32_MAX ? (int32_t)rtt : -1;
	if (state <= MIPO_CLOSED && obs.rtt_us > (int64_t)scan->max_rtt_us)
		scan->max_rtt_us = (uint32_t)obs.rtt_us;
	mipo_scanner_emit(scan, &obs);
}

/*
 * On loopback the kernel may give a connection its own target's port, and
 * it then connects to itself. Nothing listens there.
 */
static bool
is_self(int fd)
{
	union address us, peer;
	socklen_t us_len = sizeof(us), peer_len = sizeof(peer);

	memset(&us, 0, sizeof(us));
	memset(&peer, 0, sizeof(peer));
	return getsockname(fd, &us.any, &us_len) == 0 &&
	    getpeername(fd, &peer.any, &peer_len) == 0 &&
	    us_len == peer_len && memcmp(&us, &peer, us_len) == 0;
}

/* Errors of this moment and this machine, not of the destination. */
static bool
is_shortage(int sys)
{
	return sys == EMFILE || sys == ENFILE || sys == ENOBUFS ||
	    sys == ENOMEM || sys == ENOSPC || sys == EADDRNOTAVAIL ||
	    sys == EAGAIN;
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
	if (has_no_probe(scan, pair))
		mipo_pairs_set(
		    &scan->pairs, pair, MIPO_PAIR_REFUSED + class);
	else
		scan->tally.unrepeated++;
}

/* What has begun is waited for. 0, or the shortage that forbids it. */
static int
await(struct mipo_scanner *scan, int fd, uint64_t pair, uint64_t now)
{
	struct mipo_connects *c = scan->connects;
	struct epoll_event event = {.events = EPOLLOUT};
	int sys;

	event.data.u32 = mipo_connects_add(c, fd, pair, now);
	if (epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &event) == 0)
		return 0;
	sys = errno;
	mipo_connects_drop(c, event.data.u32);
	return sys;
}

/* The kernel took it: it is under way, or already answered with sys. */
static void
took(struct mipo_scanner *scan, int fd, uint64_t pair, int sys, uint64_t now)
{
	scan->tally.attempted++;
	scan->tally.accepted++;
	scan->tally.passes[scan->pass].probes++;
	scan->last_send_ns = now;
	if (has_no_probe(scan, pair))
		mipo_pairs_set(&scan->pairs, pair, MIPO_PAIR_SILENT);
	if (sys == EINPROGRESS)
		return;
	if (sys == 0 && is_self(fd))
		sys = ECONNREFUSED;
	answer(scan, pair, sys, now);
	mipo_connects_hang_up(fd);
}

/* Begins to connect; 0, or the shortage that keeps it from beginning. */
static int
start(struct mipo_scanner *scan, uint64_t pair)
{
	uint64_t now = mipo_clock_mono_ns();
	struct mipo_spot spot;
	union address to;
	socklen_t len;
	int fd, sys = 0;

	mipo_space_at(scan->space, pair, &spot);
	if (!mipo_host_may(&spot.addr)) {
		refuse(scan, pair, ENETUNREACH);
		return 0;
	}
	len = fill_address(&spot, &to);
	fd = socket(to.any.sa_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, &to.any, len) != 0)
		sys = errno;
	if (fd >= 0 && (sys == 0 || sys == ECONNREFUSED)) {
		took(scan, fd, pair, sys, now);
		return 0;
	}
	if (sys == EINPROGRESS) {
		sys = await(scan, fd, pair, now);
		if (sys == 0) {
			took(scan, fd, pair, EINPROGRESS, now);
			return 0;
		}
	} else if (fd >= 0) {
		(void)close(fd);
	}
	if (is_shortage(sys) && scan->connects->used > 0)
		return sys;
	refuse(scan, pair, sys);
	return 0;
}

/* Takes in what has become of connections, waiting at most ns. */
static int
collect(struct mipo_scanner *scan, uint64_t ns, struct mipo_err *err)
{
	struct mipo_connects *c = scan->connects;
	struct epoll_event events[64];
	int n = epoll_wait(c->epoll, events, 64,
	    ns == 0 ? 0 : (int)((ns < NAP_NS ? ns : NAP_NS) / MS) + 1);

	if (n < 0 && errno != EINTR)
		return mipo_err_sys(err, errno, "epoll");
	for (int i = 0; i < n; i++) {
		struct mipo_connect *slot = &c->slots[events[i].data.u32];
		int sys = 0;
		socklen_t len = sizeof(sys);

		if (getsockopt(
			slot->fd, SOL_SOCKET, SO_ERROR, &sys, &len) != 0)
			sys = errno;
		if (sys == 0 && is_self(slot->fd))
			sys = ECONNREFUSED;
		answer(scan, slot->pair, sys, slot->began_ns);
		mipo_connects_drop(c, events[i].data.u32);
	}
	return 0;
}

/* Gives up on those that are too old: they stay silent. */
static void
expire(struct mipo_scanner *scan)
{
	struct mipo_connects *c = scan->connects;
	uint64_t now = mipo_clock_mono_ns();
	uint64_t age = scan->config.wait_ms * MS;

	if (scan->pass < scan->config.retries ||
	    (c->unused == MIPO_CONNECTS_NONE && age > PATIENCE_NS))
		age = PATIENCE_NS;
	while (c->oldest != MIPO_CONNECTS_NONE &&
	    now - c->slots[c->oldest].began_ns >= age)
		mipo_connects_drop(c, c->oldest);
}

/* Where a walk over the order is. */
struct walk {
	enum mipo_want want;
	uint64_t index;
	bool has_pair; /* pair was looked up and is still to be started */
	uint64_t pair;
};

/* Starts up to n; fewer where the order ends or room is short. */
static uint64_t
start_some(struct mipo_scanner *scan, struct walk *walk, uint64_t n)
{
	uint64_t done = 0;

	while (done < n && scan->connects->unused != MIPO_CONNECTS_NONE) {
		if (!walk->has_pair) {
			if (walk->index == scan->space->pairs)
				break;
			walk->pair =
			    mipo_perm_at(scan->perm, walk->index++);
			if (!mipo_scanner_wants(scan, walk->want, walk->pair))
				continue;
		}
		walk->has_pair = true;
		if (start(scan, walk->pair) != 0)
			break;
		walk->has_pair = false;
		done++;
	}
	return done;
}

static int
walk_order(struct mipo_scanner *scan, enum mipo_want want, struct mipo_err *err)
{
	struct mipo_connects *c = scan->connects;
	struct mipo_tally_pass *pass = &scan->tally.passes[scan->pass];
	struct walk walk = {.want = want};
	uint64_t began = mipo_clock_mono_ns(), wait;

	scan->tally.n_passes = scan->pass + 1;
	while (walk.index < scan->space->pairs || walk.has_pair ||
	    c->used > 0) {
		bool more = walk.index < scan->space->pairs || walk.has_pair;
		uint64_t due = mipo_pace_due(
		    &scan->pace, mipo_clock_mono_ns(), 64);
		uint64_t done = more ? start_some(scan, &walk, due) : 0;

		scan->phase = more ? "probing" : "waiting";
		mipo_pace_spend(&scan->pace, done);
		if (mipo_intervals_add(&pass->walked, 0, walk.index, err) != 0)
			return -1;
		wait = more && c->unused != MIPO_CONNECTS_NONE
		    ? mipo_pace_wait(&scan->pace)
		    : NAP_NS;
		if (collect(scan, wait, err) != 0)
			return -1;
		expire(scan);
		if (mipo_scanner_tick(scan, walk.index))
			break;
		if (more)
			scan->tally.sending_ns +=
			    mipo_clock_mono_ns() - began;
		began = mipo_clock_mono_ns();
	}
	return 0;
}

/* Until it is a second since the last began. */
static int
space_out(struct mipo_scanner *scan, struct mipo_err *err)
{
	uint64_t until = scan->last_send_ns + SPACING_NS;

	scan->phase = "waiting";
	while (mipo_clock_mono_ns() < until &&
	    !mipo_scanner_tick(scan, scan->space->pairs))
		if (collect(scan, NAP_NS, err) != 0)
			return -1;
	return 0;
}

int
mipo_connect_run(struct mipo_scanner *scan, struct mipo_err *err)
{
	enum mipo_want want = MIPO_WANT_NEW;

	mipo_pace_start(&scan->pace, scan->config.rate, mipo_clock_mono_ns());
	for (;;) {
		if (walk_order(scan, want, err) != 0)
			return -1;
		if (scan->stopped || scan->pass == scan->config.retries ||
		    (mipo_scanner_silent(scan) == 0 &&
			mipo_pairs_refused(&scan->pairs) == 0))
			return 0;
		if (space_out(scan, err) != 0)
			return -1;
		scan->pass++;
		want = MIPO_WANT_SILENT;
	}
}
