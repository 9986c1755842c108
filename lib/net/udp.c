#include "net/udp.h"

#include <endian.h>
#include <string.h>

#include "base/buf.h"
#include "net/decode.h"
#include "net/payload.h"
#include "net/sport.h"
#include "net/syn.h"

/* The port of pass 0, which only the key tells. */
static unsigned
first_sport(const struct mipo_scanner *scan, const struct mipo_spot *spot)
{
	return mipo_cookie(&scan->cookie, &spot->addr, &spot->addr, 0,
		   spot->port) %
	    MIPO_SPORTS;
}

uint16_t
mipo_udp_sport(const struct mipo_scanner *scan, const struct mipo_spot *spot,
    unsigned pass)
{
	return (uint16_t)(scan->sport +
	    (first_sport(scan, spot) + pass) % MIPO_SPORTS);
}

void
mipo_udp_probe(const struct mipo_scanner *scan, const struct mipo_addr *us,
    const struct mipo_spot *spot, unsigned pass, struct mipo_probe *ret_probe)
{
	ret_probe->dst = &spot->addr;
	ret_probe->dport = spot->port;
	ret_probe->sport = mipo_udp_sport(scan, spot, pass);
	ret_probe->seq = mipo_cookie(&scan->cookie, us, &spot->addr,
	    ret_probe->sport, ret_probe->dport);
	ret_probe->load =
	    mipo_payloads_find(scan->payloads, spot->port, pass);
}

int
mipo_udp_pass(const struct mipo_scanner *scan, const struct mipo_spot *spot,
    uint16_t us_port)
{
	unsigned first = scan->sport + first_sport(scan, spot);
	unsigned pass = (us_port - first + MIPO_SPORTS) % MIPO_SPORTS;

	return pass <= mipo_scanner_last_pass(scan) ? (int)pass : -1;
}

static uint16_t
be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

const struct mipo_frame *
mipo_udp_repeat(const struct mipo_wire *wire, const struct mipo_probe *probe,
    uint8_t ret_bytes[MIPO_FRAME_UDP_MAX])
{
	const struct mipo_frame *frame = mipo_wire_frame(wire);
	static const uint8_t nowhere[MIPO_MAC_LEN];
	struct mipo_probe again = *probe;

	memcpy(ret_bytes, frame->bytes, frame->len);
	again.mac = nowhere;
	(void)mipo_frame_patch(frame, &again, ret_bytes);
	return frame;
}

/* Whether an error quotes the probe: its length, checksum and number. */
static bool
quotes(const struct mipo_wire *wire, const struct mipo_probe *probe,
    const struct mipo_reply *reply)
{
	uint8_t bytes[MIPO_FRAME_UDP_MAX];
	const struct mipo_frame *frame = mipo_udp_repeat(wire, probe, bytes);
	const uint8_t *ip = bytes + frame->ip, *udp = bytes + frame->l4;
	uint32_t mark = frame->family == 4
	    ? be16(ip + 4)
	    : (uint32_t)(ip[1] & 15) << 16 | be16(ip + 2);

	return reply->mark == mark &&
	    reply->seq ==
	    ((uint32_t)be16(udp + 4) << 16 | be16(udp + 6));
}

bool
mipo_udp_asked(const struct mipo_scanner *scan, const struct mipo_spot *spot,
    const struct mipo_reply *reply, size_t *ret_path, int *ret_pass)
{
	const struct mipo_hop *hop = mipo_routes_hop(&scan->routes, spot);
	int pass;

	if (hop->sys != 0)
		return false;
	pass = mipo_udp_pass(scan, spot, reply->us_port);
	if (pass < 0 ||
	    mipo_addr_cmp(&scan->routes.paths[hop->path].end.from.addr,
		&reply->us) != 0)
		return false;
	*ret_path = hop->path;
	*ret_pass = pass;
	return true;
}

static bool
is_ours(const struct mipo_scanner *scan, const struct mipo_spot *spot,
    const struct mipo_reply *reply, int *ret_pass)
{
	struct mipo_probe probe;
	size_t path;

	if (!mipo_udp_asked(scan, spot, reply, &path, ret_pass))
		return false;
	mipo_udp_probe(
	    scan, &reply->us, spot, (unsigned)*ret_pass, &probe);
	return reply->kind == MIPO_REPLY_ICMP
	    ? quotes(scan->wires[path], &probe, reply)
	    : mipo_load_answers(probe.load, probe.seq, reply->payload,
		  reply->payload_len);
}

/* On loopback a probe to one of our ports looks like an answer from it. */
static bool
is_probe(const struct mipo_scanner *scan, const struct mipo_reply *reply)
{
	return reply->kind == MIPO_REPLY_UDP &&
	    reply->target_port >= scan->sport &&
	    reply->target_port < scan->sport + MIPO_SPORTS &&
	    mipo_addr_cmp(&reply->target, &reply->us) == 0;
}

bool
mipo_udp_match(const struct mipo_scanner *scan,
    const struct mipo_reply *reply, struct mipo_spot *ret_spot,
    uint64_t *ret_pair, int *ret_pass)
{
	const struct mipo_payload *row;

	if (reply->kind != MIPO_REPLY_UDP && reply->kind != MIPO_REPLY_ICMP)
		return false;
	if (is_probe(scan, reply))
		return false;
	if (mipo_space_find(scan->space, &reply->target, reply->target_port,
		ret_spot, ret_pair) &&
	    is_ours(scan, ret_spot, reply, ret_pass))
		return true;
	/* From a port of its own, as the protocol has it. */
	for (size_t i = 0;
	     i < mipo_payload_n && reply->kind == MIPO_REPLY_UDP; i++) {
		row = &mipo_payload_rows[i];
		if (row->moves &&
		    mipo_space_find(scan->space, &reply->target, row->port,
			ret_spot, ret_pair) &&
		    is_ours(scan, ret_spot, reply, ret_pass))
			return true;
	}
	return false;
}

enum mipo_pstate
mipo_udp_state(const struct mipo_reply *reply)
{
	const bool six = reply->us.family == 6;

	if (reply->kind == MIPO_REPLY_UDP)
		return MIPO_OPEN;
	if (reply->icmp_type == (six ? 1 : 3) &&
	    reply->icmp_code == (six ? 4 : 3) &&
	    mipo_addr_cmp(&reply->from, &reply->target) == 0)
		return MIPO_CLOSED;
	return 0;
}

/* An error's quote begins behind 8 bytes; canaries have the last port. */
void
mipo_udp_filter_errors(
    const struct mipo_scanner *scan, unsigned at, struct mipo_buf *buf)
{
	unsigned first = scan->sport, last = first + MIPO_SPORTS;

	mipo_buf_putf(buf,
	    "(" MIPO_SYN_ERRORS4 " and icmp[%u:2] >= %u and "
	    "icmp[%u:2] <= %u) or (" MIPO_SYN_ERRORS6 " and "
	    "ip6[%u:2] >= %u and ip6[%u:2] <= %u)",
	    28 + at, first, 28 + at, last, 88 + at, first, 88 + at, last);
}

void
mipo_udp_filter(const struct mipo_scanner *scan, struct mipo_buf *buf)
{
	mipo_buf_putf(buf, "(udp dst portrange %u-%u) or ", scan->sport,
	    scan->sport + MIPO_SPORTS);
	mipo_udp_filter_errors(scan, 0, buf);
}
