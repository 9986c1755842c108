#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "net/decode.h"
#include "net/payload.h"
#include "net/sport.h"
#include "net/syn.h"

#define MS	UINT64_C(1000000)
#define TRIES	3
#define WAIT_NS (300 * MS)

union socket_addr {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static socklen_t
put_addr(
    union socket_addr *at, const struct mipo_addr *addr, uint16_t port)
{
	memset(at, 0, sizeof(*at));
	if (addr->family == 6) {
		at->v6.sin6_family = AF_INET6;
		at->v6.sin6_port = htons(port);
		memcpy(&at->v6.sin6_addr, addr->b, 16);
		return sizeof(at->v6);
	}
	at->v4.sin_family = AF_INET;
	at->v4.sin_port = htons(port);
	memcpy(&at->v4.sin_addr, addr->b, 4);
	return sizeof(at->v4);
}

/*
 * A listener at addr and any port, which *ret_port gets. By UDP it hears
 * only who, our own port for canaries.
 */
static int
listen_at(const struct mipo_addr *addr, bool udp, uint16_t who, int *ret_fd,
    uint16_t *ret_port, struct mipo_err *err)
{
	union socket_addr at, from;
	socklen_t len = put_addr(&at, addr, 0);
	int fd = socket(at.any.sa_family,
	    (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return mipo_err_sys(err, errno, "canary");
	(void)put_addr(&from, addr, who);
	if (bind(fd, &at.any, len) != 0 ||
	    (udp ? connect(fd, &from.any, len) : listen(fd, 1)) != 0 ||
	    getsockname(fd, &at.any, &len) != 0) {
		mipo_err_sys(err, errno, "canary");
		(void)close(fd);
		return -1;
	}
	*ret_fd = fd;
	*ret_port = ntohs(addr->family == 6 ? at.v6.sin6_port
					    : at.v4.sin_port);
	return 0;
}

/* What canaries are probed from. */
static uint16_t
sport(const struct mipo_scanner *scan)
{
	return (uint16_t)(scan->sport + MIPO_SPORTS);
}

int
mipo_canary_open(struct mipo_scanner *scan, struct mipo_err *err)
{
	for (size_t i = 0; i < scan->routes.n_paths; i++) {
		const struct mipo_wire_end *end = &scan->routes.paths[i].end;
		unsigned n = scan->tally.n_canaries;
		struct mipo_canary *canary = &scan->tally.canaries[n];

		if (!end->loopback)
			continue;
		if (listen_at(&end->from.addr, scan->udp, sport(scan),
			&scan->canary_fds[n], &canary->port, err) != 0)
			return -1;
		canary->addr = end->from.addr;
		scan->canary_paths[n] = i;
		scan->tally.n_canaries++;
	}
	return 0;
}

static uint32_t
cookie_of(const struct mipo_scanner *scan, const struct mipo_canary *canary)
{
	return mipo_cookie(&scan->cookie, &canary->addr, &canary->addr,
	    sport(scan), canary->port);
}

bool
mipo_canary_send(struct mipo_scanner *scan, size_t path,
    const struct mipo_probe *probe)
{
	struct mipo_wire *wire = scan->wires[path];
	int sys;

	mipo_wire_put(wire, probe, 0);
	(void)mipo_wire_send(wire, &sys);
	mipo_wire_drop(wire, 1);
	if (sys != 0)
		mipo_tally_refused_canary(&scan->tally, sys);
	return sys == 0;
}

static void
send_probe(struct mipo_scanner *scan, unsigned i)
{
	struct mipo_canary *canary = &scan->tally.canaries[i];
	struct mipo_probe probe = {.dst = &canary->addr,
	    .sport = sport(scan),
	    .dport = canary->port,
	    .seq = cookie_of(scan, canary)};

	if (scan->udp)
		probe.load = mipo_payloads_find(scan->payloads, 0, 0);
	canary->probes +=
	    mipo_canary_send(scan, scan->canary_paths[i], &probe);
}

static bool
all_seen(const struct mipo_scanner *scan)
{
	for (unsigned i = 0; i < scan->tally.n_canaries; i++)
		if (!scan->tally.canaries[i].seen)
			return false;
	return true;
}

/* By UDP nobody but the listener itself answers. */
static void
answer_all(const struct mipo_scanner *scan)
{
	char byte;

	for (unsigned i = 0; i < scan->tally.n_canaries; i++)
		if (recv(scan->canary_fds[i], &byte, 1, MSG_DONTWAIT) >= 0)
			(void)send(scan->canary_fds[i], "", 0, MSG_DONTWAIT);
}

static int
await_all(struct mipo_scanner *scan, struct mipo_err *err)
{
	uint64_t now = mipo_clock_mono_ns(), until = now + WAIT_NS;

	while (!all_seen(scan) && now < until && !mipo_scanner_tick(scan, 0)) {
		if (scan->udp)
			answer_all(scan);
		if (mipo_syn_pause(scan, until - now, err) != 0)
			return -1;
		now = mipo_clock_mono_ns();
	}
	return 0;
}

/*
 * The listeners are closed before the first probe, so that none of them is
 * found as a port of this machine.
 */
int
mipo_canary_probe(struct mipo_scanner *scan, struct mipo_err *err)
{
	scan->phase = "canary";
	for (int i = 0; i < TRIES && !all_seen(scan); i++) {
		for (unsigned j = 0; j < scan->tally.n_canaries; j++)
			if (!scan->tally.canaries[j].seen)
				send_probe(scan, j);
		if (await_all(scan, err) != 0)
			return -1;
	}
	mipo_canary_close(scan);
	return 0;
}

bool
mipo_canary_reply(struct mipo_scanner *scan, const struct mipo_reply *reply)
{
	const bool udp = scan->udp;

	if (reply->us_port != sport(scan))
		return false;
	for (unsigned i = 0; i < scan->tally.n_canaries; i++) {
		struct mipo_canary *canary = &scan->tally.canaries[i];

		if (reply->kind ==
			(udp ? MIPO_REPLY_UDP : MIPO_REPLY_SYN_ACK) &&
		    reply->target_port == canary->port &&
		    mipo_addr_cmp(&reply->target, &canary->addr) == 0 &&
		    (udp || reply->seq == cookie_of(scan, canary)))
			canary->seen = true;
	}
	if (scan->watch.n > 0)
		(void)mipo_watch_reply(scan, reply);
	return true;
}

void
mipo_canary_close(struct mipo_scanner *scan)
{
	for (unsigned i = 0; i < scan->tally.n_canaries; i++)
		if (scan->canary_fds[i] > 0)
			(void)close(scan->canary_fds[i]);
	memset(scan->canary_fds, 0, sizeof(scan->canary_fds));
}
