/*
 * Ways to put packets on the wire, a row each: AF_PACKET with its queueing
 * discipline bypassed (by sendmmsg or a ring in shared memory), AF_XDP, what
 * libnet writes with, and raw IP sockets for loopback and links without a
 * link layer. Probes are queued in slots that hold the template. What counts
 * as sent is what the kernel took.
 */
#ifndef MIPO_NET_WIRE_H
#define MIPO_NET_WIRE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/frame.h"

struct mipo_err;
struct mipo_wire;
struct mipo_wire_ops;

#define MIPO_WIRE_BATCH 64 /* probes that a wire queues */
#define MIPO_WIRE_FULL	ETIME /* no refusal: see mipo_wire_send */

/* Where a wire leads: an interface, and who we are there. */
struct mipo_wire_end {
	unsigned ifindex;
	char ifname[16];
	uint32_t mtu;
	bool loopback;
	bool udp, echo; /* it is for datagrams, for echo requests */
	struct mipo_frame_from from;
};

struct mipo_wire_row {
	const char *name; /* "packet" */
	const char *send; /* "sendmmsg": the send path that it belongs to */
	const char *text; /* one line for people */
	bool ether;
	uint8_t family; /* 0: both */
	bool asks;  /* for the interface's number, by ioctl, as it sends */
	bool alone; /* a link has room for few of them: one sender */
	const struct mipo_wire_ops *ops;
};

/* NULL-name-ended, the fastest of those that serve a link first. */
extern const struct mipo_wire_row mipo_wire_rows[];

/* Whether this process may open raw sockets at all. */
bool mipo_wire_may(void);

/* Whether this build has the send path ("auto" is always there). */
bool mipo_wire_has(const char *send);

/* Whether the send path is for one sender at a time. */
bool mipo_wire_alone(const char *send);

/*
 * Opens the row of a send path that serves end; of "auto" the first that
 * opens, and with alone (there is one sender) also those for one. Where
 * none does, the error is that of the first. Needs CAP_NET_RAW.
 */
int mipo_wire_open(const struct mipo_wire_end *end, const char *send,
    bool alone, struct mipo_wire **ret_wire, struct mipo_err *err);
void mipo_wire_free(struct mipo_wire *wire);

/* Why not the first that serves it, as "PATH: error"; or "". */
const char *mipo_wire_passed(const struct mipo_wire *wire);

/* Its row, and the template of its probes. */
const struct mipo_wire_row *mipo_wire_row(const struct mipo_wire *wire);
const struct mipo_frame *mipo_wire_frame(const struct mipo_wire *wire);

/*
 * Queues a probe under a tag of the caller's. There must be room: fewer
 * than MIPO_WIRE_BATCH are queued.
 */
void mipo_wire_put(struct mipo_wire *wire, const struct mipo_probe *probe,
    uint64_t tag);

/* How many are queued, and the tag of the one at i (0: the first). */
size_t mipo_wire_queued(const struct mipo_wire *wire);
uint64_t mipo_wire_tag(const struct mipo_wire *wire, size_t i);

/*
 * Hands the queue to the kernel; returns how many of its first it took.
 * They are to leave the queue, by mipo_wire_drop, before the next call.
 * *ret_sys: why the next was refused, 0 when all were taken. What was not
 * taken is not, and will not be, sent by the kernel. MIPO_WIRE_FULL: a card
 * keeps the memory that the next would be in; nothing was asked and refused.
 */
size_t mipo_wire_send(struct mipo_wire *wire, int *ret_sys);

/* The first n leave the queue, taken or not. */
void mipo_wire_drop(struct mipo_wire *wire, size_t n);

/* One whole packet, now; by the path sendmmsg only. 0, or errno. */
int mipo_wire_send_one(
    struct mipo_wire *wire, const uint8_t *bytes, size_t len);

#endif
