#include "unit.h"

#include <linux/if_packet.h>

#include "net/txring.h"
#include "probes.h"

#define FRAMES 256

static struct mipo_err err;

/* What packet(7) says of the kernel; it refuses at random. */
static struct {
	struct mipo_txring *ring;
	size_t head, finished; /* frames that it took; that the card sent */
	bool stuck, fails;
} kernel;

static const struct mipo_frame_from from = {
    true, {2, 0, 0, 0, 0, 1}, {4, {198, 18, 0, 1}}, 0};

static struct tpacket2_hdr *
at(size_t i)
{
	return (void *)(mipo_txring_packet(kernel.ring, i) -
	    sizeof(struct tpacket2_hdr));
}

static int
refuse(size_t i, uint32_t tag)
{
	if (!kernel.fails)
		return 0;
	if (tag % 97 == 0) {
		at(i)->tp_status = TP_STATUS_WRONG_FORMAT;
		return EMSGSIZE;
	}
	return dice(20) == 0 ? ENOBUFS : 0;
}

/* As tpacket_snd: what was taken before a failure is not told. */
static int
kick(void *arg)
{
	size_t n = 0;
	int sys;

	ck_assert_ptr_eq(arg, &kernel);
	if (kernel.fails && dice(50) == 0)
		return ENETDOWN;
	while (!kernel.stuck && kernel.finished < kernel.head &&
	    (kernel.head - kernel.finished > 40 || dice(3) > 0))
		at(kernel.finished++)->tp_status = TP_STATUS_AVAILABLE;
	for (; at(kernel.head)->tp_status == TP_STATUS_SEND_REQUEST;
	     kernel.head++, n++) {
		uint32_t tag = tag_of(mipo_txring_packet(kernel.ring,
		    kernel.head), at(kernel.head)->tp_len);

		if (kernel.fails && dice(40) == 0)
			return n > 0 ? 0 : EAGAIN;
		sys = refuse(kernel.head, tag);
		if (sys != 0)
			return sys;
		ck_assert_uint_lt(tag, PROBES);
		took[tag]++;
		at(kernel.head)->tp_status = TP_STATUS_SENDING;
	}
	return 0;
}

static void
prepare(struct mipo_txring *ring)
{
	static const struct mipo_wire_row row = {
	    .name = "ring", .ether = true, .ops = &mipo_wire_ring_ops};

	memset(&kernel, 0, sizeof(kernel));
	memset(&wire, 0, sizeof(wire));
	kernel.ring = ring;
	chance = 42;
	kernel.fails = true;
	wire.row = &row;
	wire.own = ring;
	ck_ok(mipo_frame_syn(&from, &wire.frame, &err));
	ring->n = FRAMES;
	ring->size = mipo_txring_size(wire.frame.len);
	ring->map = calloc(ring->n, ring->size);
	ring->kick = kick;
	ring->arg = &kernel;
	for (size_t i = 0; i < ring->n; i++)
		memcpy(mipo_txring_packet(ring, i), wire.frame.bytes,
		    wire.frame.len);
	row.ops->renew(&wire);
}

static void
put(uint32_t tag)
{
	struct mipo_addr addr;
	struct mipo_probe probe = probe_of(tag, &addr);

	mipo_wire_put(&wire, &probe, tag);
}

static void
nothing(void)
{
}

START_TEST(nothing_is_lost_or_counted_twice)
{
	struct mipo_txring ring = {.place = 0};
	uint64_t accepted;

	prepare(&ring);
	accepted = send_all(put, nothing);
	ck_assert_uint_eq(kernel.head, accepted);
	ck_assert_uint_lt(accepted, PROBES - PROBES / 97);
	free(ring.map);
}
END_TEST

/* Frames that a card holds are not written to; that is no hang either. */
START_TEST(a_card_that_is_stuck)
{
	struct mipo_txring ring = {.place = 0};
	uint32_t next = 0;
	size_t n;
	int sys = 0;

	prepare(&ring);
	kernel.fails = false;
	kernel.stuck = true;
	while (sys == 0 && next < FRAMES) {
		for (int i = 0; i < MIPO_WIRE_BATCH; i++)
			put(next++);
		n = mipo_wire_send(&wire, &sys);
		ck_assert_uint_eq(n, sys == 0 ? MIPO_WIRE_BATCH : 0);
		mipo_wire_drop(&wire, n);
	}
	ck_assert_int_eq(sys, MIPO_WIRE_FULL);
	ck_assert_uint_eq(kernel.head, FRAMES - MIPO_WIRE_BATCH);
	while (kernel.finished < kernel.head)
		at(kernel.finished++)->tp_status = TP_STATUS_AVAILABLE;
	kernel.stuck = false;
	ck_assert_uint_eq(mipo_wire_send(&wire, &sys), MIPO_WIRE_BATCH);
	ck_assert_int_eq(sys, 0);
	free(ring.map);
}
END_TEST

/* Paths for every kind of link that are not for one sender only. */
START_TEST(every_link_is_served)
{
	const struct mipo_wire_row *row = mipo_wire_rows;

	for (int ether = 0; ether < 2; ether++)
		for (int family = 4; family <= 6; family += 2) {
			unsigned found = 0;

			for (row = mipo_wire_rows; row->name != NULL; row++)
				found += !row->alone &&
				    row->ether == (ether == 1) &&
				    (row->family == 0 ||
					row->family == family);
			ck_assert_uint_ge(found, 2);
		}
	ck_assert(mipo_wire_has("auto"));
	ck_assert(mipo_wire_has("libnet"));
	ck_assert(!mipo_wire_has("pigeon"));
	ck_assert(!mipo_wire_alone("ring"));
}
END_TEST

/* What is told of a choice where nothing opens is the first cause. */
START_TEST(the_first_error_is_told)
{
	struct mipo_wire_end end = {.ifindex = INT32_MAX,
	    .ifname = "nowhere", .mtu = 1500, .from = from};
	struct mipo_wire *none = NULL;
	char start[64];

	for (int alone = 0; alone < 2; alone++) {
		const struct mipo_wire_row *row = mipo_wire_rows;

		while (!row->ether || (row->alone && alone == 0))
			row++;
		(void)snprintf(
		    start, sizeof(start), "nowhere: %s: ", row->send);
		mipo_err_clear(&err);
		ck_assert_int_eq(mipo_wire_open(&end, "auto", alone == 1,
		    &none, &err), -1);
		ck_assert_ptr_null(none);
		ck_assert_msg(strncmp(err.text, start, strlen(start)) == 0,
		    "%s", err.text);
	}
}
END_TEST

UNIT_MAIN("txring", nothing_is_lost_or_counted_twice, a_card_that_is_stuck,
    every_link_is_served, the_first_error_is_told);
