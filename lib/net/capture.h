/* Replies by libpcap: one capture an interface, never blocking. */
#ifndef MIPO_NET_CAPTURE_H
#define MIPO_NET_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

struct mipo_buf;
struct mipo_err;
struct mipo_capture;
struct mipo_reply;

/* What the kernel says of a capture since it began. */
struct mipo_capture_stats {
	uint64_t received; /* packets that passed the filter */
	uint64_t dropped;  /* for want of room in the ring */
};

/*
 * Opens the interface with a ring of ring bytes and the filter. Needs
 * CAP_NET_RAW; not promiscuous.
 */
int mipo_capture_open(const char *ifname, size_t ring, const char *filter,
    struct mipo_capture **ret_capture, struct mipo_err *err);
void mipo_capture_free(struct mipo_capture *capture);

/* For poll. */
int mipo_capture_fd(const struct mipo_capture *capture);

/*
 * Hands what has arrived (at most about max packets) to sink, decoded, with
 * the kernel's time of arrival in Unix microseconds. Returns their number,
 * 0 when nothing was there, -1 when the interface went.
 */
int mipo_capture_read(struct mipo_capture *capture, int max,
    void (*sink)(void *arg, const struct mipo_reply *reply, int64_t at_us),
    void *arg, struct mipo_err *err);

/* Adds up what libpcap counts in 32 bits; call now and then. */
int mipo_capture_count(struct mipo_capture *capture,
    struct mipo_capture_stats *ret_stats, struct mipo_err *err);

/* libpcap's DLT_ number. */
int mipo_capture_link_type(const struct mipo_capture *capture);

#endif
