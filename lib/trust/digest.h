/*
 * The two digests of a look that its scanner makes and whoever has the
 * stream makes again: of what it was to cover, and of what it found.
 */
#ifndef MIPO_TRUST_DIGEST_H
#define MIPO_TRUST_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "data/obs.h"

struct mipo_err;
struct mipo_hash;
struct mipo_ports;
struct mipo_targets;

/*
 * scope_sha256: SHA-256 over "mipo/scope/v1\n", the protocol (6, 17, or 1 of
 * hosts), targets (without exclusions) as mipo_targets_digest gives them,
 * 0xff, and each port (of hosts none) in two bytes (big endian), ascending.
 */
int mipo_scope_digest(enum mipo_proto proto,
    const struct mipo_targets *targets, const struct mipo_ports *ports,
    uint8_t ret_digest[32], struct mipo_err *err);

/*
 * state_sha256: SHA-256 over "mipo/state/v1\n" and, for each covered pair
 * in numeric order (IPv4 first), family (4 or 6), address, protocol (6
 * or 17), port (big endian) and state (enum mipo_pstate, one byte).
 */
struct mipo_states {
	struct mipo_hash *hash;
	uint8_t proto; /* its number */
	size_t len; /* bytes that wait */
	uint8_t bytes[4096];
};

int mipo_states_init(struct mipo_states *states, enum mipo_proto proto,
    struct mipo_err *err);

/* The next pair. */
void mipo_states_add(struct mipo_states *states, const struct mipo_addr *addr,
    uint16_t port, uint8_t state);

/* The digest of what was added. Release it all the same. */
void mipo_states_final(struct mipo_states *states, uint8_t ret_digest[32]);
void mipo_states_release(struct mipo_states *states);

#endif
