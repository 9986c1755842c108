/* What the method by UDP adds to that by SYN segments (syn.h). */
#ifndef MIPO_NET_UDP_H
#define MIPO_NET_UDP_H

#include "net/scanner-impl.h"

struct mipo_probe;
struct mipo_reply;

/* The probe of a pair in that pass from us; without the next hop's MAC. */
void mipo_udp_probe(const struct mipo_scanner *scan,
    const struct mipo_addr *us, const struct mipo_spot *spot, unsigned pass,
    struct mipo_probe *ret_probe);

/* The source port of a probe: which pass it is of only the key tells. */
uint16_t mipo_udp_sport(const struct mipo_scanner *scan,
    const struct mipo_spot *spot, unsigned pass);

/* The pass whose probe went from that source port; -1: none did so far. */
int mipo_udp_pass(const struct mipo_scanner *scan,
    const struct mipo_spot *spot, uint16_t us_port);

/*
 * The pair that the reply is about and the pass of the probe that it holds
 * the numbers of; false where it is none of ours.
 */
bool mipo_udp_match(const struct mipo_scanner *scan,
    const struct mipo_reply *reply, struct mipo_spot *ret_spot,
    uint64_t *ret_pair, int *ret_pass);

/* A port unreachable by the target itself is its word; else 0 (syn-recv). */
enum mipo_pstate mipo_udp_state(const struct mipo_reply *reply);

/*
 * The path and the pass in which the spot was asked, from the address and
 * the port that the reply names as ours; false where it was not. The port is
 * the source port of above.
 */
bool mipo_udp_asked(const struct mipo_scanner *scan,
    const struct mipo_spot *spot, const struct mipo_reply *reply,
    size_t *ret_path, int *ret_pass);

/* The frame of a probe as it went, but for the next hop's MAC. */
const struct mipo_frame *mipo_udp_repeat(const struct mipo_wire *wire,
    const struct mipo_probe *probe, uint8_t ret_bytes[MIPO_FRAME_UDP_MAX]);

/* The capture's filter: datagrams and errors for our ports. */
void mipo_udp_filter(const struct mipo_scanner *scan, struct mipo_buf *buf);

/* The part for errors whose quote has one of our ports at that byte of it. */
void mipo_udp_filter_errors(
    const struct mipo_scanner *scan, unsigned at, struct mipo_buf *buf);

#endif
