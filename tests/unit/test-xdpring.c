#include "config.h"

#include "unit.h"

#ifdef HAVE_XDP
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "net/wire-impl.h"
#include "net/xdpring.h"

#define SLOTS  MIPO_XDP_SLOTS
#define CHUNK  MIPO_XDP_CHUNK
#define MTU    600
#define PROBES 20000
#define LONG   97 /* of as many probes one is too long for the link */

static struct mipo_err err;
static struct mipo_xdpring ring;
static struct mipo_wire wire;

/*
 * What the kernel does with a socket that sends by copy (xsk_generic_xmit).
 * What it passed it tells where it sent something, or came to the end of
 * what it had been shown.
 */
static struct {
	uint32_t tx_told, tx_shown, done_told, done_read;
	struct xdp_desc tx[SLOTS];
	uint64_t done[SLOTS];
	uint32_t at, shown, finished; /* passed, seen; slots given back */
	uint64_t out[SLOTS];	      /* slots that the card holds */
	uint32_t n_out;
	bool held[SLOTS], stuck, fails;
	uint64_t random;
	uint8_t took[PROBES];
} kernel;

static unsigned
dice(unsigned n)
{
	kernel.random = kernel.random * 6364136223846793005U + 1;
	return (unsigned)(kernel.random >> 33) % n;
}

static struct mipo_probe
probe_of(uint32_t tag, struct mipo_addr *addr)
{
	static const uint8_t mac[6] = {2, 0, 0, 0, 0, 9};

	*addr = (struct mipo_addr){4, {198, 19, (uint8_t)(tag >> 8),
					  (uint8_t)tag}};
	return (struct mipo_probe){.dst = addr, .mac = mac, .seq = tag,
	    .sport = (uint16_t)(61000 + tag % 7), .dport = 80};
}

/* The packet must be that of one probe, and whole. */
static uint32_t
tag_of(const uint8_t *packet, size_t len)
{
	struct mipo_addr addr;
	uint8_t bytes[MIPO_FRAME_MAX];
	struct mipo_probe probe;
	uint32_t tag;

	memcpy(&tag, packet + 38, sizeof(tag));
	tag = be32toh(tag);
	ck_assert_uint_lt(tag, PROBES);
	probe = probe_of(tag, &addr);
	memcpy(bytes, wire.frame.bytes, sizeof(bytes));
	ck_assert_uint_eq(
	    mipo_frame_patch(&wire.frame, &probe, bytes), len);
	ck_assert_mem_eq(packet, bytes, len);
	return tag;
}

/* The card is done with some of its slots, in any order. */
static void
finish(void)
{
	while (!kernel.stuck && kernel.n_out > 0 &&
	    (kernel.n_out > 60 || dice(3) > 0)) {
		uint32_t i = dice(kernel.n_out);

		kernel.held[kernel.out[i] / CHUNK] = false;
		kernel.done[kernel.finished++ % SLOTS] = kernel.out[i];
		kernel.out[i] = kernel.out[--kernel.n_out];
	}
	kernel.done_told = kernel.finished;
}

static void
hold(uint64_t addr)
{
	ck_assert_msg(!kernel.held[addr / CHUNK],
	    "slot %d is the card's", (int)(addr / CHUNK));
	kernel.held[addr / CHUNK] = true;
	kernel.out[kernel.n_out++] = addr;
}

static int
walk(bool *ret_sent)
{
	for (unsigned n = 0; kernel.at != kernel.shown; kernel.at++) {
		const struct xdp_desc *desc = &kernel.tx[kernel.at % SLOTS];
		uint32_t tag;

		if (desc->addr >= (uint64_t)SLOTS * CHUNK)
			continue; /* it is not in the memory: passed over */
		if (n++ == 32)
			return EAGAIN;
		if (kernel.finished + kernel.n_out - kernel.done_read == SLOTS)
			return 0; /* no room to give it back */
		ck_assert_uint_le(desc->len, MTU);
		tag = tag_of(ring.area + desc->addr, desc->len);
		if (kernel.fails && dice(40) == 0)
			return EAGAIN;
		hold(desc->addr);
		if (kernel.fails && dice(20) == 0) {
			kernel.at++;
			return EBUSY; /* dropped */
		}
		kernel.took[tag]++;
		*ret_sent = true;
	}
	return 0;
}

static int
kick(void *arg)
{
	bool sent = false;
	int sys;

	ck_assert_ptr_eq(arg, &kernel);
	if (kernel.fails && dice(50) == 0)
		return ENETDOWN;
	finish();
	if (kernel.at == kernel.shown)
		kernel.tx_told = kernel.at;
	kernel.shown = kernel.tx_shown;
	sys = walk(&sent);
	if (sent)
		kernel.tx_told = kernel.at;
	return sys;
}

