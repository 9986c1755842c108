#include "trust/digest.h"

#include <string.h>

#include "data/ports.h"
#include "data/target.h"
#include "trust/hash.h"

#define PAIR_MAX 24 /* bytes of one pair, at most */

int
mipo_scope_digest(enum mipo_proto proto, const struct mipo_targets *targets,
    const struct mipo_ports *ports, uint8_t ret_digest[32],
    struct mipo_err *err)
{
	static const char purpose[] = "mipo/scope/v1\n";
	const uint8_t number = mipo_proto_number(proto), end = 0xff;
	struct mipo_hash *hash = mipo_hash_new(err);

	if (hash == NULL)
		return -1;
	mipo_hash_add(hash, purpose, sizeof(purpose) - 1);
	mipo_hash_add(hash, &number, 1);
	mipo_targets_digest(targets, mipo_hash_sink, hash);
	mipo_hash_add(hash, &end, 1);
	for (size_t i = 0; proto != MIPO_ICMP && i < mipo_ports_count(ports);
	     i++) {
		uint16_t port = mipo_ports_at(ports, i);
		const uint8_t be[2] = {(uint8_t)(port >> 8), (uint8_t)port};

		mipo_hash_add(hash, be, sizeof(be));
	}
	mipo_hash_final(hash, ret_digest);
	mipo_hash_free(hash);
	return 0;
}

int
mipo_states_init(struct mipo_states *states, enum mipo_proto proto,
    struct mipo_err *err)
{
	static const char purpose[] = "mipo/state/v1\n";

	states->len = 0;
	states->proto = mipo_proto_number(proto);
	states->hash = mipo_hash_new(err);
	if (states->hash == NULL)
		return -1;
	mipo_hash_add(states->hash, purpose, sizeof(purpose) - 1);
	return 0;
}

void
mipo_states_add(struct mipo_states *states, const struct mipo_addr *addr,
    uint16_t port, uint8_t state)
{
	uint8_t *p = states->bytes + states->len;
	size_t n = mipo_addr_size(addr);

	p[0] = addr->family;
	memcpy(p + 1, addr->b, n);
	p[n + 1] = states->proto;
	p[n + 2] = (uint8_t)(port >> 8);
	p[n + 3] = (uint8_t)port;
	p[n + 4] = state;
	states->len += n + 5;
	if (states->len > sizeof(states->bytes) - PAIR_MAX) {
		mipo_hash_add(states->hash, states->bytes, states->len);
		states->len = 0;
	}
}

void
mipo_states_final(struct mipo_states *states, uint8_t ret_digest[32])
{
	mipo_hash_add(states->hash, states->bytes, states->len);
	states->len = 0;
	mipo_hash_final(states->hash, ret_digest);
}

void
mipo_states_release(struct mipo_states *states)
{
	mipo_hash_free(states->hash);
	states->hash = NULL;
}
