/*
 * Ways to put packets on the wire, a row each: AF_PACKET with its queueing
 * discipline bypassed for ethernet; raw IP sockets for loopback and links
 * without a link layer. Probes are queued in slots that hold the template,
 * and go out by sendmmsg. What counts as sent is what the kernel took.
 */
#ifndef MIPO_NET_WIRE_H
#define MIPO_NET_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/frame.h"

struct mipo_err;
struct mipo_wire;

#define MIPO_WIRE_BATCH 64 /* probes that a wire queues */

/* Where a wire leads: an interface, and who we are there. */
struct mipo_wire_end {
	unsigned ifindex;
	char ifname[16];
	bool loopback, udp; /* udp: it is for datagrams */
	struct mipo_frame_from from;
};

struct mipo_wire_row {
	const char *name; /* "packet" */
	const char *text; /* one line for people */
	bool ether;
	uint8_t family; /* 0: both */
	int (*open)(const struct mipo_wire_end *end, int *ret_fd,
	    struct mipo_err *err);
};

/* NULL-name-ended. */
extern const struct mipo_wire_row mipo_wire_rows[];

/* Whether this process may open raw sockets at all. */
bool mipo_wire_may(void);

/* Opens the row that fits end. Needs CAP_NET_RAW. */
int mipo_wire_open(const struct mipo_wire_end *end,
    struct mipo_wire **ret_wire, struct mipo_err *err);
void mipo_wire_free(struct mipo_wire *wire);
const char *mipo_wire_name(const struct mipo_wire *wire);

/* The template of its probes. */
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
 * Hands the queue to the kernel; returns how many it took (they leave the
 * queue only with mipo_wire_drop). *ret_sys: why the next was refused, 0
 * when all were taken.
 */
size_t mipo_wire_send(struct mipo_wire *wire, int *ret_sys);

/* The first n leave the queue. */
void mipo_wire_drop(struct mipo_wire *wire, size_t n);

/* One whole packet, now. 0, or errno. */
int mipo_wire_send_one(
    struct mipo_wire *wire, const uint8_t *bytes, size_t len);

/* The row's opener; in a file each. */
int mipo_wire_packet_open(const struct mipo_wire_end *end, int *ret_fd,
    struct mipo_err *err);
int mipo_wire_raw_open(const struct mipo_wire_end *end, int *ret_fd,
    struct mipo_err *err);

#endif
