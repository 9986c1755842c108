/*
 * The keyed cookie that stands in a probe's sequence number, so that a
 * reply proves itself without a table of what was sent: SipHash-2-4 (by
 * libsodium) over source, destination and both ports (all big endian), of
 * which the low 32 bits are taken.
 */
#ifndef MIPO_TRUST_COOKIE_H
#define MIPO_TRUST_COOKIE_H

#include <stdint.h>

struct mipo_addr;

#define MIPO_COOKIE_KEY_LEN 16

struct mipo_cookie {
	uint8_t key[MIPO_COOKIE_KEY_LEN];
};

/*
 * The sequence number of the probe from src:sport to dst:dport (ports in
 * host order), both addresses of one family. Equal keys give equal probes.
 */
uint32_t mipo_cookie(const struct mipo_cookie *cookie,
    const struct mipo_addr *src, const struct mipo_addr *dst,
    uint16_t sport, uint16_t dport);

#endif
