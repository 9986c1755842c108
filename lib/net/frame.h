/*
 * The packets that we send. libnet builds a template once; per packet only
 * bytes are patched, and the checksums follow from the template's sums.
 */
#ifndef MIPO_NET_FRAME_H
#define MIPO_NET_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/addr.h"

struct mipo_err;
struct mipo_load;

#define MIPO_FRAME_MAX 96 /* bytes; a SYN over IPv6 has 86, tagged 90 */
#define MIPO_MAC_LEN   6

/* A UDP probe over IPv6 on ethernet, tagged, with the longest payload. */
#define MIPO_FRAME_UDP_MAX 1268

/* A template; bytes has the fields of a probe zero. For reading. */
struct mipo_frame {
	uint8_t bytes[MIPO_FRAME_MAX];
	size_t len;
	size_t room; /* that the longest probe takes */
	uint8_t family;
	bool ether, udp, echo;
	uint16_t ip, l4; /* where the IP and the next header begin */
	uint32_t ip_sum, l4_sum; /* 16-bit words added, as they lie */
};

/* Where a template is sent from. */
struct mipo_frame_from {
	bool ether;
	uint8_t mac[MIPO_MAC_LEN]; /* ours; with ether */
	struct mipo_addr addr;
	uint16_t vlan; /* of its frames (IEEE 802.1Q), with ether; 0: none */
};

/* What differs from probe to probe. mac (with ether): of the next hop. */
struct mipo_probe {
	const struct mipo_addr *dst;
	const uint8_t *mac;
	uint32_t seq;
	uint16_t sport, dport;
	const struct mipo_load *load; /* UDP's payload (payload.h) */
};

/*
 * A TCP SYN as desktops send it (MSS 1460, window scale 8, SACK permitted,
 * window 65535, TTL 64, DF; RFC 9293, 7323, 2018).
 */
int mipo_frame_syn(const struct mipo_frame_from *from,
    struct mipo_frame *ret_frame, struct mipo_err *err);

/* A UDP datagram (RFC 768; over IPv6 RFC 8200, 8.1), yet without payload. */
int mipo_frame_udp(const struct mipo_frame_from *from,
    struct mipo_frame *ret_frame, struct mipo_err *err);

/* An ICMP or ICMPv6 echo request: sport and dport are its numbers. */
int mipo_frame_echo(const struct mipo_frame_from *from,
    struct mipo_frame *ret_frame, struct mipo_err *err);
size_t mipo_frame_patch_echo(const struct mipo_frame *frame,
    const struct mipo_probe *probe, uint8_t *bytes);

/* How long a probe is on ethernet, without payload. */
size_t mipo_frame_len(bool udp, uint8_t family, bool tagged);

/*
 * Bits that a frame of len bytes takes on the wire: with checksum, preamble
 * and the gap behind it (IEEE 802.3), 84 bytes at least.
 */
uint64_t mipo_frame_bits(size_t len);

/*
 * Makes bytes (frame->room of them), which hold the template or an earlier
 * probe, this probe; its length.
 */
size_t mipo_frame_patch(const struct mipo_frame *frame,
    const struct mipo_probe *probe, uint8_t *bytes);

/*
 * Who has this address: an ARP request (RFC 826) or a neighbour
 * solicitation (RFC 4861, 4.3) on ethernet, whole.
 */
int mipo_frame_who_has(const struct mipo_frame_from *from,
    const struct mipo_addr *target, uint8_t ret_bytes[MIPO_FRAME_MAX],
    size_t *ret_len, struct mipo_err *err);

/* The 16-bit words of len bytes, added as they lie in memory. */
uint32_t mipo_frame_sum(const uint8_t *p, size_t len);

/* The Internet checksum (RFC 1071) of such a sum, as it goes on the wire. */
uint16_t mipo_frame_fold(uint64_t sum);

/* n at p, in network order. */
static inline void
mipo_frame_put16(uint8_t *p, uint16_t n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
}

#endif
