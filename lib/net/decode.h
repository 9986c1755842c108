/*
 * From captured bytes to what they answer. A pure parser of hostile input:
 * it reads no byte beyond what was captured and claims nothing that the
 * bytes do not hold. Whether an answer is ours says the cookie, not it.
 */
#ifndef MIPO_NET_DECODE_H
#define MIPO_NET_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/obs.h"

enum mipo_reply_kind {
	MIPO_REPLY_NONE = 0, /* nothing that could answer a probe of ours */
	MIPO_REPLY_SYN_ACK,
	MIPO_REPLY_RST,
	MIPO_REPLY_UDP,	    /* a datagram */
	MIPO_REPLY_ECHO,    /* an echo reply: ports are its two numbers */
	MIPO_REPLY_ICMP,    /* an ICMP or ICMPv6 error that quotes a probe */
	MIPO_REPLY_NEIGHBOR /* ARP reply or neighbour advertisement */
};

/* Only the fields that the kind's comment names are set. */
struct mipo_reply {
	enum mipo_reply_kind kind;
	struct mipo_addr us;	 /* all but NEIGHBOR: who was answered */
	struct mipo_addr target; /* the probed (NEIGHBOR: found) address */
	struct mipo_addr from;	 /* ICMP: who sent the error */
	uint16_t us_port, target_port; /* all but NEIGHBOR */
	uint16_t vlan; /* of the frame's tag (IEEE 802.1Q); 0: none */
	/*
	 * The probe's sequence number, as the answer has it: quoted (ICMP),
	 * acknowledged minus one (SYN_ACK). A RST may acknowledge seq or
	 * seq + 1: seq is ack - 1 there, and seq + 1 is as good.
	 */
	uint32_t seq;
	uint16_t window; /* SYN_ACK, RST */
	bool bare;	 /* SYN_ACK, RST: without options */
	uint8_t ttl;	 /* all but NEIGHBOR */
	uint8_t icmp_type, icmp_code; /* ICMP */
	uint8_t proto;	/* all but NEIGHBOR: enum mipo_proto of the probe */
	bool echo; /* ECHO, and ICMP that quotes an echo request */
	/*
	 * ICMP: what the quoted IP header has as identification (IPv4) or
	 * flow label (IPv6). The error of a datagram has its length and
	 * checksum as seq, that of an echo request its checksum.
	 */
	uint32_t mark;
	/* UDP, ECHO: what was captured of it; the packet's. */
	const uint8_t *payload;
	size_t payload_len;
	uint8_t mac[6];	 /* NEIGHBOR */
};

/*
 * Whether packets of libpcap's link type can be read: ethernet; no header at
 * all, as tunnels, WireGuard and some ppp have it; those that stand for any
 * other (LINUX_SLL, LINUX_SLL2, NULL, LOOP).
 */
bool mipo_decode_knows(int link_type);

/* As it was captured: caplen bytes of the len that came. */
struct mipo_packet {
	int link_type;
	const uint8_t *mac; /* on ethernet: ours; NULL: any is taken for it */
	const uint8_t *bytes;
	size_t caplen, len;
};

/*
 * Reads a packet of such a type; others give NONE, and so does what no host
 * would take: cut before it was sent, for another host on the link, or with
 * a wrong checksum of its IPv4 header. The checksums behind that are not
 * looked at: senders leave them to their card, and on a virtual link, or on
 * this machine, nobody ever fills them in.
 */
void mipo_decode(
    const struct mipo_packet *packet, struct mipo_reply *ret_reply);

#endif
