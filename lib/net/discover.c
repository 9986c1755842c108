#include "net/discover.h"

#include <endian.h>
#include <string.h>

#include "base/buf.h"
#include "net/decode.h"
#include "net/sport.h"
#include "net/udp.h"

/*
 * Identifier, sequence number and payload hold 48 bits that only the key
 * tells; what an error quotes of it, 32.
 */
void
mipo_discover_probe(const struct mipo_scanner *scan,
    const struct mipo_addr *us, const struct mipo_spot *spot, unsigned pass,
    struct mipo_probe *ret_probe)
{
	ret_probe->dst = &spot->addr;
	ret_probe->sport = mipo_udp_sport(scan, spot, pass);
	ret_probe->seq = mipo_cookie(
	    &scan->cookie, us, &spot->addr, ret_probe->sport, 0);
	ret_probe->dport = (uint16_t)mipo_cookie(&scan->cookie, us,
	    &spot->addr, ret_probe->sport, MIPO_DISCOVER_PORT);
}

/* Whether what an error has of the request is what we sent. */
static bool
quotes(const struct mipo_wire *wire, const struct mipo_probe *probe,
    const struct mipo_reply *reply)
{
	uint8_t bytes[MIPO_FRAME_UDP_MAX];
	const struct mipo_frame *frame = mipo_udp_repeat(wire, probe, bytes);

	return reply->seq ==
	    ((uint32_t)bytes[frame->l4 + 2] << 8 | bytes[frame->l4 + 3]);
}

static bool
is_ours(const struct mipo_scanner *scan, const struct mipo_spot *spot,
    const struct mipo_reply *reply, int *ret_pass)
{
	struct mipo_probe probe;
	uint32_t number[2];
	size_t path;

	if (!mipo_udp_asked(scan, spot, reply, &path, ret_pass))
		return false;
	mipo_discover_probe(
	    scan, &reply->us, spot, (unsigned)*ret_pass, &probe);
	if (reply->target_port != probe.dport)
		return false;
	if (reply->kind == MIPO_REPLY_ICMP)
		return quotes(scan->wires[path], &probe, reply);
	number[0] = number[1] = htobe32(probe.seq);
	return reply->payload_len == sizeof(number) &&
	    memcmp(reply->payload, number, sizeof(number)) == 0;
}

bool
mipo_discover_match(const struct mipo_scanner *scan,
    const struct mipo_reply *reply, struct mipo_spot *ret_spot,
    uint64_t *ret_pair, int *ret_pass)
{
	if (reply->kind != MIPO_REPLY_ECHO && reply->kind != MIPO_REPLY_ICMP)
		return false;
	return mipo_space_find(scan->space, &reply->target,
		   MIPO_DISCOVER_PORT, ret_spot, ret_pair) &&
	    is_ours(scan, ret_spot, reply, ret_pass);
}

enum mipo_pstate
mipo_discover_state(const struct mipo_reply *reply)
{
	if (reply->kind == MIPO_REPLY_ECHO)
		return MIPO_OPEN;
	return mipo_addr_cmp(&reply->from, &reply->target) == 0
	    ? MIPO_OPEN
	    : MIPO_UNREACHABLE;
}

/* The identifier is at byte 4 of a request, also of a quoted one. */
void
mipo_discover_filter(const struct mipo_scanner *scan, struct mipo_buf *buf)
{
	unsigned first = scan->sport, last = first + MIPO_SPORTS - 1;

	mipo_buf_putf(buf,
	    "(icmp[0] == 0 and icmp[4:2] >= %u and icmp[4:2] <= %u) or "
	    "(icmp6 and ip6[40] == 129 and ip6[44:2] >= %u and "
	    "ip6[44:2] <= %u) or ",
	    first, last, first, last);
	mipo_udp_filter_errors(scan, 4, buf);
}

void
mipo_discover_greet(struct mipo_scanner *scan, const struct mipo_addr *addr,
    uint64_t entry)
{
	struct mipo_spot spot;
	struct mipo_obs obs;
	uint64_t pair;

	if (!mipo_neighbors_heard(scan->neighbors, entry) ||
	    !mipo_space_find(
		scan->space, addr, MIPO_DISCOVER_PORT, &spot, &pair) ||
	    !mipo_pairs_answer(&scan->pairs, pair, MIPO_OPEN))
		return;
	mipo_scanner_obs(scan, &spot, MIPO_OPEN,
	    addr->family == 6 ? MIPO_R_ND : MIPO_R_ARP,
	    mipo_scanner_now_us(), &obs);
	mipo_scanner_emit(scan, &obs);
}
