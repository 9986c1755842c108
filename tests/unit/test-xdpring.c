#include "config.h"

#include "unit.h"

#ifdef HAVE_XDP
#include "net/xdpring.h"
#include "probes.h"

#define SLOTS  MIPO_XDP_SLOTS
#define CHUNK  MIPO_XDP_CHUNK
#define MTU    600
#define LONG   97 /* of as many probes one is too long for the link */

static struct mipo_err err;
static struct mipo_xdpring ring;

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
} kernel;

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
		took[tag]++;
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
	chance = 42;
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

static void
between(void)
{
	check_slots();
	finish();
}

START_TEST(nothing_is_lost_or_counted_twice)
{
	uint64_t accepted;

	prepare();
	accepted = send_all(put, between);
	for (uint32_t i = 0; i < PROBES; i += LONG)
		ck_assert_uint_eq(took[i], 0);
	ck_assert_uint_lt(accepted, PROBES - PROBES / LONG);
	free(ring.area);
}
END_TEST

/* Slots that a card holds are not filled; that is no refusal, and no hang. */
START_TEST(a_card_that_is_stuck)
{
	uint32_t next = 0;
	size_t n, gone = 0;
	int sys = 0;

	prepare();
	kernel.fails = false;
	kernel.stuck = true;
	while (sys == 0 && next < SLOTS) {
		for (int i = 0; i < MIPO_WIRE_BATCH; i++)
			put(next++);
		n = mipo_wire_send(&wire, &sys);
		gone += n;
		mipo_wire_drop(&wire, n);
		check_slots();
	}
	ck_assert_int_eq(sys, MIPO_WIRE_FULL);
	ck_assert_uint_eq(gone, kernel.n_out);
	ck_assert_uint_ge(gone, SLOTS / 2);
	n = mipo_wire_queued(&wire);
	ck_assert_uint_eq(gone + n, next);
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
