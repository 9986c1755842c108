#include "trust/cookie.h"

#include <endian.h>
#include <sodium.h>
#include <string.h>

#include "data/addr.h"

uint32_t
mipo_cookie(const struct mipo_cookie *cookie, const struct mipo_addr *src,
    const struct mipo_addr *dst, uint16_t sport, uint16_t dport)
{
	const size_t n = src->family == 4 ? 4 : 16;
	uint8_t in[36], out[crypto_shorthash_BYTES];
	const uint8_t ports[4] = {(uint8_t)(sport >> 8), (uint8_t)sport,
	    (uint8_t)(dport >> 8), (uint8_t)dport};
	uint32_t seq;

	memcpy(in, src->b, n);
	memcpy(in + n, dst->b, n);
	memcpy(in + 2 * n, ports, sizeof(ports));
	(void)crypto_shorthash(out, in, 2 * n + sizeof(ports), cookie->key);
	memcpy(&seq, out, sizeof(seq));
	return le32toh(seq);
}
