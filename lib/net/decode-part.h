/* What the files that read captured bytes share. */
#ifndef MIPO_NET_DECODE_PART_H
#define MIPO_NET_DECODE_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/addr.h"

/* Bytes that are left. Nothing is read but through mipo_bytes_take(). */
struct mipo_bytes {
	const uint8_t *p;
	size_t len;
	size_t wire; /* as many there were, captured or not */
};

/* The next n bytes, or NULL where fewer are left (then none is used up). */
const uint8_t *mipo_bytes_take(struct mipo_bytes *b, size_t n);

/* The 4 or 16 bytes of an address of that family. */
void mipo_bytes_addr(
    struct mipo_addr *ret_addr, uint8_t family, const uint8_t *p);

/* An IP header; b is left at the bytes behind it, cut to its length. */
struct mipo_ip {
	struct mipo_addr src, dst;
	uint8_t proto, ttl;
	uint32_t mark; /* identification, flow label */
	size_t len;    /* of what follows, says the header */
	bool part;     /* there are more fragments */
	bool behind;   /* other headers of IPv6 */
};

/* Of a packet that came in; false where no host would take it. */
bool mipo_ip_take(struct mipo_bytes *b, struct mipo_ip *ret_ip);

/*
 * Of one that an error quotes: cut, and changed by all that it went through,
 * the one that quotes it included.
 */
bool mipo_ip_take_quoted(struct mipo_bytes *b, struct mipo_ip *ret_ip);

static inline uint16_t
mipo_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
mipo_be32(const uint8_t *p)
{
	return (uint32_t)mipo_be16(p) << 16 | mipo_be16(p + 2);
}

#endif
