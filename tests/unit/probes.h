/*
 * Probes of which each is known by its number, and a sender of them, for
 * tests of wires whose kernel is the test's and refuses at random.
 */
#ifndef MIPO_TESTS_UNIT_PROBES_H
#define MIPO_TESTS_UNIT_PROBES_H

#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "net/wire-impl.h"

#define PROBES 20000

static struct mipo_wire wire;
static uint64_t chance;
static uint8_t took[PROBES]; /* how often the kernel did */

static unsigned
dice(unsigned n)
{
	chance = chance * 6364136223846793005U + 1;
	return (unsigned)(chance >> 33) % n;
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

/* As a sender does: some of what is refused is tried again, some given up. */
static void
flush(uint8_t *gave_up, uint64_t *accepted, void (*between)(void))
{
	while (mipo_wire_queued(&wire) > 0) {
		size_t n;
		int sys;

		between();
		n = mipo_wire_send(&wire, &sys);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_eq(took[mipo_wire_tag(&wire, i)], 1);
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

/*
 * All of them, put by put. Each is taken, or given up; never both, never
 * neither. Returns how many were taken.
 */
static uint64_t
send_all(void (*put)(uint32_t tag), void (*between)(void))
{
	static uint8_t gave_up[PROBES];
	uint64_t accepted = 0, given_up = 0;
	uint32_t next = 0;

	memset(gave_up, 0, sizeof(gave_up));
	while (next < PROBES) {
		unsigned n = 1 + dice(MIPO_WIRE_BATCH);

		for (; n > 0 && next < PROBES; n--)
			put(next++);
		flush(gave_up, &accepted, between);
	}
	for (uint32_t i = 0; i < PROBES; i++) {
		ck_assert_msg(took[i] + gave_up[i] == 1,
		    "%u: taken %d times, given up %d times", i, took[i],
		    gave_up[i]);
		given_up += gave_up[i];
	}
	ck_assert_uint_eq(accepted + given_up, PROBES);
	return accepted;
}

#endif
