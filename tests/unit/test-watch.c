/*
 * Canaries: what share of them one host may have, and when one is dropped
 * that does not answer.
 */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "data/ports.h"
#include "data/target.h"
#include "net/decode.h"
#include "net/scanner-impl.h"
#include "net/sport.h"

#define PORTS 40
#define HOSTS 8
#define EACH  16

static struct mipo_err err;
static struct mipo_scanner scan;
static struct mipo_hop hop;

static void
begin(void)
{
	struct mipo_targets *targets = mipo_targets_new(&err);
	struct mipo_ports *ports = mipo_ports_new(&err);

	memset(&scan, 0, sizeof(scan));
	ck_ok(mipo_targets_add(targets, "198.18.0.0/29", NULL, &err));
	ck_ok(mipo_ports_add(ports, "1-40", &err));
	ck_ok(mipo_space_new(targets, ports, &scan.space, &err));
	mipo_targets_free(targets);
	mipo_ports_free(ports);
	scan.sport = 61000;
	hop.sys = ENETUNREACH; /* nothing is sent by mipo_watch_turn */
	scan.routes.hops = &hop;
	scan.routes.n_hops = scan.routes.n_sorts = 1;
	scan.routes.paths[0].end.from.addr =
	    (struct mipo_addr){4, {198, 18, 9, 1}};
}

static void
end(void)
{
	mipo_space_free(scan.space);
}

static void
add(unsigned host, unsigned n, enum mipo_pstate state)
{
	for (unsigned i = 0; i < n; i++)
		mipo_watch_add(&scan, (uint64_t)host * PORTS + i, state);
}

START_TEST(no_host_has_them_all)
{
	begin();
	add(3, PORTS, MIPO_OPEN);
	ck_assert_uint_eq(scan.watch.n, EACH);
	add(5, PORTS, MIPO_OPEN);
	ck_assert_uint_eq(scan.watch.n, 2 * EACH);
	for (unsigned i = 0; i < HOSTS; i++)
		add(i, PORTS, MIPO_OPEN);
	ck_assert_uint_eq(scan.watch.n, MIPO_WATCHED);
	end();
}
END_TEST

/* Who refuses may do so sparingly. */
START_TEST(few_are_closed)
{
	begin();
	for (unsigned i = 0; i < HOSTS; i++)
		add(i, 4, MIPO_CLOSED);
	ck_assert_uint_eq(scan.watch.n, 16);
	add(0, 2, MIPO_FILTERED);
	ck_assert_uint_eq(scan.watch.n, 16);
	add(7, 4, MIPO_OPEN);
	ck_assert_uint_eq(scan.watch.n, 20);
	end();
}
END_TEST

/* A probe of the only canary is answered, or missed. */
static void
probe(bool answered)
{
	struct mipo_reply reply = {.kind = MIPO_REPLY_SYN_ACK,
	    .us_port = (uint16_t)(scan.sport + MIPO_SPORTS),
	    .us = scan.routes.paths[0].end.from.addr};
	struct mipo_spot spot;

	scan.watch.items[0].out = true;
	if (!answered) {
		mipo_watch_turn(&scan);
		return;
	}
	mipo_space_at(scan.space, scan.watch.items[0].pair, &spot);
	reply.target = spot.addr;
	reply.target_port = spot.port;
	reply.seq = mipo_cookie(&scan.cookie, &reply.us, &reply.target,
	    reply.us_port, reply.target_port);
	hop.sys = 0;
	ck_assert(mipo_watch_reply(&scan, &reply));
	hop.sys = ENETUNREACH;
}

/* How many probes of a canary it takes until it is dropped: M or not. */
static unsigned
lasts(const char *pattern)
{
	unsigned n = 0, lost = 0;

	begin();
	add(0, 1, MIPO_OPEN);
	while (pattern[n] != '\0' && scan.watch.n == 1) {
		lost += pattern[n] == 'M';
		probe(pattern[n++] != 'M');
		ck_assert_uint_eq(scan.watch.due, n);
		ck_assert_uint_eq(scan.watch.lost, lost);
	}
	if (scan.watch.n == 1)
		n = 0;
	end();
	return n;
}

START_TEST(is_dropped_by_its_last_eight)
{
	ck_assert_uint_eq(lasts("AAAAMAAAAAMMAAAA"), 0);
	ck_assert_uint_eq(lasts("MMMAAA"), 3); /* three in a row */
	ck_assert_uint_eq(lasts("AAAAAAAAMMMA"), 11);
	ck_assert_uint_eq(lasts("MAMAMAMA"), 7); /* four of eight */
	ck_assert_uint_eq(lasts("MMAAAAMM"), 8);
	/* what is older does not count */
	ck_assert_uint_eq(lasts("MMAAAAAMMA"), 0);
	ck_assert_uint_eq(lasts("MMAAAAAAMMAAAAAAMM"), 0);
	ck_assert_uint_eq(lasts("MAAMAAMAAMAAMAAMAAMAAMAA"), 0);
}
END_TEST

UNIT_MAIN("watch", no_host_has_them_all, few_are_closed,
    is_dropped_by_its_last_eight);
