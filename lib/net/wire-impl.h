/* What the files of the send paths share. */
#ifndef MIPO_NET_WIRE_IMPL_H
#define MIPO_NET_WIRE_IMPL_H

#include "net/wire.h"

/* A probe in the queue; where is its slot, also before there is a probe. */
struct mipo_wire_item {
	uint8_t *where;
	size_t len;
	uint64_t tag;
};

/* The queue lies from head to tail; it is emptied before it is filled. */
struct mipo_wire {
	const struct mipo_wire_row *row;
	struct mipo_frame frame;
	int fd;
	size_t head, tail;
	size_t taken; /* of the first, which are yet to leave the queue */
	struct mipo_wire_item items[MIPO_WIRE_BATCH];
	char passed[192]; /* the first that did not open, and why */
	void *own;	  /* of the row */
};

struct mipo_wire_ops {
	/* Sockets, and a slot with the template for each item. */
	int (*open)(struct mipo_wire *wire, const struct mipo_wire_end *end,
	    struct mipo_err *err);
	/* As mipo_wire_send. */
	size_t (*send)(struct mipo_wire *wire, int *ret_sys);
	/* The first leaves the queue unsent; or NULL. */
	void (*skip)(struct mipo_wire *wire);
	/* The queue is empty: slots for the next ones; or NULL. */
	void (*renew)(struct mipo_wire *wire);
	/* Also of what is open in part. */
	void (*close)(struct mipo_wire *wire);
};

/* In a file each. */
extern const struct mipo_wire_ops mipo_wire_packet_ops, mipo_wire_raw_ops,
    mipo_wire_ring_ops, mipo_wire_xdp_ops, mipo_wire_link_ops,
    mipo_wire_libnet4_ops, mipo_wire_libnet6_ops;

/*
 * wire-socket.c. A packet socket that is bound to the interface, hears
 * nothing and bypasses the queueing discipline; a raw IP socket.
 */
int mipo_wire_packet_socket(
    const struct mipo_wire_end *end, int *ret_fd, struct mipo_err *err);
int mipo_wire_raw_socket(
    const struct mipo_wire_end *end, int *ret_fd, struct mipo_err *err);
/* What they have in common with sockets that others opened. */
int mipo_wire_bypass(int fd, struct mipo_err *err);
int mipo_wire_bind(
    const struct mipo_wire_end *end, int fd, struct mipo_err *err);

/* Slots of frame.room bytes with the template, for all items; NULL: no. */
uint8_t *mipo_wire_slots(struct mipo_wire *wire, struct mipo_err *err);

/*
 * Whether the wire is ready, after a moment at most: a card is done with
 * what it took when it likes, and that it is slow is no refusal.
 */
bool mipo_wire_await(
    struct mipo_wire *wire, bool (*ready)(struct mipo_wire *wire));

#endif
