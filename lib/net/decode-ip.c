#include <netinet/in.h>
#include <string.h>

#include "net/decode-part.h"

#define CHAIN_MAX 4 /* headers behind that of IPv6, the last included */

const uint8_t *
mipo_bytes_take(struct mipo_bytes *b, size_t n)
{
	const uint8_t *p = b->p;

	if (b->len < n)
		return NULL;
	b->p += n;
	b->len -= n;
	b->wire -= n;
	return p;
}

void
mipo_bytes_addr(struct mipo_addr *addr, uint8_t family, const uint8_t *p)
{
	memset(addr, 0, sizeof(*addr));
	addr->family = family;
	memcpy(addr->b, p, family == 4 ? 4 : 16);
}

/* What follows is so long; what lies behind is no part of the packet. */
static void
cut(struct mipo_bytes *b, size_t len)
{
	if (b->len > len)
		b->len = len;
	if (b->wire > len)
		b->wire = len;
}

/* RFC 1071: of a header with the right checksum all ones. */
static bool
sum_holds(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += mipo_be16(p + i);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16) == 0xffff;
}

/*
 * RFC 1122, 3.2.1: a packet that is longer than what came, or whose header
 * has a wrong checksum, is discarded. That sum no sender leaves to its card.
 */
static bool
is_whole4(const struct mipo_bytes *b, const uint8_t *p, size_t header,
    size_t total)
{
	return total >= header && total - header <= b->wire &&
	    sum_holds(p, header);
}

static bool
take_ip4(struct mipo_bytes *b, bool quoted, struct mipo_ip *ip)
{
	const uint8_t *p = mipo_bytes_take(b, 20);
	size_t header, total;

	if (p == NULL || p[0] >> 4 != 4)
		return false;
	header = (size_t)(p[0] & 15) * 4;
	total = mipo_be16(p + 2);
	/* A fragment that is not the first has no header of the next layer. */
	if (header < 20 || (mipo_be16(p + 6) & 0x1fff) != 0 ||
	    mipo_bytes_take(b, header - 20) == NULL)
		return false;
	if (!quoted && !is_whole4(b, p, header, total))
		return false;
	/* Quoted, zero: segmentation was left to the card. */
	if (total != 0 && total < header)
		return false;
	ip->len = total == 0 ? b->len : total - header;
	cut(b, ip->len);
	ip->part = (mipo_be16(p + 6) & 0x2000) != 0;
	ip->behind = false;
	ip->proto = p[9];
	ip->ttl = p[8];
	ip->mark = mipo_be16(p + 4);
	mipo_bytes_addr(&ip->src, 4, p + 12);
	mipo_bytes_addr(&ip->dst, 4, p + 16);
	return true;
}

/*
 * RFC 8200, 4: headers that tell a host nothing of what is behind them. One
 * that says that there are fragments, and is on the only one, is among them.
 */
static bool
pass_over(struct mipo_bytes *b, struct mipo_ip *ip)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		const bool fragment = ip->proto == IPPROTO_FRAGMENT;
		const uint8_t *p;
		size_t more;

		if (!fragment && ip->proto != IPPROTO_DSTOPTS &&
		    (ip->proto != IPPROTO_HOPOPTS || i > 0))
			return true;
		p = mipo_bytes_take(b, 8);
		if (p == NULL || (fragment && mipo_be16(p + 2) >> 3 != 0))
			return false;
		more = fragment ? 0 : p[1] * 8U;
		if (mipo_bytes_take(b, more) == NULL)
			return false;
		ip->part |= fragment && (p[3] & 1) != 0;
		ip->proto = p[0];
		ip->len -= 8 + more;
		ip->behind = true;
	}
	return false;
}

static bool
take_ip6(struct mipo_bytes *b, bool quoted, struct mipo_ip *ip)
{
	const uint8_t *p = mipo_bytes_take(b, 40);

	if (p == NULL || p[0] >> 4 != 6)
		return false;
	ip->len = mipo_be16(p + 4);
	if (!quoted && ip->len > b->wire)
		return false;
	cut(b, ip->len);
	ip->part = ip->behind = false;
	ip->proto = p[6];
	ip->ttl = p[7];
	ip->mark = mipo_be32(p) & 0xfffff;
	mipo_bytes_addr(&ip->src, 6, p + 8);
	mipo_bytes_addr(&ip->dst, 6, p + 24);
	return quoted || pass_over(b, ip);
}

static bool
take_ip(struct mipo_bytes *b, bool quoted, struct mipo_ip *ip)
{
	if (b->len == 0)
		return false;
	return b->p[0] >> 4 == 6 ? take_ip6(b, quoted, ip)
				 : take_ip4(b, quoted, ip);
}

bool
mipo_ip_take(struct mipo_bytes *b, struct mipo_ip *ret_ip)
{
	return take_ip(b, false, ret_ip);
}

bool
mipo_ip_take_quoted(struct mipo_bytes *b, struct mipo_ip *ret_ip)
{
	return take_ip(b, true, ret_ip);
}
