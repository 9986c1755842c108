#include <endian.h>
#include <netinet/in.h>
#include <string.h>

#include "net/frame.h"

#define IP4_LEN	 20
#define ECHO_LEN 16 /* the header (RFC 792, RFC 4443) and our number twice */

static void
make_v4(struct mipo_frame *frame)
{
	uint8_t *ip = frame->bytes + frame->ip;

	ip[9] = IPPROTO_ICMP;
	mipo_frame_put16(ip + 2, IP4_LEN + ECHO_LEN);
	frame->ip_sum = mipo_frame_sum(ip, IP4_LEN);
}

/* ICMPv6 has a pseudo header in its sum (RFC 4443, 2.3). */
static void
make_v6(struct mipo_frame *frame)
{
	static const uint8_t pseudo[4] = {0, IPPROTO_ICMPV6, 0, ECHO_LEN};
	uint8_t *ip = frame->bytes + frame->ip;

	ip[6] = IPPROTO_ICMPV6;
	mipo_frame_put16(ip + 4, ECHO_LEN);
	frame->l4_sum +=
	    mipo_frame_sum(pseudo, 4) + mipo_frame_sum(ip + 8, 16);
}

int
mipo_frame_echo(const struct mipo_frame_from *from,
    struct mipo_frame *ret_frame, struct mipo_err *err)
{
	const bool v6 = from->addr.family == 6;
	struct mipo_frame frame;
	uint8_t *echo;

	/* What is in front of it is the same. */
	if (mipo_frame_udp(from, &frame, err) != 0)
		return -1;
	echo = frame.bytes + frame.l4;
	memset(echo, 0, ECHO_LEN);
	echo[0] = v6 ? 128 : 8;
	frame.udp = false;
	frame.echo = true;
	frame.l4_sum = mipo_frame_sum(echo, ECHO_LEN);
	(v6 ? make_v6 : make_v4)(&frame);
	frame.len = frame.room = frame.l4 + (size_t)ECHO_LEN;
	*ret_frame = frame;
	return 0;
}

size_t
mipo_frame_patch_echo(const struct mipo_frame *frame,
    const struct mipo_probe *probe, uint8_t *bytes)
{
	const size_t size = mipo_addr_size(probe->dst);
	uint8_t *ip = bytes + frame->ip, *echo = bytes + frame->l4;
	uint8_t *dst = ip + (frame->family == 6 ? 24 : 16);
	const uint32_t number = htobe32(probe->seq);
	uint64_t sum = frame->l4_sum;
	uint16_t check;

	memcpy(dst, probe->dst->b, size);
	if (frame->family == 6) {
		sum += mipo_frame_sum(dst, size);
	} else {
		/* For none the kernel puts one of its own. */
		mipo_frame_put16(ip + 4, (uint16_t)(probe->seq >> 16 | 1));
		check = mipo_frame_fold((uint64_t)frame->ip_sum +
		    mipo_frame_sum(dst, size) + mipo_frame_sum(ip + 4, 2));
		memcpy(ip + 10, &check, 2);
	}
	mipo_frame_put16(echo + 4, probe->sport);
	mipo_frame_put16(echo + 6, probe->dport);
	memcpy(echo + 8, &number, 4);
	memcpy(echo + 12, &number, 4);
	check = mipo_frame_fold(sum + mipo_frame_sum(echo + 4, 12));
	memcpy(echo + 2, &check, 2);
	return frame->len;
}