static void
prepare(void)
{
	static const struct mipo_wire_ops ops = {.send = mipo_xdpring_send};
	static const struct mipo_wire_row row = {.name = "xdp", .ops = &ops};
	static const struct mipo_frame_from from = {
	    true, {2, 0, 0, 0, 0, 1}, {4, {198, 18, 0, 1}}, 0};

	memset(&kernel, 0, sizeof(kernel));
	memset(&wire, 0, sizeof(wire));
	memset(&ring, 0, sizeof(ring));
	kernel.random = 42;
	kernel.fails = true;
	wire.row = &row;
	wire.own = &ring;
	ck_ok(mipo_frame_syn(&from, &wire.frame, &err));
	ring.tx = (struct xsk_ring_prod){.cached_cons = SLOTS,
	    .mask = SLOTS - 1, .size = SLOTS, .ring = kernel.tx,
	    .producer = &kernel.tx_shown, .consumer = &kernel.tx_told};
	ring.done = (struct xsk_ring_cons){.mask = SLOTS - 1, .size = SLOTS,
	    .ring = kernel.done, .producer = &kernel.done_told,
	    .consumer = &kernel.done_read};
	ring.area = calloc(SLOTS, CHUNK);
	ring.most = MTU;
	ring.kick = kick;
	ring.arg = &kernel;
	mipo_xdpring_begin(&wire);
}

static void
put(uint32_t tag)
{
	struct mipo_addr addr;
	struct mipo_probe probe = probe_of(tag, &addr);

	mipo_wire_put(&wire, &probe, tag);
	if (kernel.fails && tag % LONG == 0)
		wire.items[wire.tail - 1].len = MTU + 1;
}

/* Every slot is in one place: an item's, free, the card's, or on its way. */
static void
check_slots(void)
{
	uint8_t seen[SLOTS] = {0};

	for (size_t i = 0; i < MIPO_WIRE_BATCH; i++)
		seen[(size_t)(wire.items[i].where - ring.area) / CHUNK]++;
	for (size_t i = 0; i < ring.n_free; i++)
		seen[ring.free[i]]++;
	for (uint32_t i = 0; i < kernel.n_out; i++)
		seen[kernel.out[i] / CHUNK]++;
	for (uint32_t i = kernel.done_read; i != kernel.finished; i++)
		seen[kernel.done[i % SLOTS] / CHUNK]++;
	for (uint32_t i = 0; i < SLOTS; i++)
		ck_assert_msg(seen[i] == 1, "slot %u is in %d places", i,
		    seen[i]);
}

/* As a sender does: some of what is refused is tried again, some given up. */
static void
flush(uint8_t *gave_up, uint64_t *accepted)
{
	while (mipo_wire_queued(&wire) > 0) {
		size_t n;
		int sys;

		finish();
		n = mipo_wire_send(&wire, &sys);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_eq(
			    kernel.took[mipo_wire_tag(&wire, i)], 1);
		check_slots();
		*accepted += n;
		mipo_wire_drop(&wire, n);
		ck_assert((sys == 0) == (mipo_wire_queued(&wire) == 0));
		ck_assert_int_ne(sys, EBUSY);
		if (sys == EMSGSIZE || (sys != 0 && dice(4) == 0)) {
			gave_up[mipo_wire_tag(&wire, 0)]++;
			mipo_wire_drop(&wire, 1);
		}
	}
}

/* Each probe is taken, or given up; never both, never neither. */
START_TEST(nothing_is_lost_or_counted_twice)
{
	static uint8_t gave_up[PROBES];
	uint64_t accepted = 0, given_up = 0;
	uint32_t next = 0;

	prepare();
	while (next < PROBES) {
		unsigned n = 1 + dice(MIPO_WIRE_BATCH);

		for (; n > 0 && next < PROBES; n--)
			put(next++);
		flush(gave_up, &accepted);
	}
	for (uint32_t i = 0; i < PROBES; i++) {
		ck_assert_msg(kernel.took[i] + gave_up[i] == 1,
		    "%u: taken %d times, given up %d times", i,
		    kernel.took[i], gave_up[i]);
		ck_assert(gave_up[i] == 1 || i % LONG != 0);
		given_up += gave_up[i];
	}
	ck_assert_uint_eq(accepted + given_up, PROBES);
	ck_assert_uint_gt(given_up, PROBES / LONG);
	free(ring.area);
}
END_TEST

/* Slots that a card holds are not filled; that is no refusal, and no hang. */
START_TEST(a_card_that_is_stuck)
{
	uint32_t next = 0;
	size_t n, took = 0;
	int sys = 0;

	prepare();
	kernel.fails = false;
	kernel.stuck = true;
	while (sys == 0 && next < SLOTS) {
		for (int i = 0; i < MIPO_WIRE_BATCH; i++)
			put(next++);
		n = mipo_wire_send(&wire, &sys);
		took += n;
		mipo_wire_drop(&wire, n);
		check_slots();
	}
	ck_assert_int_eq(sys, MIPO_WIRE_FULL);
	ck_assert_uint_eq(took, kernel.n_out);
	ck_assert_uint_ge(took, SLOTS / 2);
	n = mipo_wire_queued(&wire);
	ck_assert_uint_eq(took + n, next);
	kernel.stuck = false;
	finish();
	ck_assert_uint_eq(mipo_wire_send(&wire, &sys), n);
	ck_assert_int_eq(sys, 0);
	free(ring.area);
}
END_TEST

UNIT_MAIN("xdpring", nothing_is_lost_or_counted_twice, a_card_that_is_stuck);
#else
START_TEST(this_build_has_none)
{
	ck_assert(!mipo_wire_has("xdp"));
}
END_TEST

UNIT_MAIN("xdpring", this_build_has_none);
#endif
